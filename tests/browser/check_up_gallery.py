"""The check-up card with all that it can unfold."""

from collections.abc import Iterator

from django.conf import settings
from playwright.sync_api import Page


def visit_check_up(page: Page) -> Iterator[str]:
    """Whoever is signed in has a step to take."""
    page.goto(settings.PORTAL_URL)
    page.get_by_text("Already lost it").click()
    yield "check-up-lost-phone"
    page.get_by_role("button", name="Don't suggest this").click()
    page.get_by_text("suggestion that you put aside").click()
    yield "check-up-put-aside"
