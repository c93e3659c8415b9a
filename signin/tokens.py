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
class Held:
    """The two tokens of a session, in the clear."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


def put(row: TokenSet, held: Held, *, access_expires_at: datetime) -> None:
    """Set the row's columns; the caller saves them."""
    text = json.dumps({"access": held.access, "refresh": held.refresh})
    row.sealed = sealing.seal(text, purpose=purpose_of(row))
    row.access_expires_at = access_expires_at


def purpose_of(row: TokenSet) -> str:
    """Binds what is sealed to its person and row: swapped rows don't open."""
    return f"tokens:{row.user_id}:{row.pk}"


@sensitive_variables()
def held(row: TokenSet) -> Held:
    """Raises `sealing.Unsealable` when its key is gone."""
    content = json.loads(sealing.unseal(row.sealed, purpose=purpose_of(row)))
    return Held(access=content["access"], refresh=content["refresh"])


@sensitive_variables()
def living_access_token(row: TokenSet, *, refused: str = "") -> str:
    """An access token with some time left, renewed if need be.

    `refused` is one that Cognito has called expired, whatever our clock says. Raises SignInAgain
    when there is no way to a living token, TryLater when Cognito can't be asked for one now.
    """
    tokens = _opened(row)
    now = timezone.now()
    is_refused = tokens.access == refused
    if not is_refused and not domain.needs_refresh(expires_at=row.access_expires_at, now=now):
        return tokens.access
    try:
        return _opened(_renewed(row)).access
    except TryLater:
        if is_refused or row.access_expires_at <= timezone.now():
            raise
        return tokens.access


def _opened(row: TokenSet) -> Held:
    try:
        return held(row)
    except sealing.Unsealable:
        pass
    # The key was retired or lost. The person can mend that by signing in, nobody else can.
    raise SignInAgain(operation="OpenTokens", code="Unsealable")


def _renewed(row: TokenSet) -> TokenSet:
    """The row after a renewal of what `row` holds: by us, or by whoever was first.

    A lease in the row, not a lock of the database, so nothing is locked while Cognito is asked.
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
    """Ask Cognito, and store what it gave before anybody uses it."""
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
    put(
        row,
        Held(access=new.access, refresh=new.refresh or old.refresh),
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
        revoke_quietly(Held(access=new.access, refresh=new.refresh or old.refresh))
        raise SignInAgain(operation="RefreshTokens", code="SessionEnded")
    return row


@sensitive_variables()
def revoke_quietly(tokens: Held) -> None:
    """Revoke them at Cognito. A failure is logged and stops nobody from signing out."""
    try:
        oauth.revoke(pool=settings.COGNITO, refresh_token=tokens.refresh)
    except CognitoError as error:
        _log.warning("A refresh token was not revoked: %s", error.code)
