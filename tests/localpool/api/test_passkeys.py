"""Passkeys over the wire and on the hosted pages, with an authenticator that has no screen."""

import json
from html import unescape
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from fido2.utils import websafe_encode

from tests.localpool.stage import CALLBACK, SMS, Browser, Stage
from tests.soft_passkey import SoftPasskey

MULTI = "MULTI_FACTOR_WITH_USER_VERIFICATION"


@pytest.fixture
def access(stage: Stage) -> str:
    """Of somebody in a pool with passkeys, relying-party id from the domain."""
    policy: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    stage.build(Policies=policy)
    return stage.somebody()


def _configure(stage: Stage, **passkeys: str) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration=SMS,
        WebAuthnConfiguration={"RelyingPartyId": "localhost", **passkeys},
    )


def _start(stage: Stage, access: str) -> Any:
    return stage.aws.start_web_authn_registration(AccessToken=access)["CredentialCreationOptions"]


def _complete(stage: Stage, access: str, credential: Any) -> None:
    stage.aws.complete_web_authn_registration(AccessToken=access, Credential=credential)


def _register(stage: Stage, access: str, passkey: SoftPasskey) -> SoftPasskey:
    _complete(stage, access, passkey.create(_start(stage, access)))
    return passkey


def _listed(stage: Stage, access: str) -> Any:
    return stage.aws.list_web_authn_credentials(AccessToken=access)["Credentials"]


def test_options_are_those_a_browser_can_parse(stage: Stage, access: str) -> None:
    first = _register(stage, access, SoftPasskey())
    options = _start(stage, access)
    assert options["rp"] == {"id": "localhost", "name": "localhost"}
    assert options["user"]["name"] == "ana"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -257]
    assert [each["id"] for each in options["excludeCredentials"]] == [first.id]


def test_a_passkey_is_listed_with_what_is_known_of_it(stage: Stage, access: str) -> None:
    passkey = _register(
        stage, access, SoftPasskey(attachment="cross-platform", transports=("usb", "nfc"))
    )
    [listed] = _listed(stage, access)
    assert listed["CredentialId"] == passkey.id
    assert listed["FriendlyCredentialName"] == "Passkey 1"
    assert listed["RelyingPartyId"] == "localhost"
    assert listed["AuthenticatorAttachment"] == "cross-platform"
    assert listed["AuthenticatorTransports"] == ["usb", "nfc"]
    factors = stage.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    assert "WEB_AUTHN" in factors


def test_a_deleted_passkey_is_gone(stage: Stage, access: str) -> None:
    passkey = _register(stage, access, SoftPasskey())
    stage.aws.delete_web_authn_credential(AccessToken=access, CredentialId=passkey.id)
    assert _listed(stage, access) == []
    factors = stage.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    assert "WEB_AUTHN" not in factors


def test_the_list_comes_in_pages(stage: Stage, access: str) -> None:
    for _ in range(3):
        _register(stage, access, SoftPasskey())
    first = stage.aws.list_web_authn_credentials(AccessToken=access, MaxResults=2)
    rest = stage.aws.list_web_authn_credentials(AccessToken=access, NextToken=first["NextToken"])
    assert (len(first["Credentials"]), len(rest["Credentials"])) == (2, 1)


def test_a_challenge_is_good_once(stage: Stage, access: str) -> None:
    options = _start(stage, access)
    _complete(stage, access, SoftPasskey().create(options))
    with pytest.raises(ClientError, match="WebAuthnChallengeNotFound"):
        _complete(stage, access, SoftPasskey().create(options))


def test_a_challenge_is_only_for_its_user(stage: Stage, access: str) -> None:
    options = _start(stage, access)
    with pytest.raises(ClientError, match="WebAuthnChallengeNotFound"):
        _complete(stage, stage.somebody("ben"), SoftPasskey().create(options))


def test_a_changed_relying_party_is_a_mismatch(stage: Stage, access: str) -> None:
    options = _start(stage, access)
    _configure(stage, RelyingPartyId="auth.example.com")
    with pytest.raises(ClientError, match="WebAuthnRelyingPartyMismatch"):
        _complete(stage, access, SoftPasskey().create(options))


@pytest.mark.parametrize("origin", ["https://example.com", "http://example.com:8000", "null"])
def test_a_page_elsewhere_can_not_register(stage: Stage, access: str, origin: str) -> None:
    passkey = SoftPasskey(origin=origin)
    with pytest.raises(ClientError, match="WebAuthnOriginNotAllowed"):
        _register(stage, access, passkey)


def test_a_known_passkey_and_a_false_attestation_are_not_supported(
    stage: Stage, access: str
) -> None:
    passkey = _register(stage, access, SoftPasskey())
    with pytest.raises(ClientError, match="CredentialNotSupported"):
        _register(stage, access, passkey)
    false = ("packed", {"alg": -7, "sig": b"\x30\x00"})
    credential = SoftPasskey().create(_start(stage, access), attestation=false)
    with pytest.raises(ClientError, match="CredentialNotSupported"):
        _complete(stage, access, credential)


@pytest.mark.parametrize("credential", [{}, {"id": "a", "rawId": "b"}, "text", [1]])
def test_an_unreadable_credential_is_refused(stage: Stage, access: str, credential: Any) -> None:
    with pytest.raises(ClientError, match="InvalidParameter"):
        _complete(stage, access, credential)


# The hosted pages


def _options(browser: Browser) -> Any:
    text = browser.text
    start = text.index('data-options="') + len('data-options="')
    return json.loads(unescape(text[start : text.index('"', start)]))


def _use(browser: Browser, credential: Any) -> Browser:
    assert browser.page is not None
    browser.page.url = browser.page.url.replace("/login?", "/passkeys/sign-in?")
    return browser.send(credential=json.dumps(credential))


def _claims(stage: Stage, browser: Browser) -> dict[str, Any]:
    tokens = stage.exchange(browser.back["code"]).json()
    return jwt.decode(tokens["access_token"], options={"verify_signature": False})


@pytest.mark.parametrize(("attachment", "method"), [("platform", "swk"), ("cross-platform", "hwk")])
def test_a_passkey_signs_its_user_in(
    stage: Stage, access: str, browser: Browser, attachment: str, method: str
) -> None:
    passkey = _register(stage, access, SoftPasskey(attachment=attachment))
    passkey.origin = stage.server.url
    browser.go()
    assert _use(browser, passkey.get(_options(browser))).name == "app"
    claims = _claims(stage, browser)
    assert (claims["amr"], claims["acr"]) == ([method], "urn:cognito:loa:3")
    assert claims["username"] == "ana"


def test_an_assertion_that_does_not_hold_is_refused(
    stage: Stage, access: str, browser: Browser
) -> None:
    passkey = _register(stage, access, SoftPasskey(origin=stage.server.url))
    stranger = SoftPasskey(origin=stage.server.url, user_handle=passkey.user_handle)
    elsewhere = SoftPasskey(origin="https://evil.example", key=passkey.key, raw_id=passkey.raw_id)
    other = SoftPasskey(
        origin=stage.server.url, key=passkey.key, raw_id=passkey.raw_id,
        user_handle=websafe_encode(b"somebody else"),
    )  # fmt: skip
    for wrong in (stranger, elsewhere, other):
        browser.go()
        _use(browser, wrong.get(_options(browser)))
        assert "not accepted" in browser.text
    browser.go()
    assert "not accepted" in _use(browser, passkey.get(_options(browser), broken=True)).text
    browser.go()
    used = _options(browser)
    stage.server.clock.advance(301)
    assert "not accepted" in _use(browser, passkey.get(used)).text
    browser.go()
    assert "cannot be read" in _use(browser, {"id": "x"}).text


def test_a_pool_without_the_sign_in_policy_accepts_no_passkey(browser: Browser) -> None:
    browser.go()
    assert "passkey" not in browser.text
    assert "cannot be used to sign in" in _use(browser, {}).text


def _with_text_messages(stage: Stage, access: str, **passkeys: str) -> None:
    _configure(stage, **passkeys)
    stage.prefer(access, sms=(True, True))


@pytest.mark.parametrize("on", [True, False])
def test_a_verified_passkey_satisfies_mfa_for_whom_it_is_on(
    stage: Stage, access: str, browser: Browser, on: bool
) -> None:
    passkey = _register(stage, access, SoftPasskey(origin=stage.server.url))
    _with_text_messages(stage, access, FactorConfiguration=MULTI)
    stage.aws.set_user_mfa_preference(AccessToken=access, WebAuthnMfaSettings={"Enabled": on})
    browser.go()
    _use(browser, passkey.get(_options(browser)))
    assert (browser.name == "app") is on
    if not on:
        assert "a passkey alone is not enough" in browser.text
        stage.server.switches.set(stage.pool, passkey_mfa_by_person="always")
        browser.go()
        assert _use(browser, passkey.get(_options(browser))).name == "app"


def test_an_unverified_passkey_never_satisfies_mfa(
    stage: Stage, access: str, browser: Browser
) -> None:
    passkey = _register(stage, access, SoftPasskey(origin=stage.server.url, verified=False))
    _with_text_messages(stage, access, FactorConfiguration=MULTI)
    stage.aws.set_user_mfa_preference(AccessToken=access, WebAuthnMfaSettings={"Enabled": True})
    browser.go()
    assert "not enough" in _use(browser, passkey.get(_options(browser))).text


def test_mfa_may_follow_a_passkey(stage: Stage, access: str, browser: Browser) -> None:
    passkey = _register(stage, access, SoftPasskey(origin=stage.server.url))
    _with_text_messages(stage, access)
    stage.server.switches.set(stage.pool, passkey_before_mfa="ask")
    browser.go()
    assert _use(browser, passkey.get(_options(browser))).name == "mfa-sms"
    assert browser.send(code=stage.last_code()).name == "app"
    assert _claims(stage, browser)["amr"] == ["swk", "sms", "mfa"]


def test_the_hosted_page_adds_a_passkey(stage: Stage, access: str, browser: Browser) -> None:
    where = {"client_id": stage.client, "redirect_uri": CALLBACK}
    url = f"{stage.server.url}/passkeys/add"
    assert "Sign in first" in browser.get(url, where).text
    browser.go().sign_in()
    assert browser.get(url, where).name == "add-passkey"
    assert "cannot be read" in browser.send(credential="no JSON").text
    credential = SoftPasskey(origin=stage.server.url).create(_options(browser))
    assert browser.send(credential=json.dumps(credential)).name == "app"
    assert len(_listed(stage, access)) == 1


@pytest.mark.usefixtures("access")
def test_the_hosted_page_refuses_foreign_addresses_and_forms(
    stage: Stage, browser: Browser
) -> None:
    url = f"{stage.server.url}/passkeys/add"
    assert "not registered" in browser.get(url, {"client_id": stage.client}).text
    assert "does not exist" in browser.get(url, {"client_id": "nobody"}).text
    browser.go().sign_in()
    browser.get(url, {"client_id": stage.client, "redirect_uri": CALLBACK})
    assert "did not come from this page" in browser.send(csrf="x").text
    browser.session.cookies.clear()
    browser.go()
    assert browser.page is not None
    browser.page.url = browser.page.url.replace("/login?", "/passkeys/sign-in?")
    assert "did not come from this page" in browser.send(csrf="x").text


def test_the_hosted_page_says_why_nothing_can_be_added(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    browser.go().sign_in()
    url = f"{stage.server.url}/passkeys/add"
    browser.get(url, {"client_id": stage.client, "redirect_uri": CALLBACK})
    assert "not enabled" in browser.text
