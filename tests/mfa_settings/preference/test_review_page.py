"""The review page through the URL, and whether what it says comes true."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from mfa_settings.preference.models import ProposedChange
from tests.choosing import review_only
from tests.devices import app_of, device_of, srp
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, is_enough
from tests.pages import Page, words
from tests.people import Browser, Person, Pool
from tests.userpool.test_facts import configure

pytestmark = pytest.mark.django_db

EVERYTHING = ("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
ON = {"Enabled": True, "PreferredMfa": False}


def save(client: Browser, page: Page) -> None:
    saved = client.insist(f"{page.request['PATH_INFO']}save/")
    assert saved["Location"].startswith("/?saved="), words(saved)
    assert ProposedChange.objects.latest("created_at").result == "confirmed"


# --- what changes, and what of it can't be taken back ---


def test_it_is_said_before_that_what_is_no_longer_offered_can_not_be_turned_on_again(
    client: Browser, person: Person
) -> None:
    person.use_text_messages()
    person.sign_in(client)
    person.pool.set_mfa("OPTIONAL", "SOFTWARE_TOKEN_MFA")
    page = words(review_only(client))
    assert "Text messages will be turned off. You can't turn text messages on again" in page
    assert "easier to get into" not in page  # Nobody was asked for one any more.
    assert "it may be a scam" in page


def test_it_is_said_before_that_a_number_would_have_to_be_confirmed_first(
    client: Browser, pool: Pool
) -> None:
    person = pool.person("uma", phone_number_verified="false")
    person.sign_in(client)
    person.use_text_messages()
    page = words(review_only(client))
    assert "To turn text messages on again, you would have to confirm your phone number" in page


def test_ways_less_are_counted(client: Browser, person: Person) -> None:
    person.pool.set_mfa("OPTIONAL", *EVERYTHING)
    person.set_up_app()
    person.prefer(SMSMfaSettings=ON, EmailMfaSettings=ON)
    person.sign_in(client)
    assert "You will have one way less to sign in" in words(
        review_only(client, app="on", text="on")
    )
    assert "You will have 2 ways less to sign in" in words(review_only(client, app="on"))
    assert "This makes your account easier to get into" in words(review_only(client))


def test_one_way_for_another_is_neither_less_nor_easier(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.sign_in(client)
    page = words(review_only(client, text="on"))
    assert "Text messages will be turned on. Your authenticator app will be turned off." in page
    assert "Is this your own idea?" in page


GO_BACK = "For 15 minutes after saving, you can go back to what is set now with one press."


@pytest.mark.parametrize("may_go_back", [True, False], ids=["offered", "no-longer-offered"])
def test_what_can_be_taken_back_is_said_before_and_then_offered(
    client: Browser, person: Person, may_go_back: bool
) -> None:
    person.set_up_app()
    person.sign_in(client)
    if not may_go_back:
        person.pool.set_mfa("OPTIONAL", "SMS_MFA")
    page = review_only(client, text="on")
    assert (GO_BACK in words(page)) is may_go_back
    assert ("You can't turn your authenticator app on again" in words(page)) is not may_go_back
    save(client, page)
    assert ("Changed your mind?" in words(client.get("/"))) is may_go_back


# --- a forgotten password ---


def recovery(*names: str) -> dict[str, Any]:
    mechanisms = [{"Name": name, "Priority": place} for place, name in enumerate(names, 1)]
    return {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}


STILL_EITHER = "you can still reset it with a code sent to your phone or your email address."
TO_EMAIL = "the code to reset it can then go to your email address only, no longer to your phone."
LOST = "You could no longer reset a forgotten password yourself"
BOTH = ("verified_email", "verified_phone_number")
RESETS: dict[str, tuple[tuple[str, ...], dict[str, str], str, str]] = {
    "app-changes-nothing": (BOTH, {"app": "on"}, STILL_EITHER, "EMAIL"),
    "text-moves-it-to-email": (BOTH, {"text": "on"}, TO_EMAIL, "EMAIL"),
    "email-moves-it-to-the-phone": (BOTH, {"email": "on"}, "then go to your phone only", "SMS"),
    "text-takes-the-only-way": (("verified_phone_number",), {"text": "on"}, LOST, ""),
    "both-take-every-way": (BOTH, {"text": "on", "email": "on", "first": "text"}, LOST, ""),
    "only-others-could": (
        ("admin_only",),
        {"app": "on"},
        "As now, only the people who look after your account can reset a forgotten password.",
        "",
    ),
}


@pytest.mark.parametrize(
    ("mechanisms", "wish", "said", "medium"), RESETS.values(), ids=RESETS.keys()
)
def test_what_is_said_of_a_forgotten_password_comes_true(
    client: Browser,
    person: Person,
    mechanisms: tuple[str, ...],
    wish: dict[str, str],
    said: str,
    medium: str,
) -> None:
    configure(person.pool, **recovery(*mechanisms))
    person.pool.set_mfa("OPTIONAL", *EVERYTHING)
    person.set_up_app(on=False)
    person.sign_in(client)
    page = review_only(client, **wish)
    assert said in words(page)
    save(client, page)
    assert reset_goes_by(person) == medium


def reset_goes_by(person: Person) -> str:
    """The medium of a code to reset the password, "" where none is sent."""
    admin = person.pool.admin
    try:
        sent = admin.forgot_password(
            ClientId=person.pool.config.client_id, Username=person.username
        )
    except (admin.exceptions.InvalidParameterException, admin.exceptions.NotAuthorizedException):
        return ""
    medium: str = sent["CodeDeliveryDetails"]["DeliveryMedium"]
    return medium


def test_somebody_without_a_confirmed_contact_point_is_led_to_add_one(
    client: Browser, pool: Pool
) -> None:
    person = pool.person("noor", email_verified="false", phone_number="", phone_number_verified="")
    person.set_up_app(on=False)
    person.sign_in(client)
    page = review_only(client, app="on")
    assert "your account has no confirmed phone number or email address" in words(page)
    assert '<a href="/contact/">Phone and email</a>' in page.content.decode()


def test_where_the_pool_does_not_say_how_it_resets_nothing_is_promised(
    client: Browser, person: Person, settings: Settings
) -> None:
    settings.COGNITO_MFA, settings.COGNITO_MFA_FACTORS = "OPTIONAL", ("sms", "totp")
    person.sign_in(client)
    page = words(review_only(client, text="on"))
    assert "can go to your email address only, if your account sends one at all." in page


# --- remembered devices, other sessions, passkeys ---


def test_a_remembered_device_is_not_asked_and_the_review_says_so(
    client: Browser, person: Person
) -> None:
    app = app_of(person.pool)
    device = device_of(person, app)
    person.sign_in(client)
    page = review_only(client, text="on")
    assert "There you are not asked for a second step until you forget the device." in words(page)
    assert '<a href="/devices/">See your remembered devices</a>' in page.content.decode()
    save(client, page)
    assert person.asked() == "SMS_MFA"
    assert "AuthenticationResult" in srp(person, app, **device)


def test_somebody_who_is_signed_in_elsewhere_stays_so_as_the_review_says(
    client: Browser, person: Person
) -> None:
    elsewhere = Browser()
    person.sign_in(elsewhere)
    person.sign_in(client)
    page = review_only(client, text="on")
    assert "You stay signed in, here and wherever else you are signed in." in words(page)
    assert "within the last hour may let you in without asking." in words(page)
    save(client, page)
    assert "Sign-in security" in words(elsewhere.get("/"))


@pytest.fixture
def with_passkeys(pool: Pool) -> Callable[[str], Person]:
    def made(factor_configuration: str) -> Person:
        pool.allow_passkeys(
            "localhost",
            UserVerification="required",
            FactorConfiguration=factor_configuration,
        )
        return pool.person()

    return made


def test_a_passkey_that_does_not_count_is_not_promised_beside_a_second_step(
    client: Browser, with_passkeys: Callable[[str], Person]
) -> None:
    person = with_passkeys("SINGLE_FACTOR")
    passkey = add_passkey(person)
    person.sign_in(client)
    assert is_enough(passkey)
    page = review_only(client, text="on")
    assert "Your passkey alone may not be enough then" in words(page)
    assert "Make sure that you know your password." in words(page)
    save(client, page)
    assert not is_enough(passkey)


def test_a_passkey_that_is_turned_off_with_everything_else_still_signs_in(
    client: Browser, with_passkeys: Callable[[str], Person]
) -> None:
    person = with_passkeys("MULTI_FACTOR_WITH_USER_VERIFICATION")
    passkey = add_passkey(person)
    person.sign_in(client)
    save(client, review_only(client, text="on", passkey="on"))
    page = review_only(client)
    assert "It still signs you in, like your password alone." in words(page)
    with person.pool.server.switches.played(last_factor_off_under_passkey="accept"):
        save(client, page)
    assert is_enough(passkey)
