"""A user pool and a person of it, and the walk through managed login, over the wire."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest
import requests
from django.conf import settings as portal_settings
from django.test import Client

import localpool
from cognito.pool import UserPool
from tests.signin.lying_pool import LyingPool

PASSWORD = "Correct-horse-7"


class Browser(Client):
    """Sends forms as the portal's own pages do; Django's client sends them as multipart."""

    def post(self, path: str, data: Any = None, **how: Any) -> Any:
        return super().post(
            path,
            urlencode(data or {}),
            content_type="application/x-www-form-urlencoded",
            **how,
        )


@dataclass(frozen=True)
class Person:
    username: str
    subject: str
    password: str = PASSWORD


@pytest.fixture
def client() -> Browser:
    return Browser()


@pytest.fixture(scope="session")
def pool_server() -> Iterator[localpool.PoolServer]:
    with localpool.serve(port=0) as server:
        yield server


@pytest.fixture
def pool_admin(pool_server: localpool.PoolServer) -> Any:
    pool_server.clock.reset()
    pool_server.faults.clear()
    return boto3.client(
        "cognito-idp",
        region_name="eu-central-1",
        endpoint_url=pool_server.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def client_options() -> dict[str, Any]:
    """What a test asks of its app client, on top of the usual."""
    return {}


@pytest.fixture
def user_pool(
    pool_server: localpool.PoolServer,
    pool_admin: Any,
    client_options: dict[str, Any],
    settings: Any,
) -> UserPool:
    pool_id = pool_admin.create_user_pool(PoolName="signin")["UserPool"]["Id"]
    usual = {
        "ClientName": "portal",
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin"],
        "CallbackURLs": [f"{settings.PORTAL_URL}/sign-in/callback/"],
        "LogoutURLs": [f"{settings.PORTAL_URL}/signed-out/"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    app = pool_admin.create_user_pool_client(UserPoolId=pool_id, **{**usual, **client_options})
    settings.COGNITO = UserPool(
        region="eu-central-1",
        pool_id=pool_id,
        client_id=app["UserPoolClient"]["ClientId"],
        client_secret=app["UserPoolClient"].get("ClientSecret", ""),
        domain=pool_server.url,
        endpoint_url=pool_server.url,
    )
    return settings.COGNITO


def make_person(pool_admin: Any, pool: UserPool, username: str, **attributes: str) -> Person:
    made = pool_admin.admin_create_user(
        UserPoolId=pool.pool_id,
        Username=username,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": n, "Value": v} for n, v in attributes.items()],
    )
    pool_admin.admin_set_user_password(
        UserPoolId=pool.pool_id, Username=username, Password=PASSWORD, Permanent=True
    )
    subject = next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")
    return Person(username=username, subject=subject)


@pytest.fixture
def person(pool_admin: Any, user_pool: UserPool) -> Person:
    return make_person(pool_admin, user_pool, "ada", email="ada@example.com")


@pytest.fixture
def lying_pool(settings: Any) -> Iterator[LyingPool]:
    with LyingPool() as pool:
        settings.COGNITO = pool.as_user_pool()
        yield pool


def start(client: Client, *, next_path: str = "/probe/") -> str:
    """Press "Sign in"; the address of managed login that the browser is sent to."""
    answer = client.post("/sign-in/start/", {"next": next_path})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def asked(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def hosted_login(location: str, person: Person, browser: requests.Session | None = None) -> str:
    """Give name and password to managed login; the callback address it sends the browser to."""
    browser = browser or requests.Session()
    page = browser.get(location, allow_redirects=True)
    while not page.history or "code=" not in page.url:
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token is not None, page.text
        page = browser.post(
            page.url,
            data={
                "csrf": token[1],
                "username": person.username,
                "password": person.password,
            },
            allow_redirects=False,
        )
        return path_of(page.headers["Location"])
    raise AssertionError


def path_of(location: str) -> str:
    """The Django test client takes paths."""
    assert location.startswith(portal_settings.PORTAL_URL), location
    return location.removeprefix(portal_settings.PORTAL_URL)


def sign_in(client: Client, person: Person, *, next_path: str = "/probe/") -> Any:
    """The whole way; the portal's answer to the callback."""
    return client.get(hosted_login(start(client, next_path=next_path), person))
