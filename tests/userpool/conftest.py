from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.doctor import Doctor
from tests.people import Pool


@pytest.fixture
def doctor(pool: Pool, settings: Settings, tmp_path: Path) -> Doctor:
    return Doctor(pool, settings, tmp_path)
