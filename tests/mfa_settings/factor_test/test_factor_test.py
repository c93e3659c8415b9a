"""Test it now: through the portal's page and managed login, and back to the same session."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from django.conf import settings as portal_settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from activity.models import LogEntry
from localpool.wire.faults import Fault
from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.factor_test.domain import TEST_FACTOR
from mfa_settings.factor_test.models import FactorTest
from signin.models import SideSignIn, TokenSet, User
from tests import log
from tests.attempts import use_up
from tests.mfa_settings.authenticator.test_authenticator import connect
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, count_passkeys
from tests.pages import Page, fields, title, way_out, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere
from tests.soft_passkey import SoftPasskey
from tests.userpool.test_facts import configure

pytestmark = pytest.mark.django_db

APP, TEXT, EMAIL = "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP"
NOT_SAID = "Your account does not tell this page what you were asked for"


def a_moment_later(person: Person) -> None:
    """Nobody signs in twice within a second."""
    person.pool.server.clock.advance(5)


def forget_used_codes() -> None:
    """As if the app had shown another code meanwhile, for tests that are not about that."""
    for model, field in ((AuthenticatorSetUp, "ended_at"), (TokenSet, "auth_time")):
        for row in model.objects.exclude(**{field: None}):
            setattr(row, field, getattr(row, field) - timedelta(minutes=1))
            row.save(update_fields=[field])


def start(client: Browser, slug: str) -> str:
    """Press the button; the address of managed login."""
    return way_out(client.submit(f"/test/{slug}/"))


def come_back(client: Browser, location: str) -> Page:
    """From managed login to the page that tells what came of it."""
    back = client.get(location.removeprefix(portal_settings.PORTAL_URL))
    assert back.status_code == 302
    assert back["Location"].startswith("/test/result/")
    return client.get(back["Location"])


def run(client: Browser, person: Person, slug: str, *, by: Person | None = None) -> Page:
    a_moment_later(person)
    return come_back(client, (by or person).walk_managed_login(start(client, slug))[0])


def cancel(client: Browser, slug: str, error: str = "access_denied") -> Page:
    found = re.search(r"[?&]state=([^&]+)", start(client, slug))
    assert found
    back = f"{portal_settings.PORTAL_URL}/sign-in/callback/?state={found[1]}&error={error}"
    return come_back(client, back)


def how_it_is_recorded() -> tuple[str, str]:
    outcome = log.outcomes("mfa:factor:tested").get()
    return outcome.result, str(outcome.detail["verdict"])


@pytest.fixture
def with_app(person: Person, client: Browser) -> Person:
    """Signed in with an app that is asked first."""
    person.set_up_app()
    person.sign_in(client)
    forget_used_codes()
    return person


@pytest.fixture
def with_text(person: Person, client: Browser) -> Person:
    """Signed in with a text message, which is asked first."""
    person.use_text_messages()
    person.sign_in(client)
    return person


class TestWhatWorks:
    def test_an_app_that_was_asked_for_works_and_the_session_goes_on(
        self, client: Browser, with_app: Person
    ) -> None:
        before = TokenSet.objects.values().get(), client.cookies["sessionid"].value
        page = run(client, with_app, "app")
        assert title(page).startswith("Your authenticator app works")
        assert "so you can rely on it" in words(page)
        assert "The sign-in of the test is already ended." in words(page)
        assert (TokenSet.objects.values().get(), client.cookies["sessionid"].value) == before
        assert how_it_is_recorded() == ("confirmed", "worked")
        grants = with_app.pool.server.state.pools[with_app.pool.config.pool_id].grants
        assert list(grants.values())[-1].revoked
        settings = words(client.get("/"))
        assert "You tested a way to sign in, and it worked." in settings
        assert "It worked on" in settings

    def test_text_messages_that_were_asked_for_work(
        self, client: Browser, with_text: Person
    ) -> None:
        assert "Text messages work" in words(run(client, with_text, "text"))

    def test_email_codes_that_were_asked_for_work(self, client: Browser, person: Person) -> None:
        person.pool.set_mfa("OPTIONAL", TEXT, EMAIL)
        person.prefer(EmailMfaSettings={"Enabled": True, "PreferredMfa": True})
        person.sign_in(client)
        assert "Email codes work" in words(run(client, person, "email"))

    @pytest.mark.parametrize("on", [False, True], ids=["nothing-else-on", "counts-as-factor"])
    def test_a_passkey_that_was_chosen_works(
        self, client: Browser, person: Person, on: bool
    ) -> None:
        policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
        configure(person.pool, Policies=policies, UserPoolTier="ESSENTIALS")
        count_passkeys(person.pool, "MULTI_FACTOR_WITH_USER_VERIFICATION")
        passkey = add_passkey(person)
        person.sign_in(client)
        if on:
            seen = fields(client.get("/"))["seen"]["value"]
            review = client.submit("/review/", seen=seen, text="on", passkey="on")["Location"]
            assert "Test text messages now" in words(
                client.get(client.submit(f"{review}save/")["Location"])
            )
        assert "Test your passkey now" in words(client.get("/passkeys/"))
        assert "choose “Sign in with a passkey”" in words(client.get("/test/passkey/"))
        a_moment_later(person)
        back = _with_passkey(start(client, "passkey"), passkey)
        assert "Your passkey works" in words(come_back(client, back))

    def test_one_of_several_is_chosen_on_the_way(self, client: Browser, with_app: Person) -> None:
        with_app.prefer(
            SMSMfaSettings={"Enabled": True, "PreferredMfa": False},
            SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False},
        )
        assert "choose the text message" in words(client.get("/test/text/"))
        with_app.chooses = TEXT
        assert "Text messages work" in words(run(client, with_app, "text"))
        page = words(run(client, with_app, "app"))
        assert "You were not asked for it" in page
        assert "You signed in with a code by text message instead." in page
        assert "Test it again, and choose it when you are asked" in page

    def test_an_app_behind_another_is_asked_for_by_its_level(
        self, client: Browser, with_app: Person
    ) -> None:
        with_app.use_text_messages(first=True)
        assert "acr_values=urn%3Acognito%3Aloa%3A4" in start(client, "app")
        assert "Your authenticator app works" in words(run(client, with_app, "app"))


def _with_passkey(authorize_url: str, passkey: SoftPasskey) -> str:
    """Through managed login with its button; the way back."""
    with requests.Session() as session:
        login = session.get(authorize_url)
        options = re.search(r'data-options="([^"]*)"', login.text)
        csrf = re.search(r'name="csrf" value="([^"]+)"', login.text)
        assert options
        assert csrf
        answer = json.dumps(passkey.get(json.loads(unescape(options[1]))))
        end = session.post(
            login.url.replace("/login?", "/passkeys/sign-in?"),
            {"csrf": csrf[1], "credential": answer},
            allow_redirects=False,
        )
    return end.headers["Location"]


class TestWhatDoesNot:
    def test_a_password_alone(self, client: Browser, with_text: Person) -> None:
        location = start(client, "text")
        a_moment_later(with_text)
        with_text.prefer(SMSMfaSettings={"Enabled": False})
        page = words(come_back(client, with_text.walk_managed_login(location)[0]))
        assert "You signed in, and your password alone was enough." in page
        assert "It is not asked for now." in page
        assert "Turn it off in your settings" not in page
        assert how_it_is_recorded() == ("refused", "not-asked")
        assert "It worked on" not in words(client.get("/"))

    @pytest.mark.parametrize(
        ("played", "said"),
        [
            ("nothing", "Several are on, but your account asked for none of them."),
            ("first", "If you are not asked, go to your settings and choose it to be asked first."),
        ],
    )
    def test_a_pool_that_does_not_let_people_choose(
        self, client: Browser, with_app: Person, played: str, said: str
    ) -> None:
        with_app.prefer(
            SMSMfaSettings={"Enabled": True, "PreferredMfa": False},
            SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False},
        )
        pool = with_app.pool
        pool.server.switches.set(pool.config.pool_id, none_preferred=played)
        page = words(run(client, with_app, "app"))
        assert "You were not asked for it" in page
        assert said in page

    def test_somebody_else(self, client: Browser, with_text: Person) -> None:
        eve = with_text.pool.person("eve")
        answer = run(client, with_text, "text", by=eve)
        page = words(answer)
        assert "Somebody else signed in" in page
        assert "You are still signed in here as yourself." in page
        assert "Sign it out there" in page
        assert f"{with_text.pool.config.logout_url}?client_id=" in answer.content.decode()
        assert how_it_is_recorded() == ("refused", "somebody-else")
        assert "ana@example.com" in words(client.get("/"))
        assert not User.objects.filter(uid=eve.uid).exists()

    @pytest.mark.parametrize(
        ("error", "said", "recorded"),
        [
            ("access_denied", "You came back without signing in", "cancelled"),
            ("server_error", "The test could not be finished", "failed"),
        ],
    )
    def test_coming_back_without_a_sign_in_shows_nothing_of_the_factor(
        self, client: Browser, with_text: Person, error: str, said: str, recorded: str
    ) -> None:
        a_moment_later(with_text)
        page = words(cancel(client, "text", error))
        assert said in page
        assert "You are still signed in here, and nothing about your account was changed." in page
        assert "Test it again" in page
        assert how_it_is_recorded() == ("refused", recorded)

    def test_what_should_have_been_asked_for_is_not_relied_on(
        self, client: Browser, with_app: Person
    ) -> None:
        location = start(client, "app")
        with_app.use_text_messages(first=True)
        a_moment_later(with_app)
        back = with_app.walk_managed_login(location)[0]
        with_app.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
        page = words(come_back(client, back))
        assert "You signed in with a code by text message instead." in page
        assert "It is on and should have been asked for, so don't rely on it." in page
        assert "Set up your app again" in page
        assert "Turn it off in your settings" in page

    def test_a_sign_in_from_before_the_test_shows_nothing(
        self, client: Browser, with_text: Person
    ) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            location = start(client, "text")
        page = words(come_back(client, with_text.walk_managed_login(location)[0]))
        assert "The sign-in page let you through without asking" in page
        assert "in a private window" in page
        assert how_it_is_recorded() == ("refused", "old-sign-in")

    def test_where_the_pool_names_no_methods_only_the_person_knows(
        self, client: Browser, with_text: Person
    ) -> None:
        configure(with_text.pool, UserPoolTier="LITE")
        cache.clear()
        page = words(run(client, with_text, "text"))
        assert NOT_SAID in page
        assert "it worked" not in page
        assert how_it_is_recorded() == ("unknown", "not-said")

    def test_on_lite_an_app_behind_another_can_not_be_tested(
        self, client: Browser, with_app: Person
    ) -> None:
        configure(with_app.pool, UserPoolTier="LITE")
        with_app.use_text_messages(first=True)
        cache.clear()
        answer = client.submit("/test/app/")
        assert answer.status_code == 409
        assert "A sign-in asks for another one first" in words(answer)

    def test_a_test_that_can_not_be_ended_says_so(self, client: Browser, with_text: Person) -> None:
        with_text.pool.server.faults.add(Fault(on="/oauth2/revoke", answer="error"))
        page = words(run(client, with_text, "text"))
        assert "Text messages work" in page
        assert "could not be ended yet" in page
        call_command("erase_expired")
        assert SideSignIn.objects.get().revocation == "revoked"

    def test_a_test_that_waits_to_be_ended_survives_a_change_of_the_sealing_key(
        self, client: Browser, with_text: Person, settings: Any
    ) -> None:
        with_text.pool.server.faults.add(Fault(on="/oauth2/revoke", answer="error"))
        run(client, with_text, "text")
        new = Fernet.generate_key().decode()
        settings.TOKEN_KEYS = (new, *settings.TOKEN_KEYS)
        call_command("reseal_tokens")
        settings.TOKEN_KEYS = (new,)
        call_command("erase_expired")
        assert SideSignIn.objects.get().revocation == "revoked"


class TestWaitingForTheNextCode:
    def test_after_a_set_up_the_test_waits_and_says_how_long(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        connect(client, person)
        person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
        page = client.get("/test/app/")
        assert "Each code works once." in words(page)
        waits = re.search(r'data-counting="(\d+)"', page.content.decode())
        assert waits
        assert 0 < int(waits[1]) <= 30
        assert re.search(r"Wait \d+ seconds?, then start the test\.", words(page))
        early = client.submit("/test/app/")
        assert early.status_code == 409
        assert title(early).startswith("Error:")
        assert "Too early" in words(early)
        assert not FactorTest.objects.exists()
        forget_used_codes()
        assert "Each code works once." not in words(client.get("/test/app/"))
        assert "Your authenticator app works" in words(run(client, person, "app"))

    def test_the_test_waits_after_a_sign_in_with_the_app(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        assert client.submit("/test/app/").status_code == 409

    def test_the_test_waits_after_another_test_of_the_app(
        self, client: Browser, with_app: Person
    ) -> None:
        run(client, with_app, "app")
        assert client.submit("/test/app/").status_code == 409

    def test_a_test_of_a_message_does_not_wait(self, client: Browser, with_app: Person) -> None:
        run(client, with_app, "app")
        with_app.use_text_messages(first=True)
        assert way_out(client.submit("/test/text/"))


class TestWhereItIsOffered:
    def test_a_save_offers_to_test_what_it_turned_on(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        seen = fields(client.get("/"))["seen"]["value"]
        review = client.submit("/review/", seen=seen, text="on")["Location"]
        page = client.get(client.submit(f"{review}save/")["Location"])
        assert "Before you rely on it, test it" in words(page)
        assert "Test text messages now" in words(page)

    def test_a_move_to_a_new_app_offers_to_test_it(self, client: Browser, with_app: Person) -> None:
        page = connect(client, with_app)
        assert "Test your app now" in words(page)

    @pytest.mark.usefixtures("with_text")
    def test_the_card_offers_it_where_a_sign_in_asks_for_the_factor(self, client: Browser) -> None:
        page = client.get("/").content.decode()
        assert 'href="/test/text/"' in page
        assert 'href="/test/app/"' not in page

    @pytest.mark.parametrize(
        ("slug", "said"),
        [("app", "It is not set up yet"), ("text", "It is off"), ("passkey", "not set up yet")],
    )
    def test_a_factor_that_can_not_be_tested_says_why(
        self, client: Browser, person: Person, slug: str, said: str
    ) -> None:
        person.sign_in(client)
        page = client.get(f"/test/{slug}/")
        assert page.status_code == 200
        assert said in words(page)
        assert client.submit(f"/test/{slug}/").status_code == 409
        assert not FactorTest.objects.exists()

    def test_people_of_another_organisation_are_offered_none(
        self, client: Browser, pool: Pool
    ) -> None:
        sign_in_elsewhere(pool, client, provider="Okta", email="ana@example.org")
        assert "Your organisation signs you in" in words(client.get("/test/text/"))
        assert "/test/" not in client.get("/").content.decode()

    @pytest.mark.usefixtures("with_text")
    def test_a_factor_that_does_not_exist_has_no_page(self, client: Browser) -> None:
        assert client.get("/test/nothing/").status_code == 404


class TestTheRest:
    def test_a_success_no_longer_counts_once_its_number_has_changed(
        self, client: Browser, with_text: Person
    ) -> None:
        run(client, with_text, "text")
        assert "It worked on" in words(client.get("/"))
        ContactChange.objects.create(
            person=User.objects.get(),
            attribute="phone_number",
            confirmed=True,
            ended_at=timezone.now() + timedelta(minutes=1),
        )
        assert "It worked on" not in words(client.get("/"))

    def test_a_result_is_its_persons_own_and_reads_the_same_again(
        self, client: Browser, with_text: Person
    ) -> None:
        page = run(client, with_text, "text")
        address = f"/test/result/{FactorTest.objects.get().id}/"
        assert words(client.get(address)) == words(page)
        assert log.outcomes("mfa:factor:tested").count() == 1
        other = Browser()
        with_text.pool.person("eve").sign_in(other)
        assert other.get(address).status_code == 404
        assert Browser().get(address)["Location"].startswith("/sign-in/")

    @pytest.mark.usefixtures("with_text")
    def test_a_test_that_was_not_finished_leads_back_to_its_start(self, client: Browser) -> None:
        start(client, "text")
        answer = client.get(f"/test/result/{FactorTest.objects.get().id}/")
        assert answer["Location"] == "/test/text/"
        assert "Whether it works is not known." in words(client.get("/"))

    @pytest.mark.usefixtures("with_text")
    def test_the_number_of_tests_is_limited(self, client: Browser) -> None:
        use_up(TEST_FACTOR, key=User.objects.get().uid)
        answer = client.submit("/test/text/")
        assert answer.status_code == 429
        assert "That was too often." in words(answer)
        assert not FactorTest.objects.exists()

    @pytest.mark.usefixtures("with_text")
    def test_without_a_record_no_test_begins(self, client: Browser, monkeypatch: Any) -> None:
        def broken(**_: Any) -> None:
            raise DatabaseError

        monkeypatch.setattr(LogEntry.objects, "create", broken)
        assert client.submit("/test/text/").status_code == 503
        assert not SideSignIn.objects.exists()

    @pytest.mark.usefixtures("with_text")
    def test_whoever_signs_out_at_that_moment_signs_in_first(
        self, client: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(*_: object, **__: object) -> None:
            raise UpdateError

        monkeypatch.setattr(SessionStore, "save", gone)
        answer = client.submit("/test/text/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?")
        assert not FactorTest.objects.exists()

    def test_old_tests_are_erased_and_successes_stay(
        self, client: Browser, with_text: Person
    ) -> None:
        run(client, with_text, "text")
        cancel(client, "text")
        with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
            call_command("erase_expired")
        assert not SideSignIn.objects.exists()
        assert [test.verdict for test in FactorTest.objects.all()] == ["worked"]
        assert str(FactorTest.objects.get()) == "test of SMS_MFA: worked"
        with_text.sign_in(client)
        assert client.get(f"/test/result/{FactorTest.objects.get().id}/").status_code == 404

    @pytest.mark.usefixtures("with_text")
    def test_the_page_answers_forms_and_reads_alone(self, client: Browser) -> None:
        assert client.put("/test/text/").status_code == 405
        client.get("/test/text/")
        assert not SideSignIn.objects.exists()
