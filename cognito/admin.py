"""Reads a user pool's configuration with the portal's own IAM credentials (boto3's usual chain).

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

from collections.abc import Mapping
from typing import Final

import boto3

from cognito.client import Answer, call_as_admin
from cognito.pool import UserPool

# Operation -> the member of the answer that holds all of it ("": none does), a member that is in
# every whole answer, and the members of the request.
READS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "DescribeUserPool": ("UserPool", "Id", ("UserPoolId",)),
    "DescribeUserPoolClient": ("UserPoolClient", "ClientId", ("UserPoolId", "ClientId")),
    "GetUserPoolMfaConfig": ("", "MfaConfiguration", ("UserPoolId",)),
    # Where there is no such domain, Cognito answers 200 with an empty description.
    "DescribeUserPoolDomain": ("DomainDescription", "", ("Domain",)),
    "GetUserPoolSessionConfiguration": ("", "UserPoolId", ("UserPoolId",)),
    "GetUserPoolClientSessionConfiguration": ("", "UserPoolId", ("UserPoolId", "ClientId")),
}


def has_credentials() -> bool:
    """Whether boto3's usual chain finds credentials; only a call tells what they allow."""
    return boto3.session.Session().get_credentials() is not None


def read(operation: str, *, pool: UserPool, domain_name: str = "") -> Answer:
    """Returns what one of the READS says of the pool, in Cognito's own members.

    `domain_name` is the prefix or the custom domain, as DescribeUserPoolDomain takes it.
    Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.
    """
    within, proof, needed = READS[operation]
    known = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id, "Domain": domain_name}
    members = {name: known[name] for name in needed}
    return call_as_admin(pool, operation, within=within, proof=proof, **members)


def get_user_pool_mfa_config(*, pool: UserPool) -> Answer:
    """Returns the pool's MFA configuration as `read` does.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
    """
    return read("GetUserPoolMfaConfig", pool=pool)


def describe_user_pool(*, pool: UserPool) -> Answer:
    """Returns the pool's settings as `read` does.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
    """
    return read("DescribeUserPool", pool=pool)
