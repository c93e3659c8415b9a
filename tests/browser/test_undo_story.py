"""A change is taken back by keyboard, with JavaScript and without it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import open_signed_in, switch
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_is_taken_back_and_that_as_well(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    page.get_by_role("button", name="Review").press("Enter")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".told")).to_contain_text("Saved")
    page.get_by_role("button", name="Go back to that").press("Enter")
    expect(page.locator(".told")).to_be_focused()
    expect(page.locator(".told")).to_contain_text("Taken back")
    assert person.mfa() == (set(), None)
    # A page that is opened anew offers it too.
    page.goto(page.url.partition("?")[0])
    page.get_by_role("button", name="Go back to that").press("Enter")
    expect(page.locator(".told")).to_contain_text("Taken back")
    assert person.mfa() == ({"SMS_MFA"}, "SMS_MFA")
