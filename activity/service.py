"""Record what people do to their account. No row, no call."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db import DatabaseError, IntegrityError, transaction

from activity.domain import Event, Outcome
from activity.models import EventOutcome, SecurityEvent
from cognito.errors import CognitoError

Detail = Mapping[str, object]

_NOT_SIGNED_IN = "NotAuthorizedException"


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
class Entry:
    """One line of a person's own recent activity; `times` it happened in a row, last `at`."""

    at: datetime
    event: Event
    outcome: Outcome
    detail: Detail
    times: int = 1


@contextmanager
def recorded(
    *, person: str, event: Event, request_id: str = "", detail: Detail | None = None
) -> Iterator[Recording]:
    """Commit the intent, run the block, commit its outcome.

    The block says how it ended with `conclude`. When Cognito refuses (`CognitoError` that is
    known not to have written) the outcome is REFUSED; any other way out is UNKNOWN.

    Raises NotRecorded, before the block runs, when the intent cannot be committed.
    """
    intent = intend(person=person, event=event, request_id=request_id, detail=detail)
    recording = Recording()
    try:
        yield recording
    except CognitoError as error:
        if error.written is False:
            recording.conclude(Outcome.REFUSED, code=error.code)
        raise
    finally:
        with transaction.atomic(durable=True):
            EventOutcome.objects.create(
                event_id=intent,
                result=recording.outcome or Outcome.UNKNOWN,
                detail=dict(recording.detail),
            )


def intend(
    *, person: str, event: Event, request_id: str = "", detail: Detail | None = None
) -> uuid.UUID:
    """Commit the intent of what another request will end with `conclude`; its id.

    Raises NotRecorded.
    """
    try:
        with transaction.atomic(durable=True):
            intent = SecurityEvent.objects.create(
                person=person, event=event, request_id=request_id, detail=dict(detail or {})
            )
    except DatabaseError as error:
        raise NotRecorded(event) from error
    return intent.pk


def conclude(intent: uuid.UUID, outcome: Outcome, **detail: object) -> None:
    """The outcome of an intent, once: whoever comes second changes nothing."""
    with suppress(IntegrityError), transaction.atomic():
        EventOutcome.objects.create(event_id=intent, result=outcome, detail=detail)


def record(
    *, person: str, event: Event, request_id: str = "", detail: Detail | None = None
) -> None:
    """Something that has already happened, such as a sign-in."""
    with recorded(person=person, event=event, request_id=request_id, detail=detail) as recording:
        recording.conclude(Outcome.CONFIRMED)


def recent(*, person: str, limit: int = 5) -> list[Entry]:
    """The person's newest events first. What happened several times in a row is one entry, so
    that a few wrong codes do not push a change out of sight."""
    events = SecurityEvent.objects.filter(person=person).select_related("outcome")[: limit * 10]
    entries = [_entry(event) for event in events if _is_worth_telling(event)]
    rows = [list(row) for _, row in groupby(entries, key=lambda e: (e.event, e.outcome, e.detail))]
    return [replace(row[0], times=len(row)) for row in rows[:limit]]


def _is_worth_telling(event: SecurityEvent) -> bool:
    """Not where a dead access token stopped it (it is tried again, or the person signs in first),
    and not what a newer version wrote and this one has no words for."""
    stopped = hasattr(event, "outcome") and event.outcome.detail.get("code") == _NOT_SIGNED_IN
    return event.event in set(Event) and not stopped


def _entry(event: SecurityEvent) -> Entry:
    ended = Outcome(event.outcome.result) if hasattr(event, "outcome") else Outcome.UNKNOWN
    return Entry(at=event.at, event=Event(event.event), outcome=ended, detail=event.detail)
