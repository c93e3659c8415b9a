"""Record what people do to their account. No row, no call."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from activity.domain import EntryKind, Event, Outcome
from activity.models import LogEntry
from activity.request import current_request
from cognito.errors import Applied, CognitoError

Detail = Mapping[str, object]

_NOT_SIGNED_IN = "NotAuthorizedException"


class NotRecorded(Exception):
    """The intent could not be written down, so the change was not begun."""


class Recording:
    """A change under way. Without `conclude` its outcome is unknown."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.detail: Detail = {}

    def conclude(self, outcome: Outcome, **detail: object) -> None:
        self.outcome = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """A line of a person's own recent activity, which happened `times` in a row, last `at`.
    `settled_at` is when a later read resolved its unknown outcome."""

    at: datetime
    event: Event
    outcome: Outcome
    detail: Detail
    times: int = 1
    settled_at: datetime | None = None


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
            # Where it took so long that it was taken for abandoned, it has one already.
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
    """Write the outcome of an intent, once: a second call changes nothing."""
    add_ending(EntryKind.OUTCOME, event_id, outcome, detail)


def record(*, person: str, event: Event, detail: Detail | None = None) -> None:
    """Write an event that has already happened, such as a sign-in."""
    with recorded(person=person, event=event, detail=detail) as recording:
        recording.conclude(Outcome.CONFIRMED)


def add_ending(kind: EntryKind, event_id: uuid.UUID, result: Outcome, detail: Detail) -> None:
    """Write a row about an intent; where there is one of the kind already, that one stays."""
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
    """Write a row, with the actor, device and id of the request."""
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
    """Return the outcome of the event so far; None where there is no such event."""
    found = intents().filter(id=event_id).first()
    return found.ended_as if found else None


def recent(*, person: str, limit: int = 5) -> list[RecentEvent]:
    """Return the person's newest events first. Equal events in a row are one entry, so that a few
    wrong codes do not push a change out of sight."""
    events = intents().filter(person=person)[: limit * 10]
    entries = [_recent_event(event) for event in events if _is_worth_telling(event)]
    rows = [list(row) for _, row in groupby(entries, key=lambda e: (e.event, e.outcome, e.detail))]
    return [replace(row[0], times=len(row)) for row in rows[:limit]]


def _is_worth_telling(intent: LogEntry) -> bool:
    """Tell whether the list shows this event. It leaves out one that a dead access token stopped
    (the portal tries it again, or asks for a sign-in), and one of a newer version, without words
    here."""
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


def intents() -> QuerySet[LogEntry]:
    """Return the intents, newest first, each with its outcome and settlement."""
    return LogEntry.objects.filter(kind=EntryKind.INTENT).prefetch_related("endings")
