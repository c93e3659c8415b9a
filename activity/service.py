"""Write to the security log what people do to their account, before it is done, and read it."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import FilteredRelation, Q, QuerySet

from activity.domain import EntryKind, Event, Outcome
from activity.models import LogEntry
from activity.request import current_request
from cognito.errors import Applied, CognitoError

Detail = Mapping[str, object]

_NOT_SIGNED_IN = "NotAuthorizedException"


class NotRecorded(Exception):
    """The log could not take the intent, and the change was not begun."""


class Recording:
    """A change under way. Without a call of `conclude` its outcome is UNKNOWN."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.detail: Detail = {}

    def conclude(self, outcome: Outcome, **detail: object) -> None:
        self.outcome = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """One line of a person's own recent activity: it happened `times` in a row, last `at`.

    `settled_at` is when a later read showed the outcome, if it took one.
    """

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

    The block calls `conclude` with its outcome. A `CognitoError` that is known not to have written
    makes it REFUSED; every other way out leaves it UNKNOWN.

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
            # A block that outlasted ABANDONED_AFTER may have an outcome already.
            conclude(event_id, recording.outcome or Outcome.UNKNOWN, **recording.detail)


def intend(
    *, person: str, event: Event, detail: Detail | None = None, event_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Commit an intent and return its id, with which this request or another can `conclude` it.

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
    """Write the outcome of an intent. An intent that has an outcome keeps it."""
    add_ending(EntryKind.OUTCOME, event_id, outcome, detail)


def record(*, person: str, event: Event, detail: Detail | None = None) -> None:
    """Write an event that has already happened, such as a sign-in."""
    with recorded(person=person, event=event, detail=detail) as recording:
        recording.conclude(Outcome.CONFIRMED)


def add_ending(kind: EntryKind, event_id: uuid.UUID, result: Outcome, detail: Detail) -> None:
    """Write a row about an intent. An intent that has a row of this kind keeps it."""
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
    """Write a row with the actor, device and id of the current request."""
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
    """Return how the event ended, as far as is known now; None where there is no such event."""
    found = intents().filter(id=event_id).first()
    return found.ended_as if found else None


def recent(*, person: str, limit: int = 5) -> list[RecentEvent]:
    """Return the person's newest events, newest first, in one query.

    The same event several times in a row is one entry: a few wrong codes do not push a change out
    of sight. Leaves out events that this version has no words for, and those that a dead access
    token stopped: they are tried again, or the person signs in first.
    """
    outcome, settlement = (
        FilteredRelation("endings", condition=Q(endings__kind=kind))
        for kind in (EntryKind.OUTCOME, EntryKind.SETTLEMENT)
    )
    intended = LogEntry.objects.filter(kind=EntryKind.INTENT, person=person, event__in=list(Event))
    rows = intended.annotate(ended=outcome, settled=settlement).values_list(
        "at", "event", "detail", "ended__result", "ended__detail", "settled__result", "settled__at"
    )
    entries = [
        RecentEvent(
            at=at,
            event=Event(event),
            outcome=Outcome(settled_as or ended_as or Outcome.UNKNOWN),
            detail=detail,
            settled_at=settled_at,
        )
        for at, event, detail, ended_as, why, settled_as, settled_at in rows[: limit * 10]
        if (why or {}).get("code") != _NOT_SIGNED_IN
    ]
    runs = [list(run) for _, run in groupby(entries, key=lambda e: (e.event, e.outcome, e.detail))]
    return [replace(run[0], times=len(run)) for run in runs[:limit]]


def intents() -> QuerySet[LogEntry]:
    """Intents, newest first, each with its outcome and settlement."""
    return LogEntry.objects.filter(kind=EntryKind.INTENT).prefetch_related("endings")
