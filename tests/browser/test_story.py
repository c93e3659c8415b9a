"""The main job, lived in a browser: switch, choose, sign out, sign in, and be asked exactly that.

Each with JavaScript and without it. The QR code is read from the picture.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import (
    ask_first,
    open_signed_in,
    save,
    scan,
    set_up_app,
    sign_in,
    sign_out,
    switch,
)
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"


def test_an_authenticator_app_is_set_up_and_then_asked_for(page: Page, person: Person) -> None:
    assert sign_in(page, person) == []
    set_up_app(page, person)
    page.get_by_label("Ask me for the code from this app").check()
    promised = save(page, person)
    assert "the code from your authenticator app" in promised
    sign_out(page)
    assert sign_in(page, person) == [APP]


def test_text_messages_are_turned_on_and_then_asked_for(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    assert "a code that we text to your phone" in save(page, person)
    sign_out(page)
    assert sign_in(page, person) == [TEXT]


@pytest.mark.parametrize(("first", "asked"), [("Authenticator app", APP), ("Text message", TEXT)])
def test_with_both_on_the_one_chosen_first_is_asked(
    page: Page, person: Person, first: str, asked: str
) -> None:
    person.set_up_app()
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    ask_first(page, first)
    save(page, person)
    sign_out(page)
    assert sign_in(page, person) == [asked]


@pytest.mark.parametrize("answer", [APP, TEXT])
def test_ask_me_each_time_brings_the_chooser(page: Page, person: Person, answer: str) -> None:
    person.set_up_app(on=False)
    open_signed_in(page, person)
    switch(page, "Authenticator app", on=True)
    switch(page, "Text message", on=True)
    ask_first(page, "Ask me each time")
    assert "you will choose between" in save(page, person)
    sign_out(page)
    assert sign_in(page, person, choose=answer) == ["SELECT_MFA_TYPE", answer]


def test_with_everything_off_nothing_is_asked(page: Page, person: Person) -> None:
    person.set_up_app()
    person.use_text_messages(first=False)
    assert sign_in(page, person) == [APP]
    switch(page, "Authenticator app", on=False)
    switch(page, "Text message", on=False)
    assert "your password alone will be enough" in save(page, person)
    sign_out(page)
    assert sign_in(page, person) == []


def test_a_new_phone_takes_over_from_the_old_one(page: Page, person: Person) -> None:
    person.set_up_app()
    old = person.secret
    open_signed_in(page, person)
    page.get_by_role("link", name="Move to a new phone or app").click()
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="I have the app: start").click()
    person.secret = scan(page)
    assert person.secret != old
    page.reload()
    assert scan(page) == person.secret
    page.get_by_label("Enter the code that the app shows").fill("000000")
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the code we expected.")
    page.get_by_text("Show the picture and the key again").click()
    assert scan(page) == person.secret
    page.get_by_label("Enter the code that the app shows").fill(person.code_of_app())
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("heading", name="Your app works")).to_be_visible()
    page.get_by_role("link", name="Go to your security settings").click()
    sign_out(page)
    assert sign_in(page, person) == [APP]


def test_back_changes_nothing(page: Page, person: Person) -> None:
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("switch", name="Text message")).to_be_checked()
    expect(page.get_by_text("Not saved yet", exact=True)).to_be_visible()
    assert person.mfa() == (set(), None)


def test_after_signing_out_the_back_button_shows_nothing_private(
    page: Page, person: Person
) -> None:
    """R21."""
    open_signed_in(page, person)
    sign_out(page)
    page.goto(page.url)
    page.go_back()
    expect(page.get_by_text("••• 789")).to_have_count(0)
