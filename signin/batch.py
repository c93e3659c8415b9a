"""End many things of a person by one press of a button, such as sign-ins, and show the result."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum, auto
from math import ceil
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from activity.attempt import Shown, attempt
from activity.domain import Event, Outcome
from cognito.errors import AccessTokenExpired, Applied, CognitoError
from signin.caller import Caller
from signin.flash import flash_query, read_flash
from signin.limits import service as limits
from signin.limits.domain import LimitedAction, Wait
from signin.limits.words import wait_sentence
from userpool.words import Words

_log = logging.getLogger(__name__)

# One press stays well under the 25 calls a second that a whole AWS account has.
MAX_AT_ONCE: Final = 20
# The keys that the pool accepted, and the first error.
Accepted = tuple[set[str], CognitoError | None]


class End(StrEnum):
    """The result of a press: all are gone, all but the list lags behind, some, none, nobody knows,
    or a limit stopped it before the first call."""

    ALL = auto()
    PENDING = auto()
    PART = auto()
    NOTHING = auto()
    NOT_KNOWN = auto()
    TOO_OFTEN = auto()
    # Of signing out everywhere. Its success needs no notice: nobody is signed in here to read it.
    NOT_EVERYWHERE = auto()
    EVERYWHERE_NOT_KNOWN = auto()


# The title of each notice, then its sentences. One that is left out where a count is 0 stands
# beside the name of that count, a field of `Ended`.
Notices = Mapping[End, Sequence[Words | tuple[str, Words]]]
_TONES: Final = {End.ALL: "good", End.PENDING: "info"}


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a press: how many are `gone` and `left`, and how long the limit lasts."""

    end: End
    gone: int = 0
    left: int = 0
    wait_seconds: int = 0


def too_often(action: LimitedAction, caller: Caller) -> Ended | None:
    """Count a press before its first call; TOO_OFTEN where the limit stops it, else None."""
    taken = limits.consume(action, key=caller.uid)
    if not isinstance(taken, Wait):
        return None
    return Ended(End.TOO_OFTEN, wait_seconds=ceil(taken.left.total_seconds()))


def act_on_each(
    keys: Sequence[str],
    act: Callable[[str], object],
    *,
    seconds: float,
    says_nothing_of_others: tuple[type[CognitoError], ...] = (),
) -> Accepted:
    """Act on up to MAX_AT_ONCE keys in turn, until an error or until `seconds` are over.

    The errors of `says_nothing_of_others` stop nothing, but for an expired token. Raises the error
    of the first key where nothing can have been written.
    """
    accepted: set[str] = set()
    trouble: CognitoError | None = None
    give_up = time.monotonic() + seconds
    for number, key in enumerate(keys[:MAX_AT_ONCE]):
        try:
            act(key)
            accepted.add(key)
        except says_nothing_of_others as error:
            if isinstance(error, AccessTokenExpired):
                raise
            trouble = trouble or error
        except CognitoError as error:
            if number == 0 and error.applied is Applied.NO:
                raise
            _log.warning("Only %d of %d could be ended: %s", len(accepted), len(keys), error)
            return accepted, error
        if time.monotonic() > give_up:
            break
    return accepted, trouble


def end_recorded(
    *,
    caller: Caller,
    event: Event,
    names: tuple[str, str],
    wanted: Collection[str],
    act: Callable[[], Accepted],
    listed: Callable[[], set[str] | None],
    lags: bool = False,
) -> Ended:
    """Record the intent, `act`, and let a read say how it ended, since a 200 is no success yet.

    `names` are those of the two counts in the log, such as ("devices", "forgotten"). `listed`
    returns the wanted keys that the pool still lists, or None where it lists nothing at all.
    `lags`: it may list accepted ones for a few seconds more. Raises `CognitoError` and
    `NotRecorded` before anything was changed.
    """

    def shows(accepted: Accepted | None) -> Shown[Ended]:
        done, trouble = accepted or (set(), None)
        still = listed() if wanted else set()
        if still is None:
            return Shown(Outcome.UNKNOWN, Ended(End.NOT_KNOWN))
        ended = _how_it_ended(len(wanted), left=len(still - done if lags else still), listed=still)
        if ended.end in {End.ALL, End.PART}:
            return Shown(Outcome.CONFIRMED, ended, {names[1]: ended.gone, "left": ended.left})
        if ended.end is End.NOTHING and trouble and trouble.applied is Applied.NO:
            return Shown(Outcome.REFUSED, ended, {"code": trouble.code})
        return Shown(Outcome.UNKNOWN, ended)

    detail = {names[0]: len(wanted)}
    tried = attempt(person=caller.uid, event=event, detail=detail, call=act, shows=shows)
    return tried.shown.value if tried.shown else Ended(End.NOT_KNOWN)


def _how_it_ended(wanted: int, *, left: int, listed: set[str]) -> Ended:
    gone = wanted - left
    if left:
        return Ended(End.PART if gone else End.NOTHING, gone, left)
    return Ended(End.PENDING if listed else End.ALL, gone)


def redirect_with_notice(request: HttpRequest, page: str, ended: Ended) -> HttpResponse:
    """Redirect to the page of this URL name, which shows the result of the press."""
    return redirect(f"{reverse(page)}{flash_query(request, asdict(ended), about=page)}")


def notice_of(request: HttpRequest, page: str, notices: Notices) -> dict[str, object] | None:
    """The tone, title and lines that this page shows after a press; None without one."""
    values = read_flash(request, about=page)
    if values is None:
        return None
    end = End(values["end"])
    pairs = [line if isinstance(line, tuple) else ("end", line) for line in notices[end]]
    title, *lines = [text % values for count, text in pairs if values[count]]
    if end is End.TOO_OFTEN:
        lines.append(wait_sentence(Wait(timedelta(seconds=values["wait_seconds"]))))
    return {"tone": _TONES.get(end, "warning"), "title": title, "lines": lines}
