"""List where somebody is signed in, end that elsewhere, and sign out everywhere."""

import logging
import time
from collections.abc import Sequence
from math import ceil

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
from signin import service as portal_sessions
from signin.caller import Caller
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.sessions.domain import (
    BROWSERS_SECONDS,
    END_SIGN_INS,
    MAX_AT_ONCE,
    MAX_SECONDS,
    End,
    Ended,
    SignedInPlace,
    how_it_ended,
    places,
)

_log = logging.getLogger(__name__)
# A refusal of the one, which says nothing about the next.
_OF_THIS_ONE = (NotAllowedByPool, Misconfigured, SignInAgain)
# The keys that the pool took, and the first trouble.
EndedEach = tuple[set[str], CognitoError | None]


def where_signed_in(*, account: Account) -> list[SignedInPlace] | None:
    """This place first; None where the pool keeps no count. Raises `CognitoError`.

    A pool that keeps none may refuse the question or list nothing, and one that does lists at
    least this sign-in, or will in a few seconds: each is treated alike.
    """
    try:
        found = sessions.list_sessions(account)
    except (NotAllowedByPool, Misconfigured) as refused:
        _log.info("The pool lists no sign-ins: %s", refused)
        return None
    return places(found, portal=settings.COGNITO.client_id) or None


def end(
    *,
    request: HttpRequest,
    caller: Caller,
    key: str | None = None,
) -> Ended:
    """End the sign-in of this key, or all but this one; a read then says how it ended.

    What one press does not reach is left for the next, and what is gone already spends no call.
    With all others the portal's own other sessions end at once. Raises `CognitoError` and
    `NotRecorded` before anything was changed.
    """
    taken = limits.consume(END_SIGN_INS, key=caller.uid)
    if isinstance(taken, Wait):
        return _too_often(taken)
    others = [p for p in where_signed_in(account=caller.account) or [] if not p.is_here]
    wanted = [place for place in others if key in (None, place.key)]
    if not wanted and (key or not portal_sessions.count_others(request=request)):
        return Ended(End.ALL)

    def end_them() -> EndedEach:
        ended = _end_each(wanted[:MAX_AT_ONCE], caller.account, MAX_SECONDS)
        if key is None:
            portal_sessions.end_others(request=request)
        return ended

    tried = attempt(
        person=caller.uid,
        event=Event.OTHERS_ENDED,
        detail={"places": len(wanted)},
        call=end_them,
        shows=lambda ended: _what_is_left(wanted, ended, caller.account),
    )
    return tried.shown.value if tried.shown else Ended(End.NOT_KNOWN)


def _too_often(wait: Wait) -> Ended:
    return Ended(End.TOO_OFTEN, wait_seconds=ceil(wait.left.total_seconds()))


def _end_each(wanted: Sequence[SignedInPlace], account: Account, seconds: float) -> EndedEach:
    """The keys that the pool took, and the first trouble. Where the pool is in trouble itself the
    rest is left; if that is with the very first and nothing can have been written, it is raised."""
    accepted: set[str] = set()
    trouble: CognitoError | None = None
    give_up = time.monotonic() + seconds
    for number, place in enumerate(wanted):
        try:
            sessions.end_session(account, session_id=place.key)
            accepted.add(place.key)
        except AccessTokenExpired:
            raise
        except _OF_THIS_ONE as error:
            # It may be gone already: an unknown id has no error of its own, and NotAuthorized may
            # be said of it or of ours. The read that follows tells.
            trouble = trouble or error
        except CognitoError as error:
            if number == 0 and error.applied is Applied.NO:
                raise
            _log.warning("Not all sign-ins could be ended: %s", error)
            return accepted, error
        if time.monotonic() > give_up:
            break
    return accepted, trouble


def _what_is_left(
    wanted: Sequence[SignedInPlace], ended_each: EndedEach | None, account: Account
) -> Shown[Ended]:
    """Read what was done: a 200 is not yet a success. Raises `CognitoError`."""
    if not wanted:
        return Shown(Outcome.CONFIRMED, Ended(End.ALL), {"ended": 0, "left": 0})
    after = where_signed_in(account=account)
    if after is None:
        return Shown(Outcome.UNKNOWN, Ended(End.NOT_KNOWN))
    accepted, trouble = ended_each or (set(), None)
    there = frozenset[str]().union(*(place.ids for place in after))
    ended = how_it_ended(
        wanted={place.key for place in wanted},
        accepted=accepted,
        listed={place.key for place in wanted if place.ids & there},
    )
    if ended.end is End.NOTHING and trouble and trouble.applied is Applied.NO:
        return Shown(Outcome.REFUSED, ended, {"code": trouble.code})
    if ended.end in {End.ALL, End.PART}:
        return Shown(Outcome.CONFIRMED, ended, {"ended": ended.gone, "left": ended.left})
    return Shown(Outcome.UNKNOWN, ended)


def sign_out_everywhere(*, request: HttpRequest, caller: Caller) -> Ended:
    """Every sign-in of the person ends, at last this one, by whose end it is known that it worked.

    `End.ALL` when it is done, and nobody is signed in here any more. Otherwise this session goes
    on, so that it can be pressed again; the portal's other ones have ended. Raises `SignInAgain`
    where this sign-in was over before, and `NotRecorded` before anything was changed.
    """
    taken = limits.consume(END_SIGN_INS, key=caller.uid)
    if isinstance(taken, Wait):
        return _too_often(taken)
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
    """Browsers first, as an ended sign-in can't ask for them; the error that stopped the rest."""
    _end_browsers(account)
    return _global_sign_out(account)


def _is_everything_over(
    request: HttpRequest, trouble: CognitoError | None, account: Account
) -> Shown[Ended]:
    """Ask with the access token itself, and end the portal's other sessions in any case."""
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
    """Cookies of managed login outlive signing out everywhere; where the pool lists them, they are
    ended too. Trouble stops nothing: the page says that they may stay."""
    try:
        found = where_signed_in(account=account) or []
        others = [place for place in found if not place.is_here]
        _end_each(others[:MAX_AT_ONCE], account, BROWSERS_SECONDS)
    except AccessTokenExpired:
        raise
    except CognitoError as error:
        # Of an ended sign-in too: signing out everywhere comes next, and that will tell.
        _log.warning("Browsers could not be signed out one by one: %s", error)


def _global_sign_out(account: Account) -> CognitoError | None:
    try:
        sessions.sign_out_everywhere(account)
    except SignInAgain:
        raise
    except CognitoError as error:
        _log.warning("Signing out everywhere did not work: %s", error)
        return error
    return None


def _is_done(account: Account) -> bool:
    try:
        return not sessions.is_accepted(account)
    except CognitoError as error:
        _log.warning("Whether all is signed out can't be read: %s", error)
        return False
