"""List where somebody is signed in, end that elsewhere, and sign out everywhere."""

import logging

from django.conf import settings
from django.http import HttpRequest

from activity.attempt import Shown, attempt
from activity.domain import Event, Outcome
from cognito import sessions
from cognito.account import Account
from cognito.errors import (
    AccessTokenExpired,
    Applied,
    CognitoError,
    Misconfigured,
    NotAllowedByPool,
    SignInAgain,
)
from signin import batch
from signin import service as portal_sessions
from signin.batch import End, Ended
from signin.caller import Caller
from signin.sessions.domain import (
    BROWSERS_SECONDS,
    END_SIGN_INS,
    MAX_SECONDS,
    SignedInPlace,
    places,
)

_log = logging.getLogger(__name__)
# A refusal of one sign-in. It may be gone already: an unknown id has no error of its own, and
# NotAuthorized may be said of it or of ours. The read that follows tells.
_OF_THIS_ONE = (NotAllowedByPool, Misconfigured, SignInAgain)


def where_signed_in(*, account: Account) -> list[SignedInPlace] | None:
    """List the person's sign-ins, this one first; None where the pool keeps no count. Raises
    `CognitoError`. A pool that keeps none may refuse the question or list nothing, and one that
    does lists at least this sign-in, or will in a few seconds: each is treated alike."""
    try:
        found = sessions.list_sessions(account)
    except (NotAllowedByPool, Misconfigured) as refused:
        _log.info("The pool lists no sign-ins: %s", refused)
        return None
    return places(found, portal=settings.COGNITO.client_id) or None


def end(*, request: HttpRequest, caller: Caller, key: str | None = None) -> Ended:
    """End the sign-in of this key, or all but this one; a read then says how it ended.

    What one press does not reach is left for the next, and what is gone already spends no call.
    With all others the portal's own other sessions end at once. Raises `CognitoError` and
    `NotRecorded` before anything was changed.
    """
    if stopped := batch.too_often(END_SIGN_INS, caller):
        return stopped
    account = caller.account
    wanted = {place.key: place for place in _others(account) if key in (None, place.key)}
    if not wanted and (key or not portal_sessions.count_others(request=request)):
        return Ended(End.ALL)

    def act() -> batch.Accepted:
        accepted = _end_each(list(wanted), account, MAX_SECONDS)
        if key is None:
            portal_sessions.end_others(request=request)
        return accepted

    def listed() -> set[str] | None:
        after = where_signed_in(account=account)
        if after is None:
            return None
        there = frozenset[str]().union(*(place.ids for place in after))
        return {place.key for place in wanted.values() if place.ids & there}

    return batch.end_recorded(
        caller=caller,
        event=Event.OTHERS_ENDED,
        names=("places", "ended"),
        wanted=wanted,
        act=act,
        listed=listed,
        lags=True,
    )


def _others(account: Account) -> list[SignedInPlace]:
    return [place for place in where_signed_in(account=account) or [] if not place.is_here]


def _end_each(keys: list[str], account: Account, seconds: float) -> batch.Accepted:
    return batch.act_on_each(
        keys,
        lambda key: sessions.end_session(account, session_id=key),
        seconds=seconds,
        says_nothing_of_others=_OF_THIS_ONE,
    )


def sign_out_everywhere(*, request: HttpRequest, caller: Caller) -> Ended:
    """End every sign-in of the person, this one last: its end shows that it worked.

    `End.ALL` when it is done, and nobody is signed in here any more. Otherwise this session goes
    on, so that it can be pressed again; the portal's other ones have ended. Raises `SignInAgain`
    where this sign-in was over before, and `NotRecorded` before anything was changed.
    """
    if stopped := batch.too_often(END_SIGN_INS, caller):
        return stopped
    tried = attempt(
        person=caller.uid,
        event=Event.SIGNED_OUT_EVERYWHERE,
        call=lambda: _end_everything(caller.account),
        shows=lambda trouble: _is_everything_over(request, trouble, caller.account),
    )
    if tried.outcome is Outcome.CONFIRMED:
        portal_sessions.sign_out_everywhere(request=request)
    return tried.shown.value if tried.shown else Ended(End.EVERYWHERE_NOT_KNOWN)


def _end_everything(account: Account) -> CognitoError | None:
    """End browsers, then all sign-ins; the error that stopped the latter.

    In this order, since an ended sign-in can't ask for the browsers.
    """
    _end_browsers(account)
    try:
        sessions.sign_out_everywhere(account)
    except SignInAgain:
        raise
    except CognitoError as error:
        _log.warning("Signing out everywhere did not work: %s", error)
        return error
    return None


def _is_everything_over(
    request: HttpRequest, trouble: CognitoError | None, account: Account
) -> Shown[Ended]:
    """Ask whether the access token is still accepted; end the portal's other sessions anyway."""
    refused = trouble is not None and trouble.applied is Applied.NO
    done = not refused and _is_done(account)
    portal = portal_sessions.end_others(request=request, revoke=not done)
    if done:
        return Shown(Outcome.CONFIRMED, Ended(End.ALL), {"portal": portal})
    if trouble and refused:
        detail = {"code": trouble.code, "portal": portal}
        return Shown(Outcome.REFUSED, Ended(End.NOT_EVERYWHERE, gone=portal), detail)
    return Shown(Outcome.UNKNOWN, Ended(End.EVERYWHERE_NOT_KNOWN, gone=portal))


def _end_browsers(account: Account) -> None:
    """End the cookies of managed login, which outlive signing out everywhere, where the pool lists
    them. An error stops nothing: the page says that they may stay."""
    try:
        _end_each([place.key for place in _others(account)], account, BROWSERS_SECONDS)
    except AccessTokenExpired:
        raise
    except CognitoError as error:
        # Of an ended sign-in too: signing out everywhere comes next, and that will tell.
        _log.warning("Browsers could not be signed out one by one: %s", error)


def _is_done(account: Account) -> bool:
    try:
        return not sessions.is_accepted(account)
    except CognitoError as error:
        _log.warning("Whether all is signed out can't be read: %s", error)
        return False
