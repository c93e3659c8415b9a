"""Access tokens: renewed silently, one request at a time, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

import localpool
from cognito.pool import UserPool
from localpool import Fault
from signin import oauth, tokens
from signin.models import TokenSet
from tests.meanwhile import while_it_waits
from tests.people import Browser, Person, Pool
from tests.signin.conftest import age_token, asked, come_back, sign_in
from tests.signin.lying_pool import LyingPool

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]

NOON = "2026-11-24T12:00:00Z"
# Shorter than the idle time, so that a token ends before its session does.
SHORT = {
    "AccessTokenValidity": 5,
    "IdTokenValidity": 5,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes"},
}


@pytest.fixture
def client_options() -> dict[str, Any]:
    return SHORT


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def token_of(client: Browser) -> str:
    answer = client.get("/probe/token/")
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_a_token_with_time_left_is_used_as_it_is(client: Browser, person: Person) -> None:
    sign_in(client, person)
    assert token_of(client) == token_of(client)
    assert TokenSet.objects.get().version == 1


def test_an_old_token_is_renewed_silently_and_the_page_goes_on(
    client: Browser, person: Person, clock: Any
) -> None:
    sign_in(client, person)
    first = token_of(client)
    for version in (2, 3):
        clock.shift(4 * 60 + 30)  # Less than a minute left by our clock.
        assert client.get("/probe/").json()["subject"] == person.subject
        assert TokenSet.objects.get().version == version
    assert token_of(client) != first


def test_cognito_may_call_a_token_expired_before_our_clock_does(
    client: Browser, person: Person, pool_server: localpool.PoolServer
) -> None:
    """The page is asked for once and answered with a new token, a form sent once too."""
    sign_in(client, person)
    pool_server.clock.advance(10 * 60)
    assert client.get("/probe/").status_code == 200
    assert TokenSet.objects.get().version == 2
    pool_server.clock.advance(10 * 60)
    assert client.submit("/probe/form/").content == f"done for {person.username}".encode()
    assert TokenSet.objects.get().version == 3


def test_a_token_that_is_refused_twice_ends_the_session(
    client: Browser, person: Person, pool_server: localpool.PoolServer
) -> None:
    sign_in(client, person)
    pool_server.faults.add(
        Fault(
            on="GetUser",
            answer="error",
            times=None,
            code="NotAuthorizedException",
            message="Access Token has expired",
            status=400,
        )
    )
    answer = client.get("/probe/")
    assert asked(answer["Location"]) == {"next": "/probe/", "again": "1"}
    assert not TokenSet.objects.exists()


def test_a_dead_refresh_token_leads_to_sign_in_and_back(
    client: Browser, person: Person, clock: Any, user_pool: UserPool, pool: Pool
) -> None:
    sign_in(client, person)
    pool.admin.admin_user_global_sign_out(UserPoolId=user_pool.pool_id, Username=person.username)
    clock.shift(6 * 60)
    answer = client.get("/probe/?a=1")
    assert asked(answer["Location"]) == {"next": "/probe/?a=1", "again": "1"}


@pytest.mark.parametrize("trouble", ["error", "html", "truncated", "empty", "drop"])
def test_a_refresh_that_fails_changes_nothing_and_works_later(
    client: Browser, person: Person, clock: Any, pool_server: localpool.PoolServer, trouble: str
) -> None:
    sign_in(client, person)
    before = TokenSet.objects.get()
    clock.shift(6 * 60)
    pool_server.faults.add(Fault(on="/oauth2/token", answer=trouble))
    assert client.get("/probe/").status_code == 503
    after = TokenSet.objects.get()
    assert (after.sealed, after.version, after.refreshing_until) == (before.sealed, 1, None)
    assert client.get("/probe/").status_code == 200


def test_a_token_with_seconds_left_is_used_when_the_refresh_fails(
    client: Browser, person: Person, clock: Any, pool_server: localpool.PoolServer
) -> None:
    sign_in(client, person)
    first = token_of(client)
    clock.shift(4 * 60 + 30)
    pool_server.faults.add(Fault(on="/oauth2/token", answer="error"))
    assert token_of(client) == first


def test_a_lease_whose_holder_died_is_taken_over(
    client: Browser, person: Person, clock: Any
) -> None:
    sign_in(client, person)
    clock.shift(6 * 60)
    TokenSet.objects.update(refreshing_until=timezone.now() - timedelta(seconds=1))
    assert client.get("/probe/").status_code == 200


def test_who_waits_for_another_waits_in_bounds(
    client: Browser, person: Person, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.2)
    sign_in(client, person)
    clock.shift(6 * 60)
    TokenSet.objects.update(refreshing_until=timezone.now() + timedelta(seconds=5))
    assert client.get("/probe/").status_code == 503
    assert TokenSet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_waits_takes_over_when_the_lease_runs_out_or_ends_with_the_session(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, person)
    age_token(seconds_left=-1)
    TokenSet.objects.update(refreshing_until=timezone.now() + timedelta(seconds=0.3))
    assert client.get("/probe/").status_code == 200
    age_token(seconds_left=-1)
    TokenSet.objects.update(refreshing_until=timezone.now() + timedelta(seconds=5))
    while_it_waits(monkeypatch, tokens, TokenSet.objects.all().delete)
    answer = client.get("/probe/")
    assert asked(answer["Location"])["again"] == "1"


def test_tokens_that_arrive_after_the_person_signed_out_are_revoked(
    client: Browser, lying_pool: LyingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back(client, lying_pool)
    age_token(seconds_left=-1)
    lying_pool.say(lying_pool.tokens("", refresh_token="refresh-token-2"))
    real = oauth.refresh

    def and_sign_out(**how: Any) -> oauth.Tokens:
        answer = real(**how)
        TokenSet.objects.all().delete()
        return answer

    monkeypatch.setattr(oauth, "refresh", and_sign_out)
    assert client.get("/probe/token/").status_code == 302
    path, form, _ = lying_pool.requests[-1]
    assert (path, form["token"]) == ("/oauth2/revoke", "refresh-token-2")


@pytest.mark.parametrize(
    "spoil",
    [
        {"access_claims": {"sub": "somebody-else"}},
        {"access_claims": {"client_id": "another-client"}},
        {"access_claims": {"iss": "https://evil.example"}},
        {"access_claims": {"token_use": "id"}},
        {"access_token": "opaque"},
    ],
    ids=str,
)
def test_a_renewed_token_of_somebody_else_ends_the_session(
    client: Browser, lying_pool: LyingPool, spoil: dict[str, Any]
) -> None:
    come_back(client, lying_pool)
    age_token(seconds_left=-1)
    lying_pool.say(lying_pool.tokens("", **spoil))
    assert client.get("/probe/token/").status_code == 302
    assert not TokenSet.objects.exists()


def test_a_renewal_without_id_and_refresh_token_keeps_the_old_refresh_token(
    client: Browser, lying_pool: LyingPool
) -> None:
    come_back(client, lying_pool)
    age_token(seconds_left=-1)
    lying_pool.say(lying_pool.tokens("", id_token=None, refresh_token=None))
    assert client.get("/probe/token/").status_code == 200
    assert tokens.open_tokens(TokenSet.objects.get()).refresh == "refresh-token-1"


def test_a_retired_key_means_sign_in_again_and_no_crash(
    client: Browser, person: Person, settings: Any
) -> None:
    sign_in(client, person)
    settings.TOKEN_KEYS = (Fernet.generate_key().decode(),)
    answer = client.get("/probe/")
    assert asked(answer["Location"]) == {"next": "/probe/", "again": "1"}
    assert not TokenSet.objects.exists()


def test_signing_out_works_without_the_key_too(
    client: Browser, person: Person, settings: Any
) -> None:
    sign_in(client, person)
    settings.TOKEN_KEYS = (Fernet.generate_key().decode(),)
    assert client.submit("/sign-out/").status_code == 302
    assert not TokenSet.objects.exists()


def test_tokens_of_another_row_do_not_open(client: Browser, person: Person) -> None:
    other = Browser()
    sign_in(client, person)
    sign_in(other, person)
    first, second = TokenSet.objects.order_by("began_at")
    TokenSet.objects.filter(pk=first.pk).update(sealed=second.sealed)
    assert client.get("/probe/").status_code == 302
    assert other.get("/probe/").status_code == 200


def test_after_resealing_the_old_key_can_go(
    client: Browser, person: Person, settings: Any, capsys: Any
) -> None:
    old = settings.TOKEN_KEYS[0]
    new = Fernet.generate_key().decode()
    sign_in(client, person)
    settings.TOKEN_KEYS = (new, old)
    assert client.get("/probe/").status_code == 200
    call_command("reseal_tokens")
    assert capsys.readouterr().out == "1 sessions are sealed with the newest key.\n"
    settings.TOKEN_KEYS = (new,)
    assert client.get("/probe/").status_code == 200


def test_resealing_counts_what_no_key_opens(
    client: Browser, person: Person, settings: Any, capsys: Any
) -> None:
    sign_in(client, person)
    settings.TOKEN_KEYS = (Fernet.generate_key().decode(),)
    call_command("reseal_tokens")
    assert "1 can't be opened with any key" in capsys.readouterr().out
