import re
from collections.abc import Callable

import pytest

from tests.localpool.hosted.claims import claims_of
from tests.localpool.stage import PASSWORD, SES, Browser, Stage


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


def test_a_preferred_email_factor_is_asked(stage: Stage, browser: Browser) -> None:
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


def test_a_challenge_expires_after_three_minutes(stage: Stage, browser: Browser) -> None:
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


def test_a_challenge_ends_when_a_wrong_code_spends_the_session(
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


def test_pages_are_not_kept_framed_or_scripted(browser: Browser) -> None:
    page = browser.go().page
    assert page is not None
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://localhost:8000;" in policy
    assert "<script" not in page.text
