"""The check-up card with all that it can unfold."""

from collections.abc import Iterator

from playwright.sync_api import Page


def visit_check_up(page: Page, portal: str) -> Iterator[str]:
    """Whoever is signed in has a step to take; it is suggested again in the end."""
    page.goto(portal)
    page.get_by_text("Already lost it").click()
    yield "check-up-lost-phone"
    page.get_by_role("button", name="Don't suggest this").click()
    page.get_by_text("suggestion that you put aside").click()
    yield "check-up-put-aside"
    page.get_by_role("button", name="Suggest it again").click()
    page.get_by_role("button", name="Don't suggest this").wait_for()
