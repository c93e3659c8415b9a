"""A quarter of an hour to take the last change back, with one press."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from localpool.wire.faults import Fault
from mfa_settings.preference.models import ProposedChange
from signin.models import TokenSet
from tests import log
from tests.choosing import review, save
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, count_passkeys, is_enough
from tests.mfa_settings.preference.test_reconcile import lost
from tests.mfa_settings.preference.test_saving import not_confirmed, preference_outcomes
from tests.pages import Page, words
from tests.people import PASSKEYS_COUNT, Browser, Person
from tests.userpool.test_facts import configure

pytestmark = pytest.mark.django_db

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"
OFFER = "Changed your mind?"


def offered(page: Page) -> str | None:
    """Where the button leads; None where there is none."""
    found = re.search(r'action="(/undo/[^"]+)"', page.content.decode())
    assert (found is not None) == (OFFER in words(page))
    return found[1] if found else None


def button(page: Page) -> str:
    path = offered(page)
    assert path is not None, words(page)
    return path


def press(client: Browser, path: str) -> Page:
    """The button, and the page that follows."""
    answer = client.insist(path)
    assert answer.status_code == 302, words(answer)
    return client.get(answer["Location"])


# --- in time ---


def test_one_press_restores_what_was_set_before(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    page = save(client, text="on", first="text")
    assert "you can go back to what was set before your last change: Authenticator app: on" in (
        words(page)
    )
    page = press(client, button(page))
    assert "Taken back Next time you sign in, after your password, you will be asked" in words(page)
    assert "A change of your second step was taken back. Authenticator app: on, asked first" in (
        words(page)
    )
    assert person.mfa() == ({APP}, APP)
    assert person.asked() == APP
    assert preference_outcomes() == ["confirmed", "confirmed"]
    newest = log.intents("mfa:preference:changed")[0]
    assert newest.detail["takes_back"] is True


def test_it_costs_what_a_save_costs(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    calls = person.pool.server.calls
    calls.clear()
    client.submit(path)
    order = [name for name in calls.names() if name != "GetUserAuthFactors"]
    assert order == ["GetUser", "SetUserMFAPreference", "GetUser"]


def test_it_is_offered_for_a_quarter_of_an_hour_on_any_visit(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    save(client, text="on")
    assert "For 15 more minutes, until" in words(client.get("/"))
    now = datetime.now(UTC)
    with time_machine.travel(now + timedelta(minutes=14, seconds=10), tick=True):
        page = client.get("/")
        assert "Saved" not in words(page)
        assert "For 1 more minute, until" in words(page)
    with time_machine.travel(now + timedelta(minutes=15, seconds=1), tick=True):
        page = client.get("/")
        assert page.status_code == 200
        assert offered(page) is None


def test_what_it_would_leave_open_is_said_before(client: Browser, person: Person) -> None:
    person.sign_in(client)
    page = save(client, text="on")
    assert (
        "Nothing is on. Next time you sign in, your password alone will be enough. Go back to that"
    ) in words(page)
    press(client, button(page))
    assert person.asked() is None


def test_a_change_that_was_reviewed_long_before_it_was_saved_can_be_taken_back(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = save(client, text="on")
    ProposedChange.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=70))
    call_command("erase_expired")
    press(client, button(page))
    assert person.mfa() == (set(), None)


def test_taking_back_can_be_taken_back(client: Browser, person: Person) -> None:
    """It is a save like any other."""
    person.sign_in(client)
    first = button(save(client, text="on"))
    second = button(press(client, first))
    assert second != first
    press(client, second)
    assert person.mfa() == ({TEXT}, TEXT)
    # The first button, in a tab that was left open, is used up.
    press(client, first)
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_passkey_that_counted_counts_again(client: Browser, person: Person) -> None:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    configure(person.pool, Policies=policies, UserPoolTier="ESSENTIALS")
    count_passkeys(person.pool, PASSKEYS_COUNT["FactorConfiguration"])
    passkey = add_passkey(person)
    person.use_text_messages()
    person.sign_in(client)
    save(client, text="on", passkey="on")
    page = save(client, off=("passkey",))
    assert not is_enough(passkey)
    assert "Passkey: on" in words(page)
    press(client, button(page))
    assert is_enough(passkey)


# --- twice ---


def test_pressing_it_twice_does_it_once(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    calls = person.pool.server.calls
    calls.clear()
    assert client.submit(path)["Location"] == client.submit(path)["Location"]
    assert len(calls.of("SetUserMFAPreference")) == 1
    assert person.mfa() == (set(), None)


@pytest.mark.django_db(transaction=True)
def test_pressing_it_in_several_tabs_at_once_does_it_once(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    person.pool.server.calls.clear()
    person.pool.server.faults.add(Fault("SetUserMFAPreference", seconds=0.5))
    answers: list[str] = []

    def tab() -> None:
        browser = Browser()
        browser.cookies = client.cookies
        answers.append(browser.submit(path)["Location"])
        connection.close()

    tabs = [threading.Thread(target=tab) for _ in range(3)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert len(set(answers)) == 1
    assert len(person.pool.server.calls.of("SetUserMFAPreference")) == 1
    assert preference_outcomes() == ["confirmed", "confirmed"]
    assert ProposedChange.objects.count() == 2


# --- not any more ---


def test_too_late_is_said_with_what_to_do_instead(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    path = button(save(client, text="on", first="text"))
    now = datetime.now(UTC)
    with time_machine.travel(now + timedelta(minutes=10), tick=True):
        client.get("/")  # so that the session does not end
    with time_machine.travel(now + timedelta(minutes=16), tick=True):
        answer = client.submit(path)
        assert client.get(path).status_code == 409
    assert answer.status_code == 409
    assert "It is too late to go back with one press" in words(answer)
    assert "This is what was set before: Authenticator app: on, asked first" in words(answer)
    assert person.mfa() == ({APP, TEXT}, TEXT)


def test_what_was_changed_elsewhere_meanwhile_is_not_overwritten(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.sign_in(client)
    path = button(save(client, text="on", first="text"))
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    assert offered(client.get("/")) is None
    answer = client.submit(path)
    assert answer.status_code == 409
    assert "Your settings have changed meanwhile" in words(answer)
    assert person.mfa() == ({APP, TEXT}, APP)


def test_only_the_last_change_can_be_taken_back(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    first = button(save(client, text="on", first="text"))
    second = button(save(client, first="app"))
    assert first != second
    assert client.submit(first).status_code == 409
    press(client, second)
    assert person.mfa() == ({APP, TEXT}, TEXT)


def test_what_the_pool_no_longer_offers_is_not_restored(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    path = button(save(client, off=("text",)))
    person.pool.set_mfa("OPTIONAL", APP)
    cache.clear()
    assert offered(client.get("/")) is None
    answer = client.submit(path)
    assert answer.status_code == 409
    assert "This can't be taken back any more" in words(answer)
    assert "This is not offered to your account." in words(answer)
    assert person.mfa() == ({APP}, APP)
    assert preference_outcomes() == ["confirmed"]


def test_a_number_that_is_gone_is_not_asked_again(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    path = button(save(client, off=("text",)))
    person.pool.admin.admin_update_user_attributes(
        UserPoolId=person.pool.config.pool_id,
        Username=person.username,
        UserAttributes=[{"Name": "phone_number", "Value": ""}],
    )
    assert offered(client.get("/")) is None
    assert "Text messages need a phone number" in words(client.submit(path))
    assert person.mfa() == ({APP}, APP)


def test_an_app_that_is_gone_is_not_asked_again(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    path = button(save(client, off=("app",)))
    person.pool.admin.admin_delete_software_token(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )
    assert offered(client.get("/")) is None
    assert "Set up your authenticator app before you turn it on." in words(client.submit(path))
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_second_step_that_is_required_by_now_stays(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    person.pool.set_mfa("ON", TEXT, APP)
    cache.clear()
    assert offered(client.get("/")) is None
    assert client.submit(path).status_code == 409
    assert person.mfa() == ({TEXT}, TEXT)


# --- whose, and which ---


def test_somebody_elses_change_can_not_be_taken_back(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    thief = Browser()
    person.pool.person("ben").sign_in(thief)
    assert thief.get(path).status_code == 404
    assert thief.submit(path).status_code == 404
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_change_that_was_never_saved_can_not_be_taken_back(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    answer = client.submit(location.replace("/review/", "/undo/"))
    assert answer.status_code == 409
    assert "There is nothing to take back" in words(answer)


def test_a_change_that_is_not_confirmed_can_be_taken_back_once_it_is(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    after = lost(client, person, text="on")
    page = client.get(after)
    assert offered(page) is None
    person.use_text_messages()
    person.sign_in(client)  # With the second step that was asked for.
    person.prefer(SMSMfaSettings={"Enabled": False})
    path = after.replace("/?saved=", "/undo/") + "/"
    answer = client.submit(path)
    assert answer.status_code == 409
    assert "Your last change is not confirmed yet" in words(answer)
    person.use_text_messages()
    press(client, path)
    assert person.mfa() == (set(), None)


def test_the_address_of_the_button_leads_to_the_page_with_it(
    client: Browser, person: Person
) -> None:
    """That is where somebody comes back to who had to sign in again."""
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    assert client.get(path)["Location"] == "/#take-back"
    assert person.mfa() == ({TEXT}, TEXT)
    assert client.put(path).status_code == 405


# --- Cognito refuses, stalls ---


def test_a_refusal_leaves_all_as_it_is_and_can_be_tried_again(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    fault = Fault("SetUserMFAPreference", "error", code="TooManyRequestsException", status=400)
    fault.times = None
    person.pool.server.faults.add(fault)
    page = press(client, path)
    assert "Not taken back The sign-in service is busy just now." in words(page)
    assert "Taking back a change of your second step was refused." in words(page)
    person.pool.server.faults.clear()
    assert button(page) == path
    press(client, path)
    assert person.mfa() == (set(), None)


def test_a_lost_answer_is_settled_by_a_later_read(client: Browser, person: Person) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="drop", times=None))
    answer = client.submit(path)
    person.pool.server.faults.clear()
    page = client.get(answer["Location"])
    assert not_confirmed(page)
    assert "Taking back a change of your second step could not be confirmed." in words(page)
    assert offered(page) is None
    # Nothing is sent a second time while nobody knows.
    assert not_confirmed(client.get(client.submit(path)["Location"]))
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=70), tick=True):
        page = client.get(answer["Location"])
        assert "Not taken back Your account did not take the change." in words(page)
        press(client, button(page))
    assert person.mfa() == (set(), None)


def test_when_cognito_is_out_of_reach_it_can_be_pressed_again(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    path = button(save(client, text="on"))
    person.sign_in(client)  # With the second step that is on by now.
    person.pool.server.faults.add(Fault("GetUser", answer="drop", times=2))
    answer = client.submit(path)
    assert answer.status_code == 503
    assert "Nothing was changed, and you are still signed in." in words(answer)
    press(client, path)
    assert person.mfa() == (set(), None)


# --- from another sign-in than the one that saved it ---


def test_an_older_sign_in_elsewhere_has_to_show_what_was_turned_on(
    client: Browser, person: Person
) -> None:
    """Somebody with the password alone must not take back what was turned on because of them."""
    elsewhere = Browser()
    person.sign_in(elsewhere)
    for row in TokenSet.objects.all():
        row.auth_time -= timedelta(minutes=12)
        row.save(update_fields=["auth_time"])
    person.sign_in(client)
    save(client, text="on")
    path = button(elsewhere.get("/"))
    assert elsewhere.submit(path)["Location"].startswith("/confirm/")
    assert person.mfa() == ({TEXT}, TEXT)
    assert elsewhere.insist(path).status_code == 302
    assert person.mfa() == (set(), None)
