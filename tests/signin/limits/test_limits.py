"""Limits: what they count, whom they keep apart, and that no two attempts pass as one."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from signin.limits import service as limits
from signin.limits.domain import DAY, HOUR, Limit, LimitedAction, Wait
from signin.limits.models import Attempt, AttemptLock

THREE = LimitedAction("three", (Limit(3, HOUR),))
ANNA, BEN = "https://pool.example#anna", "https://pool.example#ben"


@pytest.mark.django_db
def test_an_attempt_too_many_waits_until_the_oldest_counts_no_more() -> None:
    start = timezone.now()
    for minutes in range(3):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert isinstance(limits.consume(THREE, key=ANNA), Attempt)
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert limits.consume(THREE, key=ANNA) == Wait(timedelta(minutes=50))
    with time_machine.travel(start + HOUR, tick=False):
        assert isinstance(limits.consume(THREE, key=ANNA), Attempt)


@pytest.mark.django_db
def test_the_longest_wait_of_several_limits_counts() -> None:
    action = LimitedAction("two", (Limit(1, timedelta(minutes=1)), Limit(2, DAY)))
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        limits.consume(action, key=ANNA)
        assert limits.consume(action, key=ANNA) == Wait(timedelta(minutes=1))
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        limits.consume(action, key=ANNA)
        assert limits.consume(action, key=ANNA) == Wait(DAY - timedelta(minutes=1))


@pytest.mark.django_db
def test_keys_and_actions_are_counted_apart() -> None:
    once, other = (LimitedAction(name, (Limit(1, HOUR),)) for name in ("once", "other"))
    assert isinstance(limits.consume(once, key=ANNA), Attempt)
    assert isinstance(limits.consume(once, key=ANNA), Wait)
    assert isinstance(limits.consume(once, key=BEN), Attempt)
    assert isinstance(limits.consume(other, key=ANNA), Attempt)


@pytest.mark.django_db
def test_asking_how_long_to_wait_counts_nothing_and_a_deleted_attempt_is_given_back() -> None:
    once = LimitedAction("once", (Limit(1, HOUR),))
    assert limits.retry_after(once, key=ANNA) is None
    attempt = limits.consume(once, key=ANNA)
    assert isinstance(attempt, Attempt)
    assert limits.retry_after(once, key=ANNA) is not None
    attempt.delete()
    assert limits.retry_after(once, key=ANNA) is None


@pytest.mark.django_db
def test_attempts_are_forgotten_once_no_limit_can_count_them() -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        limits.consume(THREE, key=ANNA)
    with time_machine.travel(start + HOUR, tick=False):
        limits.consume(THREE, key=BEN)
    with time_machine.travel(start + DAY, tick=False):
        assert limits.erase_expired() == 1
    assert [each.key for each in Attempt.objects.all()] == [f"three:{BEN}"]
    assert [each.key for each in AttemptLock.objects.all()] == [f"three:{BEN}"]


def test_no_limit_counts_further_back_than_attempts_are_kept() -> None:
    with pytest.raises(ValueError, match="week"):
        LimitedAction("week", (Limit(1, HOUR), Limit(9, timedelta(days=7))))


@pytest.mark.django_db(transaction=True)
def test_attempts_side_by_side_never_outnumber_the_limit() -> None:
    taken: list[Attempt | Wait] = []

    def once() -> None:
        taken.append(limits.consume(THREE, key=ANNA))
        connection.close()

    threads = [threading.Thread(target=once) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in taken if isinstance(each, Attempt)]) == 3
    assert len(taken) == 9
