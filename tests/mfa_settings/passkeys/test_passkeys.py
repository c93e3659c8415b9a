"""Passkeys through the URL to the wire, with an authenticator that has no screen."""

import json
import re
from html import unescape
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from activity.domain import Event, Outcome
from activity.service import recent
from localpool.wire.faults import Fault
from mfa_settings.passkeys.domain import PROBLEM_OF_CODE, START_PASSKEY, Problem
from mfa_settings.passkeys.models import PasskeyLabel
from mfa_settings.passkeys.words import BROWSER_PROBLEMS, problem_sentence
from signin.models import User
from tests.attempts import use_up
from tests.pages import Page, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere
from tests.soft_passkey import SoftPasskey
from userpool.models import PasskeyFactor
from userpool.policy import rp_id_matches

pytestmark = pytest.mark.django_db(transaction=True)
LIST, START = "ListWebAuthnCredentials", "StartWebAuthnRegistration"
COMPLETE, DELETE = "CompleteWebAuthnRegistration", "DeleteWebAuthnCredential"


@pytest.fixture
def signed_in(client: Browser, person: Person) -> Browser:
    """Somebody in a pool with passkeys for `localhost`, as the portal's own address is."""
    person.pool.allow_passkeys("localhost")
    person.sign_in(client)
    return client


def begin(client: Browser) -> str:
    answer = client.submit("/passkeys/start/")
    assert answer.status_code == 302, words(answer)
    return answer["Location"]


def options_on(page: Page) -> Any:
    found = re.search(r'<script id="options"[^>]*>(.*?)</script>', page.content.decode())
    assert found, words(page)
    return json.loads(unescape(found[1]))


def finish(client: Browser, location: str, credential: Any) -> Page:
    answer = client.submit(f"{location}finish/", credential=json.dumps(credential))
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def add(client: Browser, passkey: SoftPasskey | None = None) -> SoftPasskey:
    passkey = passkey or SoftPasskey()
    location = begin(client)
    page = finish(client, location, passkey.create(options_on(client.get(location))))
    assert "Passkey added" in words(page)
    return passkey


def latest(person: Person) -> tuple[Event, Outcome]:
    entry = recent(person=person.uid)[0]
    return entry.event, entry.outcome


def refuse(person: Person, operation: str, code: str, **more: Any) -> None:
    person.pool.server.faults.add(
        Fault(on=operation, answer="error", code=code, status=400, **more)
    )


class TestAdding:
    def test_a_passkey_is_added_listed_and_recorded(
        self, signed_in: Browser, person: Person
    ) -> None:
        assert "You have no passkey yet" in words(signed_in.get("/passkeys/"))
        add(signed_in, SoftPasskey(attachment="cross-platform", transports=("usb", "new")))
        page = words(signed_in.get("/passkeys/"))
        assert "Passkey 1 Security key (plugged in)" in page
        assert latest(person) == (Event.PASSKEY_ADDED, Outcome.CONFIRMED)

    def test_looking_never_starts_anything(self, signed_in: Browser, person: Person) -> None:
        location = begin(signed_in)
        calls = person.pool.server.calls
        calls.clear()
        for path in ("/passkeys/", location, location):
            assert signed_in.get(path).status_code == 200
        for path in ("/passkeys/start/", "/passkeys/away/", f"{location}finish/"):
            assert signed_in.get(path).status_code == 302
        assert calls.of(START, COMPLETE) == []

    def test_the_list_and_an_addition_make_only_the_calls_they_need(
        self, signed_in: Browser, person: Person
    ) -> None:
        calls = person.pool.server.calls
        signed_in.get("/passkeys/")
        calls.clear()
        signed_in.get("/passkeys/")
        assert sorted(calls.names()) == ["GetUser", "GetUserAuthFactors", LIST]
        calls.clear()
        location = begin(signed_in)
        # Read once more than elsewhere: the sign-in was with a password alone, so whether that is
        # enough depends on what is on.
        read = ["GetUser", "GetUserAuthFactors"]
        assert sorted(calls.names()) == sorted([*read, *read, LIST, START])
        credential = SoftPasskey().create(options_on(signed_in.get(location)))
        calls.clear()
        signed_in.submit(f"{location}finish/", credential=json.dumps(credential))
        assert sorted(calls.names()) == sorted([*read, COMPLETE, LIST])

    def test_an_answer_sent_twice_is_handed_on_once(
        self, signed_in: Browser, person: Person
    ) -> None:
        location = begin(signed_in)
        credential = SoftPasskey().create(options_on(signed_in.get(location)))
        for _ in range(2):
            assert "Passkey added" in words(finish(signed_in, location, credential))
        assert len(person.pool.server.calls.of(COMPLETE)) == 1
        assert "after=" in signed_in.get(location)["Location"]

    def test_nobody_sees_or_finishes_somebody_elses_ceremony(
        self, signed_in: Browser, person: Person
    ) -> None:
        location = begin(signed_in)
        other = Browser()
        person.pool.person("ben").sign_in(other)
        assert other.get(location).status_code == 404
        assert other.submit(f"{location}finish/", credential="{}").status_code == 404

    @pytest.mark.parametrize("code", PROBLEM_OF_CODE)
    def test_every_refusal_of_cognito_has_its_words(
        self, signed_in: Browser, person: Person, code: str
    ) -> None:
        said = str(problem_sentence(PROBLEM_OF_CODE[code]))
        location = begin(signed_in)
        credential = SoftPasskey().create(options_on(signed_in.get(location)))
        refuse(person, COMPLETE, code)
        page = words(finish(signed_in, location, credential))
        assert "No passkey was added" in page
        assert said in page
        assert latest(person) == (Event.PASSKEY_ADDED, Outcome.REFUSED)
        refuse(person, START, code)
        refused = signed_in.submit("/passkeys/start/")
        assert refused.status_code == 409
        assert said in words(refused)

    def test_what_cognito_itself_refuses_is_told(self, signed_in: Browser) -> None:
        location = begin(signed_in)
        options = options_on(signed_in.get(location))
        foreign = SoftPasskey(origin="https://evil.example").create(options)
        said = words(finish(signed_in, location, foreign))
        assert str(problem_sentence(Problem.WRONG_PLACE)) in said

    @pytest.mark.parametrize("sent", ["", "no JSON", "[]", '{"id": 1}', '{"id": "a"}'])
    def test_an_answer_that_can_not_be_read_is_not_sent_to_cognito(
        self, signed_in: Browser, person: Person, sent: str
    ) -> None:
        answer = signed_in.submit(f"{begin(signed_in)}finish/", credential=sent)
        assert answer.status_code == 422
        assert str(problem_sentence(Problem.UNREADABLE)) in words(answer)
        assert person.pool.server.calls.of(COMPLETE) == []

    def test_a_lost_answer_is_found_out_by_listing(
        self, signed_in: Browser, person: Person
    ) -> None:
        location = begin(signed_in)
        credential = SoftPasskey().create(options_on(signed_in.get(location)))
        person.pool.server.faults.add(Fault(on=COMPLETE, answer="drop", done=True))
        assert "Passkey added" in words(finish(signed_in, location, credential))
        assert latest(person) == (Event.PASSKEY_ADDED, Outcome.CONFIRMED)

    def test_a_busy_cognito_loses_nothing(self, signed_in: Browser, person: Person) -> None:
        location = begin(signed_in)
        credential = SoftPasskey().create(options_on(signed_in.get(location)))
        refuse(person, COMPLETE, "TooManyRequestsException")
        assert finish(signed_in, location, credential).status_code == 503
        assert "Passkey added" in words(finish(signed_in, location, credential))

    def test_twenty_are_the_most_and_it_is_said_before_the_try(
        self, signed_in: Browser, person: Person
    ) -> None:
        access = person.access_token()
        for _ in range(20):
            options = person.pool.admin.start_web_authn_registration(AccessToken=access)
            person.pool.admin.complete_web_authn_registration(
                AccessToken=access,
                Credential=SoftPasskey().create(options["CredentialCreationOptions"]),
            )
        assert "as many passkeys as there can be" in words(signed_in.get("/passkeys/"))
        person.pool.server.calls.clear()
        assert signed_in.submit("/passkeys/start/").status_code == 409
        assert person.pool.server.calls.of(START) == []

    def test_the_number_of_starts_is_limited(self, signed_in: Browser, person: Person) -> None:
        use_up(START_PASSKEY, key=User.objects.get().uid)
        assert "in an hour" in words(signed_in.submit("/passkeys/start/"))
        assert person.pool.server.calls.of(START) == []


class TestNaming:
    def test_a_label_is_kept_and_can_be_given_up(self, signed_in: Browser) -> None:
        passkey = add(signed_in)
        signed_in.submit(f"/passkeys/{passkey.id}/name/", label="Grandma's phone")
        assert "Grandma's phone" in words(signed_in.get("/passkeys/"))
        signed_in.submit(f"/passkeys/{passkey.id}/name/", label="")
        assert "Passkey 1" in words(signed_in.get("/passkeys/"))

    def test_a_label_that_is_too_long_is_not_lost(self, signed_in: Browser) -> None:
        passkey = add(signed_in)
        answer = signed_in.submit(f"/passkeys/{passkey.id}/name/", label="x" * 51)
        assert answer.status_code == 422
        assert f'value="{"x" * 51}"' in answer.content.decode()

    def test_somebody_elses_passkey_can_not_be_named(self, signed_in: Browser) -> None:
        assert signed_in.submit("/passkeys/foreign/name/", label="Mine").status_code == 404


class TestRemoving:
    def test_it_is_asked_first_and_then_gone_with_its_label(
        self, signed_in: Browser, person: Person
    ) -> None:
        passkey = add(signed_in)
        signed_in.submit(f"/passkeys/{passkey.id}/name/", label="Old phone")
        path = f"/passkeys/{passkey.id}/remove/"
        asked = words(signed_in.get(path))
        assert "Remove “Old phone”?" in asked
        assert "your last passkey" in asked
        assert "a removed passkey can't be brought back." in asked
        assert person.pool.server.calls.of(DELETE) == []
        answer = signed_in.submit(path)
        assert "Passkey removed" in words(signed_in.get(answer["Location"]))
        assert not PasskeyLabel.objects.exists()
        assert latest(person) == (Event.PASSKEY_REMOVED, Outcome.CONFIRMED)
        assert signed_in.get(path)["Location"] == "/passkeys/"

    def test_the_only_way_in_is_not_removed(self, signed_in: Browser, person: Person) -> None:
        passkey = add(signed_in)
        pool = person.pool
        # Nobody in this pool is made without a password; one who never had any looks like this.
        pool.server.state.pools[pool.config.pool_id].users[person.subject].password_hash = None
        answer = signed_in.submit(f"/passkeys/{passkey.id}/remove/")
        assert answer.status_code == 409
        assert "the only way into your account" in words(answer)
        assert pool.server.calls.of(DELETE) == []
        another = add(signed_in)
        signed_in.submit(f"/passkeys/{passkey.id}/remove/")
        assert len(pool.server.calls.of(DELETE)) == 1
        assert another.id in signed_in.get("/passkeys/").content.decode()

    def test_a_passkey_that_is_not_there_is_not_removed(
        self, signed_in: Browser, person: Person
    ) -> None:
        before = latest(person)
        assert signed_in.submit("/passkeys/made-up/remove/")["Location"] == "/passkeys/"
        assert person.pool.server.calls.of(DELETE) == []
        assert latest(person) == before

    def test_the_last_one_that_is_a_second_step_says_what_it_means(
        self, signed_in: Browser, person: Person
    ) -> None:
        passkey = add(signed_in)
        PasskeyFactor.objects.create(person=person.uid, on=True, sure=True)
        assert "also your second step" in words(signed_in.get(f"/passkeys/{passkey.id}/remove/"))

    def test_a_removal_that_no_read_shows_is_no_success(
        self, signed_in: Browser, person: Person
    ) -> None:
        passkey = add(signed_in)
        person.pool.server.faults.add(Fault(DELETE, answer="drop", done=False, times=2))
        answer = signed_in.submit(f"/passkeys/{passkey.id}/remove/")
        assert "whether the passkey was removed" in words(signed_in.get(answer["Location"]))
        assert latest(person) == (Event.PASSKEY_REMOVED, Outcome.UNKNOWN)

    def test_a_link_of_somebody_elses_tells_no_news(self, signed_in: Browser) -> None:
        for made_up in ("told=x", "removed", "after=x"):
            said = words(signed_in.get(f"/passkeys/?{made_up}"))
            assert "Passkey removed" not in said
            assert "Passkey added" not in said


class TestWhereItCanBeDone:
    def test_a_pool_for_another_address_is_served_by_managed_login(
        self, client: Browser, person: Person, settings: Settings
    ) -> None:
        person.pool.allow_passkeys("localhost")
        person.sign_in(client)
        settings.PORTAL_URL = "http://portal.test"
        assert "added on the sign-in page" in words(client.get("/passkeys/"))
        assert client.submit("/passkeys/start/").status_code == 409
        away = client.submit("/passkeys/away/")["Location"]
        assert away.startswith(f"{person.pool.server.url}/passkeys/add?client_id=")
        back = client.get("/passkeys/back/")["Location"]
        assert "No new passkey" in words(client.get(back))
        access = person.access_token()
        options = person.pool.admin.start_web_authn_registration(AccessToken=access)
        person.pool.admin.complete_web_authn_registration(
            AccessToken=access,
            Credential=SoftPasskey().create(options["CredentialCreationOptions"]),
        )
        assert "Passkey added" in words(client.get(back))

    @pytest.mark.parametrize(
        ("relying_party_id", "said"),
        [("", "not switched on"), ("elsewhere.example", "does not match")],
    )
    def test_where_nothing_can_be_added_the_reason_is_given(
        self, client: Browser, person: Person, relying_party_id: str, said: str
    ) -> None:
        if relying_party_id:
            person.pool.allow_passkeys(relying_party_id)
        person.sign_in(client)
        page = client.get("/passkeys/")
        assert said in words(page)
        assert "Add a passkey" not in words(page)

    def test_people_of_another_provider_are_told(self, client: Browser, pool: Pool) -> None:
        pool.allow_passkeys("localhost")
        sign_in_elsewhere(pool, client, provider="Example", email="a@example.com")
        assert "another provider" in words(client.get("/passkeys/"))

    def test_a_host_matches_its_own_id_and_those_above_it(self) -> None:
        assert rp_id_matches("account.example.com", "example.com")
        assert rp_id_matches("localhost", "localhost")
        assert not rp_id_matches("example.com", "account.example.com")
        assert not rp_id_matches("badexample.com", "example.com")


def test_every_name_a_browser_may_give_has_words() -> None:
    expected = {"NotAllowedError", "InvalidStateError", "SecurityError", "NotSupportedError"}
    assert {*expected, "ConstraintError", "AbortError", "NoWebAuthn", "Other"} == set(
        BROWSER_PROBLEMS
    )
    assert all(str(problem_sentence(problem)) for problem in Problem)
