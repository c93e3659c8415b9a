"""A sign-in beside the portal's own session: what it shows is written down, its tokens revoked.

Somebody who is signed in proves that a way to sign in works, and stays signed in as they are. The
session, its tokens and who is signed in are never touched from here.

What can't be kept apart is managed login's cookie: `prompt=login` gives the browser a new one, so
for up to an hour (or until "Sign out") managed login knows whoever signed in last, here as in every
other app of the pool. For the same person that is what any sign-in leaves behind. For another
person it is not: revoking their tokens does not take the cookie, only managed login's own
`/logout` does (`logout.out_of_managed_login_url`), and the page has to offer that.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from cognito.errors import CognitoError, SignInAgain, TryLater
from signin import id_token, oauth, sealing
from signin.domain import Failure, NotVerified, Revocation, ScopeMissing, SignIn
from signin.models import SideSignIn, TokenSet, User
from signin.provider import to_managed_login
from signin.service import current

# Servers are known that ask again and again for ever where this is 0.
MAX_AGE_SECONDS: Final = 1
# What came of it can be read for this long, and a revocation is tried again for this long.
KEPT: Final = timedelta(days=1)

_log = logging.getLogger(__name__)


def start(
    *, request: HttpRequest, next_path: str, acr_values: Sequence[str] = ()
) -> tuple[SideSignIn, HttpResponse]:
    """A new one of the person who is signed in, and the way to managed login.

    The browser comes back to `next_path`, however it ends. Raises SignInAgain where nobody is
    signed in, and Django's UpdateError where they sign out at this very moment.
    """
    own = current(request)
    if own is None:
        raise SignInAgain(operation="StartSideSignIn", code="SignedOut")
    row = SideSignIn.objects.create(
        person=own.user, started_at=timezone.now(), own_auth_time=own.auth_time
    )
    answer = to_managed_login(
        request=request,
        next_path=next_path,
        prompt="login",
        max_age=MAX_AGE_SECONDS,
        acr_values=acr_values,
        side=str(row.pk),
    )
    return row, answer


def claim(*, side_id: str, person: object) -> SideSignIn | None:
    """The person's own that has not ended, for the one callback that may end it."""
    if not isinstance(person, User):
        return None
    open_one = SideSignIn.objects.filter(pk=side_id, person=person, ended_at=None)
    if not open_one.update(ended_at=timezone.now()):
        return None
    return SideSignIn.objects.select_related("person").get(pk=side_id)


def fail(row: SideSignIn, *, failure: Failure, reason: str = "") -> None:
    """It came back without tokens."""
    _log.warning("A side sign-in failed: %s (%s)", failure.value, reason or "no detail")
    row.failure = failure.value
    row.save(update_fields=["failure"])


@sensitive_variables("issued", "nonce")
def finish(row: SideSignIn, *, issued: oauth.Tokens, nonce: str) -> None:
    """Verify the tokens like those of any sign-in, write down what they say, and revoke them.

    The refresh token is kept, sealed, until it is revoked, so that no crash loses it.
    """
    row.sealed = sealing.seal(issued.refresh, purpose=purpose_of(row))
    row.revocation = Revocation.PENDING
    row.save(update_fields=["sealed", "revocation"])
    origin = id_token.origin_of(issued.access)
    try:
        verified = id_token.verified_sign_in(
            pool=settings.COGNITO, tokens=issued, nonce=nonce, now=timezone.now()
        )
    except ScopeMissing as error:
        fail(row, failure=Failure.SCOPE_MISSING, reason=error.reason)
    except NotVerified as error:
        fail(row, failure=Failure.NOT_VERIFIED, reason=error.reason)
    except CognitoError as error:
        fail(row, failure=Failure.UNREACHABLE, reason=error.code)
    else:
        _write_down(row, verified)
    if origin and TokenSet.objects.filter(origin_jti=origin).exists():
        # As in `service.begin`: revoking it would end a session of this portal. Nobody has it any
        # more, and it dies with that session.
        _forget(row, Revocation.SHARED_WITH_SESSION)
        return
    _revoke(row, issued.refresh)


def _write_down(row: SideSignIn, verified: SignIn) -> None:
    row.same_person = verified.uid == row.person.uid
    row.auth_time = verified.auth_time
    row.acr = verified.acr
    row.amr = list(verified.amr)
    row.save(update_fields=["same_person", "auth_time", "acr", "amr"])


@sensitive_variables("refresh_token")
def _revoke(row: SideSignIn, refresh_token: str) -> None:
    try:
        oauth.revoke(pool=settings.COGNITO, refresh_token=refresh_token)
    except TryLater as error:
        _log.warning("A side sign-in is not revoked yet: %s", error.code)
    except SignInAgain:
        _forget(row, Revocation.REVOKED)  # It is dead already.
    except CognitoError as error:
        # An app client whose token revocation is off: it would be refused for ever.
        _log.error("A side sign-in can't be revoked: %s", error.code)
        _forget(row, Revocation.ABANDONED)
    else:
        _forget(row, Revocation.REVOKED)


def _forget(row: SideSignIn, how: Revocation) -> None:
    row.sealed, row.revocation = "", how
    row.save(update_fields=["sealed", "revocation"])


def erase_expired() -> int:
    """Try again what could not be revoked, and delete what is old; how many are deleted."""
    since = timezone.now() - KEPT
    for row in SideSignIn.objects.exclude(sealed=""):
        try:
            _revoke(row, sealing.unseal(row.sealed, purpose=purpose_of(row)))
        except sealing.Unsealable:
            _log.warning("A side sign-in was not revoked: its key is gone.")
            _forget(row, Revocation.ABANDONED)
        if row.sealed and row.started_at < since:
            _log.error("A side sign-in was not revoked within a day and is given up.")
            _forget(row, Revocation.ABANDONED)
    return SideSignIn.objects.filter(started_at__lt=since).delete()[0]


def purpose_of(row: SideSignIn) -> str:
    """For `sealing`."""
    return f"side-sign-in:{row.person_id}:{row.pk}"
