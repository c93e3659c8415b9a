"""Make one change at Cognito, from its intent to its outcome."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from activity.domain import Event, Outcome
from activity.service import Detail, recorded
from cognito.errors import Applied, CognitoError

_log = logging.getLogger(__name__)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Shown(Generic[Value]):
    """The outcome that a read shows of a change, and the `detail` that the log keeps with it.

    `value` is for the caller, such as how many of several devices are gone.
    """

    outcome: Outcome
    value: Value
    detail: Detail = field(default_factory=dict)


Answer = TypeVar("Answer")
Reading = TypeVar("Reading", bound=bool | Shown[Any])


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Answer, Reading]):
    """The end of a change, as the log has it.

    `answer` is what the call returned; where its answer was lost, that is None and `error` says
    how. `shown` is what the read returned, or None where nothing could be read.
    """

    outcome: Outcome
    answer: Answer | None
    error: CognitoError | None
    shown: Reading | None


def attempt(
    *,
    person: str,
    event: Event,
    call: Callable[[], Answer],
    shows: Callable[[Answer | None], Reading],
    detail: Detail | None = None,
    event_id: uuid.UUID | None = None,
) -> Attempt[Answer, Reading]:
    """Commit the intent, call once, ask a read what came of it, and commit the outcome.

    `shows` gets the answer of `call`, or None where that was lost, and reads. True is CONFIRMED.
    False is UNKNOWN, since the write may still arrive, and so is a read that Cognito refuses. A
    call whose answer is proof enough needs no read: `lambda answer: answer is not None`. A call of
    several parts returns the error that stopped it, and its `shows` returns a `Shown`.

    Raises what Cognito refused the call with (the outcome is REFUSED; nothing is read), and
    NotRecorded before the call where the intent cannot be committed.
    """
    answer, error, shown = None, None, None
    with recorded(person=person, event=event, detail=detail, event_id=event_id) as recording:
        try:
            answer = call()
        except CognitoError as lost:
            if lost.applied is Applied.NO:
                raise
            error = lost
        try:
            shown = shows(answer)
        except CognitoError as unreadable:
            _log.warning("What became of %s can't be read: %s", event, unreadable)
        if isinstance(shown, Shown):
            outcome = shown.outcome
            recording.conclude(outcome, **shown.detail)
        else:
            outcome = Outcome.CONFIRMED if shown else Outcome.UNKNOWN
            recording.conclude(outcome)
    return Attempt(outcome, answer, error, shown)
