"""The pages of a test of a way to sign in, for `gallery`."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.factor_test.domain import TEST_FACTOR
from signin.models import SideSignIn, User
from tests.attempts import use_up
from tests.browser.walk import open_signed_in, through_managed_login
from tests.people import Person


def visit_factor_test(page: Page, person: Person) -> Iterator[str]:
    """From the first code of a new app, which is used up, to the limit of tests."""
    portal = settings.PORTAL_URL
    open_test_of_new_app(page, person)
    page.get_by_text("Wait for the next code").wait_for()
    yield "factor-test-wait"
    forget_used_codes()
    page.goto(f"{portal}/test/app/")
    yield "factor-test"
    run(page, person)
    yield "factor-test-worked"
    forget_used_codes()
    page.goto(f"{portal}/test/app/")
    run(page, person.pool.person("eve"))
    yield "factor-test-somebody-else"
    page.get_by_role("link", name="Sign it out there").click()
    page.get_by_role("heading", name="Sign-in security").wait_for()
    page.goto(f"{portal}/test/app/")
    start(page)
    state = page.evaluate("new URLSearchParams(location.search).get('state')")
    page.goto(f"{portal}/sign-in/callback/?state={state}&error=access_denied")
    yield "factor-test-cancelled"
    page.goto(f"{portal}/test/text/")
    yield "factor-test-closed"
    for each in everybody():
        use_up(TEST_FACTOR, key=each.uid)
    page.goto(f"{portal}/test/app/")
    page.get_by_role("button", name="Start the test").click()
    page.get_by_text("Too often", exact=True).wait_for()
    yield "factor-test-too-often"


def open_test_of_new_app(page: Page, person: Person) -> None:
    """As after a set-up in the portal and a save that turned the app on, a moment ago."""
    open_signed_in(page, person)
    person.set_up_app()
    AuthenticatorSetUp.objects.create(
        person=User.objects.get(), verified=True, ended_at=timezone.now()
    )
    page.goto(f"{settings.PORTAL_URL}/test/app/")


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
