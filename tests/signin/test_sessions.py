"""How a session ends: by its person, by time, by Cognito, and what is left of it."""

from typing import Any

import pytest
import requests
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError
from pytest_django import DjangoAssertNumQueries

import localpool
from activity.models import LogEntry
from cognito.pool import UserPool
from localpool import Fault
from signin.models import TokenSet
from tests import log
from tests.people import Browser, Person, Pool
from tests.signin.conftest import asked, path_of, session_cookie, sign_in, with_session

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]

NOON = "2026-11-24T12:00:00Z"


def how_it_ended() -> str:
    return str(log.intents("sign-in:session:ended").get().detail["how"])


def is_told_to_sign_in_again(answer: Any, *, next_path: str) -> None:
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?")
    assert asked(answer["Location"]) == {"next": next_path, "again": "1"}


def access_token_of(client: Browser) -> str:
    return str(client.get("/probe/token/").content.decode())


def test_signing_out_ends_it_here_and_at_cognito(
    client: Browser, person: Person, user_pool: UserPool, pool: Pool, settings: Any
) -> None:
    sign_in(client, person)
    token, session_key = access_token_of(client), client.session.session_key
    answer = client.submit("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert answer["Location"].startswith(f"{user_pool.logout_url}?")
    assert asked(answer["Location"]) == {
        "client_id": user_pool.client_id,
        "logout_uri": f"{settings.PORTAL_URL}/signed-out/",
    }
    assert not TokenSet.objects.exists()
    assert not Session.objects.filter(session_key=session_key).exists()
    with pytest.raises(pool.admin.exceptions.NotAuthorizedException, match="revoked"):
        pool.admin.get_user(AccessToken=token)
    assert how_it_ended() == "signed-out"
    assert client.get("/probe/").status_code == 302


def test_managed_login_accepts_the_way_out_and_sends_back_to_the_portal(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    way_out = client.submit("/sign-out/")["Location"]
    back = requests.get(way_out, allow_redirects=False, timeout=5)
    page = client.get(path_of(back.headers["Location"]))
    assert page.status_code == 200
    assert b"You are signed out" in page.content


def test_a_failing_revocation_does_not_keep_anybody_signed_in(
    client: Browser, person: Person, pool_server: localpool.PoolServer, caplog: Any
) -> None:
    sign_in(client, person)
    pool_server.faults.add(Fault(on="/oauth2/revoke", answer="error"))
    assert client.submit("/sign-out/").status_code == 302
    assert not TokenSet.objects.exists()
    assert "was not revoked: Http500" in caplog.text


def test_somebody_who_is_signed_out_already_may_sign_out_of_managed_login_too(
    client: Browser, user_pool: UserPool
) -> None:
    assert client.submit("/sign-out/")["Location"].startswith(user_pool.logout_url)


def test_a_failing_log_does_not_keep_anybody_signed_in(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, person)

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(LogEntry.objects, "create", broken)
    monkeypatch.setattr(LogEntry, "save", broken)
    assert client.submit("/sign-out/").status_code == 302
    assert not TokenSet.objects.exists()


def test_an_idle_session_ends_after_fifteen_minutes(client: Browser, person: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        clock.shift(15 * 60 - 1)
        assert client.get("/probe/").status_code == 200
        clock.shift(15 * 60)
        is_told_to_sign_in_again(client.get("/probe/?a=1"), next_path="/probe/?a=1")
    assert not TokenSet.objects.exists()
    assert how_it_ended() == "idle"


def test_staying_signed_in_is_asked_for_and_has_an_end(client: Browser, person: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        clock.shift(14 * 60)
        assert client.get("/sign-in/stay/").json() == {"seconds": 15 * 60}
        for _ in range(49):
            clock.shift(14 * 60)
            assert client.get("/sign-in/stay/").json() == {"seconds": 15 * 60}
        clock.shift(14 * 60)
        assert client.get("/sign-in/stay/").json() == {"seconds": 6 * 60}
        clock.shift(6 * 60)
        assert client.get("/sign-in/stay/").status_code == 302


def test_a_session_in_use_ends_after_twelve_hours(client: Browser, person: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        for _ in range(12 * 6 - 1):
            clock.shift(10 * 60)
            assert client.get("/sign-in/").status_code == 302
        clock.shift(10 * 60)
        is_told_to_sign_in_again(client.get("/probe/"), next_path="/probe/")
    assert how_it_ended() == "too-old"


def test_the_cookie_of_a_session_that_is_over_opens_nothing_later(
    client: Browser, person: Person
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        stolen = with_session(session_cookie(client))
        clock.shift(16 * 60)
        client.get("/probe/")
        clock.shift(-10 * 60)
        assert stolen.get("/probe/").status_code == 302


def test_after_a_form_the_way_back_is_the_page_that_held_it(
    client: Browser, person: Person, settings: Any
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        clock.shift(16 * 60)
        came_from = {"referer": f"{settings.PORTAL_URL}/probe/?tab=2"}
        answer = client.generic("POST", "/probe/form/", headers=came_from)
    is_told_to_sign_in_again(answer, next_path="/probe/?tab=2")


@pytest.mark.parametrize(
    "came_from", ["", "https://evil.example/x", "http://localhost:8000.evil.example/"]
)
def test_a_form_from_nowhere_leads_back_to_the_start(client: Browser, came_from: str) -> None:
    answer = client.generic("POST", "/probe/form/", headers={"referer": came_from})
    is_told_to_sign_in_again(answer, next_path="/")


def test_a_stranger_is_sent_to_sign_in_without_being_told_that_something_ended(
    client: Browser,
) -> None:
    assert client.get("/probe/")["Location"] == "/sign-in/?next=/probe/"


def test_a_view_that_needs_a_token_asks_a_stranger_to_sign_in_even_where_all_may_go(
    client: Browser,
) -> None:
    is_told_to_sign_in_again(client.get("/probe/open/"), next_path="/probe/open/")


def test_the_sign_in_page_says_that_the_sign_in_ended_and_nothing_changed(
    client: Browser,
) -> None:
    page = client.get("/sign-in/?next=/probe/&again=1")
    assert b"You have been signed out" in page.content
    assert b"Nothing about your account was changed" in page.content


def test_deleting_the_row_ends_the_session_on_its_next_request(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    TokenSet.objects.all().delete()
    is_told_to_sign_in_again(client.get("/probe/"), next_path="/probe/")


@pytest.mark.parametrize("what", ["disable", "delete", "sign_out", "sign_out_self"])
def test_what_happens_to_the_person_in_cognito_ends_the_session(
    client: Browser, person: Person, user_pool: UserPool, pool: Pool, what: str
) -> None:
    sign_in(client, person)
    who = {"UserPoolId": user_pool.pool_id, "Username": person.username}
    if what == "disable":
        pool.admin.admin_disable_user(**who)
    elif what == "delete":
        pool.admin.admin_delete_user(**who)
    elif what == "sign_out":
        pool.admin.admin_user_global_sign_out(**who)
    else:
        pool.admin.global_sign_out(AccessToken=access_token_of(client))
    is_told_to_sign_in_again(client.get("/probe/"), next_path="/probe/")
    assert not TokenSet.objects.exists()
    assert how_it_ended() == "ended-by-cognito"
    assert not client.get("/sign-in/").wsgi_request.user.is_authenticated


def test_a_page_view_costs_three_queries_and_a_write_a_minute(
    client: Browser, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The session, its person, its tokens."""
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        with django_assert_num_queries(3):
            client.get("/probe/")
        clock.shift(61)
        with django_assert_num_queries(4):
            client.get("/probe/")
        with django_assert_num_queries(3):
            client.get("/probe/")


def test_a_stranger_costs_no_query(
    client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/sign-in/")


def test_expired_sign_ins_are_erased_and_revoked_by_a_timer(
    client: Browser, person: Person, pool: Pool, capsys: Any
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, person)
        token = access_token_of(client)
        clock.shift(10 * 60)
        stays = Browser()
        sign_in(stays, person)
        clock.shift(10 * 60)
        call_command("erase_expired")
        assert "1 sign-ins" in capsys.readouterr().out
        with pytest.raises(pool.admin.exceptions.NotAuthorizedException):
            pool.admin.get_user(AccessToken=token)
        assert stays.get("/probe/").status_code == 200
        assert client.get("/probe/").status_code == 302


def test_deleting_a_person_erases_their_tokens(client: Browser, person: Person) -> None:
    sign_in(client, person)
    TokenSet.objects.get().user.delete()
    assert not TokenSet.objects.exists()
    assert client.get("/probe/").status_code == 302


def test_nobody_who_is_signed_in_is_told_that_they_are_signed_out(
    client: Browser, person: Person
) -> None:
    assert client.get("/signed-out/").status_code == 200
    sign_in(client, person)
    assert client.get("/signed-out/")["Location"] == "/"
