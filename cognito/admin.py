"""Reads a user pool's configuration with the portal's own IAM credentials (boto3's usual chain).

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

from collections.abc import Mapping
from typing import Any

import boto3

from cognito.client import client, translate_errors
from cognito.errors import TryLater
from cognito.pool import UserPool

Answer = Mapping[str, Any]


def has_credentials() -> bool:
    """Whether boto3's usual chain finds credentials; only a call tells what they allow."""
    return boto3.session.Session().get_credentials() is not None


def get_user_pool_mfa_config(*, pool: UserPool) -> Answer:
    """The pool's MFA configuration, in Cognito's own members.

    Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
    """
    with translate_errors("GetUserPoolMfaConfig"):
        answer = client(pool, "admin").get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    return whole_answer("GetUserPoolMfaConfig", answer, proof="MfaConfiguration")


def describe_user_pool(*, pool: UserPool) -> Answer:
    """The pool's settings (the member UserPool of the answer), in Cognito's own members.

    Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
    """
    with translate_errors("DescribeUserPool"):
        answer = client(pool, "admin").describe_user_pool(UserPoolId=pool.pool_id)
    return whole_answer("DescribeUserPool", answer.get("UserPool"), proof="Id")


def whole_answer(operation: str, answer: Any, *, proof: str) -> Answer:
    """Returns `answer`. Raises `TryLater` if it lacks the member `proof`, which Cognito always
    sends: such a 200 was cut, or it is not Cognito's."""
    if not answer or not answer.get(proof):
        raise TryLater(operation=operation, code="EmptyAnswer")
    found: Answer = answer
    return found
