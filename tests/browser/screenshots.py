"""`make screenshots`: every page in test-results/, those of the README in docs/screenshots/."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESKTOP, PHONE, open_browser
from tests.browser.gallery import visit_all
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

ALL: Final = Path("test-results/pages")
DOCS: Final = Path("docs/screenshots")
IN_DOCS: Final = ("settings-both-on", "review", "set-up")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("device", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
def test_take_a_picture_of_every_page(
    chromium: Browser, person: Person, device: str, viewport: dict[str, int], dark: bool
) -> None:
    context = open_browser(chromium, viewport=viewport, dark=dark)
    page = context.new_page()
    ALL.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)
    suffix = "-dark" if dark else ""
    for number, name in enumerate(visit_all(page, person)):
        page.screenshot(
            path=ALL / f"{device}{suffix}-{number:02}-{name}.png",
            full_page=True,
            animations="disabled",
        )
        if name in IN_DOCS and not dark:
            page.screenshot(
                path=DOCS / f"{name}-{device}.png", full_page=True, animations="disabled"
            )
    context.close()
