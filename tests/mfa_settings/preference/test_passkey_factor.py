"""A passkey as a factor: set with a flag that Cognito never shows, and so remembered here."""

import json
import re
from html import unescape

import pytest
import requests
from django.conf import settings as portal_settings
from django.core.cache import cache

from localpool.wire.faults import Fault
from tests.choosing import save_only
from tests.kept import step
from tests.pages import fields, way_out, words
from tests.people import SMS, Browser, Person, Pool
from tests.soft_passkey import SoftPasskey
from tests.userpool.test_facts import configure
from userpool.models import PasskeyFactor

pytestmark = pytest.mark.django_db

MULTI = "MULTI_FACTOR_WITH_USER_VERIFICATION"
NOT_SURE = "The last change of this could not be confirmed."


@pytest.fixture
def passkey_pool(pool: Pool) -> Pool:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    configure(pool, Policies=policies, UserPoolTier="ESSENTIALS")
    count_passkeys(pool, MULTI)
    return pool


def count_passkeys(pool: Pool, factor_configuration: str) -> None:
    pool.admin.set_user_pool_mfa_config(
        UserPoolId=pool.config.pool_id,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration=SMS,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={
            "RelyingPartyId": "localhost",
            "UserVerification": "required",
            "FactorConfiguration": factor_configuration,
        },
    )


@pytest.fixture
def person(passkey_pool: Pool) -> Person:
    return passkey_pool.person()


@step
def add_passkey(person: Person) -> SoftPasskey:
    admin, access_token = person.pool.admin, person.access_token()
    options = admin.start_web_authn_registration(AccessToken=access_token)
    passkey = SoftPasskey()
    admin.complete_web_authn_registration(
        AccessToken=access_token, Credential=passkey.create(options["CredentialCreationOptions"])
    )
    passkey.origin = person.pool.server.url
    return passkey


def is_enough(passkey: SoftPasskey) -> bool:
    """The passkey alone signs in, whatever else is on."""
    start = way_out(Browser().submit("/sign-in/start/", next="/"))
    with requests.Session() as session:
        login = session.get(start)
        options = re.search(r'data-options="([^"]*)"', login.text)
        csrf = re.search(r'name="csrf" value="([^"]+)"', login.text)
        assert options
        assert csrf
        end = session.post(
            login.url.replace("/login?", "/passkeys/sign-in?"),
            {
                "csrf": csrf[1],
                "credential": json.dumps(passkey.get(json.loads(unescape(options[1])))),
            },
            allow_redirects=False,
        )
    return end.headers.get("Location", "").startswith(portal_settings.PORTAL_URL)


def test_it_is_turned_on_beside_another_factor_and_is_then_enough(
    client: Browser, person: Person
) -> None:
    passkey = add_passkey(person)
    person.use_text_messages()
    person.sign_in(client)
    assert not is_enough(passkey)
    page = save_only(client, text="on", passkey="on")
    assert "Saved" in words(page)
    assert "You see what was last set on this page" in words(page)
    assert "checked" in fields(page)["passkey"]
    assert is_enough(passkey)
    assert "checked" not in fields(save_only(client, text="on"))["passkey"]
    assert not is_enough(passkey)


def test_it_comes_with_the_first_factor_in_one_step(client: Browser, person: Person) -> None:
    passkey = add_passkey(person)
    person.sign_in(client)
    assert "checked" in fields(save_only(client, text="on", passkey="on"))["passkey"]
    assert is_enough(passkey)


def test_alone_it_is_refused_with_what_to_do_first(client: Browser, person: Person) -> None:
    add_passkey(person)
    person.sign_in(client)
    seen = fields(client.get("/"))["seen"]["value"]
    answer = client.submit("/review/", seen=seen, passkey="on")
    assert answer.status_code == 422
    assert "A passkey can't be the only way." in words(answer)


def test_a_first_other_way_says_what_becomes_of_the_passkey(
    client: Browser, person: Person
) -> None:
    passkey = add_passkey(person)
    person.sign_in(client)
    seen = fields(client.get("/"))["seen"]["value"]
    warned = "Your passkey alone may not be enough then"
    assert is_enough(passkey)
    review = client.submit("/review/", seen=seen, text="on")["Location"]
    assert warned in words(client.get(review))
    client.insist(f"{review}save/")
    assert not is_enough(passkey)
    seen = fields(client.get("/"))["seen"]["value"]
    review = client.submit("/review/", seen=seen, text="on", passkey="on")["Location"]
    assert warned not in words(client.get(review))


def test_without_a_passkey_the_switch_is_locked_and_says_why(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = client.get("/")
    assert "disabled" in fields(page)["id_passkey"]
    assert "Add a passkey before you turn it on." in words(page)


def test_a_pool_that_does_not_count_passkeys_has_no_switch_for_them(
    client: Browser, person: Person
) -> None:
    count_passkeys(person.pool, "SINGLE_FACTOR")
    add_passkey(person)
    person.sign_in(client)
    assert "id_passkey" not in fields(client.get("/"))


@pytest.mark.parametrize("answer", ["error", "drop", "html", "empty"])
def test_a_save_that_may_not_have_happened_is_told_and_can_be_made_sure(
    client: Browser, person: Person, answer: str
) -> None:
    passkey = add_passkey(person)
    person.use_text_messages()
    person.sign_in(client)
    fault = Fault("SetUserMFAPreference", answer=answer, status=500, done=True, times=2)
    person.pool.server.faults.add(fault)
    page = save_only(client, text="on", passkey="on")
    assert "Not confirmed" in words(page)
    assert NOT_SURE in words(client.get("/"))
    person.pool.server.faults.clear()
    page = save_only(client, text="on", passkey="on")
    assert "Saved" in words(page)
    assert NOT_SURE not in words(client.get("/"))
    assert is_enough(passkey)


def test_a_passkey_that_is_gone_counts_for_nothing(client: Browser, person: Person) -> None:
    add_passkey(person)
    person.use_text_messages()
    person.sign_in(client)
    save_only(client, text="on", passkey="on")
    access_token = token_of(person)
    listed = person.pool.admin.list_web_authn_credentials(AccessToken=access_token)["Credentials"]
    person.pool.admin.delete_web_authn_credential(
        AccessToken=access_token, CredentialId=listed[0]["CredentialId"]
    )
    page = client.get("/")
    assert "disabled" in fields(page)["id_passkey"]
    assert "checked" not in fields(page)["id_passkey"]
    assert PasskeyFactor.objects.get(person=person.uid).on


def token_of(person: Person) -> str:
    answer = person.challenge()
    token: str = person.pool.admin.respond_to_auth_challenge(
        ClientId=person.pool.config.client_id,
        ChallengeName="SMS_MFA",
        Session=answer["Session"],
        ChallengeResponses={
            "USERNAME": person.username,
            "SMS_MFA_CODE": person.newest_message()["code"],
        },
    )["AuthenticationResult"]["AccessToken"]
    return token


def test_where_mfa_is_required_it_is_turned_on_beside_factors_that_were_never_set(
    client: Browser, person: Person
) -> None:
    passkey = add_passkey(person)
    person.sign_in(client)
    person.pool.set_mfa("ON", "SMS_MFA", "EMAIL_OTP")
    person.chooses = "SMS_MFA"
    cache.clear()
    assert "Saved" in words(save_only(client, passkey="on"))
    assert is_enough(passkey)
