"""From a switch to the next sign-in: review, save, read back, and every way it can go wrong."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection

from activity.models import LogEntry
from cognito import client as cognito_client
from localpool.wire.faults import Fault
from mfa_settings.preference import saving, writing
from mfa_settings.preference.models import ProposedChange
from tests import log
from tests.choosing import review, save
from tests.meanwhile import before_the_call, while_it_waits
from tests.pages import Page, fields, form_of, title, words
from tests.people import Browser, Person

pytestmark = pytest.mark.django_db

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"


def preference_outcomes() -> list[str]:
    return [outcome for outcome, _ in log.ends("mfa:preference:changed")]


# --- the good path ---


def test_turning_text_messages_on_makes_the_next_sign_in_ask_for_one(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = save(client, text="on")
    assert (
        "Saved Next time you sign in, after your password, you will be asked for a code that"
        in (words(page))
    )
    assert person.mfa() == ({TEXT}, TEXT)
    assert person.asked() == TEXT


def test_what_happened_is_listed_with_what_it_left(client: Browser, person: Person) -> None:
    person.set_up_app(on=False)
    person.sign_in(client)
    page = save(client, app="on", text="on", first="text")
    assert (
        "Your second step was changed. Authenticator app: on Text message: on, asked first"
        in words(page)
    )
    assert "You signed in to this page." in words(page)


def test_the_review_says_what_changes_and_what_comes_next(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    answer = review(client, text="on", first="text")
    page = client.get(answer["Location"])
    assert "Text messages will be turned on. A text message will be asked for first." in words(page)
    assert "you will be asked for a code that we text to your phone." in words(page)
    assert "easier to get into" not in words(page)
    assert person.mfa() == ({APP}, APP)


@pytest.mark.parametrize(("first", "asked"), [("app", APP), ("text", TEXT)])
def test_with_two_on_the_one_asked_first_is_what_the_sign_in_asks(
    client: Browser, person: Person, first: str, asked: str
) -> None:
    person.set_up_app(on=False)
    person.sign_in(client)
    save(client, app="on", text="on", first=first)
    assert person.mfa() == ({APP, TEXT}, asked)
    assert person.asked() == asked


def test_ask_me_each_time_makes_the_sign_in_ask_which(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    page = save(client, text="on", first="ask")
    assert "you will choose between your authenticator app and a text message" in words(page)
    assert person.mfa() == ({APP, TEXT}, None)
    assert person.asked() == "SELECT_MFA_TYPE"


def test_everything_off_means_no_challenge_and_the_review_warns(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    answer = review(client, off=("app", "text"))
    page = client.get(answer["Location"])
    assert "This makes your account easier to get into" in words(page)
    assert "your password alone will be enough" in words(page)
    client.submit(f"{answer['Location']}save/")
    assert person.mfa() == (set(), None)
    assert person.asked() is None


def test_turning_the_preferred_one_off_prefers_the_one_that_is_left(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    save(client, off=("app",))
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_required_pool_moves_only_the_preference(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    person.pool.set_mfa("ON", TEXT, APP)
    save(client, first="text")
    assert person.mfa() == ({APP, TEXT}, TEXT)
    # Nothing that a browser could post moves a locked switch.
    answer = review(client, off=("app", "text"), app="", text="")
    assert answer["Location"] == "/?unchanged"


def test_only_blocks_that_change_are_sent(client: Browser, person: Person) -> None:
    """R39. The pool refuses any block, even Enabled=false, for an app that was never set up."""
    person.sign_in(client)
    save(client, text="on")
    save(client, off=("text",))
    assert preference_outcomes() == ["confirmed", "confirmed"]
    assert person.mfa() == (set(), None)


def test_nothing_changed_is_said_and_nothing_is_sent(client: Browser, person: Person) -> None:
    person.sign_in(client)
    answer = review(client)
    assert "You haven't changed anything yet." in words(client.get(answer["Location"]))
    assert "You haven't changed anything yet." not in words(client.get("/"))
    assert preference_outcomes() == []


# --- what it costs ---


def test_a_save_costs_one_read_one_write_and_one_read_back(client: Browser, person: Person) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    calls = person.pool.server.calls
    calls.clear()
    client.get(location)
    assert calls.names() == []
    answer = client.submit(f"{location}save/")
    read = ["GetUser", "GetUserAuthFactors"]
    assert sorted(calls.names()) == sorted([*read, "SetUserMFAPreference", *read])
    order = [name for name in calls.names() if name != "GetUserAuthFactors"]
    assert order == ["GetUser", "SetUserMFAPreference", "GetUser"]
    calls.clear()
    client.get(answer["Location"])
    assert sorted(calls.names()) == read


def test_the_save_response_a_save_shows_what_the_pool_says_by_then(
    client: Browser, person: Person
) -> None:
    """Not what was read back: something else may have changed it in between."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    after = client.submit(f"{location}save/")["Location"]
    person.prefer(SMSMfaSettings={"Enabled": False})
    page = client.get(after)
    assert "your password alone will be enough" in words(page)
    assert "Saved Next" not in words(page)


# --- what the form refuses ---


def test_a_factor_that_is_off_can_not_be_asked_first(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    page = review(client, first="text")
    assert page.status_code == 422
    assert title(page).startswith("Error:")
    assert "Text messages are off, so they can't be asked first." in words(page)
    assert "checked" in fields(page)["first=text"]
    assert "checked" in fields(page)["app"]


def test_ask_me_each_time_needs_two(client: Browser, person: Person) -> None:
    person.set_up_app(on=False)
    person.use_text_messages()
    person.sign_in(client)
    page = review(client, first="ask")
    assert page.status_code == 422
    assert "You can be asked each time only when two are on." in words(page)


def test_back_from_the_review_keeps_what_was_chosen(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    location = review(client, text="on", first="text")["Location"]
    back = re.search(r'href="(/\?draft=[^"]+)"', client.get(location).content.decode())
    assert back
    page = client.get(back[1])
    assert "checked" in fields(page)["text"]
    assert "checked" in fields(page)["first=text"]
    assert "Text message Not saved yet" in words(page)
    # The sentence and the marks are still of what is so.
    assert "the code from your authenticator app" in words(page)
    assert person.mfa() == ({APP}, APP)


def test_a_review_is_kept_for_an_hour(client: Browser, person: Person) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    ProposedChange.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=61))
    assert client.get(location).status_code == 404
    assert client.submit(f"{location}save/").status_code == 404
    call_command("erase_expired")
    assert not ProposedChange.objects.exists()


def test_a_reload_tells_the_end_of_a_save_again_and_a_bookmark_does_not(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    after = client.submit(f"{location}save/")["Location"]
    assert "Saved Next" in words(client.get(after))
    assert "Saved Next" in words(client.get(after))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        assert "Saved Next" not in words(client.get(after))


def test_a_choice_that_no_page_offers_is_refused(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    assert review(client, first="pigeon").status_code == 422
    assert review(client, seen="pigeon").status_code == 422


def test_a_change_needs_a_post_and_a_reloaded_address_leads_to_its_page(
    client: Browser, person: Person
) -> None:
    """R11."""
    person.sign_in(client)
    assert client.get("/review/")["Location"] == "/"
    location = review(client, text="on")["Location"]
    assert client.get(f"{location}save/")["Location"] == location
    assert person.mfa() == (set(), None)
    assert client.put("/review/").status_code == 405


def test_somebody_elses_change_can_not_be_seen_or_saved(client: Browser, person: Person) -> None:
    """R46's sibling: an id is not a permission."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    other = person.pool.person("ben")
    thief = Browser()
    other.sign_in(thief)
    assert thief.get(location).status_code == 404
    assert thief.submit(f"{location}save/").status_code == 404
    assert other.mfa() == (set(), None)
    assert person.mfa() == (set(), None)


# --- two tabs, two presses ---


def test_a_second_tab_that_saves_later_gets_both_states_and_overwrites_nothing(
    client: Browser, person: Person
) -> None:
    """R41."""
    person.set_up_app()
    person.sign_in(client)
    first_tab = review(client, text="on", first="text")["Location"]
    second_tab = review(client, off=("app",))["Location"]
    client.submit(f"{first_tab}save/")
    answer = client.submit(f"{second_tab}save/")
    assert answer.status_code == 409
    assert "When you opened the page Authenticator app: on, asked first" in words(answer)
    assert "What is set now Authenticator app: on Text message: on, asked first" in words(answer)
    assert person.mfa() == ({APP, TEXT}, TEXT)


def test_a_page_that_was_opened_before_a_change_is_stopped_at_its_review(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    old_page = form_of(client.get("/"))
    person.use_text_messages()
    answer = client.submit("/review/", **(old_page | {"text": "on"}))
    assert answer.status_code == 409
    assert "When you opened the page Nothing is on." in words(answer)


def test_saving_twice_writes_once(client: Browser, person: Person) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    calls = person.pool.server.calls
    first = client.submit(f"{location}save/")
    second = client.submit(f"{location}save/")
    assert first["Location"] == second["Location"]
    assert len(calls.of("SetUserMFAPreference")) == 1
    assert preference_outcomes() == ["confirmed"]
    # The review of a change that has ended leads to its end.
    assert client.get(location)["Location"] == first["Location"]


@pytest.mark.django_db(transaction=True)
def test_pressing_save_twice_at_once_writes_once(client: Browser, person: Person) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    server = person.pool.server
    server.faults.add(Fault("SetUserMFAPreference", seconds=0.5))
    answers: list[Page] = []

    def press() -> None:
        browser = Browser()
        browser.cookies = client.cookies
        answers.append(browser.submit(f"{location}save/"))
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, f"/?saved={ProposedChange.objects.get().id}")
    }
    assert len(server.calls.of("SetUserMFAPreference")) == 1
    assert preference_outcomes() == ["confirmed"]


@pytest.mark.django_db(transaction=True)
def test_a_second_press_takes_over_from_a_first_that_failed(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(Fault("GetUser", answer="drop", times=2, seconds=0.4))
    first: list[Page] = []

    def press() -> None:
        browser = Browser()
        browser.cookies = client.cookies
        first.append(browser.submit(f"{location}save/"))
        connection.close()

    thread = threading.Thread(target=press)
    thread.start()
    while not ProposedChange.objects.filter(claimed_at__isnull=False).exists():
        time.sleep(0.01)
    second = client.submit(f"{location}save/")
    thread.join()
    assert first[0].status_code == 503
    assert second["Location"] == f"/?saved={ProposedChange.objects.get().id}"
    assert person.mfa() == ({TEXT}, TEXT)


def abandon(seconds_ago: int) -> None:
    """The process died between its claim and its result."""
    ProposedChange.objects.update(claimed_at=datetime.now(UTC) - timedelta(seconds=seconds_ago))


def test_a_save_that_was_abandoned_before_it_sent_anything_is_made_by_the_next_press(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    abandon(seconds_ago=45)
    page = client.get(client.submit(f"{location}save/")["Location"])
    assert "Saved Next time" in words(page)
    assert preference_outcomes() == ["confirmed"]


def test_a_save_that_is_still_under_way_is_not_taken_over(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "WAIT_FOR_THE_FIRST", timedelta(0))
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    abandon(seconds_ago=5)
    answer = client.submit(f"{location}save/")
    assert answer.status_code == 503
    assert "We don't know whether your change was saved." in words(answer)
    assert person.pool.server.calls.of("SetUserMFAPreference") == []


@pytest.mark.django_db(transaction=True)
def test_two_different_changes_at_once_do_not_mix(client: Browser, person: Person) -> None:
    """One turns the app off, the other text messages: together they would leave nothing on."""
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    paths = [f"{review(client, off=(slug,))['Location']}save/" for slug in ("app", "text")]
    person.pool.server.faults.add(Fault("SetUserMFAPreference", seconds=0.5, times=None))
    answers: list[int] = []

    def press(path: str) -> None:
        browser = Browser()
        browser.cookies = client.cookies
        answers.append(browser.submit(path).status_code)
        connection.close()

    presses = [threading.Thread(target=press, args=(path,)) for path in paths]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert len(person.mfa()[0]) == 1
    assert person.asked() in {APP, TEXT}
    assert preference_outcomes() == ["confirmed"]


# --- Cognito lies, stalls, refuses ---


def not_confirmed(page: Page) -> bool:
    said = words(page)
    return "Not confirmed Your account does not show" in said and "Saved Next" not in said


@pytest.mark.parametrize("answer", ["html", "empty"])
def test_a_200_that_the_read_back_does_not_confirm_is_never_called_saved(
    client: Browser, person: Person, answer: str
) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer=answer))
    page = save(client, text="on")
    assert not_confirmed(page)
    assert "Text message: on, asked first" in words(page)
    assert "your password alone will be enough" in words(page)
    assert preference_outcomes() == ["unknown"]


def test_a_good_answer_to_work_not_done_is_not_confirmed(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="normal", done=False))
    assert not_confirmed(save(client, text="on"))


def test_a_lost_answer_to_work_not_done_is_not_called_nothing(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="drop", times=None))
    page = save(client, text="on")
    assert not_confirmed(page)
    assert preference_outcomes() == ["unknown"]


def test_a_save_that_a_later_read_confirms_is_told_as_saved(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="drop", times=None))
    after = client.submit(f"{location}save/")["Location"]
    assert not_confirmed(client.get(after))
    person.use_text_messages()
    assert "Saved Next time" in words(client.get(after))
    person.prefer(SMSMfaSettings={"Enabled": False})
    assert "Saved" not in words(client.get(after))


def test_a_preference_on_a_number_that_is_gone_can_be_moved(
    client: Browser, person: Person
) -> None:
    """The block that would take the preference from it is refused for want of a number."""
    person.set_up_app(first=False)
    person.use_text_messages()
    person.sign_in(client)
    person.pool.admin.admin_update_user_attributes(
        UserPoolId=person.pool.config.pool_id,
        Username=person.username,
        UserAttributes=[{"Name": "phone_number", "Value": ""}],
    )
    assert "the code from your authenticator app" in words(client.get("/"))
    assert "Saved Next time" in words(save(client, first="app"))
    assert person.mfa()[1] == APP


def test_an_error_for_work_that_was_done_is_found_out_by_reading(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(
        Fault("SetUserMFAPreference", answer="error", done=True, times=None)
    )
    page = save(client, text="on")
    assert "Saved Next time" in words(page)
    assert preference_outcomes() == ["confirmed"]


def test_a_read_back_that_fails_leaves_the_change_not_confirmed(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    faults = person.pool.server.faults
    # The read before the write works, none after it does.
    faults.add(Fault("GetUser"))
    faults.add(Fault("GetUser", answer="html", times=3))
    answer = client.submit(f"{location}save/")
    assert ProposedChange.objects.get().result == ProposedChange.Result.NOT_CONFIRMED
    assert log.outcomes()[0].detail == {"now": "unreadable"}
    # The page could read again, and that settles it.
    assert "Saved Next time" in words(client.get(answer["Location"]))


def test_a_change_that_shows_late_is_confirmed_by_a_later_read(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R40: a read right after the write may be stale."""
    monkeypatch.setattr(writing, "READ_BACK_PAUSES", (0.0, 0.1))
    person.sign_in(client)
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="normal", done=False))
    location = review(client, text="on")["Location"]
    while_it_waits(monkeypatch, writing, person.use_text_messages)
    page = client.get(client.submit(f"{location}save/")["Location"])
    assert "Saved Next time" in words(page)


@pytest.mark.parametrize(
    ("code", "message", "sentence"),
    [
        (
            "InvalidParameterException",
            "User does not have delivery config set to turn on SMS_MFA",
            "What you turned on is not set up completely.",
        ),
        ("OperationNotEnabledException", "No", "Your account does not allow this change."),
        ("LimitExceededException", "Attempt limit exceeded", "You have tried too often."),
        ("ResourceNotFoundException", "No client", "This portal is not set up correctly"),
        ("TooManyRequestsException", "Rate exceeded", "The sign-in service is busy just now."),
    ],
)
def test_a_refusal_says_what_to_do_and_that_nothing_changed(
    client: Browser, person: Person, code: str, message: str, sentence: str
) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(
        Fault(
            "SetUserMFAPreference",
            answer="error",
            code=code,
            message=message,
            status=400,
            times=None,
        )
    )
    page = save(client, text="on")
    assert sentence in words(page)
    assert "Nothing was changed. This page shows what is set now." in words(page)
    assert "your password alone will be enough" in words(page)
    assert preference_outcomes() == ["refused"]


def test_a_refusal_that_took_half_effect_shows_what_is_so(client: Browser, person: Person) -> None:
    """AJ#1343: an error although part of the call had taken effect."""
    person.set_up_app()
    person.sign_in(client)
    location = review(client, text="on", first="text")["Location"]
    person.pool.server.faults.add(
        Fault("SetUserMFAPreference", answer="error", status=400, code="LimitExceeded")
    )
    with before_the_call("SetUserMFAPreference", lambda: person.use_text_messages(first=False)):
        answer = client.submit(f"{location}save/")
    page = client.get(answer["Location"])
    assert not_confirmed(page)
    assert "checked" in fields(page)["text"]


@pytest.fixture
def soon_given_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No answer is waited for as long as in earnest."""
    monkeypatch.setattr(cognito_client, "READ_SECONDS", 0.3)
    monkeypatch.setattr(writing, "READ_BACK_PAUSES", (0.0, 0.0))
    cognito_client._make.cache_clear()
    yield
    cognito_client._make.cache_clear()


@pytest.mark.usefixtures("soon_given_up")
def test_a_write_that_stalls_and_arrives_late_is_not_called_refused(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    faults = person.pool.server.faults
    faults.add(Fault("SetUserMFAPreference", seconds=4, wait_first=True))
    page = client.get(client.submit(f"{location}save/")["Location"])
    assert not_confirmed(page)
    assert preference_outcomes() == ["unknown"]
    for _ in range(100):  # Until it arrives.
        if person.mfa() == ({TEXT}, TEXT):
            break
        time.sleep(0.1)
    assert "Text messages" in words(client.get("/"))
    assert log.ends("mfa:preference:changed")[0][1] == "confirmed"


@pytest.mark.usefixtures("soon_given_up")
def test_a_read_that_stalls_is_a_service_out_of_reach(client: Browser, person: Person) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(Fault("GetUser", seconds=1, wait_first=True, times=2))
    answer = client.submit(f"{location}save/")
    assert answer.status_code == 503
    assert "Nothing was changed, and you are still signed in." in words(answer)
    assert person.mfa() == (set(), None)


def test_when_cognito_is_out_of_reach_nothing_is_written_and_it_can_be_saved_later(
    client: Browser, person: Person
) -> None:
    """R59."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(Fault("GetUser", answer="drop", times=2))
    answer = client.submit(f"{location}save/")
    assert answer.status_code == 503
    assert "Nothing was changed, and you are still signed in." in words(answer)
    assert person.mfa() == (set(), None)
    client.submit(f"{location}save/")
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_change_that_somebody_else_has_made_meanwhile_is_not_called_saved(
    client: Browser, person: Person
) -> None:
    """It has no event, and to take it back would restore what was never so."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.use_text_messages()
    calls = person.pool.server.calls
    answer = client.submit(f"{location}save/")
    assert answer.status_code == 409
    assert "Your settings have changed meanwhile" in words(answer)
    assert calls.of("SetUserMFAPreference") == []
    assert preference_outcomes() == []
    assert "Changed your mind?" not in words(client.get("/"))


def test_a_pool_that_stopped_offering_a_factor_meanwhile_is_explained(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.set_mfa("OPTIONAL", APP)
    cache.clear()
    answer = client.submit(f"{location}save/")
    assert answer.status_code == 409
    assert "This is not offered to your account." in words(answer)
    assert preference_outcomes() == []


def test_a_token_that_is_revoked_meanwhile_leads_to_sign_in_and_back(
    client: Browser, person: Person
) -> None:
    """R19. What was reviewed is still there after signing in again."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.admin.admin_user_global_sign_out(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )
    answer = client.post(
        f"{location}save/",
        "",
        content_type="application/x-www-form-urlencoded",
        headers={"referer": f"http://localhost:8000{location}"},
    )
    assert answer["Location"].startswith("/sign-in/?next=%2Freview%2F")
    person.sign_in(client, next_path=location)
    assert "Text messages will be turned on." in words(client.get(location))
    client.submit(f"{location}save/")
    assert person.mfa() == ({TEXT}, TEXT)


def test_a_token_that_dies_between_read_and_write_loses_nothing(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(
        Fault(
            "SetUserMFAPreference",
            answer="error",
            status=400,
            code="NotAuthorizedException",
            message="Access Token has been revoked",
        )
    )
    answer = client.submit(f"{location}save/")
    assert answer["Location"].startswith("/sign-in/?")
    assert preference_outcomes() == ["refused"]
    person.sign_in(client, next_path=location)
    client.submit(f"{location}save/")
    assert person.mfa() == ({TEXT}, TEXT)


def test_an_access_token_that_expires_is_refreshed_and_the_save_goes_on(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    location = review(client, text="on")["Location"]
    person.pool.server.faults.add(
        Fault(
            "GetUser",
            answer="error",
            status=400,
            code="NotAuthorizedException",
            message="Access Token has expired",
        )
    )
    answer = client.submit(f"{location}save/")
    assert "Saved Next time" in words(client.get(answer["Location"]))
    assert person.mfa() == ({TEXT}, TEXT)


def test_without_a_written_intent_nothing_is_sent(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R50."""
    person.sign_in(client)
    location = review(client, text="on")["Location"]

    def full_disk(**_: object) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(LogEntry.objects, "create", full_disk)
        answer = client.submit(f"{location}save/")
    assert answer.status_code == 503
    assert "We can't save changes just now" in words(answer)
    assert person.mfa() == (set(), None)
    client.submit(f"{location}save/")
    assert person.mfa() == ({TEXT}, TEXT)
