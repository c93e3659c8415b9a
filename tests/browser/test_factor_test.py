"""A way to sign in is tested in a browser, and whoever tests it stays signed in."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_browser
from tests.browser.factor_test_gallery import forget_used_codes, open_test_of_new_app, run, start
from tests.browser.walk import open_signed_in, save, set_up_app, switch
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_app_is_tested_with_its_next_code(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    set_up_app(page, person)
    page.get_by_label("Ask me for the code from this app").check()
    save(page, person)
    page.get_by_role("link", name="Test your app now").click()
    expect(page.get_by_text("Each code works once.")).to_be_visible()
    forget_used_codes()
    page.reload()
    expect(page.get_by_text("Each code works once.")).to_be_hidden()
    run(page, person)
    expect(page.get_by_text("Your authenticator app works", exact=True)).to_be_visible()
    expect(page.locator(".told")).to_be_focused()
    page.get_by_role("link", name="Go to your security settings").click()
    expect(page.get_by_text("You are signed in as ana@example.com.")).to_be_visible()
    expect(page.get_by_text("It worked on")).to_be_visible()


def test_the_seconds_are_counted_down_and_then_it_starts(chromium: Browser, person: Person) -> None:
    context = open_browser(chromium)
    page = context.new_page()
    page.clock.install()
    open_test_of_new_app(page, person)
    button = page.get_by_role("button", name="Start the test")
    expect(button).to_be_disabled()
    expect(page.get_by_text("Seconds to wait:")).to_be_visible()
    expect(page.get_by_text(re.compile("Wait .* seconds?, then"))).to_be_hidden()
    page.clock.run_for(31_000)
    expect(page.get_by_role("status").filter(has_text="You can start now.")).to_be_visible()
    expect(page.get_by_text("Seconds to wait:")).to_be_hidden()
    forget_used_codes()
    expect(button).to_be_enabled()
    start(page)
    context.close()


def test_without_javascript_a_test_that_starts_too_early_says_how_long_to_wait(
    chromium: Browser, person: Person
) -> None:
    context = open_browser(chromium, javascript=False)
    page = context.new_page()
    open_test_of_new_app(page, person)
    expect(page.get_by_text(re.compile("Wait .* seconds?, then"))).to_be_visible()
    expect(page.get_by_text("Seconds to wait:")).to_be_hidden()
    page.get_by_role("button", name="Start the test").click()
    expect(page.get_by_role("alert")).to_contain_text("Too early")
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_text(re.compile("Wait .* seconds?, then"))).to_be_visible()
    context.close()


def test_somebody_else_changes_nothing_and_is_signed_out_of_the_sign_in_page(
    page: Page, person: Person
) -> None:
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    save(page, person)
    page.get_by_role("link", name="Test text messages now").click()
    run(page, person.pool.person("eve"))
    expect(page.get_by_role("alert")).to_contain_text("Somebody else signed in")
    remembered = f"localpool-{person.pool.config.pool_id}"
    assert remembered in {cookie.get("name") for cookie in page.context.cookies()}
    page.get_by_role("link", name="Sign it out there").click()
    expect(page.get_by_text("You are signed in as ana@example.com.")).to_be_visible()
    assert remembered not in {cookie.get("name") for cookie in page.context.cookies()}


def test_somebody_who_gives_up_there_goes_on_here(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    save(page, person)
    page.get_by_role("link", name="Test it").first.click()
    start(page)
    page.goto(f"{settings.PORTAL_URL}/test/text/")
    expect(page.get_by_text("Did you start a test before")).to_be_visible()
    page.get_by_role("link", name="Turn it off in your settings").click()
    switch(page, "Text message", on=False)
    save(page, person)
    assert person.mfa() == (set(), None)
