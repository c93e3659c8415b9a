"""Everything that an operator can read of a pool, its app client and its domain, as it is.

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cognito.client import client, translate_errors
from cognito.errors import CognitoError, TryLater
from cognito.pool import UserPool

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The answers of Cognito by operation, in its own words; `refused` holds the error codes of
    those that could not be read.

    The client's secret is left out of its answer: `secret_fits` says whether the one in the
    settings is that of the client (None: it is not known).
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    secret_fits: bool | None = None


def inspect(*, pool: UserPool, domain_name: str) -> Inspection:
    """Six reads, one after the other; one that is refused does not stop the others.

    `domain_name` is the prefix or the custom domain, as DescribeUserPoolDomain takes it; "" for
    none.
    """
    answers: dict[str, Answer] = {}
    refused: dict[str, str] = {}
    secret_fits = None
    for operation, read in _READS.items():
        if operation == "DescribeUserPoolDomain" and not domain_name:
            continue
        try:
            answer = dict(read(pool, domain_name))
        except CognitoError as error:
            refused[operation] = error.code
            continue
        if operation == "DescribeUserPoolClient":
            held = answer.pop("ClientSecret", "")
            secret_fits = hmac.compare_digest(held.encode(), pool.client_secret.encode())
        answers[operation] = answer
    return Inspection(answers, refused, secret_fits)


def _described(operation: str, answer: Any, member: str, proof: str) -> Answer:
    """A 200 without what it must hold is a cut or foreign body."""
    described: Answer = answer.get(member) or {}
    if not described.get(proof):
        raise TryLater(operation=operation, code="EmptyAnswer")
    return described


def _user_pool(pool: UserPool, _domain: str) -> Answer:
    with translate_errors("DescribeUserPool"):
        answer = client(pool, "admin").describe_user_pool(UserPoolId=pool.pool_id)
    return _described("DescribeUserPool", answer, "UserPool", "Id")


def _app_client(pool: UserPool, _domain: str) -> Answer:
    with translate_errors("DescribeUserPoolClient"):
        answer = client(pool, "admin").describe_user_pool_client(
            UserPoolId=pool.pool_id, ClientId=pool.client_id
        )
    return _described("DescribeUserPoolClient", answer, "UserPoolClient", "ClientId")


def _mfa(pool: UserPool, _domain: str) -> Answer:
    with translate_errors("GetUserPoolMfaConfig"):
        answer = client(pool, "admin").get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    return _described("GetUserPoolMfaConfig", {"it": answer}, "it", "MfaConfiguration")


def _domain(pool: UserPool, name: str) -> Answer:
    """Empty when there is no such domain: Cognito answers 200 then."""
    with translate_errors("DescribeUserPoolDomain"):
        answer = client(pool, "admin").describe_user_pool_domain(Domain=name)
    return answer.get("DomainDescription", {})


def _sessions(pool: UserPool, _domain: str) -> Answer:
    newer_than_the_stubs: Any = client(pool, "admin")
    with translate_errors("GetUserPoolSessionConfiguration"):
        answer = newer_than_the_stubs.get_user_pool_session_configuration(UserPoolId=pool.pool_id)
    return _described("GetUserPoolSessionConfiguration", {"it": answer}, "it", "UserPoolId")


def _client_sessions(pool: UserPool, _domain: str) -> Answer:
    newer_than_the_stubs: Any = client(pool, "admin")
    with translate_errors("GetUserPoolClientSessionConfiguration"):
        answer = newer_than_the_stubs.get_user_pool_client_session_configuration(
            UserPoolId=pool.pool_id, ClientId=pool.client_id
        )
    return _described("GetUserPoolClientSessionConfiguration", {"it": answer}, "it", "UserPoolId")


_READS: Final[Mapping[str, Callable[[UserPool, str], Answer]]] = {
    "DescribeUserPool": _user_pool,
    "DescribeUserPoolClient": _app_client,
    "GetUserPoolMfaConfig": _mfa,
    "DescribeUserPoolDomain": _domain,
    "GetUserPoolSessionConfiguration": _sessions,
    "GetUserPoolClientSessionConfiguration": _client_sessions,
}
