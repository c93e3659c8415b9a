"""What the settings page does at once when there is JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_browser
from tests.browser.walk import open_signed_in, switch
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scripted(chromium: Browser) -> Iterator[Page]:
    context = open_browser(chromium)
    yield context.new_page()
    context.close()


def test_the_choice_follows_the_switches_at_once(scripted: Page, person: Person) -> None:
    person.set_up_app(on=False)
    open_signed_in(scripted, person)
    group = scripted.get_by_role("group", name="Asked first")
    expect(group).to_be_hidden()
    switch(scripted, "Text message", on=True)
    expect(group).to_be_hidden()
    switch(scripted, "Authenticator app", on=True)
    expect(group).to_be_visible()
    expect(scripted.get_by_role("radio", name="Ask me each time")).to_be_checked()
    scripted.get_by_role("radio", name="Text message").check()
    switch(scripted, "Text message", on=False)
    expect(group).to_be_hidden()


def test_a_preference_that_is_switched_off_moves_and_comes_back(
    scripted: Page, person: Person
) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    open_signed_in(scripted, person)
    expect(scripted.get_by_role("radio", name="Authenticator app")).to_be_checked()
    switch(scripted, "Authenticator app", on=False)
    expect(scripted.get_by_role("group", name="Asked first")).to_be_hidden()
    switch(scripted, "Authenticator app", on=True)
    expect(scripted.get_by_role("radio", name="Authenticator app")).to_be_checked()


def test_unsaved_changes_are_marked_and_unmarked(scripted: Page, person: Person) -> None:
    open_signed_in(scripted, person)
    mark = scripted.get_by_role("status").filter(has_text="Not saved yet.")
    expect(mark).to_be_hidden()
    switch(scripted, "Text message", on=True)
    expect(mark).to_be_visible()
    expect(scripted.locator("[data-factor=text] .state")).to_have_text("Not saved yet")
    switch(scripted, "Text message", on=False)
    expect(mark).to_be_hidden()
    expect(scripted.locator("[data-factor=text] .state")).to_have_text("Off")


def test_coming_back_with_the_back_button_keeps_the_marks(scripted: Page, person: Person) -> None:
    open_signed_in(scripted, person)
    switch(scripted, "Text message", on=True)
    scripted.get_by_role("button", name="Review").click()
    scripted.get_by_role("button", name="Save").wait_for()
    scripted.go_back()
    moved = scripted.get_by_role("switch", name="Text message").is_checked()
    mark = scripted.get_by_role("status").filter(has_text="Not saved yet.")
    expect(mark).to_be_visible(visible=moved)


def test_the_key_can_be_copied_with_a_button(chromium: Browser, person: Person) -> None:
    context = open_browser(chromium)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_signed_in(page, person)
    page.get_by_role("link", name="Set up your app").click()
    page.get_by_role("button", name="I have the app").click()
    page.get_by_text("Can't scan it?").click()
    page.get_by_role("button", name="Copy the key").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    shown = page.locator("#key").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == shown.replace(" ", "")
    context.close()
