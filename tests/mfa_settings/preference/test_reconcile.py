"""A change whose end nobody could say: both states on the page, and a later read settles it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from activity.models import LogEntry
from localpool.wire.faults import Fault
from mfa_settings.preference.models import ProposedChange
from tests import log
from tests.choosing import review, save
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, count_passkeys
from tests.mfa_settings.preference.test_saving import not_confirmed
from tests.pages import Page, title, words
from tests.people import PASSKEYS_COUNT, Browser, Person
from tests.userpool.test_facts import configure
from userpool.models import PasskeyFactor

pytestmark = pytest.mark.django_db

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"
LATER = timedelta(seconds=70)
CHANGE = "mfa:preference:changed"


def lost(client: Browser, person: Person, *, off: tuple[str, ...] = (), **wanted: str) -> str:
    """A save whose answers are all lost and that did nothing; the address of the page after it."""
    location = review(client, off=off, **wanted)["Location"]
    fault = Fault("SetUserMFAPreference", answer="drop", times=None)
    person.pool.server.faults.add(fault)
    after = client.submit(f"{location}save/")["Location"]
    person.pool.server.faults.clear()
    return after


def later(client: Browser, path: str = "/", by: timedelta = LATER) -> Page:
    with time_machine.travel(datetime.now(UTC) + by, tick=True):
        return client.get(path)


def kill(*, seconds_ago: int = 45) -> None:
    """Leave the newest save as a process leaves it that dies in the middle of its call."""
    event = log.intents(CHANGE)[0]
    log.lose_endings(event)
    then = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    log.intents().filter(id=event.id).update(at=then)
    ProposedChange.objects.filter(attempt=event.id).update(
        result="", claimed_at=then, settled_at=None
    )


def save_again(client: Browser) -> None:
    """Press Save once more for the newest change."""
    change = ProposedChange.objects.order_by("created_at").last()
    assert change
    client.submit(f"/review/{change.id}/save/")


# --- what the page says ---


def test_both_states_stand_beside_one_another(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    page = client.get(lost(client, person, text="on", first="text"))
    assert title(page).startswith("Not confirmed:")
    assert (
        "You asked for this Authenticator app: on Text message: on, asked first "
        "Your account says this now Authenticator app: on, asked first It may still come."
    ) in words(page)
    assert "A change of your second step could not be confirmed." in words(page)


# --- what settles it ---


def test_a_later_read_that_shows_the_wish_settles_it_and_keeps_that_it_was_unknown(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    after = lost(client, person, text="on")
    assert log.ends(CHANGE) == [("unknown", None)]
    person.use_text_messages()
    assert "Saved Next time" in words(client.get(after))
    assert log.ends(CHANGE) == [("unknown", "confirmed")]
    assert LogEntry.objects.get(kind="settlement").detail == {"now": f"{TEXT}*"}
    assert "Your second step was changed. Text message: on, asked first" in words(client.get("/"))
    assert "could not be confirmed" not in words(client.get("/"))
    # Settled once: what is changed elsewhere later says nothing of it.
    person.prefer(SMSMfaSettings={"Enabled": False})
    later(client)
    assert log.ends(CHANGE) == [("unknown", "confirmed")]


def test_that_it_is_settled_is_told_even_after_a_minute(client: Browser, person: Person) -> None:
    person.sign_in(client)
    after = lost(client, person, text="on")
    person.use_text_messages()
    assert "Saved Next time" in words(later(client, after))


def test_as_before_settles_nothing_while_the_write_may_still_arrive(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    after = lost(client, person, text="on")
    assert not_confirmed(client.get(after))
    assert not_confirmed(later(client, after, timedelta(seconds=50)))
    assert log.ends(CHANGE) == [("unknown", None)]


def test_as_before_a_minute_later_settles_that_it_came_to_nothing(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    after = lost(client, person, text="on")
    page = later(client, after)
    assert title(page).startswith("Not saved:")
    assert "Not saved Your account did not take the change." in words(page)
    assert "A change of your second step did not take effect." in words(page)
    assert log.ends(CHANGE) == [("unknown", "refused")]
    # No longer told once it is not so any more.
    person.use_text_messages()
    assert "did not take the change" not in words(later(client, after))


def test_a_read_that_shows_neither_settles_nothing(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    after = lost(client, person, text="on", first="text")
    person.prefer(SoftwareTokenMfaSettings={"Enabled": False})
    page = later(client, after)
    assert not_confirmed(page)
    assert "Your account says this now Nothing is on." in words(page)
    assert log.ends(CHANGE) == [("unknown", None)]


def test_the_read_before_the_next_change_settles_the_one_before(
    client: Browser, person: Person
) -> None:
    """Otherwise the same change, made again, would be taken for the first."""
    person.sign_in(client)
    lost(client, person, text="on")
    assert "Saved Next time" in words(save(client, text="on"))
    assert log.ends(CHANGE) == [("unknown", "refused"), ("confirmed", None)]


def test_only_the_newest_change_is_settled(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    lost(client, person, text="on", first="text")
    person.prefer(SoftwareTokenMfaSettings={"Enabled": False})
    save(client, text="on")
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True})
    later(client)
    assert log.ends(CHANGE) == [("unknown", None), ("confirmed", None)]


# --- a process that died ---


@pytest.mark.parametrize(
    ("took_effect", "settled", "sentence"),
    [
        (True, "confirmed", "Your second step was changed."),
        (False, "refused", "A change of your second step did not take effect."),
    ],
    ids=["took-effect", "came-to-nothing"],
)
def test_a_change_whose_process_died_is_settled_by_opening_the_page(
    client: Browser, person: Person, took_effect: bool, settled: str, sentence: str
) -> None:
    person.sign_in(client)
    if took_effect:
        save(client, text="on")
    else:
        lost(client, person, text="on")
    kill()
    assert sentence in words(later(client))
    assert log.ends(CHANGE) == [("unknown", settled)]
    assert log.outcomes(CHANGE).get().detail == {"abandoned": True}
    assert ProposedChange.objects.get().settled_at is not None


@pytest.mark.parametrize(
    ("took_effect", "told"),
    [(True, "Saved Next time"), (False, "Not saved Your account did not take the change.")],
    ids=["took-effect", "came-to-nothing"],
)
def test_a_change_whose_process_died_is_settled_by_a_second_press(
    client: Browser, person: Person, took_effect: bool, told: str
) -> None:
    person.sign_in(client)
    if took_effect:
        save(client, text="on")
    else:
        lost(client, person, text="on")
    change = ProposedChange.objects.get()
    kill()
    page = client.get(client.submit(f"/review/{change.id}/save/")["Location"])
    assert told in words(page)
    assert len(log.ends(CHANGE)) == 1


def test_a_change_that_died_long_after_its_claim_is_settled_before_the_next_one(
    client: Browser, person: Person
) -> None:
    """Its event is younger than its claim by the read in between."""
    person.sign_in(client)
    lost(client, person, text="on")
    kill(seconds_ago=45)
    log.intents(CHANGE).update(at=datetime.now(UTC) - timedelta(seconds=35))
    assert "Saved Next time" in words(save(client, text="on"))
    assert log.ends(CHANGE) == [("unknown", "refused"), ("confirmed", None)]


def test_a_change_whose_process_died_in_neither_state_stays_not_confirmed(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.sign_in(client)
    lost(client, person, text="on", first="text")
    kill()
    person.prefer(SoftwareTokenMfaSettings={"Enabled": False})
    change = ProposedChange.objects.get()
    page = client.get(client.submit(f"/review/{change.id}/save/")["Location"])
    assert not_confirmed(page)
    assert log.ends(CHANGE) == [("unknown", None)]


def test_a_change_that_died_after_its_outcome_takes_its_result_from_it(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    save(client, text="on")
    change = ProposedChange.objects.get()
    long_ago = datetime.now(UTC) - timedelta(seconds=45)
    ProposedChange.objects.update(result="", claimed_at=long_ago)
    client.submit(f"/review/{change.id}/save/")
    change.refresh_from_db()
    assert change.result == ProposedChange.Result.CONFIRMED
    assert log.ends(CHANGE) == [("confirmed", None)]


def test_a_change_that_is_still_under_way_is_not_taken_for_dead(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    save(client, text="on")
    kill(seconds_ago=10)
    client.get("/")
    assert not log.outcomes(CHANGE).exists()


def test_no_read_settles_whether_a_passkey_counts(client: Browser, person: Person) -> None:
    """Cognito takes the flag and never shows it."""
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    configure(person.pool, Policies=policies, UserPoolTier="ESSENTIALS")
    count_passkeys(person.pool, PASSKEYS_COUNT["FactorConfiguration"])
    add_passkey(person)
    person.use_text_messages()
    person.sign_in(client)
    after = lost(client, person, text="on", passkey="on")
    assert not_confirmed(later(client, after))
    assert log.ends(CHANGE) == [("unknown", None)]
    # The same where the process died before it could write down its doubt.
    for look in (later, save_again):
        PasskeyFactor.objects.update(sure=True)
        kill()
        look(client)
        assert not PasskeyFactor.objects.get().sure
        assert log.ends(CHANGE) == [("unknown", None)]
