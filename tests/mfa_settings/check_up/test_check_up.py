"""The check-up card: what it promises is what a sign-in without the phone does, and its buttons."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

import localpool
from mfa_settings.check_up.models import DismissedStep
from mfa_settings.preference.domain.lost_phone import WayIn, lost_phone
from mfa_settings.preference.domain.password_reset import ResetDestination
from mfa_settings.preference.models import ProposedChange
from signin.models import User
from tests.conftest import make_pool
from tests.mfa_settings.preference.test_every_pool import ALL, KINDS, SITUATIONS, Kind, Somebody
from tests.mfa_settings.preference.test_passkey_factor import is_enough
from tests.pages import Page, fields, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere
from userpool.models import PasskeyFactor
from userpool.values import Factor

pytestmark = pytest.mark.django_db

EMAIL, PASSKEY = Factor.EMAIL, Factor.PASSKEY


# --- the promise, kept by really signing in without the phone ---


def ways_in_without_phone(person: Person) -> set[WayIn]:
    """By password, with every text message and every code of the app withheld."""
    admin, answer = person.pool.admin, person.challenge()
    name = answer.get("ChallengeName")
    if name is None:
        return {WayIn.PASSWORD}
    if name == "MFA_SETUP":
        return {WayIn.SET_UP}

    def respond(name: str, **responses: str) -> dict[str, Any]:
        answered: dict[str, Any] = admin.respond_to_auth_challenge(
            ClientId=person.pool.config.client_id,
            ChallengeName=name,
            Session=answer["Session"],
            ChallengeResponses={"USERNAME": person.username, **responses},
        )
        return answered

    if name == "SELECT_MFA_TYPE":
        choices = re.findall(r"[A-Z_]+", answer["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
        if EMAIL not in choices:
            return set()
        answer = respond(name, ANSWER=EMAIL)
        name = answer["ChallengeName"]
    if name != EMAIL:
        return set()
    message = person.newest_message()
    assert message["channel"] == "email"
    assert "AuthenticationResult" in respond(name, EMAIL_OTP_CODE=message["code"])
    return {WayIn.EMAIL}


def reset_goes_to(person: Person) -> ResetDestination:
    admin = person.pool.admin
    try:
        answer = admin.forgot_password(
            ClientId=person.pool.config.client_id, Username=person.username
        )
    except (admin.exceptions.InvalidParameterException, admin.exceptions.NotAuthorizedException):
        return ResetDestination.HELP
    to = answer["CodeDeliveryDetails"]["AttributeName"]
    return {"email": ResetDestination.EMAIL, "phone_number": ResetDestination.PHONE}[to]


def check_promise(somebody: Somebody, page: Page) -> None:
    """What the card says of a lost phone is what happens without it."""
    form = page.context["form"]
    it = lost_phone(form.status, form.policy)
    said = " ".join(str(sentence) for sentence in page.context["check_up"].lost)
    assert said in words(page)
    assert it.ways - {WayIn.PASSKEY} == ways_in_without_phone(somebody.person)
    if somebody.passkey and it.coming.factors:
        assert (WayIn.PASSKEY in it.ways) is is_enough(somebody.passkey)
    else:
        assert WayIn.PASSKEY not in it.ways
    if it.reset is not ResetDestination.NOT_KNOWN:
        assert reset_goes_to(somebody.person) is it.reset


def take_step(somebody: Somebody, page: Page) -> "Page | None":
    """Follow the proposal to its end; the settings page after it, where it changed something."""
    step, browser = page.context["check_up"].step, somebody.browser
    if step is None:
        return None
    assert str(step.title) in words(page)
    if step.url:
        there = browser.get(urljoin("/", str(step.url)))
        assert there.status_code == 200
        assert "not offered" not in words(there)
        return None
    review = browser.submit("/check-up/take/", step=step.id)
    assert review["Location"].startswith("/review/"), step.id
    saved = browser.insist(f"{review['Location']}save/")
    assert "Saved" in words(browser.get(saved["Location"]))
    return browser.get("/")


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in KINDS[:-1]
        if kind.mode == "OPTIONAL" or len(kind.offered) != 2  # A sample is enough here.
    ],
    ids=str,
)
def test_the_card_promises_what_a_sign_in_without_the_phone_does(pool: Pool, kind: Kind) -> None:
    walk_through(pool, kind.mode, kind.offered)


@pytest.mark.parametrize("first", ["verified_email", "verified_phone_number"])
def test_the_promise_knows_which_way_of_resetting_comes_first(
    pool_server: localpool.PoolServer, settings: Settings, first: str
) -> None:
    order = sorted(("verified_email", "verified_phone_number"), key=lambda name: name != first)
    mechanisms = [{"Name": name, "Priority": n} for n, name in enumerate(order, 1)]
    recovery = {"RecoveryMechanisms": mechanisms}
    pool = make_pool(pool_server, settings, AccountRecoverySetting=recovery)
    walk_through(pool, "OPTIONAL", ALL)


def walk_through(pool: Pool, mode: str, offered: tuple[Factor, ...]) -> None:
    recovery = pool.admin.describe_user_pool(UserPoolId=pool.config.pool_id)["UserPool"].get(
        "AccountRecoverySetting"
    )
    pool.allow_passkeys("localhost")
    if recovery:
        reset_by(pool, recovery)
    pool.set_mfa("OPTIONAL", *ALL, PASSKEY)
    people = [Somebody(pool, name) for name in SITUATIONS]
    assert all(somebody.browser for somebody in people)  # While nothing is required yet.
    pool.set_mfa(mode, *offered)
    cache.clear()
    for somebody in people:
        page = somebody.browser.get("/")
        check_promise(somebody, page)
        for _ in range(4):
            before = page.context["check_up"].step
            after = take_step(somebody, page)
            if after is None:
                break
            page = after
            assert page.context["check_up"].step != before
            check_promise(somebody, page)


def reset_by(pool: Pool, recovery: object) -> None:
    described = pool.admin.describe_user_pool(UserPoolId=pool.config.pool_id)["UserPool"]
    kept = ("EmailConfiguration", "SmsConfiguration", "UserPoolTier", "Policies")
    pool.admin.update_user_pool(
        UserPoolId=pool.config.pool_id,
        AccountRecoverySetting=recovery,
        **{name: described[name] for name in kept if name in described},
    )


def test_a_passkey_that_is_on_may_be_the_way_in(pool: Pool) -> None:
    pool.allow_passkeys("localhost")
    pool.set_mfa("OPTIONAL", "SMS_MFA", "WEB_AUTHN")
    somebody = Somebody(pool, "passkey-and-text")
    page = somebody.browser.get("/")
    assert page.context["check_up"].step.id == "passkey_on"
    after = take_step(somebody, page)
    assert after
    assert PasskeyFactor.objects.get(person=somebody.person.uid).on
    assert "You can sign in only with your passkey, and only if it is kept" in words(after)
    check_promise(somebody, after)


def test_a_passkey_whose_last_change_is_in_doubt_is_saved_again(pool: Pool) -> None:
    pool.allow_passkeys("localhost")
    pool.set_mfa("OPTIONAL", "EMAIL_OTP", "WEB_AUTHN")
    somebody = Somebody(pool, "passkey")
    somebody.person.prefer(EmailMfaSettings={"Enabled": True, "PreferredMfa": True})
    PasskeyFactor.objects.create(person=somebody.person.uid, on=False, sure=False)
    page = somebody.browser.get("/")
    assert page.context["check_up"].step.id == "save_passkey_again"
    assert 'href="#id_passkey"' in page.content.decode()
    assert "passkey" in fields(page)  # The switch it leads to can be moved.


def test_where_sign_ins_are_judged_by_risk_nothing_is_promised_for_sure(
    client: Browser, person: Person, settings: Settings
) -> None:
    settings.COGNITO_MFA_BY_RISK = True
    person.sign_in(client)
    assert "with your password, unless something about the sign-in" in card(client.get("/"))


# --- the buttons ---

TURN_ON = "Turn text messages on"
PUT_ASIDE = "1 suggestion that you put aside"


def card(page: Page) -> str:
    """The words of the card alone."""
    said = words(page)
    return said[said.index("How you sign in") : said.index("Your second step")]


def dismiss(client: Browser, page: Page) -> Page:
    shown = page.context["check_up"]
    answer = client.submit(
        "/check-up/dismiss/", step=shown.step.id, situation_key=shown.situation_key
    )
    assert answer["Location"] == "/#check-up"
    return client.get("/")


def test_the_card_says_what_is_asked_what_is_lost_and_the_next_step(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    page = card(client.get("/"))
    assert "your password alone will be enough" in page
    assert "You can still sign in with your password. So can anybody else who knows it." in page
    assert "the code for a new one would go to the lost phone." in page
    assert TURN_ON in page


def test_the_card_costs_no_call_of_cognito(client: Browser, person: Person) -> None:
    person.use_text_messages()
    person.sign_in(client)
    client.get("/")
    calls = person.pool.server.calls
    calls.clear()
    assert "move your number" in words(client.get("/"))
    assert sorted(calls.names()) == ["GetUser", "GetUserAuthFactors"]


def test_a_save_is_told_once_and_the_card_goes_on_from_there(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    review = client.submit("/check-up/take/", step="turn_on:SMS_MFA")["Location"]
    assert "Text messages will be turned on." in words(client.get(review))
    assert person.mfa() == (set(), None)  # Nothing is saved by the suggestion itself.
    page = client.get(client.insist(f"{review}save/")["Location"])
    assert words(page).count("you will be asked for a code that we text to your phone") == 1
    assert "Text messages don't reach you until your mobile provider" in card(page)
    assert TURN_ON not in card(page)


def test_a_dismissed_step_is_put_aside_and_can_be_suggested_again(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    said = card(dismiss(client, client.get("/")))
    assert "The best next step" not in said
    assert PUT_ASIDE in said
    assert TURN_ON in said  # In the list of those put aside.
    again = Browser()
    person.sign_in(again)
    page = again.get("/")
    assert PUT_ASIDE in card(page)
    assert page.context["check_up"].step is None
    step = page.context["check_up"].dismissed[0].id
    assert again.submit("/check-up/suggest-again/", step=step)["Location"] == "/#check-up"
    page = client.get("/")
    assert page.context["check_up"].step.id == step
    assert PUT_ASIDE not in card(page)


def test_a_dismissal_ends_when_the_person_stands_differently(
    client: Browser, person: Person
) -> None:
    person.pool.set_mfa("OPTIONAL", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    person.set_up_app()
    person.sign_in(client)
    page = dismiss(client, client.get("/"))
    assert page.context["check_up"].dismissed[0].id == "email_beside"
    person.pool.admin.admin_update_user_attributes(
        UserPoolId=person.pool.config.pool_id,
        Username=person.username,
        UserAttributes=[{"Name": "name", "Value": "Another Name"}],
    )
    assert client.get("/").context["check_up"].step is None
    # With text messages too, more is lost with the phone.
    person.use_text_messages(first=False)
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    page = client.get("/")
    assert not page.context["check_up"].dismissed


def test_a_dismissal_is_one_person_s_own(client: Browser, pool: Pool) -> None:
    ana, ben = pool.person("ana"), pool.person("ben")
    ana.sign_in(client)
    dismiss(client, client.get("/"))
    other = Browser()
    ben.sign_in(other)
    assert other.get("/").context["check_up"].step.id == "turn_on:SMS_MFA"


def test_pressing_twice_is_pressing_once(client: Browser, person: Person) -> None:
    person.sign_in(client)
    page = client.get("/")
    shown = page.context["check_up"]
    for _ in range(2):
        client.submit("/check-up/dismiss/", step=shown.step.id, situation_key=shown.situation_key)
    assert DismissedStep.objects.count() == 1
    for _ in range(2):
        client.submit("/check-up/suggest-again/", step=shown.step.id)
    assert DismissedStep.objects.count() == 0


def test_a_step_that_was_taken_meanwhile_leads_back_to_the_card(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    client.get("/")
    person.use_text_messages()
    answer = client.submit("/check-up/take/", step="turn_on:SMS_MFA")
    assert answer["Location"] == "/#check-up"
    assert not ProposedChange.objects.exists()
    # A step that is done on a page has no review.
    assert client.submit("/check-up/take/", step="set_up_app")["Location"] == "/#check-up"


@pytest.mark.parametrize("path", ["take", "dismiss", "suggest-again"])
def test_only_buttons_of_the_card_are_answered(client: Browser, person: Person, path: str) -> None:
    person.sign_in(client)
    assert client.get(f"/check-up/{path}/").status_code == 302
    for step in ("", "turn_on:CARRIER_PIGEON", "x" * 1000):
        assert client.submit(f"/check-up/{path}/", step=step).status_code == 400
    too_long = {"step": "set_up_app", "situation_key": "x" * 1000}
    assert client.submit(f"/check-up/{path}/", **too_long).status_code == 400
    assert not DismissedStep.objects.exists()
    client.handler.enforce_csrf_checks = True
    assert client.submit(f"/check-up/{path}/", step="set_up_app").status_code == 403
    stranger = Browser().submit(f"/check-up/{path}/", step="set_up_app")
    assert stranger["Location"].startswith("/sign-in/")


def test_somebody_who_lost_the_phone_finds_what_to_do(client: Browser, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)
    page = client.get("/")
    assert "Already lost it, or got a new one?" in card(page)
    assert "Set up the app on your new phone" in card(page)
    assert "move your number to a new one" in card(page)
    assert "Sign it out" in card(page)
    fresh = Browser()
    person.pool.person("nora").sign_in(fresh)
    assert "Already lost it" not in words(fresh.get("/"))


def test_people_of_another_organisation_have_no_card(client: Browser, pool: Pool) -> None:
    sign_in_elsewhere(pool, client, provider="ExampleCorp", email="gus@example.org")
    assert "How you sign in" not in words(client.get("/"))
    assert client.submit("/check-up/take/", step="turn_on:SMS_MFA")["Location"] == "/#check-up"


def test_where_nothing_is_left_to_do_the_card_says_so(client: Browser, person: Person) -> None:
    person.pool.set_mfa("OPTIONAL", "EMAIL_OTP")
    person.prefer(EmailMfaSettings={"Enabled": True, "PreferredMfa": True})
    person.sign_in(client)
    page = card(client.get("/"))
    assert "There is nothing that you have to do now." in page
    assert "You can still sign in with a code by email" in page


def test_a_person_who_is_forgotten_takes_their_dismissals_along(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    dismiss(client, client.get("/"))
    User.objects.get(uid=person.uid).delete()
    assert not DismissedStep.objects.exists()
