"""What makes a change safe to try: taking it back, testing a factor, ending other sign-ins, and
the steps that the portal proposes."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from hypothesis import strategies as st

from activity.domain import Event, Outcome
from activity.models import LogEntry
from mfa_settings.preference.models import ProposedChange
from tests import log
from tests.machine.acting import RULES, NothingToDo, act
from tests.machine.around_rules import can_sign_in_elsewhere
from tests.machine.settings_rules import (
    FIRST,
    MEANWHILE,
    SWITCHES,
    TROUBLE,
    SettingsRules,
    has_tab,
    signed_in,
)
from tests.machine.shown import FACTOR_OF_SLUG, Held
from tests.machine.story import held_in
from tests.machine.trouble import MISLEADING, Trouble
from tests.pages import Page, way_out, words
from tests.sessions import is_alive

GOES_THROUGH = "goes through the test of a factor"
CANCELS = "cancels the test of a factor"
SOMEBODY_ELSE = "somebody else goes through the test"
WALKS_AWAY = "walks away from the test of a factor"
TURNS = (GOES_THROUGH, CANCELS, SOMEBODY_ELSE, WALKS_AWAY)
STEP_TAKEN, STEP_PUT_ASIDE = "takes the proposed step", "puts the proposed step aside"
RULES.extend((*TURNS, STEP_TAKEN, STEP_PUT_ASIDE))
_TEST_TAKES_SECONDS = 35  # More than a code of an app is shown, so that it shows another one.


def has_offer(story: Any) -> bool:
    return bool(story.signed_in and story.offers)


class TrustRules(SettingsRules):
    def began_sequence(self) -> None:
        self.offer, self.offers = "", list[str]()
        super().began_sequence()

    # --- undo ---

    @act(when=has_tab, flips=SWITCHES, first=FIRST, trouble=TROUBLE, meanwhile=MEANWHILE)
    def changes_and_takes_it_back(
        self, flips: set[str], first: str, trouble: Trouble | None, meanwhile: str | None
    ) -> None:
        """Whatever was there before the save is there again, or the page says why not."""
        self._save(self._reviewed(flips, first), None, None, looks=True)
        if not self.signed_in or self.read_settings(self.go("/")) is None or not self.offer:
            raise NothingToDo
        self._undo(self.offer, trouble, meanwhile)

    @act(when=has_offer, which=st.integers(0, 2))
    def presses_an_old_button_to_take_back(self, which: int) -> None:
        """From a page that may have been open for long; and twice."""
        offer = self.offers[which % len(self.offers)]
        self._undo(offer, None, None)
        if self.signed_in:
            self._undo(offer, None, None)

    def read_settings(self, page: Page, *, draft: bool = False) -> Held | None:
        """And remember the button to take the last change back, where there is one."""
        found = re.search(r'action="/undo/([^"/]+)/"', _html(page))
        self.offer = found[1] if found else ""
        if self.offer and self.offer not in self.offers:
            self.offers = [*self.offers, self.offer][-3:]
        return super().read_settings(page, draft=draft)

    def _undo(self, change_id: str, trouble: Trouble | None, meanwhile: str | None) -> None:
        change = ProposedChange.objects.get(id=change_id)

        def reverse() -> str:
            newest = ProposedChange.objects.filter(undoes=change).order_by("created_at").last()
            return str(newest.id) if newest else ""

        self.press_to_save(
            f"/undo/{change_id}/",
            starts_from=held_in(change.after),
            saved=reverse,
            trouble=trouble,
            meanwhile=meanwhile,
            looks=True,
        )

    # --- a test of a factor ---

    @act(
        when=can_sign_in_elsewhere,
        slugs=st.permutations(sorted(FACTOR_OF_SLUG)),
        turn=st.sampled_from([GOES_THROUGH, *TURNS]),
    )
    def tests_a_factor(self, slugs: list[str], turn: str) -> None:
        """The first of these that can be tested. It changes nothing and ends no session, and "it
        works" is said of nothing that does not. What the person can't use, they cancel."""
        self.ground.time.shift(_TEST_TAKES_SECONDS)
        for slug in slugs:
            if not self.signed_in:
                raise NothingToDo
            answer = self.answered(self.browser.submit(f"/test/{slug}/"))
            if answer.status_code == 200:
                return self._test(slug, turn, answer)
            assert answer.status_code in {302, 409, 429}, answer.status_code
        raise NothingToDo

    def _test(self, slug: str, turn: str, answer: Page) -> None:
        before = self.looking.what_is_set()
        works = FACTOR_OF_SLUG[slug] in self.looking.now().works
        self.fired[turn] += 1
        if turn == WALKS_AWAY:
            return
        back = self._through_the_test(slug, turn, way_out(answer), works=works)
        assert self.looking.what_is_set() == before, "I4: a test has changed something"
        assert self.answered(back).status_code == 200, "the test has ended the session"
        judged = log.intents(Event.FACTOR_TESTED)[0]
        confirmed = log.outcome_of(judged).result == Outcome.CONFIRMED
        assert not confirmed or (works and turn == GOES_THROUGH), f"I3: {words(back)}"

    def _through_the_test(self, slug: str, turn: str, start: str, *, works: bool) -> Page:
        if turn == SOMEBODY_ELSE:
            location, _ = self.confirming.stranger.walk_managed_login(start)
        elif turn == GOES_THROUGH and works:
            self.holder.wants = FACTOR_OF_SLUG[slug]
            location, _ = self.holder.walk_managed_login(start)
            self.holder.wants = ""
        else:
            found = re.search(r"[?&]state=([^&]+)", start)
            assert found
            location = f"/sign-in/callback/?state={found[1]}&error=access_denied"
        callback = location.removeprefix(settings.PORTAL_URL)
        back: Page = self.browser.get(callback, follow=True)
        assert back.request["PATH_INFO"].startswith("/test/result/")
        return back

    # --- where they are signed in ---

    @act(
        when=can_sign_in_elsewhere,
        everywhere=st.booleans(),
        trouble=st.one_of(TROUBLE, st.sampled_from(MISLEADING)),
    )
    def ends_sign_ins_elsewhere(self, everywhere: bool, trouble: Trouble | None) -> None:
        """An app's sign-in is over where the log says so, and this one where it was to end too."""
        elsewhere = self.holder.get_in(self.holder.challenge()) if self.signed_in else None
        if elsewhere is None:
            raise NothingToDo
        path, at = (
            ("/signed-in/everywhere/", "GlobalSignOut")
            if everywhere
            else ("/signed-in/end-others/", "RevokeUserSession")
        )
        known = set(_endings())
        self.press(path, trouble=trouble, at=at)
        self.go("/")
        fresh = [event for key, event in _endings().items() if key not in known]
        if not fresh:
            return
        (event,) = fresh
        outcome = log.outcome_of(event)
        done = outcome.result == Outcome.CONFIRMED and not outcome.detail.get("left")
        if everywhere:
            assert self.signed_in or outcome.result != Outcome.REFUSED, "ended, and told not"
        else:
            assert self.signed_in, "This sign-in was to stay"
        if done and (everywhere or outcome.detail["ended"]):
            assert not is_alive(self.ground.pool, elsewhere), "I3: it is said to have ended"

    # --- the proposed step ---

    @act(when=signed_in, takes=st.sampled_from([True, True, False]))
    def follows_the_check_up(self, takes: bool) -> None:
        page = self.go("/")
        self.read_settings(page)
        name = "take" if takes else "dismiss"
        button = _step(page, name)
        if button is None:
            raise NothingToDo
        before = self.looking.what_is_set()
        self.fired[STEP_TAKEN if takes else STEP_PUT_ASIDE] += 1
        answer = self.answered(self.browser.submit(f"/check-up/{name}/", **button))
        assert self.looking.what_is_set() == before, "I4: a proposal has changed something"
        if not takes:
            assert _step(self.go("/"), name) != button, "I3: it was put aside"
        elif found := re.match(r"/review/([0-9a-f-]{36})/", answer.headers.get("Location", "")):
            self.reviews = [*self.reviews, found[1]][-4:]


def _html(page: Page) -> str:
    return page.content.decode()


def _endings() -> dict[uuid.UUID, LogEntry]:
    names: Sequence[Event] = (Event.OTHERS_ENDED, Event.SIGNED_OUT_EVERYWHERE)
    return {event.pk: event for event in log.intents().filter(event__in=names)}


def _step(page: Page, name: str) -> dict[str, str] | None:
    """What the proposed step's button sends; the ones put aside have other forms."""
    card = _html(page).partition("The best next step")[2]
    form = re.search(rf'action="/check-up/{name}/">(.*?)</form>', card, re.S)
    if form is None:
        return None
    return dict(re.findall(r'name="(step|situation_key)" value="([^"]*)"', form[1]))
