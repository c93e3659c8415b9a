"""Somebody signs out elsewhere and then everywhere by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import without_javascript
from tests.browser.walk import open_signed_in, to_managed_login
from tests.people import Person
from tests.sessions import app_of, is_alive, sign_in_with_app, track

pytestmark = pytest.mark.django_db(transaction=True)


@without_javascript
def test_signed_out_of_one_app_then_of_all_then_everywhere(page: Page, person: Person) -> None:
    app = app_of(person.pool)
    track(person.pool)
    tokens = [
        sign_in_with_app(person, app, device=device)["AccessToken"]
        for device in ("Old phone", "Tablet", "Laptop")
    ]
    open_signed_in(page, person)
    press(page, page.get_by_role("link", name="Where you are signed in"))
    press(page, row(page, "Old phone").get_by_role("button", name="Sign out there"))
    expect(page.locator(".told")).to_be_focused()
    expect(page.locator(".told")).to_contain_text("Signed out there")
    assert [is_alive(person.pool, token) for token in tokens] == [False, True, True]
    press(page, page.get_by_role("button", name="Sign out of all the others"))
    expect(page.get_by_text("You are signed in only here.")).to_be_visible()
    assert not any(is_alive(person.pool, token) for token in tokens)
    press(page, page.get_by_role("button", name="Sign out everywhere"))
    expect(page.get_by_role("heading", name="You are signed out everywhere")).to_be_visible()
    # The cookie of managed login is gone as well.
    to_managed_login(page)
    expect(page.get_by_label("Password")).to_be_visible()


@without_javascript
def test_where_nothing_is_listed_everywhere_is_one_press(page: Page, person: Person) -> None:
    token = person.access_token()
    open_signed_in(page, person)
    press(page, page.get_by_role("link", name="Sign out everywhere."))
    press(page, page.get_by_role("button", name="Sign out everywhere"))
    expect(page.get_by_role("heading", name="You are signed out everywhere")).to_be_visible()
    assert not is_alive(person.pool, token)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def press(page: Page, target: Locator) -> None:
    """With Tab to it, then Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not reach it")
