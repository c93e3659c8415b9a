import base64
import hashlib
from typing import Any

import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from tests.localpool.stage import ADMIN, Browser, Stage


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
