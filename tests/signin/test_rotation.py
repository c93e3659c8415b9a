"""One refresh at a time, and a new refresh token is stored before it is used."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

import localpool
from localpool import Fault
from signin import tokens
from signin.models import TokenSet
from tests.meanwhile import while_it_waits
from tests.people import Browser, Person
from tests.signin.conftest import age_token, asked, session_cookie, sign_in, together, with_session

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]

NOON = "2026-11-24T12:00:00Z"
# Shorter than the idle time, so that a token ends before its session does.
SHORT = {
    "AccessTokenValidity": 5,
    "IdTokenValidity": 5,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes"},
}
ROTATES = {**SHORT, "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}


@pytest.fixture
def client_options() -> dict[str, Any]:
    return ROTATES


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def token_of(client: Browser) -> str:
    answer = client.get("/probe/token/")
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def at_once(client: Browser, count: int) -> list[tuple[int, str]]:
    cookie = session_cookie(client)
    got: list[tuple[int, str]] = []

    def ask() -> None:
        browser = with_session(cookie)
        try:
            answer = browser.get("/probe/token/")
            got.append((answer.status_code, answer.content.decode()))
        finally:
            connection.close()

    together([ask] * count)
    return got


def test_each_refresh_uses_the_newest_refresh_token(
    client: Browser, person: Person, clock: Any
) -> None:
    sign_in(client, person)
    seen = set()
    for _ in range(4):
        seen.add(tokens.open_tokens(TokenSet.objects.get()).refresh)
        clock.shift(5 * 60)
        assert client.get("/probe/").status_code == 200
    assert len(seen) == 4


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_refresh_once(
    client: Browser,
    person: Person,
    pool_server: localpool.PoolServer,
) -> None:
    sign_in(client, person)
    old = token_of(client)
    age_token(seconds_left=30)
    pool_server.faults.add(Fault(on="/oauth2/token", seconds=0.5))
    got = at_once(client, 6)
    assert {status for status, _ in got} == {200}
    assert len({token for _, token in got}) == 1
    assert got[0][1] != old
    assert TokenSet.objects.get().version == 2
    assert token_of(client) == got[0][1]


@pytest.mark.django_db(transaction=True)
def test_when_the_one_refresh_fails_who_waited_does_not_ask_again_at_once(
    client: Browser,
    person: Person,
    pool_server: localpool.PoolServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(client, person)
    age_token(seconds_left=-1)
    TokenSet.objects.update(refreshing_until=timezone.now() + timedelta(seconds=30))
    asked_before = len(pool_server.calls.of("/oauth2/token"))
    while_it_waits(monkeypatch, tokens, lambda: TokenSet.objects.update(refreshing_until=None))
    assert client.get("/probe/").status_code == 503
    assert len(pool_server.calls.of("/oauth2/token")) == asked_before
    assert client.get("/probe/").status_code == 200


def test_a_reused_refresh_token_leads_to_sign_in(
    client: Browser, person: Person, clock: Any
) -> None:
    sign_in(client, person)
    before = TokenSet.objects.get()
    clock.shift(5 * 60)
    client.get("/probe/")
    TokenSet.objects.update(sealed=before.sealed, access_expires_at=before.access_expires_at)
    clock.shift(60)
    answer = client.get("/probe/")
    assert asked(answer["Location"]) == {"next": "/probe/", "again": "1"}
    assert not TokenSet.objects.exists()
