"""One local pool server for the whole run, and a fresh user pool for each test."""

import functools
import gc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.core.cache import cache
from pytest_django.fixtures import Settings

import localpool
from cognito.pool import UserPool
from mfa_settings.preference import writing
from tests import transport
from tests.kept import Kept
from tests.people import Browser, Person, Pool

transport.install()

# A busy machine is no failure of a rule.
hypothesis.settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """What was imported stays, and need not be looked through each time for what may go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def client() -> Browser:
    return Browser()


@pytest.fixture(scope="session")
def pool_server() -> Iterator[localpool.PoolServer]:
    with localpool.serve(port=0) as server, transport.in_process(server):
        yield server


@pytest.fixture(scope="session", autouse=True)
def _one_signing_key() -> Iterator[None]:
    """Shared by all pools: to make and check an RSA key takes longer than the rest of a test."""
    with pytest.MonkeyPatch.context() as patch:
        one = functools.cache(generate_private_key)
        patch.setattr("localpool.state.keys.generate_private_key", one)
        yield


def _has_browser(request: pytest.FixtureRequest) -> bool:
    """A real one: it sees the portal and the pool as they are."""
    return "live_server" in request.fixturenames


@pytest.fixture(autouse=True)
def _no_pauses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many reads and tries, without the waiting between them."""
    if _has_browser(request):
        return
    monkeypatch.setattr(writing, "READ_BACK_PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """`@pytest.mark.real_socket` puts one between the portal and the pool."""
    if request.node.get_closest_marker("real_socket") or _has_browser(request):
        with transport.real_socket():
            yield
    else:
        yield


@pytest.fixture(scope="session")
def kept(pool_server: localpool.PoolServer) -> Kept:
    return Kept(pool_server)


@pytest.fixture
def pool(pool_server: localpool.PoolServer, kept: Kept, settings: Settings) -> Iterator[Pool]:
    """A pool whose MFA is optional, offering text messages and authenticator apps."""
    pool_server.clock.reset()
    pool_server.faults.clear()
    pool_server.switches.reset()
    pool_server.calls.clear()
    cache.clear()
    with kept.a_test():
        yield make_pool(pool_server, settings)


def make_pool(pool_server: localpool.PoolServer, settings: Settings, **more: Any) -> Pool:
    """Made through the API, and served by the portal from now on. `more` of CreateUserPool."""
    bare = Pool(pool_server, UserPool("eu-central-1", "", "", pool_server.url))
    settings.COGNITO = bare.make(settings.PORTAL_URL, **more)
    return Pool(pool_server, settings.COGNITO)


@pytest.fixture
def person(pool: Pool) -> Person:
    return pool.person()
