"""boto3 clients: one per process and kind, bounded in time, and silent about secrets."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from cognito.errors import Applied, Misconfigured, TryLater, classify
from cognito.pool import UserPool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

# A view asks two things at once.
CONNECTIONS_OF_A_THREAD = 2
# Of one try. A page waits for a few of them, and a person no longer than for that.
CONNECT_SECONDS = 2.0
READ_SECONDS = 4.0

# "once": whatever writes. If the first answer is lost and boto3 asks again, a refusal of the second
# call looks as if nothing had been done; and some make a new secret or spend a try. A read tells.
Kind = Literal["person", "person-once", "admin"]

# urllib3 and botocore write request bodies, and so access tokens and codes, at DEBUG.
_TALKATIVE = ("botocore", "boto3", "urllib3")
_clients_lock = threading.Lock()


def client(pool: UserPool, kind: Kind) -> "CognitoIdentityProviderClient":
    """The process's client of this kind, made at first use and so after a worker forks.

    A boto3 client may be shared between threads, a session may not:
    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
    """
    with _clients_lock:
        return _make(pool.region, pool.endpoint_url, pool.threads, kind)


@cache
def _make(
    region: str, endpoint_url: str, threads: int, kind: Kind
) -> "CognitoIdentityProviderClient":
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1 if kind == "person-once" else 2, "mode": "standard"},
        max_pool_connections=threads * CONNECTIONS_OF_A_THREAD,
    )
    if kind != "admin":
        # The access token in the body is the authorisation; the portal's own IAM never signs it.
        config = config.merge(Config(signature_version=UNSIGNED))
    made = boto3.session.Session().client(
        "cognito-idp", region_name=region, endpoint_url=endpoint_url or None, config=config
    )
    made.meta.events.register("after-call.cognito-idp", _only_from_aws)
    _silence()
    return made


class NotAnAnswerOfAws(BotoCoreError):
    """A 200 of somebody in between, perhaps: what it says was done may not be."""

    fmt = "An answer without a request id."


def _only_from_aws(*, http_response: Any, parsed: Mapping[str, Any], **_: Any) -> None:
    """Where an answer may be empty, botocore takes any page for one. Every answer of AWS has a
    request id.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/error-handling.html
    """
    is_empty = not parsed.keys() - {"ResponseMetadata"}
    is_good = http_response.status_code < HTTPStatus.MULTIPLE_CHOICES
    if is_empty and is_good and not parsed["ResponseMetadata"].get("RequestId"):
        raise NotAnAnswerOfAws


class _NothingBelowInfo(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


_nothing_below_info = _NothingBelowInfo()


def _silence() -> None:
    """Drop the DEBUG records of each logger under boto3, whatever level anyone sets later.

    On every logger by name: a logger's filter does not see the records of its children.
    """
    known = [n for n in logging.root.manager.loggerDict if n.split(".")[0] in _TALKATIVE]
    for name in {*_TALKATIVE, *known}:
        logging.getLogger(name).addFilter(_nothing_below_info)


@contextmanager
def translate_errors(operation: str, *, writes: bool = False) -> Iterator[None]:
    """Raise what boto3 raises in the block as a class of `cognito.errors`.

    `writes`: the operation changes something, so that without an answer it is not known whether
    it did.
    """
    unanswered = Applied.UNKNOWN if writes else Applied.NO
    try:
        yield
    except ClientError as error:
        answer = error.response
        code = answer.get("Error", {}).get("Code", "")
        message = answer.get("Error", {}).get("Message", "")
        metadata = answer.get("ResponseMetadata", {})
        status = metadata.get("HTTPStatusCode", 0)
        refused = classify(operation=operation, code=code, message=message, http_status=status)
        raise refused(
            operation=operation,
            code=code,
            message=message,
            request_id=metadata.get("RequestId", ""),
            # A server that failed may have done it first; one that refused has not.
            applied=unanswered
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not code or code.isdecimal()
            else Applied.NO,
        ) from error
    except NoCredentialsError as error:
        raise Misconfigured(operation=operation, code="NoCredentials") from error
    except BotoCoreError as error:
        # Connection refused, time-out, a body cut short: no answer, so no verdict. The text of
        # these errors can hold the request; only their class is kept.
        raise TryLater(operation=operation, code=type(error).__name__, applied=unanswered) from None
