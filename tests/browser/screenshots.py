"""`make screenshots`: every page in test-results/, those of the README in docs/screenshots/."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import DESKTOP, PHONE, open_browser
from tests.browser.gallery import CHAPTERS, PAGES, Chapter
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

ALL: Final = Path("test-results/pages")
DOCS: Final = Path("docs/screenshots")
IN_DOCS: Final = ("settings-both-on", "review", "set-up")


def page_picture(page: Page) -> bytes:
    """The whole page in a window as high as it is. (Chromium's own picture of a full page forgets
    meanwhile that the device is a phone.)"""
    window = page.viewport_size
    assert window
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": height})
    picture = page.screenshot(animations="disabled")
    page.set_viewport_size(window)
    return picture


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("device", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_take_a_picture_of_every_page(
    chromium: Browser,
    person: Person,
    chapter: Chapter,
    device: str,
    viewport: ViewportSize,
    dark: bool,
) -> None:
    context = open_browser(chromium, viewport=viewport, dark=dark)
    page = context.new_page()
    ALL.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)
    suffix = "-dark" if dark else ""
    for name in chapter.visit(page, person):
        picture = page_picture(page)
        number = PAGES.index(name)
        (ALL / f"{device}{suffix}-{number:02}-{name}.png").write_bytes(picture)
        if name in IN_DOCS and not dark:
            (DOCS / f"{name}-{device}.png").write_bytes(picture)
    context.close()
