"""The tokens of one portal session: sealed in its row, renewed by one request at a time."""

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from cognito.errors import CognitoError, SignInAgain, TryLater
from signin import domain, id_token, oauth, sealing
from signin.models import TokenSet

# Longer than one call to the token endpoint can take, so that a lease ends early only when its
# holder died.
LEASE: Final = timedelta(seconds=15)
# The others wait this long for the one who renews; it must fit into a request's ten seconds.
WAIT_SECONDS: Final = 7
_POLL_SECONDS: Final = 0.05

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Access and refresh token of one session, in the clear."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


def store(row: TokenSet, pair: TokenPair, *, access_expires_at: datetime) -> None:
    """Seal the pair into the row's columns; the caller saves the row."""
    text = json.dumps({"access": pair.access, "refresh": pair.refresh})
    row.sealed = sealing.seal(text, purpose=purpose_of(row))
    row.access_expires_at = access_expires_at


def purpose_of(row: TokenSet) -> str:
    """Return the purpose that binds a sealed pair to its person and row: no other row opens it."""
    return f"tokens:{row.user_id}:{row.pk}"


@sensitive_variables()
def open_tokens(row: TokenSet) -> TokenPair:
    """The pair that is sealed in the row. Raises `sealing.Unsealable` when its key is gone."""
    content = json.loads(sealing.unseal(row.sealed, purpose=purpose_of(row)))
    return TokenPair(access=content["access"], refresh=content["refresh"])


@sensitive_variables()
def fresh_access_token(row: TokenSet, *, rejected_token: str = "") -> str:
    """The session's access token, with some time left; renewed if need be.

    `rejected_token` is one that Cognito has called expired, whatever the portal's clock says.
    Raises SignInAgain when no token can be had without signing in, TryLater when Cognito can't be
    asked for one now.
    """
    pair = _opened(row)
    now = timezone.now()
    is_rejected = pair.access == rejected_token
    if not is_rejected and not domain.needs_refresh(expires_at=row.access_expires_at, now=now):
        return pair.access
    try:
        return _opened(_renewed(row)).access
    except TryLater:
        if is_rejected or row.access_expires_at <= timezone.now():
            raise
        return pair.access


def _opened(row: TokenSet) -> TokenPair:
    """The row's pair. Raises SignInAgain where no key opens it."""
    try:
        return open_tokens(row)
    except sealing.Unsealable:
        pass
    # The key was retired or lost. The person can mend that by signing in, nobody else can.
    raise SignInAgain(operation="OpenTokens", code="Unsealable")


def _renewed(row: TokenSet) -> TokenSet:
    """The row with renewed tokens. One request asks Cognito; the others wait for its version.

    The right to ask is a lease in the row and no lock of the database, so that nothing is locked
    while Cognito is asked.
    """
    give_up_at = time.monotonic() + WAIT_SECONDS
    if _lease(row):
        return _renew(row)
    while time.monotonic() < give_up_at:
        time.sleep(_POLL_SECONDS)
        current = TokenSet.objects.filter(pk=row.pk).first()
        if current is None:
            raise SignInAgain(operation="RefreshTokens", code="SessionEnded")
        if current.version != row.version:
            return current
        if current.refreshing_until is None:
            break  # The other one could not renew them. Trying at once again would not help.
        if _lease(current):
            return _renew(current)
    raise TryLater(operation="RefreshTokens", code="NotRenewedByTheOther")


def _lease(row: TokenSet) -> bool:
    now = timezone.now()
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=now)
    return bool(
        TokenSet.objects.filter(free, pk=row.pk, version=row.version).update(
            refreshing_until=now + LEASE
        )
    )


@sensitive_variables()
def _renew(row: TokenSet) -> TokenSet:
    """Ask Cognito for new tokens, and store them before anybody uses them."""
    before = row.version
    leased = TokenSet.objects.filter(pk=row.pk, version=before)
    old = _opened(row)
    asked_at = timezone.now()
    try:
        new = oauth.refresh(pool=settings.COGNITO, refresh_token=old.refresh)
        groups = id_token.refreshed_groups(
            pool=settings.COGNITO, access_token=new.access, subject=row.user.subject
        )
    except domain.NotVerified as error:
        leased.update(refreshing_until=None)
        raise SignInAgain(operation="RefreshTokens", code=error.reason) from error
    except Exception:  # Whatever it was, the next request must not wait for this lease.
        leased.update(refreshing_until=None)
        raise
    # With rotation the old refresh token is spent; without, the answer brings none.
    store(
        row,
        TokenPair(access=new.access, refresh=new.refresh or old.refresh),
        access_expires_at=asked_at + timedelta(seconds=new.expires_in),
    )
    row.groups = list(groups)
    row.version = before + 1
    row.refreshing_until = None
    stored = leased.update(
        sealed=row.sealed,
        access_expires_at=row.access_expires_at,
        groups=row.groups,
        version=row.version,
        refreshing_until=None,
    )
    if not stored:
        # The person signed out meanwhile: what has just been issued must not outlive that.
        revoke_quietly(TokenPair(access=new.access, refresh=new.refresh or old.refresh))
        raise SignInAgain(operation="RefreshTokens", code="SessionEnded")
    return row


@sensitive_variables()
def revoke_quietly(pair: TokenPair) -> None:
    """Revoke the pair at Cognito. A failure is logged and stops nobody from signing out."""
    try:
        oauth.revoke(pool=settings.COGNITO, refresh_token=pair.refresh)
    except CognitoError as error:
        _log.warning("A refresh token was not revoked: %s", error.code)
