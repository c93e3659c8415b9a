"""App clients with options, a pool that lies, and the steps of a sign-in one by one."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

import localpool
from cognito.pool import UserPool
from signin.models import TokenSet, User
from tests.kept import Kept
from tests.pages import way_out
from tests.people import Browser, Person, Pool
from tests.signin.lying_pool import LyingPool

_COPIED = (
    "ClientName",
    "AllowedOAuthFlowsUserPoolClient",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "CallbackURLs",
    "LogoutURLs",
    "SupportedIdentityProviders",
)


@pytest.fixture
def kept(pool_server: localpool.PoolServer) -> Kept:
    """Of this test only: here each sign-in is a real one."""
    return Kept(pool_server)


@pytest.fixture
def client_options() -> dict[str, Any]:
    """What a test asks of its app client, on top of the usual."""
    return {}


@pytest.fixture
def user_pool(pool: Pool, client_options: dict[str, Any], settings: Settings) -> UserPool:
    """What the portal is set to: the test's pool, with an app client that has the options."""
    if not client_options:
        return pool.config
    usual = pool.admin.describe_user_pool_client(
        UserPoolId=pool.config.pool_id, ClientId=pool.config.client_id
    )["UserPoolClient"]
    options = {name: usual[name] for name in _COPIED} | client_options
    app = pool.admin.create_user_pool_client(UserPoolId=pool.config.pool_id, **options)
    made = replace(
        pool.config,
        client_id=app["UserPoolClient"]["ClientId"],
        client_secret=app["UserPoolClient"].get("ClientSecret", ""),
    )
    settings.COGNITO = made
    return made


@pytest.fixture
def person(pool: Pool, user_pool: UserPool) -> Person:
    assert user_pool.pool_id == pool.config.pool_id
    return pool.person("ada")


@pytest.fixture
def lying_pool(settings: Settings) -> Iterator[LyingPool]:
    with LyingPool() as pool:
        settings.COGNITO = pool.as_user_pool()
        yield pool


def start(client: Browser, *, next_path: str = "/probe/") -> str:
    """Press "Sign in"; the address of managed login that the browser is sent to."""
    return way_out(client.submit("/sign-in/start/", next=next_path))


def asked(location: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def hosted_login(location: str, person: Person) -> str:
    """Through managed login; the path of the callback that it sends the browser to."""
    return path_of(person.walk_managed_login(location)[0])


def path_of(location: str) -> str:
    """The Django test client takes paths."""
    assert location.startswith(portal_settings.PORTAL_URL), location
    return location.removeprefix(portal_settings.PORTAL_URL)


def sign_in(client: Browser, person: Person, *, next_path: str = "/probe/") -> Any:
    """The whole way; the portal's answer to the callback."""
    answer: Any = client.get(hosted_login(start(client, next_path=next_path), person))
    return answer


def session_cookie(client: Browser) -> str:
    return client.cookies["sessionid"].value


def with_session(key: str | None) -> Browser:
    """Another browser that has the same session cookie."""
    browser = Browser()
    browser.cookies["sessionid"] = key or ""
    return browser


def come_back(client: Browser, pool: LyingPool, **changes: Any) -> Any:
    """Start a sign-in, let the token endpoint say its answer with `changes`, come back."""
    request = asked(start(client))
    pool.say(pool.tokens(request["nonce"], **changes))
    return client.get("/sign-in/callback/", {"state": request["state"], "code": "the-code"})


def refused(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert b"Try again" in answer.content
    assert not TokenSet.objects.exists()
    assert not User.objects.exists()


def age_token(*, seconds_left: int) -> None:
    TokenSet.objects.update(access_expires_at=timezone.now() + timedelta(seconds=seconds_left))


def together(jobs: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(jobs))

    def at_once(job: Callable[[], None]) -> None:
        barrier.wait()
        try:
            job()
        finally:
            # Each thread has its own; Python 3.13 warns of one that nobody closed.
            connection.close()

    threads = [threading.Thread(target=at_once, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
