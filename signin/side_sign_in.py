"""A sign-in beside the portal's own session: its claims are recorded, its tokens revoked.

Somebody who is signed in tests a way to sign in, and stays signed in. Nothing here touches the
session or its tokens.

Managed login's cookie can't be kept apart: `prompt=login` gives the browser a new one. For up to an
hour (or until "Sign out") managed login takes the browser for whoever signed in last, in every app
of the pool. After a sign-in of the same person that is no news. After one of somebody else it is,
and revoking their tokens leaves the cookie: only managed login's own `/logout` takes it
(`logout.out_of_managed_login_url`), and the page has to offer that.
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

# With 0 some servers ask again and again for ever.
MAX_AGE_SECONDS: Final = 1
# How long its result can be read, and a failed revocation is tried again.
KEPT: Final = timedelta(days=1)

_log = logging.getLogger(__name__)


def start(
    *, request: HttpRequest, next_path: str, acr_values: Sequence[str] = ()
) -> tuple[SideSignIn, HttpResponse]:
    """Begin a side sign-in of the signed-in person: its row, and the redirect to managed login.

    The browser comes back to `next_path`, whatever happens. Raises SignInAgain where nobody is
    signed in, and Django's UpdateError where the person signs out at this moment.
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
    """Mark the person's side sign-in as ended, and return it; None where it has ended already.

    Only the callback that gets the row may record its result.
    """
    if not isinstance(person, User):
        return None
    open_one = SideSignIn.objects.filter(pk=side_id, person=person, ended_at=None)
    if not open_one.update(ended_at=timezone.now()):
        return None
    return SideSignIn.objects.select_related("person").get(pk=side_id)


def fail(row: SideSignIn, *, failure: Failure, reason: str = "") -> None:
    """Record why the side sign-in came back without tokens."""
    _log.warning("A side sign-in failed: %s (%s)", failure.value, reason or "no detail")
    row.failure = failure.value
    row.save(update_fields=["failure"])


@sensitive_variables("issued", "nonce")
def finish(row: SideSignIn, *, issued: oauth.Tokens, nonce: str) -> None:
    """Verify the tokens like those of any sign-in, record their claims, and revoke them.

    The row keeps the sealed refresh token until it is revoked, so that no crash loses it.
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
        # As in `service.begin`: revoking the token would end a session of this portal. Nobody keeps
        # it, and it is revoked with that session.
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
        # An app client whose token revocation is off would refuse for ever.
        _log.error("A side sign-in can't be revoked: %s", error.code)
        _forget(row, Revocation.ABANDONED)
    else:
        _forget(row, Revocation.REVOKED)


def _forget(row: SideSignIn, how: Revocation) -> None:
    row.sealed, row.revocation = "", how
    row.save(update_fields=["sealed", "revocation"])


def erase_expired() -> int:
    """Retry the pending revocations, then delete side sign-ins older than a day; how many."""
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
    """Binds the sealed refresh token to its person and row."""
    return f"side-sign-in:{row.person_id}:{row.pk}"
