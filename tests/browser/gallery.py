"""Every page of the portal, and of the local pool, in each state worth looking at.

A chapter is a walk of its own, from a person as the `person` fixture makes them, through pages that
lead to each other. Where a state can be made without a browser, it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from playwright.sync_api import Page

from tests.browser.contact_gallery import visit_contact_points
from tests.browser.devices_gallery import visit_devices
from tests.browser.factor_test_gallery import visit_factor_test
from tests.browser.passkey_gallery import visit_passkeys
from tests.browser.sessions_gallery import visit_sessions
from tests.browser.undo_gallery import visit_undo
from tests.browser.walk import (
    confirm_that_it_is_you,
    open_signed_in,
    scan,
    sign_out,
    switch,
    through_managed_login,
    to_managed_login,
    turn_both_on,
)
from tests.people import PASSWORD, Person


@dataclass(frozen=True)
class Chapter:
    """`visit` brings each page of `names` onto the screen in turn, and yields its name there."""

    visit: Callable[[Page, Person], Iterator[str]]
    names: str

    @property
    def pages(self) -> list[str]:
        return self.names.split()

    def __str__(self) -> str:
        return self.visit.__name__.removeprefix("visit_")


def visit_sign_in(page: Page, person: Person) -> Iterator[str]:
    """From the first page through managed login, and out again."""
    portal, pool = settings.PORTAL_URL, person.pool.server.url
    turn_both_on(person)
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    page.goto(portal)
    yield "sign-in"
    page.goto(f"{portal}/sign-in/callback/?state=foreign&code=foreign")
    yield "sign-in-failed"
    to_managed_login(page)
    yield "managed-login"
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "managed-login-wrong"
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    yield "managed-login-choose"
    page.locator('input[value="SMS_MFA"]').check()
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    yield "managed-login-code"
    through_managed_login(page, person)
    sign_out(page)
    yield "signed-out"
    page.goto(f"{pool}/outbox")
    yield "outbox"


def visit_set_up(page: Page, person: Person) -> Iterator[str]:
    """From nothing on to an authenticator app that is asked for."""
    open_signed_in(page, person)
    yield "settings-nothing-on"
    page.get_by_role("link", name="Set up your app").click()
    page.get_by_role("button", name="I have the app").wait_for()
    yield "set-up-introduction"
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="I have the app").click()
    person.secret = scan(page)
    yield "set-up"
    page.get_by_label("Enter the code that the app shows").fill("000000")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Check the code").click()
    yield "set-up-wrong-code"
    page.get_by_label("Enter the code that the app shows").fill(person.code_of_app())
    page.get_by_role("button", name="Check the code").click()
    page.get_by_role("heading", name="Your app works").wait_for()
    yield "set-up-done"
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").wait_for()
    yield "review"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved", exact=True).wait_for()
    yield "saved"


def visit_step_up(page: Page, person: Person) -> Iterator[str]:
    """An app was turned on after the sign-in, which is therefore not enough for a change."""
    open_signed_in(page, person)
    person.set_up_app()
    page.goto(settings.PORTAL_URL)
    switch(page, "Text message", on=True)
    yield "settings-changed"
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    yield "confirm-that-it-is-you"
    page.get_by_role("link", name="I can't use this").click()
    page.get_by_role("heading", name="Confirm in another way").wait_for()
    yield "confirm-in-another-way"
    page.get_by_role("link", name="Back").click()
    confirm_that_it_is_you(page, person)
    page.get_by_text("Thank you, it is you").wait_for()
    yield "review-after-confirming"


def visit_changes(page: Page, person: Person) -> Iterator[str]:
    """With both on: reviews, a change that somebody else made meanwhile, a new phone, no page."""
    portal = settings.PORTAL_URL
    turn_both_on(person)
    open_signed_in(page, person)
    page.get_by_role("radio", name="Text message").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").wait_for()
    yield "review-asked-first"
    person.use_text_messages(first=True)
    person.prefer(SoftwareTokenMfaSettings={"Enabled": False})
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Your settings have changed meanwhile").wait_for()
    yield "conflict"
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    page.goto(portal)
    switch(page, "Authenticator app", on=False)
    switch(page, "Text message", on=False)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").wait_for()
    yield "review-weaker"
    page.goto(f"{portal}/authenticator/")
    yield "replace-introduction"
    page.goto(f"{portal}/nowhere")
    yield "not-found"


# What each chapter has to show is written down once more here: a page that is no longer reached is
# missed, and so is one that nobody has named.
CHAPTERS: Final = (
    Chapter(
        visit_sign_in,
        "sign-in sign-in-failed managed-login managed-login-wrong managed-login-choose"
        " managed-login-code signed-out outbox",
    ),
    Chapter(
        visit_set_up,
        "settings-nothing-on set-up-introduction set-up set-up-wrong-code set-up-done review saved",
    ),
    Chapter(
        visit_factor_test,
        "factor-test-wait factor-test factor-test-worked factor-test-somebody-else"
        " factor-test-cancelled factor-test-closed"
        " factor-test-too-often",
    ),
    Chapter(
        visit_step_up,
        "settings-changed confirm-that-it-is-you confirm-in-another-way review-after-confirming",
    ),
    Chapter(
        visit_undo,
        "taken-back taken-back-too-late not-confirmed came-to-nothing settings-both-on"
        " check-up-lost-phone check-up-put-aside",
    ),
    Chapter(
        visit_changes,
        "review-asked-first conflict review-weaker replace-introduction not-found",
    ),
    Chapter(
        visit_contact_points,
        "contact-points contact-change-error contact-remove contact-code-wrong"
        " contact-points-waiting",
    ),
    Chapter(
        visit_sessions,
        "signed-in-not-listed signed-in signed-in-signed-out-there signed-out-everywhere",
    ),
    Chapter(
        visit_passkeys,
        "passkeys-none passkey-add passkey-cancelled passkey-added passkey-name passkey-remove"
        " passkey-removed",
    ),
    Chapter(
        visit_devices,
        "devices-not-tracked devices devices-forget-all devices-forgotten devices-too-often"
        " review-devices",
    ),
)
PAGES: Final = tuple(name for chapter in CHAPTERS for name in chapter.pages)
