"""What an accessibility checker and a keyboard find, on every page."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, open_browser
from tests.browser.gallery import visit_all
from tests.browser.walk import sign_in
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# In the dark only colours are other ones.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["360px", "1280px"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    chromium: Browser, person: Person, viewport: dict[str, int]
) -> None:
    context = open_browser(chromium, viewport=viewport)
    page, found, names = context.new_page(), [], []
    for name in visit_all(page, person):
        names.append(name)
        found += [f"{name}: {fault}" for fault in _faults(page, RULES)]
        page.emulate_media(color_scheme="dark")
        found += [f"{name}, dark: {fault}" for fault in _faults(page, OF_COLOURS)]
        page.emulate_media(color_scheme="light")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: scrolls sideways")
    context.close()
    assert found == []
    assert len(names) > 15


def _faults(page: Page, rules: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html']}"
        for violation in Axe().run(page, options=rules).response["violations"]
        for node in violation["nodes"]
    ]


def test_the_whole_change_is_made_with_the_keyboard_alone(page: Page, person: Person) -> None:
    sign_in(page, person)
    _tab_to(page, page.get_by_role("switch", name="Text message"))
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="Review"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is this what you want?")).to_be_visible()
    _tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert person.mfa() == ({"SMS_MFA"}, "SMS_MFA")


def test_the_end_of_a_save_takes_the_focus_and_stands_in_the_title(
    page: Page, person: Person
) -> None:
    sign_in(page, person)
    page.get_by_role("switch", name="Text message").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".told")).to_be_focused()
    expect(page).to_have_title(re.compile("^Saved:"))


def test_the_first_tab_leads_past_the_header(page: Page, person: Person) -> None:
    sign_in(page, person)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_an_error_summary_takes_the_focus_and_leads_to_the_field(
    page: Page, person: Person
) -> None:
    sign_in(page, person)
    page.get_by_role("link", name="Set up your app").click()
    page.get_by_role("button", name="I have the app").click()
    page.get_by_label("Enter the code that the app shows").fill("12")
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Enter the code that the app shows")).to_be_focused()


def _tab_to(page: Page, target: object) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("the keyboard does not reach it")
