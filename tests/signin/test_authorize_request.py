"""What goes to managed login, and that nothing but our own code decides it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from cognito.pool import UserPool
from signin.adapters import AccountAdapter, SocialAccountAdapter
from signin.provider import provider_of, to_managed_login
from tests.pages import way_out
from tests.people import Browser
from tests.signin.conftest import asked, start

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]


def test_the_authorize_request_has_pkce_nonce_and_least_scopes(
    client: Browser, user_pool: UserPool, settings: Any
) -> None:
    location = start(client)
    assert location.startswith(user_pool.authorize_url)
    request = asked(location)
    assert request["response_type"] == "code"
    assert request["client_id"] == user_pool.client_id
    assert request["redirect_uri"] == f"{settings.PORTAL_URL}/sign-in/callback/"
    assert set(request["scope"].split()) == {"openid", "aws.cognito.signin.user.admin"}
    assert request["code_challenge_method"] == "S256"
    assert len(request["code_challenge"]) == 43
    assert len(request["state"]) >= 22  # 128 bits in base64
    assert len(request["nonce"]) >= 22


@pytest.mark.usefixtures("user_pool")
def test_state_nonce_and_challenge_are_new_each_time(client: Browser) -> None:
    one, two = asked(start(client)), asked(start(client))
    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != two[name]


@pytest.mark.parametrize("place", ["query", "form"])
@pytest.mark.usefixtures("user_pool")
def test_nothing_that_the_browser_sends_changes_the_authorize_request(
    client: Browser, place: str
) -> None:
    evil = {
        "auth_params": "redirect_uri=https://evil.example&state=x&client_id=y&response_type=token",
        "scope": "phone,profile",
        "process": "connect",
        "action": "reauthenticate",
        "prompt": "none",
        "redirect_uri": "https://evil.example",
    }
    usual = set(asked(start(client)))
    if place == "query":
        location = way_out(client.generic("POST", "/sign-in/start/", query_params=evil))
    else:
        location = way_out(client.submit("/sign-in/start/", **evil))
    request = asked(location)
    assert set(request) == usual
    assert "evil" not in location
    assert request["response_type"] == "code"
    assert set(request["scope"].split()) == {"openid", "aws.cognito.signin.user.admin"}


@pytest.mark.usefixtures("user_pool")
def test_the_host_header_never_reaches_the_callback_address(client: Browser, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.generic("POST", "/sign-in/start/", headers={"host": "evil.example"})
    assert asked(way_out(answer))["redirect_uri"].startswith(settings.PORTAL_URL)


@pytest.mark.usefixtures("user_pool")
def test_not_even_allauths_own_way_reads_the_query_string(rf: Any) -> None:
    request = rf.post("/?scope=phone&auth_params=client_id%3Dx&process=connect&next=/x")
    request.session = Browser().session
    sent = asked(provider_of(request).redirect_from_request(request)["Location"])
    assert set(sent["scope"].split()) == {"openid", "aws.cognito.signin.user.admin"}
    assert sent["client_id"] != "x"


def test_allauth_opens_no_other_door(rf: Any) -> None:
    """Its hooks, asked as allauth would: no sign-up, no account by email, no address taken on."""
    account, social = AccountAdapter(rf.get("/")), SocialAccountAdapter(rf.get("/"))
    assert not account.is_open_for_signup(rf.get("/"))
    assert not social.is_open_for_signup(rf.get("/"), None)
    assert account.is_safe_url("/a")
    assert not account.is_safe_url("https://localhost/a")


def test_our_own_code_can_ask_for_a_fresh_and_stronger_sign_in(rf: Any) -> None:
    request = rf.post("/")
    request.session = Browser().session
    answer: Any = to_managed_login(
        request=request,
        next_path="/",
        prompt="login",
        max_age=0,
        acr_values=("urn:cognito:loa:4", "urn:cognito:loa:3"),
    )
    sent = asked(answer["Location"])
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    assert sent["acr_values"] == "urn:cognito:loa:4 urn:cognito:loa:3"


def test_nothing_else_of_allauth_is_routed() -> None:
    def callbacks(patterns: list[Any]) -> Iterator[Any]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from callbacks(pattern.url_patterns)
            else:
                yield pattern.callback

    modules = {callback.__module__ for callback in callbacks(get_resolver().url_patterns)}
    assert "signin.views" in modules
    assert not [m for m in modules if m.startswith("allauth")]
