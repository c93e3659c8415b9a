"""One part of a soak: so many sequences in one mode from one seed. `python -m tests.machine` runs
the parts side by side and adds up what they counted."""

import json
import os
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

import localpool
from tests.machine.ground import Ground
from tests.machine.running import MODES, run

pytestmark = pytest.mark.django_db

PART = 100
STEPS = 25
SEED = int(os.environ.get("SOAK_SEED", "0"))
PARTS = int(os.environ.get("SOAK_PARTS", "1"))


@pytest.mark.parametrize("part", range(PARTS))
def test_part(
    pool_server: localpool.PoolServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    part: int,
) -> None:
    fired = run(
        Ground(pool_server, settings),
        monkeypatch,
        associate=MODES[part % len(MODES)],
        sequences=PART,
        steps=STEPS,
        seed_of_run=SEED + part,
    )
    Path(os.environ["SOAK_COUNTS"], f"{part}.json").write_text(json.dumps(fired))
