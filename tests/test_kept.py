"""What is copied is as good as made anew, and nothing is copied once a test did anything else."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

import localpool
from localpool import Fault
from signin.models import TokenSet
from tests.conftest import make_pool
from tests.kept import Kept
from tests.people import Browser, Person, Pool

pytestmark = pytest.mark.django_db

R = TypeVar("R")
Play = Callable[[Callable[[Pool], R]], R]


@pytest.fixture
def play(pool_server: localpool.PoolServer, settings: Settings) -> Play[str]:
    """A test in a test: it begins with a pool, and leaves no rows."""
    kept = Kept(pool_server)

    def play(test: Callable[[Pool], R]) -> R:
        rows = transaction.savepoint()
        pool_server.calls.clear()
        with kept.a_test():
            result = test(make_pool(pool_server, settings))
        transaction.savepoint_rollback(rows)
        return result

    return play


def test_a_copy_is_as_good_as_the_real_one(play: Play[tuple[str, list[str]]]) -> None:
    def signs_in(pool: Pool) -> tuple[str, list[str]]:
        person, browser = pool.person(), Browser()
        person.set_up_app()
        assert person.sign_in(browser) == ["SOFTWARE_TOKEN_MFA"]
        names = pool.server.calls.names()
        assert browser.get("/").status_code == 200
        assert timezone.now() - TokenSet.objects.get().began_at < timedelta(seconds=5)
        assert person.sign_in(Browser()) == ["SOFTWARE_TOKEN_MFA"]
        assert person.asked() == "SOFTWARE_TOKEN_MFA"
        return person.subject, names

    assert play(signs_in) == play(signs_in)


def test_another_beginning_is_another_person(play: Play[str]) -> None:
    assert play(lambda pool: pool.person().subject) != play(lambda pool: pool.person("bob").subject)


def travels(pool: Pool) -> None:
    pool.server.clock.advance(60)


def writes_into_the_pool(pool: Pool) -> None:
    pool.server.state.pools[pool.config.pool_id].users.clear()


@pytest.mark.parametrize(
    "what",
    [
        lambda pool: pool.admin.list_users(UserPoolId=pool.config.pool_id),
        lambda pool: pool.server.faults.add(Fault("GetUser")),
        lambda pool: pool.server.switches.set(pool_off_preference="refuse"),
        travels,
        writes_into_the_pool,
    ],
    ids=["call", "fault", "switch", "clock", "state"],
)
def test_whatever_else_is_done_ends_it(what: Callable[[Pool], object], play: Play[str]) -> None:
    def does_it(pool: Pool) -> str:
        pool.person("ana")
        what(pool)
        subject = pool.person("bob").subject
        pool.server.faults.clear()
        pool.server.switches.reset()
        pool.server.clock.reset()
        return subject

    assert play(does_it) != play(does_it)


def test_time_travel_ends_it(play: Play[str]) -> None:
    def travels_first(pool: Pool) -> str:
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
            return pool.person().subject

    assert play(travels_first) != play(travels_first)


def test_a_setting_makes_another_sign_in(play: Play[str], settings: Settings) -> None:
    def signs_in(pool: Pool) -> str:
        person: Person = pool.person()
        browser = Browser()
        person.sign_in(browser)
        return browser.cookies["sessionid"].value

    first = play(signs_in)
    assert play(signs_in) == first
    settings.RECENT_SIGN_IN_SECONDS = 77
    assert play(signs_in) != first
