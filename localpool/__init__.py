"""A small faithful Amazon Cognito user pool on this machine, for the demo and the tests.

It speaks the real wire (AWS JSON 1.1 and the OAuth endpoints), so unmodified boto3 and the AWS
CLI work with it. It imports nothing of the product, and the product imports nothing of it.
"""

from localpool.server import PoolServer, serve
from localpool.switches import Switch

__all__ = ["PoolServer", "Switch", "serve"]
