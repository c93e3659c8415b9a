"""The pages of a test of a way to sign in, for `gallery`."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.factor_test.domain import TEST_FACTOR
from signin.models import SideSignIn, User
from tests.attempts import use_up
from tests.browser.walk import through_managed_login
from tests.people import Person


def visit_drill(page: Page, person: Person, portal: str) -> Iterator[str]:
    """From the page after a save that has turned the app on."""
    page.get_by_role("link", name="Test your app now").click()
    page.get_by_text("Wait for the next code").wait_for()
    yield "drill-wait"
    forget_used_codes()
    page.goto(f"{portal}/test/app/")
    yield "drill"
    run(page, person)
    yield "drill-worked"
    forget_used_codes()
    page.goto(f"{portal}/test/app/")
    run(page, person.pool.person("eve"))
    yield "drill-somebody-else"
    page.get_by_role("link", name="Sign it out there").click()
    page.get_by_role("heading", name="Sign-in security").wait_for()
    page.goto(f"{portal}/test/app/")
    start(page)
    state = page.evaluate("new URLSearchParams(location.search).get('state')")
    page.goto(f"{portal}/sign-in/callback/?state={state}&error=access_denied")
    yield "drill-cancelled"
    page.goto(f"{portal}/test/text/")
    yield "drill-closed"
    for each in everybody():
        use_up(TEST_FACTOR, key=each.uid)
    page.goto(f"{portal}/test/app/")
    page.get_by_role("button", name="Start the test").click()
    page.get_by_text("Too often", exact=True).wait_for()
    yield "drill-too-often"


def everybody() -> list[User]:
    return list(User.objects.all())


def run(page: Page, somebody: Person) -> None:
    """Start the test, let somebody sign in there, and come back to what it has shown."""
    somebody.pool.server.clock.advance(2)  # Nobody signs in twice within a second.
    start(page)
    through_managed_login(page, somebody)
    page.get_by_role("link", name="Go to your security settings").wait_for()


def start(page: Page) -> None:
    with page.expect_navigation(url=lambda address: "/login" in address):
        page.get_by_role("button", name="Start the test").click()


def forget_used_codes() -> None:
    """As if a minute had passed since the last code of an app."""
    minute = timedelta(minutes=1)
    AuthenticatorSetUp.objects.filter(verified=True).update(ended_at=timezone.now() - minute)
    SideSignIn.objects.exclude(auth_time=None).update(auth_time=timezone.now() - minute)
