"""A real Chromium, the portal on a live server, and a local pool of the test's own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

import localpool
from tests.conftest import make_pool
from tests.people import Pool

# Playwright's synchronous API runs an event loop in this thread; the ORM is used from it all the
# same, and only from here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


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
    viewport: dict[str, int] = PHONE,
    dark: bool = False,
) -> BrowserContext:
    context = chromium.new_context(
        java_script_enabled=javascript,
        viewport={"width": viewport["width"], "height": viewport["height"]},
        is_mobile=viewport is PHONE,
        has_touch=viewport is PHONE,
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(10_000)
    return context


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone, with JavaScript and without it."""
    context = open_browser(chromium, javascript=request.param)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    # 4xx answers are written to the console by the browser itself; scripts and the CSP are not.
    assert [line for line in said if "the server responded with a status" not in line] == []
