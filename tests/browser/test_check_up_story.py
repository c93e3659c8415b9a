"""The check-up card in a browser, with JavaScript and without it, and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import open_signed_in
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_step_is_reviewed_saved_and_the_card_goes_on(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    card = page.get_by_role("region", name="How you sign in")
    expect(card).to_contain_text("your password alone will be enough")
    page.get_by_role("button", name="Turn text messages on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Text messages will be turned on.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("moved your number to a new SIM card")
    assert person.mfa() == ({"SMS_MFA"}, "SMS_MFA")


def test_a_step_is_put_aside_and_comes_back(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    card = page.get_by_role("region", name="How you sign in")
    page.get_by_role("button", name="Don't suggest this").press("Enter")
    aside = card.get_by_text("1 suggestion that you put aside")
    expect(aside).to_be_visible()
    expect(page.get_by_role("heading", name="The best next step")).to_have_count(0)
    assert page.url.endswith("/#check-up")  # The browser shows the card again.
    aside.press("Enter")
    page.get_by_role("button", name="Suggest it again").press("Enter")
    expect(page.get_by_role("heading", name="The best next step")).to_be_visible()
