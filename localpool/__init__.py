"""A small faithful Amazon Cognito user pool on this machine, for the demo and the tests.

It speaks the real wire (AWS JSON 1.1 and the OAuth endpoints), so unmodified boto3 and the AWS
CLI work with it. It imports nothing of the product, and the product imports nothing of it.

    with localpool.serve() as pool_server:
        aws = boto3.client("cognito-idp", endpoint_url=pool_server.url, ...)
        pool_server.clock.advance(30)
        pool_server.switches.set(none_preferred="first")
        pool_server.faults.add(Fault("GetUser", "drop"))
        pool_server.calls.of("GetUser")
        pool_server.outbox(pool_id, username)["messages"][0]["code"]

Rooms, from the bottom: `rules` (the tables of rules and switches), `state` (the stored records),
`sign_in` (challenges and tokens), `api` (the JSON operations), `hosted` (the pages), `wire` (HTTP).
Start to read at `rules`, then `sign_in.mfa` and `api.mfa_preference`.
"""

from localpool.rules import Switch
from localpool.wire.faults import Fault
from localpool.wire.server import PoolServer, serve

__all__ = ["Fault", "PoolServer", "Switch", "serve"]
