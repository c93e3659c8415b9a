"""Reads everything that an operator can see of a pool, its app client and its domain.

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito.admin import READS, read
from cognito.client import Answer
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
    """Makes all READS, one after the other; a refused one does not stop the others.

    `domain_name` is the prefix or the custom domain of managed login; "" for none.
    """
    answers: dict[str, Answer] = {}
    errors: dict[str, CognitoError] = {}
    secret_fits = None
    for operation in READS:
        if operation == "DescribeUserPoolDomain" and not domain_name:
            continue
        try:
            answer = dict(read(operation, pool=pool, domain_name=domain_name))
        except CognitoError as error:
            errors[operation] = error
            continue
        if operation == "DescribeUserPoolClient":
            held = answer.pop("ClientSecret", "")
            secret_fits = hmac.compare_digest(held.encode(), pool.client_secret.encode())
        answers[operation] = answer
    return Inspection(answers, errors, secret_fits)
