import pytest
import requests

from tests.localpool.hosted.claims import claims_of
from tests.localpool.stage import SIGNED_OUT, Browser, Stage


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


def test_discovery_names_the_endpoints(stage: Stage) -> None:
    base = f"{stage.server.url}/{stage.pool}"
    found = requests.get(f"{base}/.well-known/openid-configuration", timeout=5).json()
    assert found["issuer"] == base
    assert found["jwks_uri"] == f"{base}/.well-known/jwks.json"
    assert found["token_endpoint"] == f"{stage.server.url}/oauth2/token"
    assert requests.get(f"{base}x/.well-known/jwks.json", timeout=5).status_code == 404
