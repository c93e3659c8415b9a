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

Start reading at `rules` (what it does, and how sure that is), then `asking` and `preference`.
"""

from localpool.rules.switches import Switch
from localpool.wire.faults import Fault
from localpool.wire.server import PoolServer, serve

__all__ = ["Fault", "PoolServer", "Switch", "serve"]
