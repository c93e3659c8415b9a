"""The pages of taking a change back, and of a change that could not be confirmed."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page

from activity.models import LogEntry
from localpool.wire.faults import Fault
from mfa_settings.preference.models import ProposedChange
from tests.browser.check_up_gallery import visit_check_up
from tests.browser.factor_test_gallery import run
from tests.browser.walk import open_signed_in, switch
from tests.people import Person


def visit_undo(page: Page, person: Person) -> Iterator[str]:
    """With an app that was tested: from a save, back and forth, to one whose answer gets lost; then
    the settings and the check-up, after all of that."""
    portal = settings.PORTAL_URL
    open_signed_in(page, person)
    person.set_up_app()
    page.goto(f"{portal}/test/app/")
    run(page, person)
    open_signed_in(page, person)
    switch(page, "Text message", on=True)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Go back to that").click()
    page.get_by_text("Taken back", exact=True).wait_for()
    yield "taken-back"
    page.get_by_role("button", name="Go back to that").click()
    page.get_by_text("Taken back", exact=True).wait_for()
    newest = ProposedChange.objects.filter(result="confirmed").order_by("claimed_at").last()
    assert newest
    assert newest.claimed_at
    ProposedChange.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    page.goto(f"{portal}/undo/{newest.id}/")
    yield "taken-back-too-late"
    page.goto(portal)
    switch(page, "Text message", on=False)
    page.get_by_role("button", name="Review").click()
    person.pool.server.faults.add(Fault("SetUserMFAPreference", answer="drop", times=None))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not confirmed", exact=True).wait_for()
    person.pool.server.faults.clear()
    yield "not-confirmed"
    LogEntry.objects.update(at=F("at") - timedelta(minutes=2))
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("Not saved", exact=True).wait_for()
    yield "came-to-nothing"
    page.goto(portal)
    yield "settings-both-on"
    yield from visit_check_up(page)
