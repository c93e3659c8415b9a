"""Resolve events whose outcome is UNKNOWN from a later read of the pool.

Each feature has a table of resolvers: for each of its events a function that says what a read shows
of it. The feature loads its unresolved events, reads, and hands both to `resolve_all`. Nothing of
the log is rewritten: what a read showed is a row of its own, with its time.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from activity.domain import EntryKind, Event, Outcome
from activity.models import LogEntry
from activity.service import Detail, add_ending, conclude, intents

# Longer than any request takes: the process of an event without an outcome by then has died.
ABANDONED_AFTER: Final = timedelta(seconds=40)
# How long a write whose answer was lost may take to arrive at the pool.
LATE_WRITE_WINDOW: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class UnresolvedEvent:
    """An event that is over and may have taken effect; `person` is issuer#subject.

    `abandoned`: its process died before it wrote an outcome. `within_write_window`: its write may
    still arrive, so a pool that is as before is no news. Both are as of the load.
    """

    id: uuid.UUID
    person: str
    event: Event
    at: datetime
    detail: Detail
    abandoned: bool
    within_write_window: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of one event as a read shows it: it took effect, or the pool is as before.

    The log keeps `detail`. `then` runs once the log has it, to bring the feature's rows in line.
    """

    took_effect: bool
    detail: Detail = field(default_factory=dict)
    then: Callable[[], object] = lambda: None


Reading = TypeVar("Reading")
# Returns None where the read can't tell.
Resolver = Callable[[UnresolvedEvent, Reading], Resolution | None]


def unresolved_events(events: Iterable[Event], *, person: str = "") -> list[UnresolvedEvent]:
    """Load the newest event of each kind and person where it is unresolved, oldest first.

    Only the newest: a read can't tell of those before it. Refused events don't count, as they
    changed nothing. Load before the read, so that no read judges an event which ended after it.
    `person` is issuer#subject; "" is everybody. Marks abandoned events.
    """
    rows = _unresolved().filter(event__in=list(events))
    found = [_load(row) for row in (rows.filter(person=person) if person else rows)]
    for each in found:
        if each.abandoned:
            mark_abandoned(event_id=each.id)
    return found


def resolve_all(
    found: Iterable[UnresolvedEvent],
    reading: Reading,
    resolvers: Mapping[Event, Resolver[Reading]],
    *,
    is_last: bool = False,
) -> None:
    """Resolve each event whose result the reading shows. `is_last`: another change follows at once,
    so "as before" counts within the write window too, since no later read can tell."""
    for each in found:
        shown = resolvers[each.event](each, reading)
        if shown and (shown.took_effect or is_last or not each.within_write_window):
            resolve(event_id=each.id, took_effect=shown.took_effect, **shown.detail)
            shown.then()


def resolve(*, event_id: uuid.UUID, took_effect: bool, **detail: object) -> None:
    """Write the settlement of an event, once: a second call changes nothing."""
    result = Outcome.CONFIRMED if took_effect else Outcome.REFUSED
    with transaction.atomic():
        mark_abandoned(event_id=event_id)
        add_ending(EntryKind.SETTLEMENT, event_id, result, detail)


def mark_abandoned(*, event_id: uuid.UUID) -> None:
    """Give an event without an outcome the outcome that its process did not live to write."""
    conclude(event_id, Outcome.UNKNOWN, abandoned=True)


def _load(row: LogEntry) -> UnresolvedEvent:
    return UnresolvedEvent(
        id=row.id,
        person=row.person,
        event=Event(row.event),
        at=row.at,
        detail=row.detail,
        abandoned=row.outcome is None,
        within_write_window=timezone.now() - row.at < LATE_WRITE_WINDOW,
    )


def _unresolved() -> QuerySet[LogEntry]:
    endings = LogEntry.objects.filter(about=OuterRef("pk"))
    is_refused = Exists(endings.filter(result=Outcome.REFUSED))
    is_known = Exists(endings.filter(result__in=[Outcome.CONFIRMED, Outcome.REFUSED]))
    is_over = Q(Exists(endings)) | Q(at__lt=timezone.now() - ABANDONED_AFTER)
    same = intents().filter(person=OuterRef("person"), event=OuterRef("event"))
    is_superseded = Exists(same.filter(~is_refused, at__gt=OuterRef("at")))
    return intents().filter(is_over, ~is_known, ~is_superseded).order_by("at")
