"""Verify the tokens of a sign-in against the pool's own keys.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import threading
import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import jwt
from django.views.decorators.debug import sensitive_variables

from cognito.errors import TryLater
from cognito.pool import UserPool
from signin import domain, oauth
from signin.domain import CLOCK_SKEW, NotVerified, SignIn

# Cognito hardly ever changes its keys. A key that it withdrew is trusted for no longer than this.
KEYS_MAX_AGE_SECONDS: Final = 6 * 60 * 60
# Between two requests for the keys, so that tokens with made-up key ids cause no flood of them.
KEYS_MIN_AGE_SECONDS: Final = 30

# What PyJWT raises on a hostile token: its own errors, and those of odd numbers and nesting.
_UNREADABLE: Final = (
    jwt.PyJWTError,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
)


class _SigningKeys:
    """The RS256 keys of one pool by `kid`, fetched at first use and again for an unknown `kid`."""

    def __init__(self, pool: UserPool) -> None:
        self._pool = pool
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._lock = threading.Lock()

    def get(self, kid: str) -> jwt.PyJWK:
        with self._lock:
            age = time.monotonic() - self._fetched_at
            is_unknown = kid not in self._keys and age >= KEYS_MIN_AGE_SECONDS
            if is_unknown or age >= KEYS_MAX_AGE_SECONDS:
                self._fetch()
            if kid not in self._keys:
                raise NotVerified("unknown key")
            return self._keys[kid]

    def _fetch(self) -> None:
        self._keys = _rs256_keys(oauth.public_keys(pool=self._pool))
        self._fetched_at = time.monotonic()


@lru_cache(maxsize=8)
def _signing_keys(pool: UserPool) -> _SigningKeys:
    return _SigningKeys(pool)


def _rs256_keys(document: object) -> dict[str, jwt.PyJWK]:
    """Return the document's signing keys by `kid`; PyJWT leaves out the keys that it can't read."""
    try:
        listed = jwt.PyJWKSet.from_dict(document).keys if isinstance(document, dict) else []
    except _UNREADABLE:
        listed = []
    keys = {
        str(key.key_id): key
        for key in listed
        if key.algorithm_name == "RS256" and key.public_key_use in ("sig", None)
    }
    if not keys:
        raise TryLater(operation="GetJwks", code="NoUsableKey")
    return keys


@sensitive_variables()
def verified_sign_in(*, pool: UserPool, tokens: oauth.Tokens, nonce: str, now: datetime) -> SignIn:
    """The sign-in that the tokens show, once both are verified.

    Raises NotVerified, ScopeMissing, or TryLater when the pool's keys can't be had.
    """
    return domain.sign_in(
        id_claims=_verified(tokens.id, pool=pool, audience=pool.client_id),
        access_claims=_verified(tokens.access, pool=pool, audience=None),
        issuer=pool.issuer,
        client_id=pool.client_id,
        nonce=nonce,
        now=now,
    )


@sensitive_variables()
def uid_of_token(*, pool: UserPool, access_token: str) -> str:
    """The person's uid, issuer#subject, from an access token of any app client of the pool.

    Raises NotVerified, or TryLater when the pool's keys can't be had.
    """
    claims = _verified(access_token, pool=pool, audience=None)
    return domain.uid_of_claims(claims, issuer=pool.issuer)


@sensitive_variables()
def refreshed_groups(*, pool: UserPool, access_token: str, subject: str) -> tuple[str, ...]:
    """The groups that a renewed access token names. Raises NotVerified unless it is this person's.

    Its signature is not looked at. The portal itself has got it from the token endpoint, over TLS
    and for a refresh token that nobody else has, so no browser could have put another in its place
    (OpenID Connect Core §3.1.3.7 lets TLS stand for the signature there); whoever could answer for
    that endpoint would decide in any case who is signed in. And a renewed refresh token must not be
    lost because the keys can't be had.
    """
    try:
        claims: Mapping[str, object] = jwt.decode(access_token, options={"verify_signature": False})
    except _UNREADABLE:
        claims = {}
    domain.check_access_token(claims, issuer=pool.issuer, client_id=pool.client_id, subject=subject)
    return domain.groups_of(claims)


@sensitive_variables()
def origin_of(access_token: str) -> str:
    """The claim `origin_jti` of an unverified token; "" without one.

    Only for being careful: to revoke nothing that may be the portal's own sign-in.
    """
    try:
        claims = jwt.decode(access_token, options={"verify_signature": False})
    except _UNREADABLE:
        return ""
    origin = claims.get("origin_jti")
    return origin if isinstance(origin, str) else ""


@sensitive_variables()
def _verified(token: str, *, pool: UserPool, audience: str | None) -> Mapping[str, Any]:
    kind = "access token" if audience is None else "id token"
    required = ["exp", "iat", "iss", "sub"] + ([] if audience is None else ["aud"])
    # Raised outside of the handlers: PyJWT's errors can hold parts of the token.
    claims: Mapping[str, Any] | None = None
    reason = ""
    try:
        header = jwt.get_unverified_header(token)
    except _UNREADABLE as error:
        header, reason = {}, type(error).__name__
    kid = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(kid, str):
        raise NotVerified(f"{kind}: {reason or 'algorithm'}")
    key = _signing_keys(pool).get(kid)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=pool.issuer,
            audience=audience,
            leeway=CLOCK_SKEW,
            options={"require": required, "strict_aud": True, "verify_aud": audience is not None},
        )
    except _UNREADABLE as error:
        reason = type(error).__name__
    if claims is None:
        raise NotVerified(f"{kind}: {reason}")
    return claims
