"""Phone number and email address: add, change, confirm, remove; and every way it can go wrong."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import phonenumbers
import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

import localpool
from activity.models import LogEntry
from localpool import Fault
from mfa_settings.contact_points.domain import (
    Problem,
    clean_phone,
    could_be,
    readable_contact,
    why_no_change,
    why_no_removal,
)
from mfa_settings.contact_points.models import ContactChange
from tests.conftest import make_pool
from tests.pages import Page, fields, form_of, words
from tests.people import SMS, Browser, Person, Pool, sign_in_elsewhere
from userpool.policy import Mode, Policy
from userpool.values import Attribute, ContactPoint, Preference, Status

BOTH = ["email", "phone_number"]
NEW = {"phone": "+49 1512 0000001", "email": "new@example.com"}
STORED = {"phone": "+4915120000001", "email": "new@example.com"}
ATTRIBUTE = {"phone": "phone_number", "email": "email"}
SENDS = ("UpdateUserAttributes", "GetUserAttributeVerificationCode")


def configure(pool: Pool, *, keeps: bool, automatic: bool = True, mode: str = "OPTIONAL") -> None:
    settings: Any = {"AttributesRequireVerificationBeforeUpdate": BOTH} if keeps else {}
    pool.admin.update_user_pool(
        UserPoolId=pool.config.pool_id,
        MfaConfiguration=mode,
        AutoVerifiedAttributes=BOTH if automatic or keeps else [],
        UserAttributeUpdateSettings=settings,
        **SMS,
    )
    cache.clear()


@pytest.fixture(params=[True, False], ids=["keeps", "overwrites"])
def keeps(request: pytest.FixtureRequest, pool: Pool) -> bool:
    configure(pool, keeps=request.param)
    return bool(request.param)


def held(person: Person) -> dict[str, str]:
    user = person.pool.admin.admin_get_user(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )
    return {item["Name"]: item["Value"] for item in user["UserAttributes"]}


def follow(client: Browser, answer: Page) -> Page:
    while answer.status_code == 302:
        answer = client.get(answer["Location"])
    return answer


def enter(client: Browser, slug: str, value: str = "") -> Page:
    return follow(client, client.submit(f"/contact/{slug}/change/", value=value or NEW[slug]))


def check(client: Browser, slug: str, code: str) -> Page:
    form = form_of(client.get(f"/contact/{slug}/code/"))
    return follow(client, client.submit(f"/contact/{slug}/code/", **(form | {"code": code})))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["phone", "email"])
class TestChanging:
    def test_a_new_value_is_confirmed_with_its_code(
        self, client: Browser, person: Person, keeps: bool, slug: str
    ) -> None:
        old = held(person)[ATTRIBUTE[slug]]
        person.sign_in(client)
        page = words(client.get(f"/contact/{slug}/change/"))
        assert ("stays in use until you enter the code" in page) is keeps
        assert ("Then it is gone: to have it back, you would have to confirm" in page) is keeps
        assert ("replaces the old one at once" in page) is not keeps
        assert ("even before you enter the code. This can't be taken back." in page) is not keeps
        page = words(enter(client, slug))
        assert f"We send it to {NEW[slug]}" in page
        assert ("nothing else about your account changes" in page) is keeps
        now = held(person)
        assert now[ATTRIBUTE[slug]] == (old if keeps else STORED[slug])
        assert now[f"{ATTRIBUTE[slug]}_verified"] == ("true" if keeps else "false")
        message = person.newest_message()
        assert (message["to"], message["purpose"]) == (STORED[slug], "attribute-verification")
        page = words(check(client, slug, message["code"]))
        assert "It is confirmed as yours" in page
        now = held(person)
        assert now[ATTRIBUTE[slug]] == STORED[slug]
        assert now[f"{ATTRIBUTE[slug]}_verified"] == "true"
        kept = str(list(LogEntry.objects.values()))
        assert STORED[slug] not in kept
        assert STORED[slug] not in str(list(ContactChange.objects.values()))

    def test_where_the_pool_sends_nothing_by_itself_the_code_is_asked_for(
        self, client: Browser, person: Person, slug: str
    ) -> None:
        configure(person.pool, keeps=False, automatic=False)
        person.sign_in(client)
        enter(client, slug)
        assert person.newest_message()["to"] == STORED[slug]

    @pytest.mark.usefixtures("keeps")
    def test_the_step_survives_a_reload_and_signing_out(
        self, client: Browser, person: Person, slug: str
    ) -> None:
        person.sign_in(client)
        enter(client, slug)
        code = person.newest_message()["code"]
        client.submit("/sign-out/")
        person.sign_in(client)
        assert f"{NEW[slug]} waits for its code" in words(client.get("/contact/"))
        assert NEW[slug] in words(client.get(f"/contact/{slug}/code/"))
        assert len(person.pool.server.calls.of(*SENDS, pool_id=person.pool.config.pool_id)) == 1
        assert "It is confirmed" in words(check(client, slug, code))

    @pytest.mark.usefixtures("keeps")
    def test_a_wrong_code_says_what_to_do_and_a_reload_tries_nothing(
        self, client: Browser, person: Person, slug: str
    ) -> None:
        person.sign_in(client)
        enter(client, slug)
        right = person.newest_message()["code"]
        wrong = "000000" if right != "000000" else "111111"
        assert "That is not the code we sent." in words(check(client, slug, wrong))
        person.pool.server.calls.clear()
        assert "That is not the code we sent." in words(client.get(f"/contact/{slug}/code/"))
        assert person.pool.server.calls.of("VerifyUserAttribute") == []
        assert "It is confirmed" in words(check(client, slug, right))

    @pytest.mark.usefixtures("keeps")
    def test_cancelling_forgets_the_value(self, client: Browser, person: Person, slug: str) -> None:
        person.sign_in(client)
        enter(client, slug)
        page = words(follow(client, client.submit(f"/contact/{slug}/cancel/")))
        assert "waits for its code" not in page
        assert ContactChange.objects.filter(sealed_value="").count() == 1

    @pytest.mark.usefixtures("keeps")
    def test_removing_is_confirmed_first(self, client: Browser, person: Person, slug: str) -> None:
        person.sign_in(client)
        page = words(client.get(f"/contact/{slug}/remove/"))
        assert "taken off your account" in page
        assert "This can't be taken back: to have it again, you would add it and confirm" in page
        assert ATTRIBUTE[slug] in held(person)
        page = words(follow(client, client.submit(f"/contact/{slug}/remove/")))
        assert "Removed" in page
        assert ATTRIBUTE[slug] not in held(person)
        assert "Add" in page

    @pytest.mark.usefixtures("keeps")
    def test_an_unconfirmed_value_is_confirmed(
        self, client: Browser, pool: Pool, slug: str
    ) -> None:
        person = pool.person("ben", **{f"{ATTRIBUTE[slug]}_verified": "false"})
        person.sign_in(client)
        assert "Confirm this" in words(client.get("/contact/"))
        follow(client, client.submit(f"/contact/{slug}/confirm/"))
        assert "It is confirmed" in words(check(client, slug, person.newest_message()["code"]))


@pytest.mark.django_db
class TestLimits:
    @pytest.mark.usefixtures("keeps")
    def test_a_second_code_within_a_minute_is_told_the_time_left(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        enter(client, "email")
        with time_machine.travel(timezone.now() + timedelta(seconds=20)):
            answer = client.submit("/contact/email/resend/")
        assert answer.status_code == 422
        assert "To keep your account safe, wait" in words(answer)
        assert person.pool.server.calls.of("GetUserAttributeVerificationCode") == []
        # The page stands under the address of "Send a new code"; its code goes to be checked.
        assert '<form class="card--form" method="post" action="/contact/email/code/"' in (
            answer.content.decode()
        )

    @pytest.mark.usefixtures("keeps")
    def test_five_codes_are_sent_and_no_more(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        enter(client, "email")
        for minute in range(1, 6):
            with time_machine.travel(timezone.now() + timedelta(minutes=2 * minute)):
                answer = client.submit("/contact/email/resend/")
        assert "try again in 24 hours" in words(answer)
        assert len(person.pool.server.calls.of(*SENDS)) == 5

    @pytest.mark.usefixtures("keeps")
    def test_after_fifteen_checks_the_time_left_is_told(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        enter(client, "email")
        for _ in range(16):
            page = check(client, "email", "000000")
        assert "try again in 60 minutes" in words(page)
        assert len(person.pool.server.calls.of("VerifyUserAttribute")) == 15

    @pytest.mark.parametrize("operation", ["GetUserAttributeVerificationCode"])
    def test_a_limit_that_cognito_alone_knows_is_told_in_words(
        self, client: Browser, person: Person, operation: str
    ) -> None:
        configure(person.pool, keeps=False, automatic=False)
        person.sign_in(client)
        fault = Fault(operation, answer="error", code="LimitExceededException", status=400)
        person.pool.server.faults.add(fault)
        assert "Wait an hour" in words(enter(client, "email"))


@pytest.mark.django_db
class TestInTheWay:
    def test_a_number_that_is_asked_for_is_not_overwritten(
        self, client: Browser, person: Person, keeps: bool
    ) -> None:
        person.use_text_messages()
        person.sign_in(client)
        person.pool.server.calls.clear()
        page = words(enter(client, "phone"))
        if keeps:
            assert "Enter the code" in page
            return
        assert "First turn text messages off" in page
        assert person.pool.server.calls.of(*SENDS) == []

    @pytest.mark.usefixtures("keeps")
    def test_a_number_that_a_factor_uses_is_not_removed(
        self, client: Browser, person: Person
    ) -> None:
        person.use_text_messages()
        person.sign_in(client)
        assert "Text messages are on" in words(client.get("/contact/phone/remove/"))
        assert client.submit("/contact/phone/remove/").status_code == 409
        assert "phone_number" in held(person)

    def test_where_mfa_is_required_another_way_comes_first(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app(first=True)
        configure(person.pool, keeps=False, mode="ON")
        person.sign_in(client)
        assert "We send it to" in words(enter(client, "phone"))

    def test_where_mfa_is_required_the_only_way_is_not_overwritten(
        self, client: Browser, person: Person
    ) -> None:
        configure(person.pool, keeps=False, mode="ON")
        person.sign_in(client)
        assert "this number is your only one" in words(enter(client, "phone"))
        assert "this number is your only one" in words(client.get("/contact/phone/remove/"))
        assert held(person)["phone_number"] == "+4915123456789"

    @pytest.mark.usefixtures("keeps")
    def test_a_code_is_not_tried_once_another_tab_has_entered_another_value(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        enter(client, "email")
        old = form_of(client.get("/contact/email/code/"))
        code = person.newest_message()["code"]
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            enter(client, "email", "newer@example.com")
        answer = client.submit("/contact/email/code/", **(old | {"code": code}))
        assert "a newer change was begun" in words(answer)
        assert "newer@example.com" in words(answer)
        assert person.pool.server.calls.of("VerifyUserAttribute") == []

    @pytest.mark.usefixtures("keeps")
    def test_a_code_is_asked_for_anew_after_its_day(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        enter(client, "email")
        person.pool.server.faults.add(
            Fault("VerifyUserAttribute", answer="error", code="ExpiredCodeException", status=400)
        )
        assert "no longer works" in words(check(client, "email", "123456"))
        ContactChange.objects.update(created_at=timezone.now() - timedelta(hours=25))
        call_command("erase_expired")
        assert ContactChange.objects.exclude(sealed_value="").count() == 0

    @pytest.mark.usefixtures("keeps")
    @pytest.mark.parametrize("operation", ["UpdateUserAttributes", "VerifyUserAttribute"])
    def test_a_taken_address_is_refused_without_telling_whose_it_is(
        self, client: Browser, person: Person, operation: str
    ) -> None:
        person.sign_in(client)
        person.pool.server.faults.add(
            Fault(operation, answer="error", code="AliasExistsException", status=400)
        )
        page = enter(client, "email")
        if operation == "VerifyUserAttribute":
            page = check(client, "email", "123456")
        assert "This can't be used for your account." in words(page)
        if operation == "UpdateUserAttributes":
            assert fields(page)["value"]["value"] == NEW["email"]

    @pytest.mark.usefixtures("keeps")
    def test_an_app_client_that_may_not_write_is_told_in_words(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        person.pool.server.faults.add(
            Fault(
                "UpdateUserAttributes",
                answer="error",
                code="NotAuthorizedException",
                message="A client attempted to write unauthorized attribute",
                status=400,
            )
        )
        assert "does not allow this change here" in words(enter(client, "email"))

    @pytest.mark.parametrize("answer", ["empty", "html", "drop"])
    def test_a_write_that_is_said_but_not_done_is_never_called_done(
        self, client: Browser, person: Person, answer: str
    ) -> None:
        configure(person.pool, keeps=False)
        person.sign_in(client)
        enter(client, "email")
        person.pool.server.faults.add(Fault("VerifyUserAttribute", answer=answer, done=False))
        assert "we don't know whether that worked" in words(check(client, "email", "123456"))
        person.pool.server.faults.add(Fault("DeleteUserAttributes", answer="empty", done=False))
        assert "We don't know whether it was removed" in words(
            client.submit("/contact/phone/remove/")
        )

    @pytest.mark.usefixtures("keeps")
    def test_people_of_another_provider_change_it_there(self, client: Browser, pool: Pool) -> None:
        sign_in_elsewhere(pool, client, provider="ExampleCorp", email="fay@example.com")
        assert "Your organisation signs you in" in words(client.get("/contact/"))
        assert "Your organisation signs you in" in words(client.get("/contact/email/change/"))

    @pytest.mark.usefixtures("keeps")
    def test_looking_at_pages_sends_nothing_and_costs_one_read(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        client.get("/contact/")
        for path in ("", "phone/change/", "phone/remove/", "email/change/"):
            person.pool.server.calls.clear()
            assert client.get(f"/contact/{path}").status_code == 200
            assert sorted(person.pool.server.calls.names()).count("GetUser") == 1
            assert set(person.pool.server.calls.names()) <= {
                "GetUser",
                "GetUserAuthFactors",
                "GetUserPoolMfaConfig",
                "DescribeUserPool",
            }
        for path in ("phone/code/", "phone/resend/", "phone/cancel/", "phone/confirm/"):
            assert client.get(f"/contact/{path}").status_code == 302
        assert client.get("/contact/fax/change/").status_code == 404

    def test_without_a_way_to_reset_the_password_it_is_said_before(
        self, client: Browser, pool: Pool
    ) -> None:
        configure(pool, keeps=False)
        person = pool.person("ben", phone_number="", phone_number_verified="")
        person.sign_in(client)
        assert "no longer reset a forgotten password" in words(client.get("/contact/email/remove/"))
        assert "can't reset a forgotten password" in words(client.get("/contact/email/change/"))


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_one_code(client: Browser, person: Person) -> None:
    configure(person.pool, keeps=True)
    person.sign_in(client)
    other = Browser()
    other.cookies = client.cookies
    ends: list[int] = []

    def press(browser: Browser) -> None:
        answer = browser.submit("/contact/email/change/", value=NEW["email"])
        ends.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=(b,)) for b in (client, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [302, 302]
    assert len(person.pool.server.calls.of(*SENDS)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "+49 1512 3456789",
        "0049 1512 3456789",
        "+49 (0)1512-3456789",
        " +49.1512/3456789 ",
        "+4915123456789",
    ],
)
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    assert clean_phone(typed) == "+4915123456789"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("01512 3456789", "country"),
        ("+49 12", "number"),
        ("+999 123456", "number"),
        ("x", "country"),
    ],
)
def test_a_text_that_is_no_number_has_its_reason(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        clean_phone(typed)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_reason(typed: str) -> None:
    try:
        cleaned = clean_phone(typed)
    except ValueError:
        return
    assert clean_phone(readable_contact(cleaned)) == cleaned


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_a_number_of_every_country_is_taken_and_shown_in_groups(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert clean_phone(readable_contact(e164)) == e164


@pytest.mark.django_db
def test_a_value_that_was_given_up_gets_no_code_of_another(client: Browser, pool: Pool) -> None:
    configure(pool, keeps=True)
    person = pool.person("uma", email_verified="false")
    person.sign_in(client)
    client.submit("/contact/email/change/", value="wrong@example.org")
    client.submit("/contact/email/cancel/")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        page = follow(client, client.submit("/contact/email/confirm/"))
        assert "We send it to uma@example.com" in words(page)
        assert person.newest_message()["to"] == "uma@example.com"
        check(client, "email", person.newest_message()["code"])
    assert person.attributes()["email"] == "uma@example.com"
    assert person.attributes()["email_verified"] == "true"


EITHER = frozenset(Attribute)


@pytest.mark.parametrize(
    ("policy", "has_password", "refused"),
    [
        ({"username_attributes": frozenset({Attribute.EMAIL})}, True, True),
        ({"username_attributes": EITHER}, True, False),
        ({"passwordless_attributes": frozenset({Attribute.EMAIL})}, True, False),
        ({"passwordless_attributes": frozenset({Attribute.EMAIL})}, False, True),
        ({"passwordless_attributes": EITHER}, False, False),
        ({}, True, False),
    ],
)
def test_a_contact_point_that_somebody_signs_in_with_is_not_taken_from_them(
    policy: dict[str, frozenset[Attribute]], has_password: bool, refused: bool
) -> None:
    proved = ContactPoint("x", verified=True)
    status = Status("ana", Preference(), phone=proved, email=proved, has_password=has_password)
    pool = Policy(Mode.OPTIONAL, frozenset(), **policy)  # type: ignore[arg-type] # two members only
    expected = Problem.SIGNS_IN_WITH_IT if refused else None
    assert why_no_removal(Attribute.EMAIL, status, pool) is expected
    assert why_no_change(Attribute.EMAIL, status, pool) is expected
    keeping = replace(pool, verified_before_update=EITHER)
    assert why_no_change(Attribute.EMAIL, status, keeping) is None


@pytest.mark.django_db
def test_an_address_that_is_the_user_name_can_not_be_removed(
    client: Browser, pool_server: localpool.PoolServer, settings: Settings
) -> None:
    pool = make_pool(pool_server, settings, UsernameAttributes=["email"])
    person = pool.person("ana@example.com", email="ana@example.com")
    person.sign_in(client)
    page = client.get("/contact/email/remove/")
    assert "You sign in with this" in words(page)
    assert client.submit("/contact/email/remove/").status_code == 409
    assert person.attributes()["email"] == "ana@example.com"
    assert "You sign in with this" in words(client.get("/contact/email/change/"))


@pytest.mark.parametrize(
    ("destination", "value", "same"),
    [
        ("u***@e***", "uma@example.com", True),
        ("w***@e***", "uma@example.com", False),
        ("+*********6789", "+4915123456789", True),
        ("+*********0001", "+4915123456789", False),
        ("", "uma@example.com", True),
    ],
)
def test_a_masked_destination_is_held_against_the_value(
    destination: str, value: str, same: bool
) -> None:
    assert could_be(destination, value) is same
