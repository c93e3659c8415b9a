"""A real Chromium, the portal on a live server, and a local pool of the test's own."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

import localpool
from tests.conftest import make_pool
from tests.people import Pool

# Playwright's synchronous API runs an event loop in this thread; the ORM is used from it all the
# same, and only from here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

TestFunction = TypeVar("TestFunction", bound=Callable[..., Any])

PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The one that `tests/find-browser` finds, or sees to."""
    find = Path(__file__).parent.parent / "find-browser"
    path = subprocess.run([find], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    browser = playwright.chromium.launch(
        executable_path=path,
        # Root in a container has no sandbox; nothing but our own pages is opened.
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
    yield browser
    browser.close()


@pytest.fixture
def pool(
    live_server: LiveServer,
    pool_server: localpool.PoolServer,
    settings: Settings,
) -> Pool:
    """In place of the one without a browser: the portal is at an address of its own, and serves a
    fresh pool that knows that address."""
    settings.PORTAL_URL = live_server.url
    pool_server.clock.reset()
    pool_server.faults.clear()
    return make_pool(pool_server, settings)


def open_browser(
    chromium: Browser,
    *,
    javascript: bool = True,
    viewport: ViewportSize = PHONE,
    dark: bool = False,
) -> BrowserContext:
    context = chromium.new_context(
        java_script_enabled=javascript,
        viewport=viewport,
        is_mobile=viewport is PHONE,
        has_touch=viewport is PHONE,
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(10_000)
    return context


def listen(page: Page) -> list[str]:
    """What scripts and the content security policy complain of on the page, from now on."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))

    def hear(line: ConsoleMessage) -> None:
        # 4xx answers are written to the console by the browser itself.
        if line.type == "error" and "the server responded with a status" not in line.text:
            said.append(line.text)

    page.on("console", hear)
    return said


def without_javascript(test: TestFunction) -> TestFunction:
    """Run a test of `page` without JavaScript only.

    The pages that it is about work without a script of their own, and the gallery goes the same
    way with JavaScript and hears every complaint.
    """
    pytest.mark.parametrize("page", [False], ids=["no-javascript"], indirect=True)(test)
    return test


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone, with JavaScript and without it."""
    context = open_browser(chromium, javascript=request.param)
    page = context.new_page()
    said = listen(page)
    yield page
    context.close()
    assert said == []
