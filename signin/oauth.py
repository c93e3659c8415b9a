"""The token and revocation endpoints, and the pool's public keys: plain HTTP, bounded in time.

Requests and answers hold secrets. No body, and no error that carries one, leaves this module:
failures become the classes of `cognito.errors` with texts of our own.
https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import requests
from django.views.decorators.debug import sensitive_variables
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import HTTPError

from cognito.errors import CognitoError, Misconfigured, SignInAgain, TryLater
from cognito.pool import UserPool
from signin.domain import LONGEST_ACCESS_TOKEN_SECONDS

CONNECT_AND_READ_SECONDS: Final = (2, 4)
# For an answer that trickles: the read timeout starts anew with each piece.
LONGEST_ANSWER_SECONDS: Final = 6
LARGEST_ANSWER: Final = 128 * 1024

CLASS_OF_ERROR: Final[Mapping[str, type[CognitoError]]] = {
    "invalid_grant": SignInAgain,
    "invalid_request": Misconfigured,
    "invalid_client": Misconfigured,
    "unauthorized_client": Misconfigured,
    "unsupported_grant_type": Misconfigured,
    "unsupported_token_type": Misconfigured,
    "invalid_scope": Misconfigured,
}

# RFC 6750 §2.1, and small enough for the database.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,16384}")


class BadAnswer(TryLater):
    """The endpoint's answer breaks its contract."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An answer of the token endpoint. A refresh may bring no ID token and no refresh token."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    id: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes = field(repr=False)

    def json(self) -> object:
        """Return the parsed body; None where it is not JSON. No exception, since theirs hold the
        body."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class _NoCredentials(AuthBase):
    """An `auth` that adds nothing. Without any, requests looks for a password in the operator's
    ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


@sensitive_variables()
def exchange_code(*, pool: UserPool, code: str, code_verifier: str, redirect_uri: str) -> Tokens:
    """The tokens for an authorization code. Raises SignInAgain when Cognito rejects the code."""
    tokens = _tokens(
        pool,
        operation="ExchangeCode",
        form={
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": code_verifier,
            "redirect_uri": redirect_uri,
        },
    )
    if not tokens.id or not tokens.refresh:
        raise BadAnswer(operation="ExchangeCode", code="TokenMissing")
    return tokens


@sensitive_variables()
def refresh(*, pool: UserPool, refresh_token: str) -> Tokens:
    """New tokens. `refresh` is empty unless the app client rotates refresh tokens.

    Raises SignInAgain when the refresh token is expired, revoked or used up.
    """
    return _tokens(
        pool,
        operation="RefreshTokens",
        form={"grant_type": "refresh_token", "refresh_token": refresh_token},
    )


@sensitive_variables()
def revoke(*, pool: UserPool, refresh_token: str) -> None:
    """Revoke the refresh token and every access token that came from it.

    https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
    """
    answer = _post(pool, pool.revoke_url, operation="RevokeToken", form={"token": refresh_token})
    if answer.status != HTTPStatus.OK:
        raise _refusal(answer, operation="RevokeToken")


def public_keys(*, pool: UserPool) -> object:
    """The pool's JWKS document as parsed JSON, not validated. Raises TryLater."""
    answer = _send("GET", pool.jwks_url, operation="GetJwks", form=None, auth=_NoCredentials())
    if answer.status != HTTPStatus.OK:
        raise TryLater(operation="GetJwks", code=f"Http{answer.status}")
    return answer.json()


@sensitive_variables()
def _tokens(pool: UserPool, *, operation: str, form: Mapping[str, str]) -> Tokens:
    answer = _post(pool, pool.token_url, operation=operation, form=form)
    if answer.status != HTTPStatus.OK:
        raise _refusal(answer, operation=operation)
    said = answer.json()
    if not isinstance(said, dict):
        raise BadAnswer(operation=operation, code="NotAnObject")
    if str(said.get("token_type", "")).lower() != "bearer":
        raise BadAnswer(operation=operation, code="TokenType")
    expires_in = said.get("expires_in")
    if type(expires_in) is not int or not 0 < expires_in <= LONGEST_ACCESS_TOKEN_SECONDS:
        raise BadAnswer(operation=operation, code="ExpiresIn")
    access, renewed, identity = (
        said.get(name, "") for name in ("access_token", "refresh_token", "id_token")
    )
    if not _is_token(access) or any(t != "" and not _is_token(t) for t in (renewed, identity)):
        raise BadAnswer(operation=operation, code="TokenMissing")
    return Tokens(access=access, refresh=renewed, id=identity, expires_in=expires_in)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _refusal(answer: _Answer, *, operation: str) -> CognitoError:
    if (
        answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or answer.status == HTTPStatus.TOO_MANY_REQUESTS
    ):
        return TryLater(operation=operation, code=f"Http{answer.status}")
    said = answer.json()
    error = said.get("error") if isinstance(said, dict) else None
    if isinstance(error, str) and error in CLASS_OF_ERROR:
        return CLASS_OF_ERROR[error](operation=operation, code=error)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        # A wrong address, or a firewall: trying again would not help.
        return Misconfigured(operation=operation, code=f"Http{answer.status}")
    return BadAnswer(operation=operation, code=f"Http{answer.status}")


@sensitive_variables()
def _post(pool: UserPool, url: str, *, operation: str, form: Mapping[str, str]) -> _Answer:
    auth: AuthBase = _NoCredentials()
    if pool.client_secret:
        auth = HTTPBasicAuth(pool.client_id, pool.client_secret)
    form = {**form, "client_id": pool.client_id}
    return _send("POST", url, operation=operation, form=form, auth=auth)


@sensitive_variables()
def _send(
    method: str, url: str, *, operation: str, form: Mapping[str, str] | None, auth: AuthBase
) -> _Answer:
    deadline = time.monotonic() + LONGEST_ANSWER_SECONDS
    try:
        with requests.request(
            method,
            url,
            data=form,
            auth=auth,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=CONNECT_AND_READ_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _body(response, deadline)
            status = response.status_code
    except (requests.RequestException, HTTPError) as error:
        body, status, broken = None, 0, type(error).__name__
    else:
        broken = "AnswerTooLarge"
    # Raised outside of the handler: those errors hold the request, and so the token, as a context.
    if body is None:
        raise TryLater(operation=operation, code=broken)
    return _Answer(status=status, body=body)


def _body(response: requests.Response, deadline: float) -> bytes | None:
    """The body; None when it is larger than LARGEST_ANSWER or slower than the deadline."""
    body = b""
    while piece := response.raw.read1(LARGEST_ANSWER):
        body += piece
        if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
            return None
    return body
