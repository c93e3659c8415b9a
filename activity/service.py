"""Record what people do to their account. No row, no call."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from activity.domain import Event, Outcome
from activity.models import EventOutcome, EventSettlement, SecurityEvent
from cognito.errors import CognitoError

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
class Entry:
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
    *,
    person: str,
    event: Event,
    request_id: str = "",
    detail: Detail | None = None,
    event_id: uuid.UUID | None = None,
) -> Iterator[Recording]:
    """Commit the intent (under `event_id`, if given), run the block, commit its outcome.

    The block says how it ended with `conclude`. When Cognito refuses (`CognitoError` that is
    known not to have written) the outcome is REFUSED; any other way out is UNKNOWN.

    Raises NotRecorded, before the block runs, when the intent cannot be committed.
    """
    intent = intend(
        person=person, event=event, request_id=request_id, detail=detail, event_id=event_id
    )
    recording = Recording()
    try:
        yield recording
    except CognitoError as error:
        if error.written is False:
            recording.conclude(Outcome.REFUSED, code=error.code)
        raise
    finally:
        with transaction.atomic(durable=True):
            # Where it took so long that it was taken for cut off, one is there already.
            conclude(intent, recording.outcome or Outcome.UNKNOWN, **recording.detail)


def intend(
    *,
    person: str,
    event: Event,
    request_id: str = "",
    detail: Detail | None = None,
    event_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Commit the intent of what another request will end with `conclude`; its id.

    Raises NotRecorded.
    """
    try:
        with transaction.atomic(durable=True):
            intent = SecurityEvent.objects.create(
                id=event_id or uuid.uuid4(),
                person=person,
                event=event,
                request_id=request_id,
                detail=dict(detail or {}),
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


def ended(event_id: uuid.UUID) -> Outcome | None:
    """How the event ended, as far as is known by now; None where there is no such event."""
    found = _with_ends().filter(id=event_id).first()
    return _ended(found) if found else None


def unsettled(*, person: str, event: Event) -> Unsettled | None:
    """The person's newest event of this kind, if it is over and may have taken effect. What a
    pool shows can speak of the newest only; refused ones are passed over.
    """
    for each in _with_ends().filter(person=person, event=event)[:_LOOKED_THROUGH]:
        cut_off = not hasattr(each, "outcome")
        under_way = cut_off and timezone.now() - each.at < CUT_OFF_AFTER
        how = _ended(each)
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
        EventSettlement.objects.get_or_create(
            event_id=event_id, defaults={"result": result, "detail": detail}
        )


def recent(*, person: str, limit: int = 5) -> list[Entry]:
    """The person's newest events first. What happened several times in a row is one entry, so
    that a few wrong codes do not push a change out of sight."""
    events = _with_ends().filter(person=person)[: limit * 10]
    entries = [_entry(event) for event in events if _is_worth_telling(event)]
    rows = [list(row) for _, row in groupby(entries, key=lambda e: (e.event, e.outcome, e.detail))]
    return [replace(row[0], times=len(row)) for row in rows[:limit]]


def _is_worth_telling(event: SecurityEvent) -> bool:
    """Not where a dead access token stopped it (it is tried again, or the person signs in first),
    and not what a newer version wrote and this one has no words for."""
    stopped = hasattr(event, "outcome") and event.outcome.detail.get("code") == _NOT_SIGNED_IN
    return event.event in set(Event) and not stopped


def _entry(event: SecurityEvent) -> Entry:
    return Entry(
        at=event.at,
        event=Event(event.event),
        outcome=_ended(event),
        detail=event.detail,
        settled_at=event.settlement.at if hasattr(event, "settlement") else None,
    )


def _with_ends() -> QuerySet[SecurityEvent]:
    return SecurityEvent.objects.select_related("outcome", "settlement")


def _ended(event: SecurityEvent) -> Outcome:
    """As far as is known now."""
    if hasattr(event, "settlement"):
        return Outcome(event.settlement.result)
    return Outcome(event.outcome.result) if hasattr(event, "outcome") else Outcome.UNKNOWN
