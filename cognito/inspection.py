"""Reads everything that an operator can see of a pool, its app client and its domain.

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cognito.admin import Answer, describe_user_pool, get_user_pool_mfa_config, whole_answer
from cognito.client import client, translate_errors
from cognito.errors import CognitoError
from cognito.pool import UserPool


@dataclass(frozen=True, slots=True)
class Inspection:
    """Cognito's answers by operation, in its own members, and the errors of failed reads.

    The answer of DescribeUserPoolClient lacks the client's secret. `secret_fits` says whether the
    settings hold the same secret; None if the client could not be read.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    errors: Mapping[str, CognitoError] = field(default_factory=dict)
    secret_fits: bool | None = None


def inspect(*, pool: UserPool, domain_name: str) -> Inspection:
    """Makes six reads, one after the other; a refused one does not stop the others.

    `domain_name` is the prefix or the custom domain, as DescribeUserPoolDomain takes it; "" for
    none.
    """
    answers: dict[str, Answer] = {}
    errors: dict[str, CognitoError] = {}
    secret_fits = None
    for operation, read in _READS.items():
        if operation == "DescribeUserPoolDomain" and not domain_name:
            continue
        try:
            answer = dict(read(pool, domain_name))
        except CognitoError as error:
            errors[operation] = error
            continue
        if operation == "DescribeUserPoolClient":
            held = answer.pop("ClientSecret", "")
            secret_fits = hmac.compare_digest(held.encode(), pool.client_secret.encode())
        answers[operation] = answer
    return Inspection(answers, errors, secret_fits)


def _app_client(pool: UserPool, _domain: str) -> Answer:
    with translate_errors("DescribeUserPoolClient"):
        answer = client(pool, "admin").describe_user_pool_client(
            UserPoolId=pool.pool_id, ClientId=pool.client_id
        )
    return whole_answer("DescribeUserPoolClient", answer.get("UserPoolClient"), proof="ClientId")


def _domain(pool: UserPool, name: str) -> Answer:
    """Empty when there is no such domain: Cognito answers 200 then."""
    with translate_errors("DescribeUserPoolDomain"):
        answer = client(pool, "admin").describe_user_pool_domain(Domain=name)
    return answer.get("DomainDescription", {})


def _sessions(pool: UserPool, _domain: str) -> Answer:
    newer_than_the_stubs: Any = client(pool, "admin")
    with translate_errors("GetUserPoolSessionConfiguration"):
        answer = newer_than_the_stubs.get_user_pool_session_configuration(UserPoolId=pool.pool_id)
    return whole_answer("GetUserPoolSessionConfiguration", answer, proof="UserPoolId")


def _client_sessions(pool: UserPool, _domain: str) -> Answer:
    newer_than_the_stubs: Any = client(pool, "admin")
    with translate_errors("GetUserPoolClientSessionConfiguration"):
        answer = newer_than_the_stubs.get_user_pool_client_session_configuration(
            UserPoolId=pool.pool_id, ClientId=pool.client_id
        )
    return whole_answer("GetUserPoolClientSessionConfiguration", answer, proof="UserPoolId")


_READS: Final[Mapping[str, Callable[[UserPool, str], Answer]]] = {
    "DescribeUserPool": lambda pool, _domain: describe_user_pool(pool=pool),
    "DescribeUserPoolClient": _app_client,
    "GetUserPoolMfaConfig": lambda pool, _domain: get_user_pool_mfa_config(pool=pool),
    "DescribeUserPoolDomain": _domain,
    "GetUserPoolSessionConfiguration": _sessions,
    "GetUserPoolClientSessionConfiguration": _client_sessions,
}
