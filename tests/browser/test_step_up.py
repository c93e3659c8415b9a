"""A change that needs a new sign-in, lived in a browser.

The page of the choice has a script, so saving is walked with JavaScript and without it. What
stepping up itself comes to is the same either way.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from signin.models import TokenSet
from tests.browser.conftest import without_javascript
from tests.browser.walk import (
    ask_first,
    confirm_that_it_is_you,
    open_signed_in,
    switch,
)
from tests.people import Person, Pool

pytestmark = pytest.mark.django_db(transaction=True)

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"


@pytest.fixture
def both_on(person: Person) -> Person:
    person.set_up_app()
    person.use_text_messages(first=False)
    return person


def grow_old() -> None:
    row = TokenSet.objects.get()
    row.auth_time -= timedelta(minutes=6)
    row.save(update_fields=["auth_time"])


def press_save(page: Page) -> None:
    """Text messages asked first: review it, and press Save."""
    ask_first(page, "Text message")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()


def test_fresh_it_is_saved_at_once(page: Page, both_on: Person) -> None:
    open_signed_in(page, both_on)
    press_save(page)
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, TEXT)


def test_stale_the_change_waits_is_shown_again_and_is_saved_by_its_button(
    page: Page, both_on: Person
) -> None:
    open_signed_in(page, both_on)
    grow_old()
    press_save(page)
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    confirm_that_it_is_you(page, both_on)
    expect(page.get_by_text("Thank you, it is you")).to_be_visible()
    expect(page.get_by_text("A text message will be asked for first.")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, APP)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, TEXT)


@without_javascript
def test_going_back_from_the_sign_in_page_changes_nothing(page: Page, both_on: Person) -> None:
    open_signed_in(page, both_on)
    grow_old()
    press_save(page)
    page.get_by_role("button", name="Sign in again").click()
    page.get_by_label("Password").wait_for()
    page.go_back()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("link", name="Not now").click()
    expect(page.get_by_role("heading", name="Is this what you want?")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, APP)


@without_javascript
def test_somebody_else_is_turned_away_and_the_person_stays(
    page: Page, both_on: Person, pool: Pool
) -> None:
    other = pool.person("bo", email="bo@example.com", phone_number="+4915100000000")
    open_signed_in(page, both_on)
    grow_old()
    press_save(page)
    confirm_that_it_is_you(page, other)
    expect(page.get_by_role("alert")).to_contain_text("Somebody else signed in just now")
    confirm_that_it_is_you(page, both_on)
    expect(page.get_by_text("Thank you, it is you")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, APP)


@without_javascript
def test_on_lite_the_time_is_all_that_is_asked_for(page: Page, both_on: Person, pool: Pool) -> None:
    pool.admin.update_user_pool(UserPoolId=pool.config.pool_id, UserPoolTier="LITE")
    pool.set_mfa("OPTIONAL", TEXT, APP)
    open_signed_in(page, both_on)
    grow_old()
    press_save(page)
    expect(page.get_by_text("only tell us when you signed in, not how")).to_be_visible()
    confirm_that_it_is_you(page, both_on)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert both_on.mfa() == ({APP, TEXT}, TEXT)


@without_javascript
def test_a_lost_app_is_not_demanded_where_the_pool_can_ask_for_something_else(
    page: Page, both_on: Person, pool: Pool
) -> None:
    pool.server.switches.set(pool.config.pool_id, lower_level_asks="message")
    open_signed_in(page, both_on)
    grow_old()
    ask_first(page, "Text message")
    switch(page, "Authenticator app", on=False)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="I can't use this").click()
    both_on.secret = ""  # The phone with the app is gone.
    confirm_that_it_is_you(page, both_on, button="Sign in with a text message")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert both_on.mfa() == ({TEXT}, TEXT)
