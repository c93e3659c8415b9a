"""The pages of the devices that may skip the second step."""

from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Page

from signin.devices.domain import FORGET_DEVICES
from signin.models import User
from tests.attempts import use_up
from tests.browser.walk import open_signed_in, turn_both_on
from tests.devices import app_of, device_of
from tests.people import Person


def visit_devices(page: Page, person: Person) -> Iterator[str]:
    """Where none are tracked, with three of them, and after each press."""
    portal = settings.PORTAL_URL
    turn_both_on(person)
    open_signed_in(page, person)
    page.goto(f"{portal}/devices/")
    yield "devices-not-tracked"
    # An app that signs in by SRP can't answer for the second step.
    person.prefer(SMSMfaSettings={"Enabled": False}, SoftwareTokenMfaSettings={"Enabled": False})
    app = app_of(person.pool)
    for name in ("Ana's phone", "Laptop at work", "W" * 300):
        device_of(person, app, name)
    person.prefer(
        SMSMfaSettings={"Enabled": True},
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
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
    use_up(FORGET_DEVICES, key=User.objects.get().uid)
    page.get_by_role("button", name="Forget").first.click()
    page.get_by_text("Too often", exact=True).wait_for()
    yield "devices-too-often"
    page.goto(portal)
    page.get_by_role("radio", name="Text message").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("link", name="Remembered devices").wait_for()
    yield "review-devices"
