"""boto3 clients: one per process and kind, bounded in time, and silent about secrets."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal

import boto3
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from cognito.account import Account
from cognito.errors import Applied, Misconfigured, TryLater, classify
from cognito.pool import UserPool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

# A view makes two calls at once.
CONNECTIONS_OF_A_THREAD: Final = 2
# The limits of one try: a page waits for several tries.
CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 4.0
# A list with more pages than this is not one of Cognito's.
MAX_PAGES: Final = 5

# "person-once" sends a write and never repeats it. If the first answer were lost, a refusal of the
# second call would look as if nothing had been done; and some writes make a new secret or spend a
# try. A read tells what became of the write.
Kind = Literal["person", "person-once", "admin"]
Answer = Mapping[str, Any]

# urllib3 and botocore write request bodies, which hold access tokens and codes, at DEBUG.
_TALKATIVE: Final = ("botocore", "boto3", "urllib3")
_clients_lock = threading.Lock()


def call(
    account: Account, operation: str, *, writes: bool = False, proof: str = "", **members: Any
) -> Answer:
    """Calls an operation with the person's own access token, unsigned; returns Cognito's answer.

    `operation` and the `members` of the request have Cognito's names; botocore checks both.
    `writes`: the operation changes something. `proof` is a member that every whole answer has.
    Raises `CognitoError`, with `Applied.UNKNOWN` for a write that may have taken effect.
    """
    return _call(
        client(account.pool, "person-once" if writes else "person"),
        operation,
        # No variable holds the token: an error report may show variables.
        lambda send: send(AccessToken=account.access_token, **members),
        writes=writes,
        proof=proof,
    )


def pages(
    account: Account, operation: str, *, link: str = "NextToken", proof: str = "", **members: Any
) -> Iterator[Answer]:
    """Yields the pages of a list, at most MAX_PAGES, each as `call` returns it.

    `link` is the member of a page that asks for the next one.
    """
    for _ in range(MAX_PAGES):
        answer = call(account, operation, proof=proof, **members)
        yield answer
        if not answer.get(link):
            return
        members[link] = answer[link]


def call_as_admin(
    pool: UserPool, operation: str, *, within: str = "", proof: str = "", **members: Any
) -> Answer:
    """Calls a read with the portal's own IAM credentials; returns Cognito's answer.

    `within`: returns this member of the answer, {} where it is missing. The rest is as in `call`.
    Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.
    """
    return _call(
        client(pool, "admin"), operation, lambda send: send(**members), within=within, proof=proof
    )


def _call(
    caller: "CognitoIdentityProviderClient",
    operation: str,
    ask: Callable[[Callable[..., Answer]], Answer],
    *,
    within: str = "",
    proof: str,
    writes: bool = False,
) -> Answer:
    with translate_errors(operation, writes=writes):
        answer = ask(getattr(caller, xform_name(operation)))
    if within:
        answer = answer.get(within, {})
    # boto3 reports a cut or foreign body as an empty answer. A list without entries is an answer.
    if proof and answer.get(proof) in (None, "", {}):
        applied = Applied.UNKNOWN if writes else Applied.NO
        raise TryLater(operation=operation, code="EmptyAnswer", applied=applied)
    return answer


def client(pool: UserPool, kind: Kind) -> "CognitoIdentityProviderClient":
    """Returns the process's client of this kind; its first use makes it, after a fork.

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
    """An empty 200 without a request id: perhaps a proxy sent it and Cognito did nothing."""

    fmt = "An answer without a request id."


def _only_from_aws(*, http_response: Any, parsed: Mapping[str, Any], **_: Any) -> None:
    """Raises NotAnAnswerOfAws for an empty answer without a request id, which AWS always sends.

    botocore takes any page for the answer of an operation whose answer is empty.
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
    """Drops the DEBUG records of each logger under boto3, whatever level anyone sets later.

    Filters every logger by name: a logger's filter does not see the records of its children.
    """
    known = [n for n in logging.root.manager.loggerDict if n.split(".")[0] in _TALKATIVE]
    for name in {*_TALKATIVE, *known}:
        logging.getLogger(name).addFilter(_nothing_below_info)


@contextmanager
def translate_errors(operation: str, *, writes: bool) -> Iterator[None]:
    """Raises what boto3 raises in the block as a class of `cognito.errors`.

    `writes`: the operation changes something, and without an answer it may have done so.
    """
    unanswered = Applied.UNKNOWN if writes else Applied.NO
    try:
        yield
    except ClientError as error:
        given = error.response.get("Error", {})
        code, message = given.get("Code", ""), given.get("Message", "")
        metadata = error.response.get("ResponseMetadata", {})
        status = metadata.get("HTTPStatusCode", 0)
        refused = classify(operation=operation, code=code, message=message, http_status=status)
        # A server that failed may have written first. A server that refused has not.
        failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR or not code or code.isdecimal()
        raise refused(
            operation=operation,
            code=code,
            message=message,
            request_id=metadata.get("RequestId", ""),
            applied=unanswered if failed else Applied.NO,
        ) from error
    except NoCredentialsError as error:
        raise Misconfigured(operation=operation, code="NoCredentials") from error
    except BotoCoreError as error:
        # No answer: the connection was refused, timed out, or cut. The text of these errors can
        # hold the request, and only their class is kept.
        raise TryLater(operation=operation, code=type(error).__name__, applied=unanswered) from None
