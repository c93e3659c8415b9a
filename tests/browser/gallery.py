"""Every page of the portal, and of the local pool, in each state worth looking at."""

from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Page

from signin.devices.domain import FORGET_DEVICES
from signin.models import User
from tests.attempts import use_up
from tests.browser.check_up_gallery import visit_check_up
from tests.browser.contact_gallery import visit_contact_points
from tests.browser.factor_test_gallery import visit_drill
from tests.browser.passkey_gallery import visit_passkeys
from tests.browser.sessions_gallery import visit_sessions
from tests.browser.undo_gallery import visit_undo
from tests.browser.walk import (
    confirm_that_it_is_you,
    scan,
    sign_in,
    sign_out,
    switch,
    to_managed_login,
)
from tests.devices import app_of, device_of
from tests.people import PASSWORD, Person


def visit_all(page: Page, person: Person) -> Iterator[str]:
    """Bring each page onto the screen in turn; its name."""
    portal, pool = settings.PORTAL_URL, person.pool.server.url
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
    sign_in(page, person)
    yield "settings-nothing-on"
    yield from visit_sessions(page, person, portal)
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
    yield from visit_drill(page, person, portal)
    page.goto(portal)
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
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved", exact=True).wait_for()
    yield from visit_undo(page, person, portal)
    page.goto(portal)
    yield "settings-both-on"
    yield from visit_check_up(page, portal)
    yield from _troubles(page, person, portal)
    yield from visit_passkeys(page, person, portal)
    yield from _devices(page, person, portal)
    page.goto(portal)
    sign_out(page)
    yield "signed-out"
    yield from _managed_login(page, person)
    page.goto(f"{pool}/outbox")
    yield "outbox"


def _troubles(page: Page, person: Person, portal: str) -> Iterator[str]:
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
    yield from visit_contact_points(page, portal)
    page.goto(f"{portal}/nowhere")
    yield "not-found"


def _devices(page: Page, person: Person, portal: str) -> Iterator[str]:
    page.goto(f"{portal}/devices/")
    yield "devices-not-tracked"
    on, preferred = person.mfa()
    person.prefer(SMSMfaSettings={"Enabled": False}, SoftwareTokenMfaSettings={"Enabled": False})
    app = app_of(person.pool)
    for name in ("Ana's phone", "Laptop at work", "W" * 300):
        device_of(person, app, name)
    person.prefer(
        SMSMfaSettings={"Enabled": "SMS_MFA" in on, "PreferredMfa": preferred == "SMS_MFA"},
        SoftwareTokenMfaSettings={
            "Enabled": "SOFTWARE_TOKEN_MFA" in on,
            "PreferredMfa": preferred == "SOFTWARE_TOKEN_MFA",
        },
    )
    cache.clear()  # what the portal knows of the pool
    page.goto(f"{portal}/devices/")
    yield "devices"
    page.get_by_role("link", name="Forget all of them").click()
    page.get_by_role("heading", name="Forget all devices?").wait_for()
    yield "devices-forget-all"
    page.get_by_role("link", name="Keep them").click()
    page.get_by_role("button", name="Forget").first.click()
    page.get_by_text("Forgotten", exact=True).wait_for()
    yield "devices-forgotten"
    for each in User.objects.all():
        use_up(FORGET_DEVICES, key=each.uid)
    page.get_by_role("button", name="Forget").first.click()
    page.get_by_text("Too often", exact=True).wait_for()
    yield "devices-too-often"
    page.goto(portal)
    page.get_by_role("radio", name="Text message").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("link", name="Remembered devices").wait_for()
    yield "review-devices"


def _managed_login(page: Page, person: Person) -> Iterator[str]:
    person.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    to_managed_login(page)
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    yield "managed-login-choose"
    page.locator('input[value="SMS_MFA"]').check()
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    yield "managed-login-code"
