"""The pages of a person's passkeys, for `gallery`."""

from collections.abc import Iterator

from django.conf import settings
from playwright.sync_api import Page

from tests.browser.walk import authenticator, open_signed_in, turn_both_on
from tests.people import Person


def visit_passkeys(page: Page, person: Person) -> Iterator[str]:
    """From none to one and back, with the authenticator of Chromium's own developer tools."""
    turn_both_on(person)
    person.pool.allow_passkeys("localhost")
    cdp, device = authenticator(page)
    open_signed_in(page, person)
    page.goto(f"{settings.PORTAL_URL}/passkeys/")
    yield "passkeys-none"
    page.get_by_role("button", name="Add a passkey", exact=True).click()
    page.get_by_role("button", name="Go on").wait_for()
    yield "passkey-add"
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("alert").wait_for()
    yield "passkey-cancelled"
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Passkey added").wait_for()
    yield "passkey-added"
    page.get_by_role("link", name="Rename").click()
    page.get_by_role("button", name="Save").wait_for()
    yield "passkey-name"
    page.go_back()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").wait_for()
    yield "passkey-remove"
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("Passkey removed").wait_for()
    yield "passkey-removed"
    cdp.detach()
