"""Before a session ends by itself the page says so, loses nothing, and keeps nobody signed in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from signin.models import TokenSet
from tests.browser.conftest import open_browser
from tests.browser.test_accessibility import RULES
from tests.browser.walk import open_signed_in
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

WARNING = "You will be signed out of this page in about two minutes."


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A clock that a test moves, with JavaScript."""
    context = open_browser(chromium)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def age(minutes: int) -> None:
    """As if the session had last been used that long ago."""
    row = TokenSet.objects.get()
    TokenSet.objects.update(last_seen_at=row.last_seen_at - timedelta(minutes=minutes))


def test_it_is_said_two_minutes_before_and_a_press_keeps_what_is_typed(
    page: Page, person: Person
) -> None:
    open_signed_in(page, person)
    page.get_by_role("link", name="Phone and email").click()
    page.get_by_role("link", name="Change the number").click()
    page.get_by_label("New phone number").fill("+4915112345678")
    page.clock.fast_forward("12:30")
    expect(page.get_by_text(WARNING)).to_be_hidden()
    age(13)
    page.clock.fast_forward("00:45")
    expect(page.get_by_role("status").filter(has_text=WARNING)).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("You stay signed in.")).to_be_visible()
    expect(page.get_by_label("New phone number")).to_be_focused()
    expect(page.get_by_label("New phone number")).to_have_value("+4915112345678")
    page.clock.fast_forward("12:30")
    expect(page.get_by_text(WARNING)).to_be_hidden()
    expect(page.get_by_text("You stay signed in.")).to_be_hidden()


def test_it_asks_nothing_by_itself(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward("13:30")
    expect(page.get_by_text(WARNING)).to_be_visible()
    page.clock.fast_forward("03:00")
    expect(page.get_by_text("You are signed out of this page by now.")).to_be_visible()
    assert asked == []


def test_a_session_that_cannot_be_kept_is_told(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    page.clock.fast_forward("13:30")
    page.context.set_offline(True)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("You can't stay signed in for longer just now.")).to_be_visible()
    page.context.set_offline(False)
    TokenSet.objects.all().delete()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("You are signed out of this page by now.")).to_be_visible()


def test_what_happens_in_another_tab_counts(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    page.clock.fast_forward("13:30")
    expect(page.get_by_text(WARNING)).to_be_visible()
    other = page.context.new_page()
    other.clock.install(time=page.evaluate("Date.now()") / 1000)
    other.goto(page.url)
    expect(page.get_by_text(WARNING)).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_while_it_is_said(chromium: Browser, person: Person, dark: bool) -> None:
    context = open_browser(chromium, dark=dark)
    page = context.new_page()
    page.clock.install()
    open_signed_in(page, person)
    page.clock.fast_forward("13:30")
    expect(page.get_by_text(WARNING)).to_be_visible()
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
