"""A press that leads to another sign-in first (`/confirm/<id>/`), and what its person does then.

Nothing is ever submitted by itself: whoever comes back from managed login, and however, the button
has to be pressed again. Somebody who can't show what is on can't change anything.
"""

import re
from collections.abc import Callable
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from hypothesis import note
from hypothesis import strategies as st

from signin.step_up.words import asked_sentence
from tests.machine.acting import RULES
from tests.machine.shown import FACTOR_OF_SLUG
from tests.pages import Page, way_out, words
from tests.people import Person
from userpool.next_sign_in import Asked

ONCE_MORE = "signs in once more and presses again"
CANCELS = "cancels the second sign-in"
SOMEBODY_ELSE = "somebody else signs in instead"
ANOTHER_WAY = "can't use what is asked, and takes another way"
NO_OTHER_WAY = "can't use what is asked, and nothing else is on"
CAN_NOT = "can't sign in, so can't change anything"
# NO_OTHER_WAY and CAN_NOT are counted too, but come about too seldom for a run of a minute.
TURNS = (ONCE_MORE, CANCELS, SOMEBODY_ELSE, ANOTHER_WAY)
RULES.extend(TURNS)
# Taken in turn, for as long as the sequence goes.
WHAT_THEY_DO = st.permutations([ONCE_MORE] * 4 + [CANCELS, SOMEBODY_ELSE, ANOTHER_WAY])
ASKED = "/confirm/"


def asks_first(answer: Page) -> bool:
    return answer.headers.get("Location", "").startswith(ASKED)


class Confirming:
    """What a `story` does between a press that was not taken and the next one."""

    def __init__(self, story: Any, turns: list[str]) -> None:
        self._story, self._turns = story, cycle(turns)
        self.next_turn = ""  # Instead of the one whose turn it is.
        self.stranger = Person(story.ground.pool, "nobody", "")
        self.stranger.chooses = "SMS_MFA"

    def answer(self, asked: Page, press: Callable[[], Page]) -> Page:
        """What came of it in the end: the answer to the second press, where there was one."""
        story, where = self._story, asked["Location"]
        before = self._all_that_counts()
        turn, self.next_turn = self.next_turn or next(self._turns), ""
        what, passed = self._goes(where, turn)
        note(f"    {what}")
        story.fired[what] += 1
        assert self._all_that_counts() == before, "I4: something was done without a press"
        if not story.signed_in or what in {CAN_NOT, NO_OTHER_WAY}:
            return asked
        again = press()
        if not story.signed_in or again.status_code in {502, 503}:
            return again
        assert asks_first(again) != passed, f"{what}, and then: {again.status_code}"
        if not passed:
            assert self._all_that_counts() == before, "I4: done without the sign-in"
        return again

    def _all_that_counts(self) -> tuple[str, Any]:
        """The pool, and the writes of the portal so far."""
        return self._story.looking.what_is_set(), self._story.ledger.writes()

    def _goes(self, where: str, turn: str) -> tuple[str, bool]:
        """What the person did, and whether that is enough to press again."""
        page = self._story.answered(self._story.browser.get(where))
        if turn == CANCELS:
            return CANCELS, self._cancels(where)
        if turn == SOMEBODY_ELSE:
            back = self._signs_in(where, self.stranger)
            assert "Somebody else signed in just now" in words(back), words(back)
            return SOMEBODY_ELSE, False
        truth = self._story.looking.now()
        if not truth.gets_in_by_password or truth.asked.asked is Asked.SET_UP:
            return CAN_NOT, False
        if turn == ANOTHER_WAY:
            return self._another_way(where)
        if len(self._story.may_be_shown()) == 1 and not self._story.app_is_listed_and_dead():
            assert str(asked_sentence(truth.asked, way=None)) in words(page), "I3: what is asked"
        return ONCE_MORE, self._is_through(self._signs_in(where, self._story.holder))

    def _cancels(self, where: str) -> bool:
        start = way_out(self._story.browser.submit(f"{where}start/"))
        state = parse_qs(urlsplit(start).query)["state"][0]
        back = self._story.browser.get(
            f"/sign-in/callback/?error=access_denied&state={state}", follow=True
        )
        assert "You came back without signing in." in words(back), words(back)
        return False

    def _another_way(self, where: str) -> tuple[str, bool]:
        """The page offers nothing that is not on; the person takes what they hold."""
        page = self._story.answered(self._story.browser.get(f"{where}other/"))
        ways = re.findall(r'name="way" value="(\w+)"', page.content.decode())
        offered = {FACTOR_OF_SLUG[slug] for slug in ways}
        on = {factor for held in self._story.may_be_shown() for factor in held.on}
        assert offered <= on, f"I3: {offered} offered, {on} on"
        works = self._story.looking.now().works
        way = next((slug for slug in ways if FACTOR_OF_SLUG[slug] in works), None)
        if way is None:
            return NO_OTHER_WAY, False
        self._story.holder.wants = FACTOR_OF_SLUG[way]
        back = self._signs_in(where, self._story.holder, way=way)
        self._story.holder.wants = ""
        return ANOTHER_WAY, self._is_through(back)

    def _signs_in(self, where: str, person: Person, **way: str) -> Page:
        """Through managed login; the page that they come back to."""
        browser = self._story.browser
        location, _ = person.walk_managed_login(way_out(browser.submit(f"{where}start/", **way)))
        back: Page = browser.get(location.removeprefix(settings.PORTAL_URL), follow=True)
        note(f"    came back to {back.request['PATH_INFO']} {back.status_code}")
        return back

    def _is_through(self, back: Page) -> bool:
        """A sign-in with all that is asked is enough, unless what it has to show was on when the
        change was reviewed and is no longer: such a change is out of date."""
        if not back.request["PATH_INFO"].startswith(ASKED):
            return True
        assert "without the second step" in words(back), words(back)
        asked = self._story.looking.now().asked.asked
        assert asked not in {Asked.FACTOR, Asked.CHOICE}, "asked again after a full sign-in"
        return False
