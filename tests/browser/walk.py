"""What a person does with a browser and a phone."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import CDPSession, Page, expect

from tests.pages import way_out
from tests.people import CHALLENGE_OF_PAGE, PASSWORD, Browser, Person

# A sign-in that goes on for longer goes round in a circle.
MOST_PAGES = 8


def to_managed_login(page: Page) -> None:
    """Press "Sign in" on the portal's first page."""
    page.goto(settings.PORTAL_URL)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: not address.startswith(settings.PORTAL_URL))


def sign_in(page: Page, person: Person, *, choose: str = "") -> list[str]:
    """From the portal's first page through managed login; the challenges that were asked.

    `choose` is the answer where the person is asked which factor to use.
    """
    to_managed_login(page)
    asked = through_managed_login(page, person, choose=choose)
    expect(page.get_by_role("heading", name="Sign-in security")).to_be_visible()
    return asked


def open_signed_in(page: Page, person: Person) -> None:
    """Open the settings page with the cookies of a sign-in that this browser did not walk.

    The sign-in goes through the same pages of the portal and of managed login, by HTTP alone and
    in a fraction of the time. For tests of what comes after it; `sign_in` walks through the pages.
    """
    portal = Browser()
    with requests.Session() as managed_login:
        managed_login.headers["User-Agent"] = page.evaluate("navigator.userAgent")
        start = way_out(portal.submit("/sign-in/start/", next="/"))
        callback, _ = person.walk_managed_login(start, managed_login)
        answer = portal.get(callback.removeprefix(settings.PORTAL_URL))
        assert answer.status_code == 302, answer.content.decode()
        held = [(settings.PORTAL_URL, each.key, each.value) for each in portal.cookies.values()]
        pool = person.pool.server.url
        held += [(pool, each.name, each.value or "") for each in managed_login.cookies]
    page.context.add_cookies(
        [
            {"url": url, "name": name, "value": value, "httpOnly": True, "sameSite": "Lax"}
            for url, name, value in held
        ]
    )
    page.goto(settings.PORTAL_URL)
    expect(page.get_by_role("heading", name="Sign-in security")).to_be_visible()


def through_managed_login(page: Page, person: Person, *, choose: str = "") -> list[str]:
    """From its first page back to the portal; the challenges that were asked."""
    asked: list[str] = []
    for _ in range(MOST_PAGES):
        if page.url.startswith(settings.PORTAL_URL):
            return asked
        kind = page.locator("body").get_attribute("data-page") or ""
        if kind == "login":
            page.get_by_label("Username").fill(person.username)
            page.get_by_label("Password").fill(PASSWORD)
        elif kind == "choose":
            page.locator(f'input[name=answer][value="{choose}"]').check()
        elif kind == "mfa-totp":
            page.locator("input[name=code]").fill(person.code_of_app())
        else:
            page.locator("input[name=code]").fill(person.newest_message()["code"])
        if kind in CHALLENGE_OF_PAGE:
            asked.append(CHALLENGE_OF_PAGE[kind])
        with page.expect_navigation():
            page.locator("main button[type=submit]").first.click()
    raise AssertionError(f"no way back from {page.url}: {page.locator('main').inner_text()}")


def confirm_that_it_is_you(page: Page, person: Person, *, button: str = "Sign in again") -> None:
    """From the page that asks for it, back to the page with the button to press again."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(lambda address: not address.startswith(settings.PORTAL_URL))
    through_managed_login(page, person)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def scan(page: Page) -> str:
    """Read the QR code from the picture on the screen, as a phone does; the key in it."""
    page.wait_for_load_state("load")
    shot = page.screenshot(full_page=True)
    found = zxingcpp.read_barcode(Image.open(BytesIO(shot)))
    assert found is not None, "there is no readable QR code on the page"
    parts = urlsplit(found.text)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    return parse_qs(parts.query)["secret"][0]


def set_up_app(page: Page, person: Person) -> None:
    """From the card to the page that offers to turn the app on."""
    page.get_by_role("link", name="Set up your app").click()
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="I have the app: start").click()
    person.secret = scan(page)
    page.get_by_label("Enter the code that the app shows").fill(person.code_of_app())
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("heading", name="Your app works")).to_be_visible()


def turn_both_on(person: Person) -> None:
    """An authenticator app, asked first, and text messages, without a browser."""
    person.set_up_app()
    person.use_text_messages(first=False)


def switch(page: Page, name: str, *, on: bool) -> None:
    page.get_by_role("switch", name=name).set_checked(on)


def ask_first(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check()


def save(page: Page, person: Person) -> str:
    """Review, save, confirming who it is where that is asked for; the sentence of the page after
    it, which the review had promised."""
    page.get_by_role("button", name="Review").click()
    promised = page.get_by_text(re.compile("^Next time you sign in")).first.inner_text()
    page.get_by_role("button", name="Save").click()
    again = page.get_by_role("heading", name="Confirm that it is you")
    if again.is_visible():
        confirm_that_it_is_you(page, person)
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_contain_text(promised)
    return promised


def authenticator(page: Page, **more: Any) -> tuple[CDPSession, str]:
    """A device of Chromium's own developer tools that makes passkeys, and its id.

    https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
    """
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
    return cdp, made["authenticatorId"]
