"""Record what people do to their account. No row, no call."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from activity.domain import EntryKind, Event, Outcome
from activity.models import LogEntry
from activity.request import current_request
from cognito.errors import Applied, CognitoError

Detail = Mapping[str, object]

_NOT_SIGNED_IN = "NotAuthorizedException"
# Longer than any request takes: an event that has no outcome by then was cut off.
CUT_OFF_AFTER: Final = timedelta(seconds=40)
_LOOKED_THROUGH: Final = 10  # Of a person's newest events of one kind.


class NotRecorded(Exception):
    """The intent could not be written down, so the change was not begun."""


class Recording:
    """One change under way. Without `conclude` its outcome is unknown."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.detail: Detail = {}

    def conclude(self, outcome: Outcome, **detail: object) -> None:
        self.outcome = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """One line of a person's own recent activity; `times` it happened in a row, last `at`.

    `settled_at`: only a later read told the outcome."""

    at: datetime
    event: Event
    outcome: Outcome
    detail: Detail
    times: int = 1
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An event that may have taken effect. `cut_off`: its process died before it could say."""

    id: uuid.UUID
    event: Event
    at: datetime
    detail: Detail
    cut_off: bool


@contextmanager
def recorded(
    *, person: str, event: Event, detail: Detail | None = None, event_id: uuid.UUID | None = None
) -> Iterator[Recording]:
    """Commit the intent (under `event_id`, if given), run the block, commit its outcome.

    The block says how it ended with `conclude`. When Cognito refuses (`CognitoError` that is
    known not to have written) the outcome is REFUSED; any other way out is UNKNOWN.

    Raises NotRecorded, before the block runs, when the intent cannot be committed.
    """
    event_id = intend(person=person, event=event, detail=detail, event_id=event_id)
    recording = Recording()
    try:
        yield recording
    except CognitoError as error:
        if error.applied is Applied.NO:
            recording.conclude(Outcome.REFUSED, code=error.code)
        raise
    finally:
        with transaction.atomic(durable=True):
            # Where it took so long that it was taken for cut off, one is there already.
            conclude(event_id, recording.outcome or Outcome.UNKNOWN, **recording.detail)


def intend(
    *, person: str, event: Event, detail: Detail | None = None, event_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Commit an intent, for this request or another to `conclude`, and return its id.

    Raises NotRecorded.
    """
    event_id = event_id or uuid.uuid4()
    try:
        with transaction.atomic(durable=True):
            _add(EntryKind.INTENT, id=event_id, person=person, event=event, detail=detail)
    except DatabaseError as error:
        raise NotRecorded(event) from error
    return event_id


def conclude(event_id: uuid.UUID, outcome: Outcome, **detail: object) -> None:
    """Write down the outcome of an intent, once: whoever comes second changes nothing."""
    _end(EntryKind.OUTCOME, event_id, outcome, detail)


def record(*, person: str, event: Event, detail: Detail | None = None) -> None:
    """Something that has already happened, such as a sign-in."""
    with recorded(person=person, event=event, detail=detail) as recording:
        recording.conclude(Outcome.CONFIRMED)


def _end(kind: EntryKind, event_id: uuid.UUID, result: Outcome, detail: Detail) -> None:
    intent = LogEntry.objects.get(id=event_id)
    with suppress(IntegrityError), transaction.atomic():
        _add(
            kind,
            about=intent,
            person=intent.person,
            event=intent.event,
            result=result,
            detail=detail,
        )


def _add(kind: EntryKind, *, person: str, detail: Detail | None, **fields: Any) -> LogEntry:
    """Write a row, with what is known of the request."""
    request = current_request()
    return LogEntry.objects.create(
        kind=kind,
        person=person,
        actor=request.actor or person,
        device=request.device,
        request_id=request.request_id,
        detail=dict(detail or {}),
        **fields,
    )


def ended(event_id: uuid.UUID) -> Outcome | None:
    """How the event ended, as far as is known by now; None where there is no such event."""
    found = _intents().filter(id=event_id).first()
    return found.ended_as if found else None


def unsettled(*, person: str, event: Event) -> Unsettled | None:
    """The person's newest event of this kind, if it is over and may have taken effect. What a
    pool shows can speak of the newest only; refused ones are passed over.
    """
    for each in _intents().filter(person=person, event=event)[:_LOOKED_THROUGH]:
        cut_off = each.outcome is None
        under_way = cut_off and timezone.now() - each.at < CUT_OFF_AFTER
        how = each.ended_as
        if how is not Outcome.REFUSED:
            is_open = how is Outcome.UNKNOWN and not under_way
            return Unsettled(each.id, event, each.at, each.detail, cut_off) if is_open else None
    return None


def conclude_cut_off(*, event_id: uuid.UUID) -> None:
    """Give an event that was cut off the outcome that nobody was left to write down."""
    conclude(event_id, Outcome.UNKNOWN, cut_off=True)


def settle(*, event_id: uuid.UUID, took_effect: bool, **detail: object) -> None:
    """Write down what a later read showed of an event. The first to say it says it."""
    result = Outcome.CONFIRMED if took_effect else Outcome.REFUSED
    with transaction.atomic():
        conclude_cut_off(event_id=event_id)
        _end(EntryKind.SETTLEMENT, event_id, result, detail)


def recent(*, person: str, limit: int = 5) -> list[RecentEvent]:
    """The person's newest events first. What happened several times in a row is one entry, so
    that a few wrong codes do not push a change out of sight."""
    events = _intents().filter(person=person)[: limit * 10]
    entries = [_recent_event(event) for event in events if _is_worth_telling(event)]
    rows = [list(row) for _, row in groupby(entries, key=lambda e: (e.event, e.outcome, e.detail))]
    return [replace(row[0], times=len(row)) for row in rows[:limit]]


def _is_worth_telling(intent: LogEntry) -> bool:
    """Not where a dead access token stopped it (it is tried again, or the person signs in first),
    and not what a newer version wrote and this one has no words for."""
    outcome = intent.outcome
    stopped = outcome is not None and outcome.detail.get("code") == _NOT_SIGNED_IN
    return intent.event in set(Event) and not stopped


def _recent_event(intent: LogEntry) -> RecentEvent:
    return RecentEvent(
        at=intent.at,
        event=Event(intent.event),
        outcome=intent.ended_as,
        detail=intent.detail,
        settled_at=intent.settlement.at if intent.settlement else None,
    )


def _intents() -> QuerySet[LogEntry]:
    """Newest first, each with its outcome and settlement."""
    return LogEntry.objects.filter(kind=EntryKind.INTENT).prefetch_related("endings")
