"""What an accessibility checker and a keyboard find, on every page."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, listen, open_browser
from tests.browser.gallery import CHAPTERS, PAGES, Chapter
from tests.browser.walk import open_signed_in
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# In the dark only colours are other ones.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = Axe().axe_script
# What can be pressed or filled in, and is not covered by anything else once it is scrolled to.
IN_REACH = """() => [...document.querySelectorAll("a[href]:not(.skip), button, input, summary")]
  .filter((control) => control.checkVisibility({ visibilityProperty: true }))
  .filter((control) => {
    control.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = control.getClientRects()[0];
    const there = document.elementFromPoint(x + width / 2, y + height / 2);
    return control.contains(there) || [...(control.labels ?? [])].some((l) => l.contains(there));
  })
  .map((control) => control.outerHTML)"""


@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    chromium: Browser, person: Person, chapter: Chapter
) -> None:
    """Each page of a chapter, on a phone and as wide as on a desktop, in the light and the dark.
    What can be pressed on a phone, where the walk goes, can be pressed there too."""
    page = open_browser(chromium).new_page()
    said, found, names = listen(page), [], []
    for name in chapter.visit(page, person):
        names.append(name)
        found += [f"{name}: {fault}" for fault in faults(page)]
        in_reach = set(page.evaluate(IN_REACH))
        page.set_viewport_size(DESKTOP)
        found += [f"{name}, wide: {fault}" for fault in faults(page)]
        differ = in_reach ^ set(page.evaluate(IN_REACH))
        found += [f"{name}: in reach at one width only: {control}" for control in differ]
        page.set_viewport_size(PHONE)
    page.context.close()
    assert found == []
    assert said == []
    assert names == chapter.pages


def test_every_page_of_the_gallery_is_in_one_chapter() -> None:
    assert len(PAGES) == len(set(PAGES)) == 60


def test_with_a_mouse_the_set_up_opens_no_app_and_axe_finds_nothing(
    chromium: Browser, person: Person
) -> None:
    """The one rule of style that goes by the pointer; the gallery's wide pages are a tablet's."""
    page = open_browser(chromium, viewport=DESKTOP).new_page()
    open_signed_in(page, person)
    page.get_by_role("link", name="Set up your app").click()
    page.get_by_role("button", name="I have the app").click()
    expect(page.get_by_label("Enter the code that the app shows")).to_be_visible()
    expect(page.locator(".on-this-phone")).to_have_count(1)
    expect(page.locator(".on-this-phone")).to_be_hidden()
    assert faults(page) == []
    page.context.close()


def faults(page: Page) -> list[str]:
    """What axe finds by all rules in the light, by those of colours in the dark, and whether the
    page is wider than its window."""
    found = axe(page, RULES)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {fault}" for fault in axe(page, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


def axe(page: Page, rules: dict[str, Any]) -> list[str]:
    """Each violation, with the element. Axe is brought into a page once, and asked for nothing but
    violations: bringing it, and listing what is right, take longer than looking."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    results = page.evaluate("rules => axe.run(rules)", {**rules, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def test_the_whole_change_is_made_with_the_keyboard_alone(page: Page, person: Person) -> None:
    open_signed_in(page, person)
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
    open_signed_in(page, person)
    page.get_by_role("switch", name="Text message").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".told")).to_be_focused()
    expect(page).to_have_title(re.compile("^Saved:"))


def test_the_first_tab_leads_past_the_header(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_an_error_summary_takes_the_focus_and_leads_to_the_field(
    page: Page, person: Person
) -> None:
    open_signed_in(page, person)
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
