"""The pages of where somebody is signed in."""

from collections.abc import Iterator

from django.conf import settings
from playwright.sync_api import Page

from tests.browser.walk import open_signed_in
from tests.people import Person
from tests.sessions import app_of, sign_in_with_app, track


def visit_sessions(page: Page, person: Person) -> Iterator[str]:
    """Without a list and with one, and after each press."""
    portal = settings.PORTAL_URL
    open_signed_in(page, person)
    page.goto(f"{portal}/signed-in/")
    yield "signed-in-not-listed"
    app = app_of(person.pool)
    track(person.pool)
    sign_in_with_app(person, app, device="Android, Example app", address="192.0.2.7")
    sign_in_with_app(person, app, device="unknown", address="2001:db8:1:2:3:4:5:6")
    sign_in_with_app(person, app, device="W" * 300, address="198.51.100.7")
    page.goto(f"{portal}/signed-in/")
    yield "signed-in"
    page.get_by_role("button", name="Sign out there").first.click()
    page.get_by_text("Signed out there", exact=True).wait_for()
    yield "signed-in-signed-out-there"
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("heading", name="You are signed out everywhere").wait_for()
    yield "signed-out-everywhere"
