"""Passkeys in a real Chromium, with the authenticator that its own developer tools put in."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_browser
from tests.browser.walk import authenticator, open_signed_in, sign_out
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = open_browser(chromium)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def to_passkeys(page: Page, person: Person, relying_party_id: str = "localhost") -> None:
    person.pool.allow_passkeys(relying_party_id, UserVerification="required")
    open_signed_in(page, person)
    page.goto(f"{settings.PORTAL_URL}/passkeys/")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Add a passkey", exact=True).click()
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("old", [False, True], ids=["new-browser", "old-browser"])
def test_a_passkey_is_added_used_to_sign_in_and_removed(
    phone: Page, person: Person, old: bool
) -> None:
    authenticator(phone)
    if old:
        phone.add_init_script(
            "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
            "if (location.pathname.startsWith('/passkeys/new'))"
            " delete PublicKeyCredential.prototype.toJSON;"
        )
    to_passkeys(phone, person)
    go_on(phone)
    expect(phone.get_by_role("status").filter(has_text="Passkey added")).to_be_visible()
    expect(phone.get_by_text("On a phone or computer")).to_be_visible()
    sign_out(phone)
    phone.goto(settings.PORTAL_URL)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Sign in", exact=True).click()
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("heading", name="Sign-in security")).to_be_visible()
    phone.goto(f"{settings.PORTAL_URL}/passkeys/")
    phone.get_by_role("link", name="Remove").click()
    phone.get_by_role("button", name="Remove it").click()
    expect(phone.get_by_text("You have no passkey yet")).to_be_visible()


def test_a_device_that_has_one_already_says_so(phone: Page, person: Person) -> None:
    authenticator(phone)
    to_passkeys(phone, person)
    go_on(phone)
    expect(phone.get_by_text("Passkey added")).to_be_visible()
    go_on(phone)
    expect(phone.get_by_role("alert")).to_contain_text("already has a passkey")


def test_what_was_cancelled_can_be_tried_again(phone: Page, person: Person) -> None:
    cdp, device = authenticator(phone)
    to_passkeys(phone, person)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    go_on(phone)
    expect(phone.get_by_role("alert")).to_contain_text("cancelled or took too long")
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("Passkey added")).to_be_visible()


@pytest.mark.parametrize(
    "name", ["SecurityError", "NotSupportedError", "ConstraintError", "UnheardOfError"]
)
def test_every_trouble_of_the_browser_has_its_sentence(
    phone: Page, person: Person, name: str
) -> None:
    phone.add_init_script(
        "Object.defineProperty(navigator, 'credentials', {value: {create: async () => {"
        f"throw new DOMException('no', '{name}')}}}}}})"
    )
    to_passkeys(phone, person)
    go_on(phone)
    shown = phone.get_by_role("alert").locator("p:visible")
    expect(shown).to_have_count(1)
    known = "Other" if name.startswith("Unheard") else name
    expect(shown).to_have_attribute("data-problem", known)


def test_a_browser_without_passkeys_is_told_the_other_way(phone: Page, person: Person) -> None:
    phone.add_init_script("delete window.PublicKeyCredential")
    to_passkeys(phone, person)
    phone.get_by_role("button", name="Add a passkey", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("can't use passkeys")
    expect(phone.get_by_role("button", name="Add a passkey on the sign-in page")).to_be_visible()


def test_without_javascript_the_page_says_so(chromium: Browser, person: Person) -> None:
    context = open_browser(chromium, javascript=False)
    page = context.new_page()
    to_passkeys(page, person)
    page.get_by_role("button", name="Add a passkey", exact=True).click()
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_hidden()
    expect(page.get_by_role("button", name="Add a passkey on the sign-in page")).to_be_visible()
    context.close()


def test_managed_login_adds_one_and_sends_the_person_back(phone: Page, person: Person) -> None:
    person.pool.add_callback(f"{settings.PORTAL_URL}/passkeys/back/")
    authenticator(phone)
    to_passkeys(phone, person)
    phone.evaluate("document.querySelector('form[action$=\"start/\"]').action = '/passkeys/away/'")
    phone.get_by_role("button", name="Add a passkey", exact=True).click()
    expect(phone.locator("body[data-page=add-passkey]")).to_be_visible()
    phone.get_by_role("button", name="Add a passkey").click()
    expect(phone.get_by_role("status").filter(has_text="Passkey added")).to_be_visible()
