"""`acr_values`, `max_age` and `prompt` at the endpoints a browser visits."""

from typing import Any

import jwt
import pytest

from tests.localpool.stage import SMS, Browser, Stage

FOUR, THREE, TWO = (f"urn:cognito:loa:{number}" for number in (4, 3, 2))


def claims(stage: Stage, browser: Browser, token: str = "id_token") -> Any:  # noqa: S107 - a member
    answer = stage.exchange(browser.back["code"]).json()
    return jwt.decode(answer[token], options={"verify_signature": False})


def with_app(stage: Stage) -> str:
    return stage.app(stage.somebody())


def test_only_the_missing_factor_is_asked_and_the_tokens_are_new(
    stage: Stage, browser: Browser
) -> None:
    secret = with_app(stage)
    browser.go().sign_in()
    first = claims(stage, browser)
    assert first["acr"] == "urn:cognito:loa:1"
    assert browser.go(acr_values=FOUR, max_age="3000").name == "mfa-totp"
    browser.send(code=stage.app_code(secret))
    second = claims(stage, browser)
    assert (second["acr"], second["amr"]) == (FOUR, ["pwd", "otp", "mfa"])
    assert second["auth_time"] > first["auth_time"]
    assert browser.go(acr_values=FOUR).name == "app"


def test_an_old_session_starts_from_scratch(stage: Stage, browser: Browser) -> None:
    secret = with_app(stage)
    browser.go().sign_in()
    stage.server.clock.advance(120)
    assert browser.go(acr_values=FOUR, max_age="60").name == "login"
    assert browser.sign_in().name == "mfa-totp"
    browser.send(code=stage.app_code(secret))
    assert claims(stage, browser, "access_token")["acr"] == FOUR


@pytest.mark.parametrize(
    ("asked", "page", "level"),
    [(f"{FOUR} {THREE}", "mfa-sms", THREE), (f"loa:9 {TWO}", "mfa-sms", THREE),
     (FOUR, "app", "urn:cognito:loa:1"), ("loa:9", "app", "urn:cognito:loa:1")],
)  # fmt: skip
def test_the_first_level_that_can_be_reached_is_enforced(
    stage: Stage, browser: Browser, asked: str, page: str, level: str
) -> None:
    stage.somebody()
    assert browser.go(acr_values=asked).sign_in().name == page
    if page != "app":
        browser.send(code=stage.last_code())
    assert claims(stage, browser)["acr"] == level


def test_a_level_wins_over_the_preferred_factor(stage: Stage, browser: Browser) -> None:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, True), totp=(True, False))
    assert browser.go(acr_values=FOUR).sign_in().name == "mfa-totp"


@pytest.mark.parametrize(("asked", "page"), [(THREE, "choose"), (FOUR, "mfa-totp")])
def test_somebody_without_preference_chooses_unless_the_level_leaves_one(
    stage: Stage, browser: Browser, asked: str, page: str
) -> None:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, False))
    assert browser.go(acr_values=asked).sign_in().name == page


def test_lite_ignores_levels_in_silence(stage: Stage, browser: Browser) -> None:
    stage.build(UserPoolTier="LITE")
    with_app(stage)
    browser.go(acr_values=FOUR).sign_in()
    assert "acr" not in claims(stage, browser)


def test_prompt_none_shows_no_page_for_a_missing_factor(stage: Stage, browser: Browser) -> None:
    with_app(stage)
    browser.go().sign_in()
    assert browser.go(acr_values=FOUR, prompt="none").back["error"] == "login_required"
    assert "code" in browser.go(prompt="none").back


def test_the_classic_pages_do_not_know_prompt(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    browser.go().sign_in()
    assert browser.go(prompt="login").name == "login"
    stage.server.switches.set(stage.pool, prompt_heeded="no")
    assert browser.go(prompt="login").name == "app"


def test_a_refresh_keeps_level_methods_and_time(stage: Stage, browser: Browser) -> None:
    secret = with_app(stage)
    browser.go(acr_values=FOUR).sign_in().send(code=stage.app_code(secret))
    answer = stage.exchange(browser.back["code"]).json()
    before = jwt.decode(answer["id_token"], options={"verify_signature": False})
    stage.server.clock.advance(600)
    again = stage.aws.get_tokens_from_refresh_token(
        ClientId=stage.client, RefreshToken=answer["refresh_token"]
    )["AuthenticationResult"]
    after = jwt.decode(again["IdToken"], options={"verify_signature": False})
    for name in ("acr", "amr", "auth_time"):
        assert after[name] == before[name]


def test_stepping_up_with_nothing_missing_goes_on(stage: Stage, browser: Browser) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="OPTIONAL", SmsMfaConfiguration=SMS
    )
    stage.somebody()
    assert browser.go("/step-up").name == "login"
    browser.sign_in()
    assert browser.go("/step-up").name == "app"
    assert browser.go("/step-up", redirect_uri="http://localhost:1/other").name == "error"


def test_a_pool_has_names_of_its_own_for_the_levels(stage: Stage, browser: Browser) -> None:
    stage.build(AcrConfiguration={"Level4": {"AcrValue": "strong"}})
    secret = with_app(stage)
    assert browser.go(acr_values=f"{FOUR} strong").sign_in().name == "mfa-totp"
    browser.send(code=stage.app_code(secret))
    assert claims(stage, browser)["acr"] == "strong"
