"""The rules of signing in, as plain Python: no clock, no network, no Django."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

REQUIRED_SCOPE: Final = "aws.cognito.signin.user.admin"
SCOPES: Final = ("openid", REQUIRED_SCOPE)

CLOCK_SKEW: Final = timedelta(seconds=60)
# An access token with less than this left is renewed before it is used.
REFRESH_BEFORE: Final = timedelta(seconds=60)
# Cognito's own longest; https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
LONGEST_ACCESS_TOKEN_SECONDS: Final = 24 * 60 * 60
LONGEST_UID: Final = 191

_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_ENCODED_CONTROL = re.compile(r"%[01][0-9a-f]|%7f|%5c", re.IGNORECASE)
_LONGEST_PATH = 2000


class Failure(StrEnum):
    """Why a sign-in failed, for the page that explains it."""

    STALE = "stale"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NOT_VERIFIED = "not-verified"
    CLOSED = "closed"
    SOMEBODY_ELSE = "somebody-else"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad-answer"
    SCOPE_MISSING = "scope-missing"
    MISCONFIGURED = "misconfigured"


class Ending(StrEnum):
    """Why a portal session ended."""

    BY_PERSON = "signed-out"
    REPLACED = "somebody-else-signed-in"
    IDLE = "idle"
    TOO_OLD = "too-old"
    ELSEWHERE = "on-another-device"
    EVERYWHERE = "everywhere"
    BY_COGNITO = "ended-by-cognito"
    SHUT_OUT = "shut-out-of-this-portal"


class Revocation(StrEnum):
    """The state of the refresh token of a side sign-in."""

    REVOKED = "revoked"
    # Cognito counts it as the portal's own sign-in, which a revocation would have ended too.
    SHARED_WITH_SESSION = "shared"
    # Cognito could not be asked. The token is kept, sealed, and its revocation tried again.
    PENDING = "pending"
    # Cognito won't (the app client can't revoke tokens), or not in time: the token expires.
    ABANDONED = "abandoned"


class LogoutKind(StrEnum):
    """Out of this portal, out of every app, or out of a session that had already ended."""

    HERE = "here"
    EVERYWHERE = "everywhere"
    ALREADY_OVER = "already-over"


class NotVerified(Exception):
    """A token failed verification. `reason` is a text of our own and holds nothing of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ScopeMissing(NotVerified):
    """The app client does not allow the scope that every self-service call needs."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The claims of a verified ID token and access token.

    The person is (issuer, subject) and nothing else: addresses and user names change hands.
    `acr` and `amr` are empty where the pool does not say how strong the sign-in was. `groups` are
    the pool's groups that the person belongs to.
    """

    issuer: str
    subject: str
    auth_time: datetime
    acr: str
    amr: tuple[str, ...]
    origin_jti: str
    groups: tuple[str, ...]

    @property
    def uid(self) -> str:
        return f"{self.issuer}#{self.subject}"


def sign_in(
    *,
    id_claims: Mapping[str, object],
    access_claims: Mapping[str, object],
    issuer: str,
    client_id: str,
    nonce: str,
    now: datetime,
) -> SignIn:
    """The sign-in that two tokens show; their signatures, issuer and times are verified before.

    Raises NotVerified, and ScopeMissing where only the scope is wrong.
    """
    if id_claims.get("token_use") != "id":
        raise NotVerified("id token: token_use")
    if not hmac.compare_digest(_text(id_claims.get("nonce")).encode(), nonce.encode()):
        raise NotVerified("id token: nonce")
    subject = _text(id_claims.get("sub"))
    if not subject or len(f"{issuer}#{subject}") > LONGEST_UID:
        raise NotVerified("id token: sub")
    check_access_token(access_claims, issuer=issuer, client_id=client_id, subject=subject)
    if REQUIRED_SCOPE not in _text(access_claims.get("scope")).split():
        raise ScopeMissing("access token: scope")
    return SignIn(
        issuer=issuer,
        subject=subject,
        auth_time=_moment(id_claims.get("auth_time"), latest=now + CLOCK_SKEW),
        acr=_text(id_claims.get("acr")),
        amr=_texts(id_claims.get("amr")),
        origin_jti=_text(access_claims.get("origin_jti")),
        groups=groups_of(access_claims),
    )


def check_access_token(
    claims: Mapping[str, object], *, issuer: str, client_id: str, subject: str
) -> None:
    """Raise NotVerified unless the claims are an access token's of this person and app client."""
    if claims.get("token_use") != "access":
        raise NotVerified("access token: token_use")
    if claims.get("client_id") != client_id:
        raise NotVerified("access token: client_id")
    if claims.get("iss") != issuer:
        raise NotVerified("access token: iss")
    if claims.get("sub") != subject:
        raise NotVerified("access token: sub")


def uid_of_claims(claims: Mapping[str, object], *, issuer: str) -> str:
    """The person's uid, issuer#subject, from a verified access token. Raises NotVerified."""
    subject = _text(claims.get("sub"))
    uid = f"{issuer}#{subject}"
    if claims.get("token_use") != "access":
        raise NotVerified("access token: token_use")
    if not subject or len(uid) > LONGEST_UID:
        raise NotVerified("access token: sub")
    return uid


def groups_of(access_claims: Mapping[str, object]) -> tuple[str, ...]:
    """The pool's groups that an access token names; none where it has no `cognito:groups`.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    return _texts(access_claims.get("cognito:groups"))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object, *, latest: datetime) -> datetime:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotVerified("id token: auth_time")
    if value > latest.timestamp():
        raise NotVerified("id token: auth_time in the future")
    return datetime.fromtimestamp(value, UTC)


def needs_refresh(*, expires_at: datetime, now: datetime) -> bool:
    """Tell whether an access token has less than a minute left."""
    return expires_at - now < REFRESH_BEFORE


def end_reason(
    *,
    began_at: datetime,
    last_seen_at: datetime,
    now: datetime,
    idle: timedelta,
    longest: timedelta,
) -> Ending | None:
    """Why the session has to end now; None while it may go on."""
    if now - began_at >= longest:
        return Ending.TOO_OLD
    if now - last_seen_at >= idle:
        return Ending.IDLE
    return None


def time_left(
    *,
    began_at: datetime,
    last_seen_at: datetime,
    now: datetime,
    idle: timedelta,
    longest: timedelta,
) -> timedelta:
    """Return how long the session lasts if no more requests come."""
    return min(last_seen_at + idle, began_at + longest) - now


def own_path(wanted: str | None) -> str:
    """`wanted` if it is a path on this site, else "/". Prevents open redirects."""
    if not wanted or len(wanted) > _LONGEST_PATH:
        return "/"
    if not _PATH.fullmatch(wanted) or _ENCODED_CONTROL.search(wanted):
        return "/"
    return wanted
