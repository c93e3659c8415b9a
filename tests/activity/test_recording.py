"""An intent before, an outcome after; no row, no call."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from activity.domain import EntryKind, Event, Outcome
from activity.models import LogEntry
from activity.reconcile import resolve
from activity.request import RequestContext, answering
from activity.service import NotRecorded, recent, record, recorded
from cognito.errors import Applied, TryLater
from tests import log

pytestmark = pytest.mark.django_db

ANA = "https://pool.example#ana"


def outcomes() -> list[tuple[str, dict[str, Any]]]:
    return [(o.result, o.detail) for o in log.outcomes()]


def test_the_intent_stands_before_the_block_runs_and_the_outcome_after() -> None:
    with recorded(person=ANA, event=Event.PREFERENCE_CHANGED) as recording:
        assert log.intents().get().event == Event.PREFERENCE_CHANGED
        assert outcomes() == []
        recording.conclude(Outcome.CONFIRMED)
    assert outcomes() == [("confirmed", {})]


def test_a_block_that_says_nothing_ends_unknown() -> None:
    with recorded(person=ANA, event=Event.PREFERENCE_CHANGED):
        pass
    assert outcomes() == [("unknown", {})]


@pytest.mark.parametrize(
    ("applied", "result"), [(Applied.NO, "refused"), (Applied.UNKNOWN, "unknown")]
)
def test_a_refusal_of_cognito_is_recorded_as_what_is_known_of_it(
    applied: Applied, result: str
) -> None:
    refusal = TryLater(operation="SetUserMFAPreference", code="Busy", applied=applied)
    with (
        pytest.raises(TryLater),
        recorded(person=ANA, event=Event.PREFERENCE_CHANGED),
    ):
        raise refusal
    assert [result_ for result_, _ in outcomes()] == [result]


def test_without_a_row_there_is_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(LogEntry.objects, "create", refuse)
    called = []
    with pytest.raises(NotRecorded), recorded(person=ANA, event=Event.SIGNED_IN):
        called.append("the call")
    assert called == []


def test_nothing_is_ever_rewritten_or_deleted() -> None:
    record(person=ANA, event=Event.SIGNED_IN)
    resolve(event_id=log.intents().get().id, took_effect=True)
    rows = LogEntry.objects.all()
    assert {row.kind for row in rows} == set(EntryKind)
    for row in rows:
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            row.delete()


@pytest.mark.parametrize(
    "ending",
    [
        {"kind": "outcome", "result": "refused"},
        {"kind": "settlement", "result": "refused"},
        {"kind": "outcome"},
        {"kind": "intent"},
    ],
    ids=["second-outcome", "second-settlement", "without-a-result", "intent-about-an-intent"],
)
def test_the_database_takes_one_outcome_and_one_settlement_of_an_intent(
    ending: dict[str, str],
) -> None:
    record(person=ANA, event=Event.SIGNED_IN)
    intent = log.intents().get()
    resolve(event_id=intent.id, took_effect=True)
    with pytest.raises(IntegrityError):
        LogEntry.objects.create(about=intent, person=ANA, event=intent.event, **ending)


def test_an_entry_keeps_who_did_it_and_the_request_it_was_done_in() -> None:
    request = RequestContext(request_id="r-1", device="Firefox")
    with answering(request), recorded(person=ANA, event=Event.PREFERENCE_CHANGED):
        pass
    with answering(RequestContext(actor="pool.example#operator")):
        resolve(event_id=log.intents().get().id, took_effect=True)
    kept = ("kind", "person", "event", "actor", "request_id", "device")
    assert list(LogEntry.objects.order_by("at").values_list(*kept)) == [
        ("intent", ANA, Event.PREFERENCE_CHANGED, ANA, "r-1", "Firefox"),
        ("outcome", ANA, Event.PREFERENCE_CHANGED, ANA, "r-1", "Firefox"),
        ("settlement", ANA, Event.PREFERENCE_CHANGED, "pool.example#operator", "", ""),
    ]


def test_people_see_their_own_events_newest_first() -> None:
    record(person=ANA, event=Event.SIGNED_IN)
    record(person="somebody else", event=Event.SIGNED_IN)
    with recorded(person=ANA, event=Event.PREFERENCE_CHANGED):
        pass
    assert [(e.event, e.outcome) for e in recent(person=ANA)] == [
        (Event.PREFERENCE_CHANGED, Outcome.UNKNOWN),
        (Event.SIGNED_IN, Outcome.CONFIRMED),
    ]
    assert len(recent(person=ANA, limit=1)) == 1


def test_what_happened_several_times_in_a_row_is_one_entry() -> None:
    with recorded(person=ANA, event=Event.PREFERENCE_CHANGED) as recording:
        recording.conclude(Outcome.CONFIRMED)
    for _ in range(6):
        with recorded(person=ANA, event=Event.APP_SET_UP_FINISHED) as recording:
            recording.conclude(Outcome.REFUSED)
    assert [(e.event, e.times) for e in recent(person=ANA)] == [
        (Event.APP_SET_UP_FINISHED, 6),
        (Event.PREFERENCE_CHANGED, 1),
    ]


def test_what_only_a_dead_token_stopped_is_not_told() -> None:
    """The same thing is tried again with a new token, and that is told."""
    refusal = TryLater(operation="VerifySoftwareToken", code="NotAuthorizedException")
    with pytest.raises(TryLater), recorded(person=ANA, event=Event.APP_SET_UP_FINISHED):
        raise refusal
    assert outcomes() == [("refused", {"code": "NotAuthorizedException"})]
    assert recent(person=ANA) == []


def test_an_event_of_a_newer_version_is_passed_over() -> None:
    LogEntry.objects.create(kind="intent", person=ANA, event="passkey:credential:moved")
    record(person=ANA, event=Event.SIGNED_IN)
    assert [e.event for e in recent(person=ANA)] == [Event.SIGNED_IN]


def test_an_event_that_was_abandoned_is_shown_as_unknown() -> None:
    LogEntry.objects.create(kind="intent", person=ANA, event=Event.PREFERENCE_CHANGED)
    assert recent(person=ANA)[0].outcome is Outcome.UNKNOWN


def test_one_that_took_so_long_that_it_was_taken_for_abandoned_ends_once() -> None:
    with recorded(person=ANA, event=Event.PREFERENCE_CHANGED) as recording:
        resolve(event_id=log.intents().get().id, took_effect=True)
        recording.conclude(Outcome.CONFIRMED)
    assert outcomes() == [("unknown", {"abandoned": True})]
