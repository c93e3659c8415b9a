from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

import localpool
from localpool import PoolServer
from tests import transport
from tests.localpool.stage import Browser, Stage, aws_client


@pytest.fixture(scope="session")
def server() -> Iterator[PoolServer]:
    with localpool.serve() as running, transport.in_process(running):
        yield running


@pytest.fixture(scope="session")
def aws(server: PoolServer) -> Iterator[Any]:
    client = aws_client(server.url)
    yield client
    client.close()


@pytest.fixture
def stage(server: PoolServer, aws: Any) -> Iterator[Stage]:
    server.faults.clear()
    server.switches.reset()
    yield Stage(server, aws).build()
    server.faults.clear()
    server.switches.reset()


@pytest.fixture
def browser(stage: Stage) -> Iterator[Browser]:
    with requests.Session() as session:
        yield Browser(stage, session)


@pytest.fixture
def another_browser(stage: Stage) -> Iterator[Callable[[], Browser]]:
    sessions: list[requests.Session] = []

    def open_one() -> Browser:
        sessions.append(requests.Session())
        return Browser(stage, sessions[-1])

    yield open_one
    for session in sessions:
        session.close()
