"""Remembered devices are looked at and forgotten by keyboard, with JavaScript and without it."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from signin.devices import service
from signin.limits.domain import HOUR, Limit, LimitedAction
from tests.browser.conftest import without_javascript
from tests.browser.walk import open_signed_in
from tests.devices import app_of, device_of
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def devices(page: Page, person: Person) -> Page:
    """The page, with three devices on it."""
    app = app_of(person.pool)
    for name in ("Old phone", "Laptop at work", "Tablet"):
        device_of(person, app, name)
    cache.clear()  # what the portal knows of the pool
    open_signed_in(page, person)
    page.goto(f"{page.url.rstrip('/')}/devices/")
    return page


@without_javascript
def test_one_is_forgotten_and_then_all_the_others(devices: Page, person: Person) -> None:
    assert remembered(person) == {"Old phone", "Laptop at work", "Tablet"}
    press(devices, row(devices, "Old phone").get_by_role("button", name="Forget"))
    expect(devices.locator(".told")).to_be_focused()
    expect(devices.locator(".told")).to_contain_text("Forgotten")
    assert remembered(person) == {"Laptop at work", "Tablet"}
    press(devices, devices.get_by_role("link", name="Forget all of them"))
    expect(devices.get_by_role("heading", name="Forget all devices?")).to_be_visible()
    press(devices, devices.get_by_role("link", name="Keep them"))
    assert remembered(person) == {"Laptop at work", "Tablet"}
    press(devices, devices.get_by_role("link", name="Forget all of them"))
    press(devices, devices.get_by_role("button", name="Forget all of them"))
    expect(devices.get_by_text("No device is remembered.")).to_be_visible()
    assert remembered(person) == set()


@without_javascript
def test_whoever_presses_too_often_is_told_how_long_to_wait(
    devices: Page, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seldom = LimitedAction("seldom", (Limit(1, HOUR),))
    monkeypatch.setattr(service, "FORGET_DEVICES", seldom)
    press(devices, row(devices, "Old phone").get_by_role("button", name="Forget"))
    press(devices, row(devices, "Tablet").get_by_role("button", name="Forget"))
    expect(devices.locator(".told")).to_be_focused()
    expect(devices.locator(".told")).to_contain_text("Too often")
    expect(devices.locator(".told")).to_contain_text(re.compile(r"try again in \d+ minutes?\."))
    expect(row(devices, "Tablet")).to_be_visible()
    assert remembered(person) == {"Laptop at work", "Tablet"}


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def press(page: Page, target: Locator) -> None:
    """With Tab to it, then Enter."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not reach it")


def remembered(person: Person) -> set[str]:
    listed = person.pool.admin.admin_list_devices(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )["Devices"]
    return {
        attribute["Value"]
        for device in listed
        for attribute in device["DeviceAttributes"]
        if attribute["Name"] == "device_name"
    }
