"""Some eighty sequences, picked so that every rule is taken; `make soak` runs ten thousand new
ones."""

from collections import Counter

import pytest
from pytest_django.fixtures import Settings

import localpool
from tests.machine.ground import Ground
from tests.machine.running import MODES, SEQUENCES, never_taken, run

pytestmark = pytest.mark.django_db

AT_A_TIME = 20
STEPS = 20
PICKED = (20301, 20302, 20303, 20304)
# A change of the portal changes what a seed leads to; no more than this is tried then.
MOST = 250


def test_nobody_is_locked_out_or_lied_to(
    pool_server: localpool.PoolServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both modes, and every rule comes about in one of them."""
    ground, fired = Ground(pool_server, settings), Counter[str]()
    for number, seed in enumerate((*PICKED, *range(PICKED[-1] + 1, PICKED[-1] + 100))):
        fired += run(
            ground,
            monkeypatch,
            associate=MODES[number % len(MODES)],
            sequences=AT_A_TIME,
            steps=STEPS,
            seed_of_run=seed,
        )
        if number + 1 >= len(PICKED) and not never_taken(fired, least=1):
            return
        if fired[SEQUENCES] >= MOST:
            break
    assert not never_taken(fired, least=1)
