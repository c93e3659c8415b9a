import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from tests.localpool.stage import ADMIN, PASSWORD, SES, SIGNED_OUT, Browser, Stage


def claims_of(stage: Stage, back: dict[str, str], **more: str) -> dict[str, Any]:
    answer = stage.exchange(back["code"], **more)
    assert answer.ok, answer.text
    claims: dict[str, Any] = jwt.decode(
        answer.json()["id_token"], options={"verify_signature": False}
    )
    return claims


def test_a_password_alone_signs_in_somebody_with_nothing_on(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    assert browser.go(nonce="once").name == "login"
    back = browser.sign_in().back
    assert back["state"] == "as-it-was"
    claims = claims_of(stage, back)
    assert (claims["nonce"], claims["amr"]) == ("once", ["pwd"])


def test_the_login_page_is_kind_to_password_managers(browser: Browser) -> None:
    text = browser.go(login_hint="ana").text
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
    assert 'value="ana"' in text
    assert "a stand-in for Amazon Cognito managed login" in text
    assert 'href="/outbox" target="_blank"' in text


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    stage: Stage, browser: Browser, name: str
) -> None:
    stage.somebody()
    page = browser.go().sign_in(name, "wrong")
    assert page.name == "login"
    assert "Incorrect username or password." in page.text
    assert "<title>Error: " in page.text
    assert f'value="{name}"' in page.text


def test_a_text_message_is_asked_and_a_wrong_code_can_be_corrected(
    stage: Stage, browser: Browser
) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    page = browser.go().sign_in()
    assert page.name == "mfa-sms"
    assert 'autocomplete="one-time-code"' in page.text
    assert "+*********6789" in page.text
    page = browser.send(code="000")
    assert page.name == "mfa-sms"
    assert "Invalid code or auth state for the user." in page.text
    code = stage.last_code()
    back = browser.send(code=f"{code[:3]} {code[3:]}").back
    assert claims_of(stage, back)["amr"] == ["pwd", "sms", "mfa"]


def test_a_phone_that_is_taken_away_meanwhile_is_not_called_verified(
    stage: Stage, browser: Browser
) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go().sign_in()
    stage.aws.admin_update_user_attributes(
        UserPoolId=stage.pool,
        Username="ana",
        UserAttributes=[{"Name": "phone_number", "Value": ""}],
    )
    assert browser.page is not None
    assert browser.get(browser.page.url).name == "mfa-sms"
    assert "code" in browser.send(code=stage.last_code()).back
    assert "phone_number_verified" not in stage.attributes()


def test_an_authenticator_app_is_asked_and_its_code_works_once(
    stage: Stage, browser: Browser, another_browser: Callable[[], Browser]
) -> None:
    access = stage.somebody()
    secret = stage.app(access)
    stage.prefer(access, totp=(True, True))
    code = stage.app_code(secret)
    assert browser.go().sign_in().name == "mfa-totp"
    assert "code" in browser.send(code=code).back
    second = another_browser().go().sign_in().send(code=code)
    assert "Your software token has already been used once." in second.text


def test_email_is_asked(stage: Stage, browser: Browser) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    stage.prefer(stage.somebody(), email=(True, True))
    page = browser.go().sign_in()
    assert page.name == "mfa-email"
    assert "a***@e***" in page.text
    assert "code" in browser.send(code=stage.last_code()).back


def test_somebody_without_preference_chooses(stage: Stage, browser: Browser) -> None:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, False))
    page = browser.go().sign_in()
    assert page.name == "choose"
    assert re.findall(r'name="answer" value="(\w+)"', page.text) == [
        "SMS_MFA",
        "SOFTWARE_TOKEN_MFA",
    ]
    assert browser.send(answer="EMAIL_OTP").name == "choose"
    assert browser.send(answer="SMS_MFA").name == "mfa-sms"
    assert "code" in browser.send(code=stage.last_code()).back


def test_a_temporary_password_is_changed_first(stage: Stage, browser: Browser) -> None:
    stage.aws.admin_create_user(
        UserPoolId=stage.pool, Username="finn", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    assert browser.go().sign_in("finn").name == "new-password"
    page = browser.send(password="weak")
    assert "Password did not conform with policy" in page.text
    assert "code" in browser.send(password="New-Horse 2!").back
    stage.start("finn", "New-Horse 2!")


def test_five_wrong_codes_lock_out(stage: Stage, browser: Browser) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go().sign_in()
    for _ in range(5):
        browser.send(code="000")
    assert "Password attempts exceeded" in browser.send(code=stage.last_code()).text
    stage.server.clock.advance(2)
    assert "code" in browser.send(code=stage.last_code()).back


def test_a_question_is_over_after_three_minutes(stage: Stage, browser: Browser) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go().sign_in()
    stage.server.clock.advance(180)
    page = browser.send(code=stage.last_code())
    assert page.name == "error"
    assert "session is expired" in page.text
    again = re.search('href="(/login[^"]+)"', page.text)
    assert again
    url = stage.server.url + again[1].replace("&amp;", "&")
    assert browser.get(url).name == "login"


def test_a_question_is_over_when_a_wrong_code_spends_the_session(
    stage: Stage, browser: Browser
) -> None:
    stage.server.switches.set(stage.pool, wrong_code_keeps_session="no")
    stage.prefer(stage.somebody(), sms=(True, True))
    assert browser.go().sign_in().send(code="000").name == "error"


def test_an_unknown_visit_has_a_page(stage: Stage, browser: Browser) -> None:
    assert browser.get(f"{stage.server.url}/challenge?visit=x").name == "error"
    assert browser.get(f"{stage.server.url}/nothing-here").name == "error"


@pytest.mark.parametrize("where", ["login", "challenge", "federation"])
def test_a_form_from_elsewhere_is_refused(stage: Stage, browser: Browser, where: str) -> None:
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go(**({"identity_provider": "ExampleCorp"} if where == "federation" else {}))
    if where == "challenge":
        browser.sign_in()
    page = browser.send(csrf="forged", username="ana", password=PASSWORD)
    assert page.page is not None
    assert (page.name, page.page.status_code) == ("error", 403)


# The cookie


def test_the_cookie_signs_in_silently_for_one_hour_without_mfa(
    stage: Stage, browser: Browser
) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go().sign_in()
    first = claims_of(stage, browser.send(code=stage.last_code()).back)
    stage.server.clock.advance(3590)
    second = claims_of(stage, browser.go().back)
    assert second["auth_time"] == first["auth_time"]
    assert second["amr"] == first["amr"]
    stage.server.clock.advance(10)
    assert browser.go().name == "login"


def test_prompt_login_asks_everything_again(stage: Stage, browser: Browser) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    browser.go().sign_in()
    first = claims_of(stage, browser.send(code=stage.last_code()).back)
    before = dict(browser.session.cookies)
    stage.server.clock.advance(60)
    assert browser.go(prompt="login").name == "login"
    assert browser.sign_in().name == "mfa-sms"
    second = claims_of(stage, browser.send(code=stage.last_code()).back)
    assert second["auth_time"] >= first["auth_time"] + 60
    name = f"localpool-{stage.pool}"
    assert browser.session.cookies[name] != before[name]


def test_prompt_none_never_shows_a_page(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    assert browser.go(prompt="none").back["error"] == "login_required"
    browser.go().sign_in()
    assert "code" in browser.go(prompt="none").back
    stage.server.clock.advance(30)
    back = browser.go(prompt="none", max_age="10").back
    assert (back["error"], back["state"]) == ("login_required", "as-it-was")


def test_max_age_asks_again_when_the_sign_in_is_older(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    browser.go().sign_in()
    stage.server.clock.advance(100)
    assert "code" in browser.go(max_age="200").back
    assert browser.go(max_age="50").name == "login"
    assert browser.go(max_age="0").name == "login"
    assert browser.go(max_age="soon").back["error"] == "invalid_request"


def test_the_cookie_survives_global_sign_out_and_factor_changes(
    stage: Stage, browser: Browser
) -> None:
    access = stage.somebody()
    browser.go().sign_in()
    stage.prefer(access, sms=(True, True))
    stage.aws.global_sign_out(AccessToken=access)
    assert claims_of(stage, browser.go().back)["amr"] == ["pwd"]


def test_the_cookie_dies_with_the_person(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    browser.go().sign_in()
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="ana")
    assert browser.go().name == "login"
    assert "User is disabled." in browser.sign_in().text
    stage.aws.admin_delete_user(UserPoolId=stage.pool, Username="ana")
    assert browser.go().name == "login"


def test_signing_out_ends_the_cookie_but_not_the_tokens(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    access = stage.exchange(browser.go().sign_in().back["code"]).json()["access_token"]
    page = browser.go("/logout", logout_uri=SIGNED_OUT).page
    assert page is not None
    assert page.headers["Location"] == SIGNED_OUT
    stage.aws.get_user(AccessToken=access)
    assert browser.go().name == "login"


def test_signing_out_can_lead_to_signing_in_again(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    browser.go().sign_in()
    assert browser.go("/logout").name == "login"
    assert "code" in browser.sign_in().back


@pytest.mark.parametrize("more", [{"logout_uri": "http://localhost:1/"}, {"client_id": "x"}])
def test_signing_out_leads_only_to_registered_addresses(
    browser: Browser, more: dict[str, str]
) -> None:
    page = browser.go("/logout", **more).page
    assert page is not None
    assert (browser.name, page.status_code) == ("error", 400)


# Enrolment where MFA is required


def test_an_app_is_set_up_by_qr_code_where_mfa_is_required(stage: Stage, browser: Browser) -> None:
    stage.mfa("ON", sms=False)
    stage.person()
    page = browser.go().sign_in()
    assert page.name == "set-up"
    assert "<svg" in page.text
    key = re.search(r'class="key">([^<]+)<', page.text)
    assert key
    secret = key[1].replace(" ", "")
    page = browser.send(code="000000")
    assert "Code mismatch and fail enable Software Token MFA" in page.text
    claims = claims_of(stage, browser.send(code=stage.app_code(secret)).back)
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert stage.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize(
    ("factor", "wrong", "contact", "attribute"),
    [
        ("SMS_MFA", "0151", "+49 151 23456789", "phone_number"),
        ("EMAIL_OTP", "nowhere", "ana@example.com", "email"),
    ],
)
def test_a_contact_is_set_up_where_mfa_is_required(
    stage: Stage, browser: Browser, factor: str, wrong: str, contact: str, attribute: str
) -> None:
    stage.build(EmailConfiguration=SES).mfa("ON", email=True)
    stage.person()
    page = browser.go().sign_in()
    assert page.name == "set-up"
    assert browser.send(answer="PIGEON").name == "set-up"
    assert 'name="contact"' in browser.send(answer=factor).text
    assert "Invalid" in browser.send(contact=wrong).text
    assert 'name="code"' in browser.send(contact=contact).text
    assert "Invalid code" in browser.send(code="000").text
    assert "code" in browser.send(code=stage.last_code()).back
    assert stage.attributes()[attribute] == contact.replace(" ", "")
    assert stage.attributes()[f"{attribute}_verified"] == "true"
    assert stage.start()["ChallengeName"] == factor


# Another identity provider


def test_somebody_from_another_provider_is_never_asked_for_mfa(
    stage: Stage, browser: Browser
) -> None:
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    assert "Continue with ExampleCorp" in browser.go().text
    assert browser.go(identity_provider="ExampleCorp").name == "federation"
    assert "Invalid email address format." in browser.send(email="").text
    assert "Invalid email address format." in browser.send(email="no address").text
    claims = claims_of(stage, browser.send(email="zoe@example.com").back)
    assert claims["cognito:username"] == "examplecorp_zoe@example.com"
    assert claims["identities"][0]["providerName"] == "ExampleCorp"
    assert claims["amr"] == ["fed"]
    user = stage.aws.admin_get_user(UserPoolId=stage.pool, Username="examplecorp_zoe@example.com")
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"


def test_a_federated_persons_preference_changes_nothing(stage: Stage, browser: Browser) -> None:
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    browser.go(identity_provider="ExampleCorp")
    answer = stage.exchange(browser.send(email="zoe@example.com").back["code"])
    access = answer.json()["access_token"]
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access) == (None, None)
    with pytest.raises(ClientError, match="User does not exist"):
        stage.start("examplecorp_zoe@example.com")
    again = browser.go(identity_provider="ExampleCorp", prompt="login")
    assert "code" in again.send(email="zoe@example.com").back
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="examplecorp_zoe@example.com")
    again = browser.go(identity_provider="ExampleCorp")
    assert "User is disabled." in again.send(email="zoe@example.com").text


def test_a_provider_the_pool_does_not_have_has_no_page(browser: Browser) -> None:
    assert browser.go("/federation", identity_provider="Nobody").name == "error"
    assert browser.go("/federation", client_id="x").name == "error"
    assert browser.go(identity_provider="Nobody").name == "login"


# The authorize request


@pytest.mark.parametrize(
    "more", [{"client_id": "x"}, {"redirect_uri": "http://localhost:8000/other"}]
)
@pytest.mark.parametrize("path", ["/oauth2/authorize", "/login"])
def test_a_browser_is_never_sent_to_an_address_that_is_not_registered(
    browser: Browser, path: str, more: dict[str, str]
) -> None:
    page = browser.go(path, **more).page
    assert page is not None
    assert (browser.name, page.status_code) == ("error", 400)
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid shoes"}, "invalid_scope"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "x"}, "invalid_request"),
    ],
)
def test_a_wrong_request_goes_back_to_the_app_with_its_error(
    browser: Browser, more: dict[str, str], error: str
) -> None:
    back = browser.go(**more).back
    assert (back["error"], back["state"]) == (error, "as-it-was")


def test_a_client_without_the_code_flow_is_not_served(stage: Stage, browser: Browser) -> None:
    stage.client = stage.add_client(AllowedOAuthFlowsUserPoolClient=False)
    assert browser.go().back["error"] == "unauthorized_client"


def test_no_state_comes_back_when_none_was_sent(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    query = stage.query()
    del query["state"]
    browser.get(f"{stage.server.url}/oauth2/authorize", query)
    assert browser.sign_in().back.keys() == {"code"}


# The token endpoint


def pkce() -> dict[str, str]:
    digest = hashlib.sha256(b"v" * 43).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"code_challenge": challenge, "code_challenge_method": "S256"}


def test_a_code_sent_with_pkce_needs_its_verifier(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    code = browser.go(**pkce()).sign_in().back["code"]
    assert stage.exchange(code, code_verifier="v" * 43).ok
    code = browser.go(**pkce()).back["code"]
    answer = stage.exchange(code, code_verifier="w" * 43)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
    code = browser.go(**pkce()).back["code"]
    assert stage.exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_is_good_once_and_for_five_minutes(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    code = browser.go().sign_in().back["code"]
    assert stage.exchange(code).ok
    assert stage.exchange(code).json() == {"error": "invalid_grant"}
    code = browser.go().back["code"]
    stage.server.clock.advance(300)
    assert stage.exchange(code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"redirect_uri": "http://localhost:8000/other"}, "unauthorized_client"),
        ({"client_id": ""}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"code": "x"}, "invalid_grant"),
    ],
)
def test_a_wrong_exchange_has_its_error(
    stage: Stage, browser: Browser, more: dict[str, str], error: str
) -> None:
    stage.somebody()
    answer = stage.exchange(browser.go().sign_in().back["code"], **more)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_code_of_a_disabled_person_is_worth_nothing(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    code = browser.go().sign_in().back["code"]
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="ana")
    assert stage.exchange(code).json() == {"error": "invalid_grant"}


def test_scope_email_needs_email_verified_to_be_readable(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    stage.client = stage.add_client(ReadAttributes=["email"])
    code = browser.go(scope="openid email").sign_in().back["code"]
    assert stage.exchange(code).json() == {"error": "invalid_grant"}


def test_scopes_decide_what_the_tokens_and_user_info_say(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    tokens = stage.exchange(browser.go(scope="openid email").sign_in().back["code"]).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["email"] == "ana@example.com"
    assert "phone_number" not in claims
    url = f"{stage.server.url}/oauth2/userInfo"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    info = requests.get(url, headers=bearer, timeout=5).json()
    assert info == {
        "sub": claims["sub"],
        "username": "ana",
        "email": "ana@example.com",
        "email_verified": "true",
    }
    answer = requests.get(url, headers={"Authorization": "Bearer x"}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    tokens = stage.exchange(browser.go(scope=ADMIN + " email").back["code"]).json()
    assert "id_token" not in tokens


def test_a_refresh_at_the_token_endpoint_rotates_only_where_the_client_says_so(
    stage: Stage, browser: Browser
) -> None:
    stage.somebody()
    form = {"grant_type": "refresh_token"}
    token = stage.exchange(browser.go().sign_in().back["code"]).json()["refresh_token"]
    answer = stage.exchange("", **form, refresh_token=token).json()
    assert answer.keys() == {"access_token", "id_token", "expires_in", "token_type"}
    rotation: Any = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    stage.client = stage.add_client(RefreshTokenRotation=rotation)
    token = stage.exchange(browser.go().back["code"]).json()["refresh_token"]
    answer = stage.exchange("", **form, refresh_token=token).json()
    assert stage.exchange("", **form, refresh_token=answer["refresh_token"]).ok
    stage.server.clock.advance(1)
    assert stage.exchange("", **form, refresh_token=token).json()["error"] == "invalid_grant"


def test_a_client_with_a_secret_authenticates_either_way(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    stage.client = stage.add_client(GenerateSecret=True)
    secret = stage.aws.describe_user_pool_client(UserPoolId=stage.pool, ClientId=stage.client)[
        "UserPoolClient"
    ]["ClientSecret"]
    code = browser.go().sign_in().back["code"]
    assert stage.exchange(code).json() == {"error": "invalid_client"}
    assert stage.exchange(code, client_secret=secret).ok
    form = stage.query() | {"grant_type": "authorization_code", "code": browser.go().back["code"]}
    del form["client_id"]
    url = f"{stage.server.url}/oauth2/token"
    assert requests.post(url, form, auth=(stage.client, secret), timeout=5).ok


def test_the_revoke_endpoint_kills_a_refresh_token(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    tokens = stage.exchange(browser.go().sign_in().back["code"]).json()

    def revoke(**form: str) -> requests.Response:
        url = f"{stage.server.url}/oauth2/revoke"
        return requests.post(url, {"client_id": stage.client} | form, timeout=5)

    assert revoke(token=tokens["refresh_token"]).ok
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        stage.aws.get_user(AccessToken=tokens["access_token"])
    assert revoke().json() == {"error": "invalid_request"}
    assert revoke(token=tokens["access_token"]).json() == {"error": "unsupported_token_type"}
    stage.client = stage.add_client(EnableTokenRevocation=False)
    assert revoke(token="a.b").json() == {"error": "invalid_request"}


def test_discovery_names_the_endpoints(stage: Stage) -> None:
    base = f"{stage.server.url}/{stage.pool}"
    found = requests.get(f"{base}/.well-known/openid-configuration", timeout=5).json()
    assert found["issuer"] == base
    assert found["jwks_uri"] == f"{base}/.well-known/jwks.json"
    assert found["token_endpoint"] == f"{stage.server.url}/oauth2/token"
    assert requests.get(f"{base}x/.well-known/jwks.json", timeout=5).status_code == 404


def test_pages_are_not_kept_framed_or_scripted(browser: Browser) -> None:
    page = browser.go().page
    assert page is not None
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://localhost:8000;" in policy
    assert "<script" not in page.text
