"""Begin, load and end portal sessions, and record that in the security log."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activity.domain import Event
from activity.service import record
from cognito.errors import SignInAgain
from signin import domain, ending, oauth, tokens
from signin.assurance import PASSWORD_ALONE, Assurance, factors_used, used_second_step
from signin.caller import Caller
from signin.domain import Ending, SignIn
from signin.models import TokenSet, User

PROVIDER_ID = "cognito"
# How exactly `last_seen_at` is kept: a write for each click would be more than it is worth.
SEEN_EVERY = timedelta(minutes=1)

# The tokens need not be revoked any more.
_DEAD_AT_COGNITO = frozenset({Ending.BY_COGNITO, Ending.EVERYWHERE})
_IN_SESSION = "token_set"
_OUTLIVES_SECONDS = 60 * 60


class PortalRequest(HttpRequest):
    """A request after `signin.middleware`; the name of a type, never instantiated."""

    token_set: TokenSet | None
    has_just_ended: bool


def current(request: HttpRequest) -> TokenSet | None:
    """The request's portal session, as the middleware has loaded it; None when signed out."""
    return cast("PortalRequest", request).token_set


def has_just_ended(request: HttpRequest) -> bool:
    """Tell whether this request came with a session that is over."""
    return cast("PortalRequest", request).has_just_ended


def person_for(sign_in: SignIn) -> User:
    """The person's row, created at the first sign-in; two first sign-ins at once create one."""
    with transaction.atomic():
        person, _ = User.objects.get_or_create(
            uid=sign_in.uid, defaults={"password": make_password(None)}
        )
        SocialAccount.objects.get_or_create(
            provider=PROVIDER_ID, uid=sign_in.uid, defaults={"user": person}
        )
    return person


@sensitive_variables("issued")
def begin(
    *,
    request: HttpRequest,
    person: User,
    sign_in: SignIn,
    issued: oauth.Tokens,
    stepped_up: bool = False,
) -> None:
    """Begin a session with the tokens of a new sign-in, and end the session that it replaces.

    `stepped_up` is True where managed login was asked for a fresh sign-in with a second step.
    """
    now = timezone.now()
    record(
        person=person.uid,
        event=Event.SIGNED_IN,
        detail={"acr": sign_in.acr, "amr": list(sign_in.amr)},
    )
    row = TokenSet(
        user=person,
        auth_time=sign_in.auth_time,
        acr=sign_in.acr,
        amr=list(sign_in.amr),
        stepped_up=stepped_up,
        origin_jti=sign_in.origin_jti,
        groups=list(sign_in.groups),
        began_at=now,
        last_seen_at=now,
    )
    tokens.store(
        row,
        tokens.TokenPair(access=issued.access, refresh=issued.refresh),
        access_expires_at=now + timedelta(seconds=issued.expires_in),
    )
    row.save(force_insert=True)
    replaced = current(request)
    if replaced is not None and replaced.user_id == person.pk:
        request.session.cycle_key()  # Django does so only where somebody else signs in.
    request.session[_IN_SESSION] = str(row.pk)
    # The cookie outlives the row: `load_session` then erases the tokens and says what happened.
    request.session.set_expiry(settings.SESSION_COOKIE_AGE + _OUTLIVES_SECONDS)
    cast("PortalRequest", request).token_set = row
    if replaced is None:
        return
    # Where Cognito counts both as one sign-in, revoking the old tokens would end the new session.
    ending.erase(replaced, revoke=not row.origin_jti or replaced.origin_jti != row.origin_jti)
    if replaced.user_id != person.pk:
        ending.record(replaced, Ending.REPLACED)


def load_session(*, request: HttpRequest) -> None:
    """Set the request's `token_set`; a session whose time is over ends here."""
    portal_request = cast("PortalRequest", request)
    portal_request.token_set, portal_request.has_just_ended = None, False
    row_id: str | None = request.session.get(_IN_SESSION)
    if row_id is None and not request.user.is_authenticated:
        return
    now = timezone.now()
    row = TokenSet.objects.select_related("user").filter(pk=row_id).first() if row_id else None
    reason = _end_reason(request, row, now) if row else None
    if row and not reason:
        portal_request.token_set = row
        _touch(row, now)
        return
    portal_request.has_just_ended = True
    _end(request, row, reason or Ending.ELSEWHERE)


def _end_reason(request: HttpRequest, row: TokenSet, now: datetime) -> Ending | None:
    if row.user_id != request.user.pk:
        return Ending.SHUT_OUT
    return domain.end_reason(
        began_at=row.began_at,
        last_seen_at=row.last_seen_at,
        now=now,
        idle=timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        longest=timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


def _touch(row: TokenSet, now: datetime) -> None:
    if now - row.last_seen_at >= SEEN_EVERY:
        TokenSet.objects.filter(pk=row.pk, last_seen_at__lt=now).update(last_seen_at=now)
        row.last_seen_at = now


def seconds_left(*, request: HttpRequest) -> int:
    """Seconds until this session ends if no more requests come; 0 when signed out."""
    row = current(request)
    if row is None:
        return 0
    left = domain.time_left(
        began_at=row.began_at,
        last_seen_at=row.last_seen_at,
        now=timezone.now(),
        idle=timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        longest=timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    return max(0, int(left.total_seconds()))


def caller(*, request: HttpRequest, rejected_token: str = "") -> Caller:
    """The signed-in person with a fresh access token (see `tokens.fresh_access_token`).

    Raises `SignInAgain` where nobody is signed in, or no fresh token can be had.
    """
    row = current(request)
    if row is None:
        raise SignInAgain(operation="OpenTokens", code="SignedOut")
    token = tokens.fresh_access_token(row, rejected_token=rejected_token)
    return Caller(person=row.user, session=row, access_token=token)


@sensitive_variables("issued")
def revoke_unused(issued: oauth.Tokens) -> None:
    """Revoke the tokens of a sign-in that begins no session."""
    tokens.revoke_quietly(tokens.TokenPair(access=issued.access, refresh=issued.refresh))


def assurance(*, request: HttpRequest, level_names: Mapping[int, str]) -> Assurance:
    """Return the time and the methods of this session's sign-in. Raises SignInAgain when signed
    out."""
    row = current(request)
    if row is None:
        raise SignInAgain(operation="OpenTokens", code="SignedOut")
    used = used_second_step(acr=row.acr, amr=tuple(row.amr), level_names=level_names)
    if row.stepped_up and tuple(row.amr) == PASSWORD_ALONE:
        # Managed login was asked for a second step, and the pool asked for none: this person can
        # show no more than the password, which is what keeps a thief from this session.
        used = None
    return Assurance(row.auth_time, used_second_step=used, factors=factors_used(row.amr))


def end_session(*, request: HttpRequest) -> None:
    """End the session here after Cognito ended its sign-in; revoke nothing."""
    _end(request, current(request), Ending.BY_COGNITO)


def sign_out(*, request: HttpRequest) -> None:
    """End the session because the person leaves, and revoke its tokens at Cognito."""
    _end(request, current(request), Ending.BY_PERSON)


def sign_out_everywhere(*, request: HttpRequest) -> None:
    """End the session after Cognito has revoked every token of the person."""
    _end(request, current(request), Ending.EVERYWHERE)


def count_others(*, request: HttpRequest) -> int:
    """The number of the person's other portal sessions; 0 when signed out."""
    here = current(request)
    return len(ending.others_of(here)) if here else 0


def end_others(*, request: HttpRequest, revoke: bool = True) -> int:
    """End the person's other portal sessions; how many. `revoke=False` where their tokens are
    revoked already."""
    here = current(request)
    return ending.end_others(here, revoke=revoke) if here else 0


def _end(request: HttpRequest, row: TokenSet | None, reason: Ending) -> None:
    logout(request)
    cast("PortalRequest", request).token_set = None
    if row is not None and ending.erase(row, revoke=reason not in _DEAD_AT_COGNITO):
        ending.record(row, reason)
