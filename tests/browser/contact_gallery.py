"""The pages of the phone number and the email address."""

from collections.abc import Iterator

from django.conf import settings
from playwright.sync_api import Page

from tests.browser.walk import open_signed_in, turn_both_on
from tests.people import Person


def visit_contact_points(page: Page, person: Person) -> Iterator[str]:
    """The list, the forms, and a code that waits."""
    portal = settings.PORTAL_URL
    turn_both_on(person)
    open_signed_in(page, person)
    page.goto(f"{portal}/contact/")
    yield "contact-points"
    page.get_by_role("link", name="Change the number").click()
    page.get_by_label("New phone number").fill("0151 2345")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_role("alert").wait_for()
    yield "contact-change-error"
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Remove the number").click()
    page.get_by_role("heading", name="Remove your phone number").wait_for()
    yield "contact-remove"
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Change the address").click()
    page.get_by_label("New email address").fill("new@example.com")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("The code from the message").fill("000000")
    page.get_by_role("button", name="Check the code").click()
    page.get_by_role("alert").wait_for()
    yield "contact-code-wrong"
    page.goto(f"{portal}/contact/")
    yield "contact-points-waiting"
