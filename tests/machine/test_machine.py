"""A few hundred seeded sequences; `make soak` runs ten thousand of new ones."""

from collections import Counter

import pytest
from pytest_django.fixtures import Settings

import localpool
from tests.machine.running import MODES, never_taken, run

pytestmark = pytest.mark.django_db

SEQUENCES_OF_EACH = 125
STEPS = 20
SEED = 20301


def test_nobody_is_locked_out_or_lied_to(
    pool_server: localpool.PoolServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both modes, and every rule comes about in one of them."""
    fired = sum(
        (
            run(
                pool_server,
                settings,
                monkeypatch,
                associate=mode,
                sequences=SEQUENCES_OF_EACH,
                steps=STEPS,
                seed_of_run=SEED + number,
            )
            for number, mode in enumerate(MODES)
        ),
        Counter[str](),
    )
    assert not never_taken(fired, least=1)
