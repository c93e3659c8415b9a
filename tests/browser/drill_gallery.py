"""The pages of a test of a way to sign in, for `gallery`."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from mfa_settings.limits import LIMITS, Kind
from mfa_settings.models import AuthenticatorSetUp, Try
from signin.models import SideSignIn, User
from tests.browser.walk import open_signed_in, through_managed_login
from tests.people import Person


def visit_drill(page: Page, person: Person) -> Iterator[str]:
    """From the first code of a new app, which is used up, to the limit of tests."""
    portal = settings.PORTAL_URL
    open_test_of_new_app(page, person)
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
    tries = [Try(person=each, kind=Kind.FACTOR_TESTED, at=timezone.now()) for each in everybody()]
    Try.objects.bulk_create(tries * LIMITS[Kind.FACTOR_TESTED][0].most)
    page.goto(f"{portal}/test/app/")
    page.get_by_role("button", name="Start the test").click()
    page.get_by_text("Too often", exact=True).wait_for()
    yield "drill-too-often"


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
