"""The settings page: what it shows, and what it costs."""

import pytest
from pytest_django import DjangoAssertNumQueries

from activity.domain import Event
from activity.service import record
from localpool import Fault
from tests.pages import fields, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere

pytestmark = pytest.mark.django_db

NO_STEP = "Next time you sign in, your password alone will be enough."


def test_somebody_who_is_not_signed_in_is_asked_to_sign_in_first(client: Browser) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


def test_a_person_with_nothing_on_sees_both_factors_off_and_what_that_means(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = client.get("/")
    assert NO_STEP in words(page)
    assert "Authenticator app Not set up An app on your phone" in words(page)
    assert "Not set up" in words(page)
    assert "Codes go to the number ••• 789." in words(page)
    assert "disabled" in fields(page)["id_app"]
    assert "checked" not in fields(page)["text"]


def test_the_page_shows_what_is_on_and_which_is_asked_first(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    page = client.get("/")
    assert "you will be asked for the code from your authenticator app" in words(page)
    assert "checked" in fields(page)["app"]
    assert "checked" in fields(page)["text"]
    assert "checked" in fields(page)["first=app"]
    assert "checked" not in fields(page)["first=ask"]


def test_two_factors_without_a_preference_are_shown_as_ask_me_each_time(
    client: Browser, person: Person
) -> None:
    person.set_up_app(first=False)
    person.use_text_messages(first=False)
    person.sign_in(client)
    page = client.get("/")
    assert "you will choose between your authenticator app and a text message" in words(page)
    assert "checked" in fields(page)["first=ask"]


def test_an_app_that_is_set_up_but_off_can_be_turned_on(client: Browser, person: Person) -> None:
    person.set_up_app(on=False)
    person.sign_in(client)
    page = client.get("/")
    assert "Your app is set up. Turn it on to be asked for its code." in words(page)
    assert "disabled" not in fields(page)["app"]


def test_an_app_that_cognito_does_not_show_as_set_up_is_offered_for_set_up(
    client: Browser, person: Person
) -> None:
    person.set_up_app(on=False)
    person.sign_in(client)
    with person.pool.server.switches.played(software_token_in_auth_factors="no"):
        page = words(client.get("/"))
    assert "Authenticator app Not set up" in page
    assert "Set up your app" in page


def test_a_pool_without_auth_factors_still_has_its_page(client: Browser, person: Person) -> None:
    person.use_text_messages()
    person.sign_in(client)
    person.pool.server.faults.add(
        Fault(
            "GetUserAuthFactors",
            answer="error",
            status=400,
            code="FeatureUnavailableInTierException",
        )
    )
    page = client.get("/")
    assert page.status_code == 200
    assert "checked" in fields(page)["text"]


def test_an_unverified_number_locks_the_switch_and_says_why(client: Browser, pool: Pool) -> None:
    person = pool.person("dinesh", phone_number_verified="false")
    person.sign_in(client)
    page = client.get("/")
    assert "disabled" in fields(page)["id_text"]
    assert "Your number ••• 789 is not confirmed as yours yet. Confirm your number" in words(page)


def test_a_person_without_a_number_is_told_so(client: Browser, pool: Pool) -> None:
    person = pool.person("nora", phone_number="", phone_number_verified="")
    person.sign_in(client)
    assert "Your account has no phone number yet. Add a number" in words(client.get("/"))


def test_a_number_that_is_on_but_unverified_says_where_codes_go(
    client: Browser, pool: Pool
) -> None:
    person = pool.person("olga", phone_number_verified="false")
    person.sign_in(client)
    person.use_text_messages()
    page = client.get("/")
    assert "checked" in fields(page)["text"]
    assert "is not confirmed" in words(page)


def test_a_factor_that_is_on_but_no_longer_offered_is_shown_and_can_be_turned_off(
    client: Browser, person: Person
) -> None:
    person.use_text_messages()
    person.sign_in(client)
    person.pool.set_mfa("OPTIONAL", "SOFTWARE_TOKEN_MFA")
    page = client.get("/")
    assert "Your account no longer offers this." in words(page)
    assert "disabled" not in fields(page)["text"]
    assert NO_STEP in words(page)


def test_an_app_that_is_set_up_but_no_longer_offered_says_so(
    client: Browser, person: Person
) -> None:
    person.set_up_app(on=False)
    person.sign_in(client)
    person.pool.set_mfa("OPTIONAL", "SMS_MFA")
    page = client.get("/")
    assert "Not offered" in words(page)
    assert "This is not offered to your account." in words(page)
    assert "disabled" in fields(page)["id_app"]


def test_email_is_a_factor_where_the_pool_offers_it(client: Browser, person: Person) -> None:
    person.pool.set_mfa("OPTIONAL", "EMAIL_OTP")
    person.sign_in(client)
    assert "Codes go to a•••@example.com." in words(client.get("/"))


def test_a_pool_whose_mfa_is_off_has_nothing_to_switch(client: Browser, person: Person) -> None:
    person.pool.set_mfa("OFF")
    person.sign_in(client)
    page = client.get("/")
    assert "Your account is not set up for a second step at sign-in." in words(page)
    assert "seen" not in fields(page)


def test_a_required_pool_locks_the_switches_and_leaves_the_preference(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    person.pool.set_mfa("ON", "SMS_MFA", "SOFTWARE_TOKEN_MFA")
    page = client.get("/")
    assert "disabled" in fields(page)["id_app"]
    assert "disabled" in fields(page)["id_text"]
    assert "Your account must always ask for a second step" in words(page)
    assert "disabled" not in fields(page)["first=text"]


def test_a_required_pool_that_lists_nothing_still_shows_what_counts(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.sign_in(client)
    person.pool.set_mfa("ON", "SOFTWARE_TOKEN_MFA")
    with person.pool.server.switches.played(setting_list_in_required_pool="empty"):
        page = client.get("/")
    assert "checked" in fields(page)["id_app"]
    assert "this is your only one. It stays on." in words(page)


def test_somebody_whom_another_provider_signs_in_is_told_who_decides(
    client: Browser, pool: Pool
) -> None:
    sign_in_elsewhere(pool, client, provider="ExampleCorp", email="gus@example.org")
    page = client.get("/")
    assert "You sign in with ExampleCorp ." in words(page)
    assert "It decides whether you are asked for a second step" in words(page)
    assert "If you lose your phone" not in words(page)
    # The notice, and the state of each of the two factors.
    assert words(page).count("Managed by your organisation") == 3
    assert not {"id_app", "id_text", "app", "text"} & set(fields(page))
    assert "Set up your app" not in words(page)
    # And nothing that a browser could post changes it.
    answer = client.submit("/review/", app="on", text="on", first="app")
    assert answer["Location"] == "/?unchanged"
    assert "An authenticator app is not offered" in words(client.get("/authenticator/"))


def test_the_page_says_whose_account_it_is(client: Browser, person: Person) -> None:
    person.sign_in(client)
    assert "You are signed in as ana@example.com ." in words(client.get("/"))


# --- what it costs ---


def test_the_page_asks_the_database_nine_things(
    client: Browser, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The session, its row and its person; unresolved events, the last save, tests, put-aside
    advice, the last set-up, and the recent events: none of them grows with what happened."""
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    client.get("/")
    for event in (Event.APP_SET_UP_FINISHED, Event.PREFERENCE_CHANGED) * 5:
        record(person=person.uid, event=event, detail={"before": "", "after": ""})
    with django_assert_num_queries(9):
        page = words(client.get("/"))
    assert page.count("Your second step was changed.") == 3


def test_a_view_asks_cognito_two_things_at_the_same_time(client: Browser, person: Person) -> None:
    person.sign_in(client)
    client.get("/")
    server = person.pool.server
    server.calls.clear()
    server.faults.add(Fault("GetUser", seconds=0.4, wait_first=True))
    server.faults.add(Fault("GetUserAuthFactors", seconds=0.4, wait_first=True))
    client.get("/")
    calls = server.calls.of("GetUser", "GetUserAuthFactors")
    assert sorted(server.calls.names()) == ["GetUser", "GetUserAuthFactors"]
    assert max(call.started for call in calls) < min(call.ended for call in calls)


def test_the_policy_of_the_pool_is_asked_once_and_kept(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.pool.server.calls.clear()
    for _ in range(3):
        client.get("/")
    assert len(person.pool.server.calls.of("GetUserPoolMfaConfig")) == 1


def test_the_page_with_its_styles_and_script_weighs_at_most_40_kb(
    client: Browser, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    page = client.get("/")
    files = ["portal.css", "settings.js"]
    served = [b"".join(iter(client.get(f"/static/{name}"))) for name in files]
    assert all(f"/static/{name}" in page.content.decode() for name in files)
    assert len(page.content) + sum(map(len, served)) <= 40 * 1024


def test_nothing_on_the_page_comes_from_anywhere_else(client: Browser, person: Person) -> None:
    person.sign_in(client)
    html = client.get("/").content.decode()
    assert "//" not in html.replace("http://www.w3.org", "")
    assert "style=" not in html
    assert " on" not in [attribute[:3] for attribute in html.split('"') if attribute.endswith("=")]
