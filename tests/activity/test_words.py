"""Every event has words for every way it can end, and no two ways share them."""

from datetime import UTC, datetime

import pytest

from activity.domain import Event, Outcome
from activity.service import RecentEvent
from activity.words import sentence

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def words(event: Event, outcome: Outcome) -> str:
    entry = RecentEvent(at=NOW, event=event, outcome=outcome, detail={"how": "signed-out"})
    return str(sentence(entry))


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_words_for_every_outcome(event: Event) -> None:
    said = [words(event, outcome) for outcome in Outcome]
    assert all(sentence.endswith(".") for sentence in said)
    # A sign-in has happened when it is recorded; a change may have ended in three ways.
    has_one_ending = event in {Event.SIGNED_IN, Event.SIGNED_OUT}
    assert len(set(said)) == (1 if has_one_ending else 3)


def test_an_ending_that_the_person_did_not_ask_for_is_worded_as_such() -> None:
    entry = RecentEvent(
        at=NOW, event=Event.SIGNED_OUT, outcome=Outcome.CONFIRMED, detail={"how": "idle"}
    )
    assert sentence(entry) == "You were signed out of this page."


@pytest.mark.parametrize(
    "event",
    [
        Event.PREFERENCE_CHANGED,
        Event.CONTACT_CONFIRMED,
        Event.CONTACT_REMOVED,
        Event.PASSKEY_ADDED,
        Event.PASSKEY_REMOVED,
    ],
)
def test_what_came_to_nothing_was_not_refused_and_is_worded_as_such(event: Event) -> None:
    entry = RecentEvent(at=NOW, event=event, outcome=Outcome.REFUSED, detail={}, settled_at=NOW)
    assert str(sentence(entry)) not in {words(event, outcome) for outcome in Outcome}


def test_taking_back_has_words_of_its_own() -> None:
    taken_back = {
        str(sentence(RecentEvent(NOW, Event.PREFERENCE_CHANGED, outcome, {"takes_back": True})))
        for outcome in Outcome
    }
    assert len(taken_back - {words(Event.PREFERENCE_CHANGED, o) for o in Outcome}) == 3
