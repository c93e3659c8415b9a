"""Which events a read may resolve, and what becomes of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from activity.domain import Event, Outcome
from activity.models import LogEntry
from activity.reconcile import (
    ABANDONED_AFTER,
    LATE_WRITE_WINDOW,
    Resolution,
    UnresolvedEvent,
    resolve,
    resolve_all,
    unresolved_events,
)
from activity.service import ended, intend, recent, recorded
from tests import log

pytestmark = pytest.mark.django_db

ANA, EVE = "https://pool.example#ana", "https://pool.example#eve"
CHANGED, ADDED = Event.PREFERENCE_CHANGED, Event.PASSKEY_ADDED
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def ends(outcome: Outcome, *, person: str = ANA, event: Event = CHANGED) -> None:
    """Record an event with this outcome."""
    with recorded(person=person, event=event) as recording:
        recording.conclude(outcome)


# --- which ---


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ("", None),
        ("unknown", 0),
        ("confirmed", None),
        ("refused", None),
        ("unknown unknown", 1),
        ("unknown confirmed", None),
        ("unknown refused", 0),
        ("unknown refused refused", 0),
        ("confirmed unknown", 1),
        ("confirmed refused", None),
    ],
)
def test_the_newest_event_is_found_where_it_is_unknown_and_a_refused_one_hides_none(
    clock: time_machine.Traveller, outcomes: str, found: int | None
) -> None:
    for outcome in outcomes.split():
        ends(Outcome(outcome))
        clock.shift(SECOND)
    made = list(log.intents().order_by("at"))
    expected = [] if found is None else [made[found].id]
    assert [each.id for each in unresolved_events([CHANGED], person=ANA)] == expected


def test_one_that_came_to_nothing_hides_none(clock: time_machine.Traveller) -> None:
    for _ in range(2):
        ends(Outcome.UNKNOWN)
        clock.shift(SECOND)
    newest, older = log.intents()
    resolve(event_id=newest.id, took_effect=False)
    assert [each.id for each in unresolved_events([CHANGED], person=ANA)] == [older.id]
    resolve(event_id=older.id, took_effect=True)
    assert unresolved_events([CHANGED], person=ANA) == []


def test_of_each_person_and_kind_and_of_everybody(clock: time_machine.Traveller) -> None:
    for person, event in ((ANA, CHANGED), (EVE, CHANGED), (ANA, ADDED), (EVE, Event.SIGNED_IN)):
        ends(Outcome.UNKNOWN, person=person, event=event)
        clock.shift(SECOND)
    of_ana = unresolved_events([CHANGED, ADDED], person=ANA)
    assert [(each.person, each.event) for each in of_ana] == [(ANA, CHANGED), (ANA, ADDED)]
    of_all = unresolved_events([CHANGED, ADDED])
    assert [(each.person, each.event) for each in of_all] == [
        (ANA, CHANGED),
        (EVE, CHANGED),
        (ANA, ADDED),
    ]


def test_an_event_under_way_is_let_be_until_its_process_must_have_died(
    clock: time_machine.Traveller,
) -> None:
    ends(Outcome.UNKNOWN)
    clock.shift(SECOND)
    event_id = intend(person=ANA, event=CHANGED)
    clock.shift(ABANDONED_AFTER)
    assert unresolved_events([CHANGED], person=ANA) == []
    clock.shift(SECOND)
    (found,) = unresolved_events([CHANGED], person=ANA)
    assert (found.id, found.abandoned) == (event_id, True)
    assert log.outcome_of(log.intents().get(id=event_id)).detail == {"abandoned": True}
    (found,) = unresolved_events([CHANGED], person=ANA)
    assert not found.abandoned


# --- what becomes of them ---


@pytest.mark.parametrize(
    ("took_effect", "age", "is_last", "ended_as"),
    [
        (True, timedelta(0), False, Outcome.CONFIRMED),
        (True, LATE_WRITE_WINDOW, False, Outcome.CONFIRMED),
        (False, timedelta(0), False, Outcome.UNKNOWN),
        (False, LATE_WRITE_WINDOW - SECOND, False, Outcome.UNKNOWN),
        (False, LATE_WRITE_WINDOW, False, Outcome.REFUSED),
        (False, timedelta(0), True, Outcome.REFUSED),
        (None, LATE_WRITE_WINDOW, True, Outcome.UNKNOWN),
    ],
)
def test_as_before_is_no_news_while_the_write_may_still_arrive(
    clock: time_machine.Traveller,
    took_effect: bool | None,
    age: timedelta,
    is_last: bool,
    ended_as: Outcome,
) -> None:
    told: list[str] = []

    def shown(found: UnresolvedEvent, reading: str) -> Resolution | None:
        if took_effect is None:
            return None
        return Resolution(took_effect, {"now": reading}, lambda: told.append(found.event))

    ends(Outcome.UNKNOWN)
    clock.shift(age)
    resolve_all(
        unresolved_events([CHANGED], person=ANA), "SMS_MFA*", {CHANGED: shown}, is_last=is_last
    )
    is_resolved = ended_as is not Outcome.UNKNOWN
    assert ended(log.intents().get().id) is ended_as
    assert told == ([CHANGED] if is_resolved else [])
    settlements = [s.detail for s in LogEntry.objects.filter(kind="settlement")]
    assert settlements == ([{"now": "SMS_MFA*"}] if is_resolved else [])


def test_the_window_is_that_of_the_load_and_not_of_the_read_after_it(
    clock: time_machine.Traveller,
) -> None:
    ends(Outcome.UNKNOWN)
    found = unresolved_events([CHANGED], person=ANA)
    clock.shift(2 * LATE_WRITE_WINDOW)
    resolve_all(found, None, {CHANGED: lambda *_: Resolution(took_effect=False)})
    assert ended(found[0].id) is Outcome.UNKNOWN


def test_each_event_is_asked_of_its_own_resolver(clock: time_machine.Traveller) -> None:
    ends(Outcome.UNKNOWN)
    clock.shift(SECOND)
    ends(Outcome.UNKNOWN, event=ADDED)
    resolve_all(
        unresolved_events([CHANGED, ADDED], person=ANA),
        None,
        {CHANGED: lambda *_: Resolution(took_effect=True), ADDED: lambda *_: None},
    )
    assert log.ends(CHANGED) == [("unknown", "confirmed")]
    assert log.ends(ADDED) == [("unknown", None)]


def test_a_settlement_stands_beside_the_outcome_and_the_first_one_counts() -> None:
    ends(Outcome.UNKNOWN)
    event = log.intents().get()
    resolve(event_id=event.id, took_effect=True, now="SMS_MFA*")
    resolve(event_id=event.id, took_effect=False)
    assert log.ends(CHANGED) == [("unknown", "confirmed")]
    assert LogEntry.objects.get(kind="settlement").detail == {"now": "SMS_MFA*"}
    assert ended(event.id) is Outcome.CONFIRMED
    assert recent(person=ANA)[0].outcome is Outcome.CONFIRMED
