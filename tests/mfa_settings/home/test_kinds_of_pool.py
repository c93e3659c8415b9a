"""What a page says because of the kind of pool: forgotten passwords, obstacles, risk."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from tests.choosing import review_only
from tests.pages import fields, words
from tests.people import Browser, Person, Pool
from tests.userpool.test_facts import configure

pytestmark = pytest.mark.django_db

UNLESS_UNUSUAL = "alone will be enough, unless something about the sign-in looks unusual."
NO_RESET = "You could no longer reset a forgotten password yourself"


@pytest.fixture
def email_pool(pool: Pool) -> Pool:
    pool.set_mfa("OPTIONAL", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    return pool


@pytest.mark.usefixtures("email_pool")
def test_email_is_turned_on_asked_first_and_really_asked(client: Browser, person: Person) -> None:
    person.sign_in(client)
    page = review_only(client, email="on")
    assert "Email codes will be turned on." in words(page)
    assert "you will be asked for a code that we email to you." in words(page)
    assert NO_RESET not in words(page)
    client.insist(f"{page.request['PATH_INFO']}save/")
    assert person.mfa() == ({"EMAIL_OTP"}, "EMAIL_OTP")
    assert person.sign_in(Browser()) == ["EMAIL_OTP"]


@pytest.mark.usefixtures("email_pool")
def test_text_messages_beside_email_codes_leave_no_way_to_reset_a_password(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = review_only(client, email="on", text="on", first="text")
    assert NO_RESET in words(page)
    assert "turn on only one of text messages and email codes" in words(page)


def test_the_only_channel_of_the_pool_can_not_confirm_and_reset(
    client: Browser, email_pool: Pool, person: Person
) -> None:
    configure(
        email_pool,
        AccountRecoverySetting={
            "RecoveryMechanisms": [{"Name": "verified_phone_number", "Priority": 1}]
        },
    )
    email_pool.set_mfa("OPTIONAL", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    person.sign_in(client)
    page = words(review_only(client, text="on"))
    assert NO_RESET in page
    assert "let an authenticator app be asked first" in page
    assert NO_RESET not in words(review_only(client, email="on"))


@pytest.mark.parametrize(
    ("settings_of_pool", "reason"),
    [
        ({"COGNITO_TIER": "LITE"}, "Email codes can't be sent in the plan"),
        ({"COGNITO_RECOVERY": ("email",)}, "a forgotten password can be reset by email only"),
    ],
)
def test_email_that_can_not_work_is_shown_with_the_reason_and_can_not_be_turned_on(
    client: Browser, person: Person, settings: Settings, settings_of_pool: object, reason: str
) -> None:
    settings.COGNITO_MFA = "OPTIONAL"
    settings.COGNITO_MFA_FACTORS = ("sms", "email")
    assert isinstance(settings_of_pool, dict)
    for name, value in settings_of_pool.items():
        setattr(settings, name, value)
    cache.clear()
    person.sign_in(client)
    page = client.get("/")
    assert reason in words(page)
    assert "disabled" in fields(page)["id_email"]
    seen = fields(page)["seen"]["value"]
    assert client.submit("/review/", seen=seen, email="on")["Location"] == "/?unchanged"


def test_where_sign_ins_are_judged_by_risk_the_page_explains_it(
    client: Browser, person: Person, settings: Settings
) -> None:
    settings.COGNITO_MFA_BY_RISK = True
    person.sign_in(client)
    page = words(client.get("/"))
    assert "With everything off, you are asked for a second step only when" in page
    assert UNLESS_UNUSUAL in page
    person.use_text_messages()
    page = words(client.get("/"))
    assert "you will be asked for a code that we text to your phone" in page
    assert UNLESS_UNUSUAL not in page
