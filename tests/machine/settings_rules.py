"""The settings page, its review and its saving; in two tabs, twice, and after others."""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from localpool.sign_in.mfa import offered_factors
from mfa_settings.preference.models import ProposedChange
from tests.machine.acting import RULES, NothingToDo, act
from tests.machine.confirming import ANOTHER_WAY, TURNS
from tests.machine.holder import APP, BLOCK, EMAIL, PASSKEY, TEXT
from tests.machine.shown import FACTOR_OF_SLUG, SLUG_OF_FACTOR, Held, movable
from tests.machine.story import Story, held_in
from tests.machine.trouble import TROUBLES, Trouble
from tests.pages import Page, fields

WRITE = "SetUserMFAPreference"
SWITCHES = st.sets(st.sampled_from(sorted(FACTOR_OF_SLUG)), max_size=4)
FIRST = st.sampled_from(["", "ask", "app", "text", "email"])
# Three presses in four go well.
TROUBLE = st.one_of(*[st.none()] * 3, st.sampled_from(TROUBLES))
WHICH = st.integers(0, 3)
OTHERS = st.sampled_from(["the same press", "another save", "staff", "an hour"])
MEANWHILE = st.one_of(st.none(), OTHERS)

PRESSES_MEANWHILE, STAFF_MEANWHILE = "presses Save meanwhile", "staff are faster than a save"
RULES.extend((PRESSES_MEANWHILE, STAFF_MEANWHILE))


def signed_in(story: Any) -> bool:
    return bool(story.signed_in)


def has_tab(story: Any) -> bool:
    return story.signed_in and bool(story.tabs)


def has_review(story: Any) -> bool:
    return story.signed_in and bool(story.reviews)


class SettingsRules(Story):
    def began_sequence(self) -> None:
        super().began_sequence()
        self.unread: list[str] = []
        self.read_settings(self.go("/"))

    @act(when=signed_in, trouble=TROUBLE)
    def opens_the_settings(self, trouble: Trouble | None) -> None:
        self.read_settings(self.go("/", trouble=trouble))

    @act(when=has_tab, which=WHICH, flips=SWITCHES, first=FIRST)
    def reviews_a_wish(self, which: int, flips: set[str], first: str) -> None:
        """From any tab that is still open, however old."""
        self._propose(self.tabs[which % len(self.tabs)], flips, first)

    def _propose(self, tab: dict[str, Any], flips: set[str], first: str) -> str | None:
        page: Page = tab["page"]
        able = {SLUG_OF_FACTOR[factor] for factor in movable(page)}
        on = {slug for slug in able if FACTOR_OF_SLUG[slug] in tab["told"].on}
        wish = dict.fromkeys(sorted(on ^ (flips & able)), "on")
        if f"first={first}" in fields(page):
            wish["first"] = first
        answer = self.press("/review/", form={"seen": fields(page)["seen"]["value"], **wish})
        self.read_settings(answer, draft=True)
        found = re.match(r"/review/([0-9a-f-]{36})/", answer.headers.get("Location", ""))
        if found is None:
            return None
        self.reviews = [*self.reviews, found[1]][-4:]
        self.answered(self.browser.get(answer.headers["Location"]))
        return found[1]

    def _reviewed(self, flips: set[str], first: str) -> str:
        """Opens the page and reviews this wish; the change that could be saved now."""
        if self.read_settings(self.go("/")) is None:
            raise NothingToDo
        proposal = self._propose(self.tabs[-1], flips, first)
        if not proposal or not self.signed_in:
            raise NothingToDo
        return proposal

    @act(when=has_review, which=WHICH, trouble=TROUBLE, meanwhile=MEANWHILE, looks=st.booleans())
    def saves(self, which: int, trouble: Trouble | None, meanwhile: str, looks: bool) -> None:
        self._save(self.reviews[-1 - which % len(self.reviews)], trouble, meanwhile, looks)

    @act(
        when=has_tab,
        flips=SWITCHES,
        first=FIRST,
        trouble=TROUBLE,
        meanwhile=MEANWHILE,
        looks=st.booleans(),
    )
    def changes_at_once(
        self, flips: set[str], first: str, trouble: Trouble | None, meanwhile: str, looks: bool
    ) -> None:
        """Opens the page, moves, reviews and saves without anything between."""
        self._save(self._reviewed(flips, first), trouble, meanwhile, looks)

    @act(when=has_tab, flips=SWITCHES, first=FIRST, meanwhile=OTHERS)
    def changes_while_others_do(self, flips: set[str], first: str, meanwhile: str) -> None:
        self._save(self._reviewed(flips, first), None, meanwhile, looks=False)

    @act(when=has_tab, flips=SWITCHES, first=FIRST, turn=st.sampled_from([*TURNS, ANOTHER_WAY]))
    def changes_when_the_sign_in_is_old(self, flips: set[str], first: str, turn: str) -> None:
        """For the first protection as well; the portal's own session is kept up meanwhile."""
        self.ground.time.shift(455)
        self.go("/")
        self.ground.time.shift(455)
        if not self.signed_in:
            raise NothingToDo
        proposal = self._reviewed(flips, first)
        self.confirming.next_turn = turn
        self._save(proposal, None, None, looks=False)

    @act(when=has_tab, flips=SWITCHES, first=FIRST)
    def changes_and_changes_back(self, flips: set[str], first: str) -> None:
        """Two saves in a row that go well; the first one's button is then pressed once more."""
        changed = self._reviewed(flips, first)
        self._save(changed, None, None, looks=True)
        back = self.signed_in and self._propose(self.tabs[-1], flips, "")
        if back and self.signed_in:
            self._save(back, None, None, looks=True)
        if self.signed_in:
            self._save(changed, None, None, looks=True)

    def _save(
        self, proposal_id: str, trouble: Trouble | None, meanwhile: str | None, looks: bool
    ) -> None:
        change = ProposedChange.objects.filter(id=proposal_id).first()
        self.press_to_save(
            f"/review/{proposal_id}/save/",
            starts_from=held_in(change.before) if change else None,
            saved=lambda: proposal_id,
            trouble=trouble,
            meanwhile=meanwhile,
            looks=looks,
        )

    def press_to_save(
        self,
        path: str,
        *,
        starts_from: Held | None,
        saved: Callable[[], str],
        trouble: Trouble | None,
        meanwhile: str | None,
        looks: bool,
    ) -> None:
        """A button that leads to a write of the preference. `saved` tells which change it saves,
        `starts_from` what that one was made from: nothing else may be written over."""
        known, before = saved(), set(self.confirmed)
        had_ended = self.result_of(known)
        self.interrupted = False
        action = self._meanwhile(meanwhile, path) if meanwhile else None
        is_as_seen = starts_from in self.may_be_shown()
        writes = self.ledger.calls[WRITE]
        answer = self.press(path, trouble=trouble, at=WRITE, meanwhile=action)
        assert is_as_seen or self.ledger.calls[WRITE] == writes, "I2: saved over another change"
        if not self.interrupted:
            self.count_writes(saved(), self.ledger.calls[WRITE] - writes)
        if not had_ended or saved() != known:
            self.learn(saved(), before)
        if trouble and not trouble.can_be_seen_through and not self.user.passkey_mfa:
            self.confirmed.discard(PASSKEY)  # No read tells of its flag.
        self.hold_the_records_against_the_pool()
        if answer.headers.get("Location", "").startswith("/?saved="):
            self.unread = [*self.unread, answer.headers["Location"]][-2:]
            if looks:
                self._look()

    def count_writes(self, proposal_id: str, writes: int) -> None:
        """However often its button is pressed, one write; what was never begun may be tried
        again."""
        self.writes_of[proposal_id] += writes
        assert self.writes_of[proposal_id] <= 1, f"I4: {proposal_id} was written twice"

    def result_of(self, proposal_id: str) -> str:
        """Empty for one that is still to be made."""
        found = ProposedChange.objects.filter(id=proposal_id).first() if proposal_id else None
        return found.result if found else "gone" if proposal_id else ""

    def learn(self, proposal_id: str, before: set[str]) -> None:
        """What the portal now says of the change is what the person has confirmed."""
        change = ProposedChange.objects.filter(id=proposal_id).first() if proposal_id else None
        if change is None:
            return
        after = set(held_in(change.after).on)
        staff_took = before - self.confirmed
        if change.result == ProposedChange.Result.CONFIRMED:
            self.confirmed = after - staff_took if not self.interrupted else after & self.confirmed
            # Staff have taken these; the page says that they are no longer offered.
            self.confirmed &= {*offered_factors(self.ground.state), APP, PASSKEY}
            # It was on already, and its card says that the number is not confirmed as theirs.
            self.confirmed -= self._unproved() - before
            if self.app_is_listed_and_dead():
                self.move_took_the_app()
            if len(self.may_be_shown()) > 1:
                # Staff have changed the pool within the minute for which the portal knows it.
                self.confirmed &= self.looking.now().works
            if PASSKEY in self.confirmed and not self.user.passkeys:
                self.confirmed.discard(PASSKEY)
        elif change.result == ProposedChange.Result.NOT_CONFIRMED:
            self.confirmed &= after
        note(f"    {change.before} -> {change.after}: {change.result}; {sorted(self.confirmed)}")

    def _unproved(self) -> set[str]:
        has = self.user.attributes
        contacts = {TEXT: "phone_number", EMAIL: "email"}
        return {f for f, name in contacts.items() if has.get(f"{name}_verified") != "true"}

    # --- others who are faster ---

    def _meanwhile(self, what: str, path: str) -> Any:
        another = f"/review/{self.reviews[0]}/save/" if self.reviews else path
        return {
            "the same press": lambda: self._interrupting(path),
            "another save": lambda: self._interrupting(another),
            "staff": self._staff_turn_something_off,
            "an hour": self._an_hour_passes,
        }[what]

    def _an_hour_passes(self) -> None:
        """What the portal has read of the pool before, it still goes by in this request."""
        self.ground.time.shift(3600)
        self.older_pools = [(until + 3600, mfa) for until, mfa in self.older_pools]

    def _interrupting(self, path: str) -> None:
        """A second request, while the first stands between its read and its write."""
        self.fired[PRESSES_MEANWHILE] += 1
        faults = self.ground.server.faults.waiting()
        self.ground.server.faults.clear()
        writes = self.ledger.calls[WRITE]
        answer = self.browser.submit(path)
        note(f"    meanwhile -> {answer.status_code}")
        assert answer.status_code in {302, 404, 409, 503}  # 404: it was reviewed long ago.
        assert self.ledger.calls[WRITE] == writes, "I4: two saves of one person at once"
        for fault in faults:
            self.ground.server.faults.add(fault)

    def _staff_turn_something_off(self) -> None:
        self.fired[STAFF_MEANWHILE] += 1
        self.interrupted = True
        with self.as_staff():
            for factor in self.user.mfa_on[:1]:
                self.holder.prefer(**{BLOCK[factor]: {"Enabled": False, "PreferredMfa": False}})

    # --- afterwards ---

    @act(when=lambda self: self.signed_in and self.unread)
    def looks_at_the_answer(self) -> None:
        """The page after a save, when something else may have happened since."""
        self._look()

    def _look(self) -> None:
        self.read_settings(self.go(self.unread.pop()))

    @act(when=has_review, which=WHICH)
    def presses_again(self, which: int) -> None:
        """Save, of a change that may have ended long ago."""
        proposal_id = self.reviews[which % len(self.reviews)]
        self._save(proposal_id, None, None, looks=True)
        if self.signed_in:
            self._save(proposal_id, None, None, looks=True)

    @act(when=has_review, which=WHICH)
    def goes_back(self, which: int) -> None:
        page = self.go(f"/?draft={self.reviews[which % len(self.reviews)]}")
        self.read_settings(page, draft=True)
