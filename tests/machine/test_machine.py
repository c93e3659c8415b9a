"""A few hundred seeded sequences; `make soak` runs ten thousand of new ones."""

import pytest
from pytest_django.fixtures import Settings

import localpool
from tests.machine.running import MODES, never_taken, run

pytestmark = pytest.mark.django_db

SEQUENCES_OF_EACH = 125
STEPS = 20


@pytest.mark.parametrize("associate", MODES)
def test_nobody_is_locked_out_or_lied_to(
    pool_server: localpool.PoolServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    associate: str,
) -> None:
    fired = run(
        pool_server,
        settings,
        monkeypatch,
        associate=associate,
        sequences=SEQUENCES_OF_EACH,
        steps=STEPS,
        seed_of_run=20302,
    )
    print(fired)
    assert not never_taken(fired, least=1)
