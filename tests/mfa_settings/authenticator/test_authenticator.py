"""Set up an authenticator app, replace it, and every code that does not work."""

import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from localpool import Fault
from mfa_settings.authenticator import service
from mfa_settings.authenticator.domain import (
    LONGEST_ACCOUNT_NAME,
    MAX_STARTS_AN_HOUR,
    MAX_WRONG_CODES,
    clock_offset,
    key_in_groups,
    key_uri,
)
from mfa_settings.authenticator.models import AuthenticatorSetUp
from signin.codes import clean_code
from signin.models import User
from tests import log
from tests.pages import Page, fields, form_of, title, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"
# Digits to Python, but not to Cognito.
FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(1, 7))
BUSY = "TooManyRequestsException"


def begin(client: Browser, **posted: str) -> str:
    """Press the button; the address of the set-up."""
    answer = client.submit("/authenticator/start/", **posted)
    assert answer.status_code == 302, words(answer)
    return answer["Location"]


def key_on(page: Page) -> str:
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page.content.decode())
    assert found, words(page)
    return found[1].replace(" ", "")


def try_code(client: Browser, location: str, code: str) -> Page:
    """Enter a code; the page that tells how it went."""
    answer = client.submit(f"{location}verify/", code=code)
    while answer.status_code == 302:
        answer = client.get(answer["Location"])
    return answer


def connect(client: Browser, person: Person) -> Page:
    """The whole set-up with a right code; the page after it."""
    location = begin(client)
    person.secret = key_on(client.get(location))
    return try_code(client, location, person.code_of_app())


@pytest.mark.django_db
class TestSettingUp:
    def test_looking_at_pages_never_asks_for_a_key(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.server.calls.clear()
        for path in ("/", "/authenticator/", location, f"{location}qr.svg", location):
            assert client.get(path).status_code == 200
        assert person.pool.server.calls.of("AssociateSoftwareToken") == []
        assert client.get("/authenticator/start/")["Location"] == "/authenticator/"
        assert client.get(f"{location}verify/")["Location"] == location
        assert person.pool.server.calls.of("AssociateSoftwareToken", "VerifySoftwareToken") == []

    def test_a_reload_shows_the_same_picture_and_key(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        first, second = client.get(location), client.get(location)
        assert key_on(first) == key_on(second)
        assert client.get(f"{location}qr.svg").content == client.get(f"{location}qr.svg").content

    def test_pressing_start_again_comes_back_to_the_same_set_up(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        assert begin(client) == begin(client)
        assert len(person.pool.server.calls.of("AssociateSoftwareToken")) == 1

    def test_starting_again_shows_a_new_picture_and_ends_the_old_one(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        first, second = begin(client), begin(client, again="1")
        assert first != second
        over = client.get(first)
        assert over.status_code == 410
        assert "This picture and its key no longer work" in words(over)
        assert client.get(f"{first}qr.svg").status_code == 404
        assert client.get(second).status_code == 200

    def test_the_picture_is_dark_on_white_with_its_quiet_zone_and_kept_by_nobody(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        picture = client.get(f"{location}qr.svg")
        assert picture["Content-Type"] == "image/svg+xml"
        assert "no-store" in picture["Cache-Control"]
        svg = picture.content.decode()
        assert 'stroke="#000"' in svg
        assert 'fill="#fff"' in svg
        assert "M4 4.5" in svg

    def test_the_key_is_shown_in_groups_of_four_and_not_in_the_alternative_text(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        page = client.get(begin(client)).content.decode()
        key = key_on(client.get(begin(client)))
        assert key_in_groups(key) in page
        alternatives = re.findall(r'alt="([^"]*)"', page)
        assert alternatives == ["QR code to scan with your authenticator app"]

    def test_the_app_works_and_is_then_offered_to_be_asked_first(
        self, client: Browser, person: Person
    ) -> None:
        person.use_text_messages()
        person.sign_in(client)
        page = connect(client, person)
        assert "Your app works It is not asked for yet." in words(page)
        assert "Turn it on, and keep asking for this first: Text message" in words(page)
        assert person.mfa() == ({TEXT}, TEXT)

    @pytest.mark.parametrize(
        ("use", "after"),
        [("first", ({APP, TEXT}, APP)), ("on", ({APP, TEXT}, TEXT)), ("later", ({TEXT}, TEXT))],
    )
    def test_each_answer_to_the_offer_does_what_it_says(
        self, client: Browser, person: Person, use: str, after: tuple[set[str], str]
    ) -> None:
        person.use_text_messages()
        person.sign_in(client)
        connect(client, person)
        done = f"/authenticator/{AuthenticatorSetUp.objects.get().id}/done/"
        answer = client.submit(done, use=use)
        if use != "later":
            answer = client.submit(f"{answer['Location']}save/")
        assert client.get(answer["Location"]).status_code == 200
        assert person.mfa() == after
        assert person.asked() == after[1]

    def test_no_answer_to_the_offer_is_asked_for_again(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        connect(client, person)
        done = f"/authenticator/{AuthenticatorSetUp.objects.get().id}/done/"
        answer = client.submit(done, use="pigeon")
        assert answer.status_code == 422
        assert "Choose one." in words(answer)

    def test_a_set_up_that_is_finished_leads_to_its_end(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        connect(client, person)
        location = f"/authenticator/{AuthenticatorSetUp.objects.get().id}/"
        assert client.get(location)["Location"] == f"{location}done/"
        assert client.submit(f"{location}verify/", code="123456")["Location"] == location
        assert person.pool.server.calls.names().count("VerifySoftwareToken") == 1

    def test_an_unfinished_set_up_has_no_end(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        assert client.get(f"{location}done/")["Location"] == location

    def test_somebody_elses_set_up_does_not_exist(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        thief = Browser()
        person.pool.person("ben").sign_in(thief)
        for path in (location, f"{location}qr.svg", f"{location}done/"):
            assert thief.get(path).status_code == 404
        assert thief.submit(f"{location}verify/", code="123456").status_code == 404

    def test_the_key_is_sealed_in_the_database_and_gone_afterwards(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        key = key_on(client.get(begin(client)))
        row = AuthenticatorSetUp.objects.get()
        assert row.sealed_key
        assert key not in row.sealed_key
        person.secret = key
        client.submit(f"/authenticator/{row.id}/verify/", code=person.code_of_app())
        row.refresh_from_db()
        assert row.sealed_key == ""

    def test_where_the_pool_offers_no_app_nothing_can_be_started(
        self, client: Browser, person: Person
    ) -> None:
        person.pool.set_mfa("OPTIONAL", TEXT)
        person.sign_in(client)
        assert "An authenticator app is not offered" in words(client.get("/authenticator/"))
        answer = client.submit("/authenticator/start/")
        assert answer.status_code == 410
        assert "Your account can't use an authenticator app." in words(answer)
        assert person.pool.server.calls.of("AssociateSoftwareToken") == []


@pytest.mark.django_db
class TestReplacing:
    def test_the_old_app_is_asked_for_until_the_new_one_works(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        assert "keep it until the new one works." in words(client.get("/authenticator/"))
        begin(client)
        assert person.mfa() == ({APP}, APP)
        assert person.asked() == APP

    def test_the_new_app_is_asked_for_afterwards_and_the_old_one_is_dead(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        old = person.secret
        page = connect(client, person)
        assert "The old app no longer works." in words(page)
        assert "you will be asked for the code from your authenticator app" in words(page)
        assert person.secret != old
        assert person.sign_in(Browser()) == [APP]

    def test_that_it_can_not_be_taken_back_is_said_before_and_at_the_last_step(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        assert "stops working for good: this can't be taken back." in words(
            client.get("/authenticator/")
        )
        last_step = words(client.get(begin(client)))
        assert "your old app no longer works. This can't be taken back." in last_step

    def test_a_first_app_takes_nothing_away(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        assert "taken back" not in words(client.get("/authenticator/"))
        assert "taken back" not in words(client.get(begin(client)))

    def test_a_pool_that_silences_the_old_app_at_once_ends_with_the_new_one(
        self, client: Browser, person: Person
    ) -> None:
        """Associating may silence the old app; nobody ends with less."""
        person.set_up_app()
        person.use_text_messages(first=False)
        person.sign_in(client)
        with person.pool.server.switches.played(associate_over_verified="drop"):
            begin(client)
            # What the page warned of: half-way, the old app is not asked for.
            assert person.asked() != APP
            page = words(client.get("/"))
            assert "You began to move to a new app and did not finish" in page
            assert "you may not be asked for a code at all" in page
            connect(client, person)
        assert "did not finish" not in words(client.get("/"))
        assert person.mfa() == ({APP, TEXT}, APP)
        assert person.sign_in(Browser()) == [APP]

    def test_a_move_that_cognito_refused_to_begin_is_not_called_unfinished(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        person.pool.server.faults.add(
            Fault("AssociateSoftwareToken", answer="error", status=400, code=BUSY)
        )
        assert client.submit("/authenticator/start/").status_code == 503
        assert "did not finish" not in words(client.get("/"))

    def test_a_move_that_was_given_up_is_forgotten_once_the_old_app_was_used(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app()
        person.sign_in(client)
        begin(client)
        assert "did not finish" in words(client.get("/"))
        later = Browser()
        person.pool.server.clock.advance(5)
        assert person.sign_in(later) == [APP]
        assert "did not finish" not in words(later.get("/"))


@pytest.mark.django_db
class TestCodes:
    def test_a_wrong_code_says_so_and_counts_the_tries(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        answer = try_code(client, location, "000 000")
        assert title(answer).startswith("Error:")
        assert "That is not the code we expected." in words(answer)
        assert "You have 4 tries left." in words(answer)

    def test_a_reload_after_a_wrong_code_tells_it_again_and_tries_nothing(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        try_code(client, location, "000000")
        for _ in range(3):
            assert "You have 4 tries left." in words(client.get(location))
        assert person.pool.server.calls.names().count("VerifySoftwareToken") == 1

    def test_after_five_wrong_codes_the_set_up_is_closed(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        for _ in range(4):
            answer = try_code(client, location, "000000")
        assert "You have 1 try left." in words(answer)
        answer = try_code(client, location, "000000")
        assert answer.status_code == 410
        assert "Too many wrong codes." in words(answer)
        assert "Please start again" in words(client.get(location))

    def test_after_ten_wrong_codes_in_an_hour_no_new_set_up_begins(
        self, client: Browser, person: Person
    ) -> None:
        """They are counted by person, over every set-up."""
        person.sign_in(client)
        for _ in range(2):
            location = begin(client, again="1")
            for _ in range(5):
                client.submit(f"{location}verify/", code="000000")
        answer = client.submit("/authenticator/start/", again="1")
        assert answer.status_code == 410
        assert "you can start again in an hour" in words(answer)
        assert form_of(answer) == {}
        AuthenticatorSetUp.objects.update(
            created_at=datetime.now(UTC) - timedelta(hours=1, minutes=31)
        )
        assert begin(client)

    def test_a_code_works_once(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.server.faults.add(
            Fault(
                "VerifySoftwareToken",
                answer="error",
                status=400,
                code="EnableSoftwareTokenMFAException",
                message="Your software token has already been used once.",
            )
        )
        answer = try_code(client, location, "123456")
        assert "That code has been used already, and each code works once." in words(answer)
        # It was no wrong guess.
        assert "tries left" not in words(answer)

    @pytest.mark.parametrize(
        ("minutes", "sentence"),
        [
            (5, "Your phone's clock is about 5 minutes ahead, and"),
            (-1, "Your phone's clock is about 1 minute behind, and"),
        ],
    )
    def test_a_clock_out_of_step_is_told_apart_from_a_wrong_code(
        self, client: Browser, person: Person, minutes: int, sentence: str
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        key = key_on(client.get(location))
        there = person.pool.server.clock.now() + timedelta(minutes=minutes)
        answer = try_code(client, location, pyotp.TOTP(key).at(there))
        assert sentence in words(answer)
        assert "Set your phone to take the time automatically" in words(answer)

    def test_a_set_up_that_nobody_came_back_to_is_over(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=True):
            other = Browser()
            person.sign_in(other)
            answer = try_code(other, location, "123456")
            assert answer.status_code == 410
            assert "This picture and its key no longer work" in words(answer)
            assert "Start again" in words(answer)
            assert other.get(f"{location}qr.svg").status_code == 404

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            ("ExpiredCodeException", "This picture and its key no longer work"),
            ("LimitExceededException", "Too many wrong codes."),
        ],
    )
    def test_cognito_may_end_a_set_up_too(
        self, client: Browser, person: Person, code: str, sentence: str
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.server.faults.add(
            Fault("VerifySoftwareToken", answer="error", status=400, code=code, message="No")
        )
        answer = try_code(client, location, "123456")
        assert answer.status_code == 410
        assert sentence in words(answer)

    def test_a_busy_cognito_costs_no_try(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.secret = key_on(client.get(location))
        person.pool.server.faults.add(
            Fault("VerifySoftwareToken", answer="error", status=400, code=BUSY)
        )
        answer = client.submit(f"{location}verify/", code=person.code_of_app())
        assert answer.status_code == 503
        answer = client.submit(f"{location}verify/", code=person.code_of_app())
        assert answer["Location"] == location
        assert client.get(location)["Location"] == f"{location}done/"

    def test_a_lost_answer_is_not_called_wrong(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.server.faults.add(Fault("VerifySoftwareToken", answer="html"))
        answer = try_code(client, location, "123456")
        assert "we don't know whether that worked" in words(answer)
        assert log.outcomes()[0].result == "unknown"

    def test_a_pool_that_stops_offering_apps_ends_the_set_up(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.set_mfa("OPTIONAL", TEXT)
        answer = client.submit(f"{location}verify/", code="123456")
        assert answer["Location"] == location
        assert "Your account can't use an authenticator app." in words(client.get(location))

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", FULL_WIDTH, "12 34 5x"])
    def test_a_text_that_is_no_code_never_reaches_cognito(
        self, client: Browser, person: Person, typed: str
    ) -> None:
        """A code is six ASCII digits."""
        person.sign_in(client)
        location = begin(client)
        answer = client.submit(f"{location}verify/", code=typed)
        assert answer.status_code == 422
        assert fields(answer)["code"]["value"] == typed
        assert person.pool.server.calls.of("VerifySoftwareToken") == []

    def test_spaces_and_hyphens_are_no_mistake(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.secret = key_on(client.get(location))
        code = person.code_of_app()
        assert "Your app works" in words(try_code(client, location, f" {code[:3]}-{code[3:]} "))

    def test_a_first_press_that_never_got_its_key_is_not_waited_for_forever(
        self, client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "_WAIT_FOR_THE_FIRST", 0.3)
        person.sign_in(client)
        begin(client)
        AuthenticatorSetUp.objects.update(sealed_key="")
        answer = client.submit("/authenticator/start/")
        assert answer.status_code == 503
        assert "Nothing was changed" in words(answer)
        assert key_on(client.get(begin(client)))

    def test_a_key_that_can_not_be_opened_any_more_ends_the_set_up(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        AuthenticatorSetUp.objects.update(sealed_key="sealed with a key that is gone")
        over = client.get(location)
        assert over.status_code == 410
        assert form_of(over) == {"again": "1"}
        answer = try_code(client, location, "123456")
        assert answer.status_code == 410
        assert begin(client, again="1") != location

    def test_a_tenth_wrong_code_in_an_hour_closes_the_set_up_it_is_typed_in(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        AuthenticatorSetUp.objects.create(
            person=User.objects.get(), wrong_codes=10, ended_at=datetime.now(UTC)
        )
        answer = try_code(client, location, "123456")
        assert "you can start again in an hour" in words(answer)
        assert person.pool.server.calls.of("VerifySoftwareToken") == []

    def test_starting_again_and_again_has_an_end(self, client: Browser, person: Person) -> None:
        """Each start spends a quota that the whole AWS account shares."""
        person.sign_in(client)
        while client.submit("/authenticator/start/", again="1").status_code == 302:
            pass
        assert len(person.pool.server.calls.of("AssociateSoftwareToken")) == MAX_STARTS_AN_HOUR

    def test_the_last_start_that_is_allowed_can_be_finished(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        for _ in range(MAX_STARTS_AN_HOUR):
            location = begin(client, again="1")
        person.secret = key_on(client.get(location))
        assert "Your app works" in words(try_code(client, location, person.code_of_app()))

    def test_a_name_of_any_length_makes_a_picture(self, client: Browser, pool: Pool) -> None:
        person = pool.person("ana", email="", email_verified="")
        person.sign_in(client)
        location = begin(client)
        AuthenticatorSetUp.objects.update(account_name="\u6f22" * LONGEST_ACCOUNT_NAME)
        assert client.get(f"{location}qr.svg").status_code == 200

    def test_somebody_of_another_provider_can_start_nothing(
        self, client: Browser, pool: Pool
    ) -> None:
        sign_in_elsewhere(pool, client, provider="ExampleCorp", email="gus@example.org")
        answer = client.submit("/authenticator/start/")
        assert "Your account can't use an authenticator app." in words(answer)
        assert pool.server.calls.of("AssociateSoftwareToken") == []


@pytest.mark.django_db(transaction=True)
class TestPressedTwiceAtOnce:
    def test_wrong_codes_side_by_side_do_not_outnumber_the_tries(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        location = begin(client)
        person.pool.server.faults.add(Fault("VerifySoftwareToken", seconds=0.2, times=None))
        self.press(client, f"{location}verify/", times=9, code="000000")
        assert len(person.pool.server.calls.of("VerifySoftwareToken")) <= MAX_WRONG_CODES

    def press(self, client: Browser, path: str, *, times: int = 3, **posted: str) -> list[Page]:
        answers: list[Page] = []

        def once() -> None:
            browser = Browser()
            browser.cookies = client.cookies
            answers.append(browser.submit(path, **posted))
            connection.close()

        threads = [threading.Thread(target=once) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def test_start_asks_for_one_key(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        client.get("/")
        person.pool.server.faults.add(Fault("AssociateSoftwareToken", seconds=0.4))
        answers = self.press(client, "/authenticator/start/")
        assert len({answer["Location"] for answer in answers}) == 1
        assert len(person.pool.server.calls.of("AssociateSoftwareToken")) == 1

    def test_the_same_code_twice_is_a_success_once(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        location = begin(client)
        person.secret = key_on(client.get(location))
        person.pool.server.faults.add(Fault("VerifySoftwareToken", seconds=0.3))
        answers = self.press(client, f"{location}verify/", code=person.code_of_app())
        assert {answer.status_code for answer in answers} == {302}
        assert {answer["Location"] for answer in answers} == {location}
        assert "Your app works" in words(client.get(f"{location}done/"))


# --- the pure part ---


@given(
    key=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=64),
    account=st.text(min_size=1, max_size=60),
    issuer=st.text(min_size=1, max_size=40),
)
def test_an_app_reads_back_what_the_address_says(key: str, account: str, issuer: str) -> None:
    parts = urlsplit(key_uri(key=key, account_name=account, issuer=issuer))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    label_issuer, _, label_account = parts.path.removeprefix("/").partition(":")
    assert (unquote(label_issuer), unquote(label_account)) == (issuer, account)
    assert parse_qs(parts.query, strict_parsing=True) == {"secret": [key], "issuer": [issuer]}


@given(
    digits=st.from_regex(r"[0-9]{6}", fullmatch=True), gaps=st.lists(st.sampled_from(" -\u2011"))
)
def test_a_code_is_read_however_it_is_spaced(digits: str, gaps: list[str]) -> None:
    typed = "".join(d + (gaps[i] if i < len(gaps) else "") for i, d in enumerate(digits))
    assert clean_code(typed) == digits


@given(minutes=st.integers(-14, 14))
def test_a_clock_offset_is_found_within_its_range(minutes: int) -> None:
    key, now = "JBSWY3DPEHPK3PXP" * 2, datetime(2026, 11, 24, 12, tzinfo=UTC)
    code = pyotp.TOTP(key).at(now + timedelta(minutes=minutes))
    assert clock_offset(key=key, code=code, now=now) == timedelta(minutes=minutes)


def test_a_clock_in_another_time_zone_is_not_guessed_at() -> None:
    key, now = "JBSWY3DPEHPK3PXP" * 2, datetime(2026, 11, 24, 12, tzinfo=UTC)
    code = pyotp.TOTP(key).at(now + timedelta(hours=1))
    assert clock_offset(key=key, code=code, now=now) is None
