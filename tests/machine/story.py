"""One sequence: who holds what, what was confirmed, and the four promises after every step.

I1  Nobody who could sign in before can't now.
I2  Nobody holds fewer factors than the last page they confirmed.
I3  The portal never shows a state that the pool did not hold while the page was made.
I4  Each accepted change has one intent and one outcome (`ledger`).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

from django.core.cache import cache
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from activity.domain import Event, Outcome
from activity.models import LogEntry
from localpool.api import mfa_preference
from mfa_settings.authenticator.models import AuthenticatorSetUp
from tests import log
from tests.machine.confirming import WHAT_THEY_DO, Confirming, asks_first
from tests.machine.ground import Ground
from tests.machine.holder import APP, PASSKEY
from tests.machine.ledger import Ledger
from tests.machine.looking import Looking, Truth
from tests.machine.shown import NOT_SURE, Held, held_by, shown_on
from tests.machine.situations import SITUATIONS, Situation
from tests.machine.trouble import Trouble
from tests.meanwhile import before_the_call
from tests.pages import Page, title, words
from tests.sessions import track
from userpool.models import PasskeyFactor
from userpool.values import Preference
from userpool.words import next_sign_in_sentence

UNFINISHED = "You began to move to a new app and did not finish"
POOL_IS_READ_EVERY = 60
# How the pool answers what the sources leave open; each is drawn anew for each sequence. Left
# out: `none_preferred`, under which "Ask me each time" is not safe, as ADR 4 says.
OPEN_QUESTIONS = {
    "off_block_never_set_up": ("refuse", "accept"),
    "setting_list_in_required_pool": ("listed", "empty"),
    "disable_in_required_pool": ("ignore", "refuse"),
    "bad_block_among_good": ("partial", "atomic"),
    "last_factor_off_under_passkey": ("refuse", "accept"),
    "email_answer": ("EMAIL_OTP", "EMAIL_MFA"),
    "wrong_code_at_verify": ("exception", "status-error"),
}


class Story(RuleBasedStateMachine):
    """What all rules share. The rules are in `*_rules`, a module for each part of the portal."""

    # Set on the class that a test runs.
    ground: ClassVar[Ground]
    associate: ClassVar[str] = "keep"
    fired: ClassVar[Counter[str]] = Counter()

    @initialize(
        situation=st.sampled_from(SITUATIONS),
        turns=WHAT_THEY_DO,
        answers=st.fixed_dictionaries({n: st.sampled_from(v) for n, v in OPEN_QUESTIONS.items()}),
        tracks=st.booleans(),
    )
    def it_begins(
        self, situation: Situation, turns: list[str], answers: dict[str, str], tracks: bool
    ) -> None:
        self.fired["sequences"] += 1
        self.holder, self.browser = self.ground.begin(situation)
        if tracks:
            track(self.ground.pool)
        self.holder.time = self.ground.time
        self.ground.server.switches.set(associate_over_verified=self.associate, **answers)
        self.looking, self.ledger = Looking(self.ground, self.holder), Ledger()
        self.confirming = Confirming(self, turns)
        self.signed_in, self.by = True, "portal"
        self.tabs: list[dict[str, Any]] = []
        self.reviews: list[str] = []
        self.older_pools: list[tuple[float, Any]] = []
        self.writes_of: Counter[str] = Counter()
        self.began_sequence()
        self.last = self.looking.now()
        self.confirmed = set(self.last.works) & set(self._held(self.state_of_pool()).on)

    def began_sequence(self) -> None:
        """For what a module of rules remembers."""

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.ground.end()

    # --- the pool ---

    @property
    def user(self) -> Any:
        return self.looking.user()

    def state_of_pool(self) -> Any:
        return self.ground.state

    def _held(self, pool: Any, mfa: Any = None) -> Held:
        known = PasskeyFactor.objects.filter(person=self.holder.uid).first()
        shown = mfa_preference.setting_members(self.ground.server.world, pool, self.user)
        return held_by(
            pool, self.user, shown=shown, passkey_on=bool(known and known.on), pool_settings=mfa
        )

    def may_be_shown(self) -> list[Held]:
        """As the pool is, or as its settings were when the portal last read them."""
        recent = [mfa for until, mfa in self.older_pools if until > time.time()]
        return [self._held(self.ground.state, mfa) for mfa in (None, *recent)]

    # --- steps ---

    def press(
        self,
        path: str,
        *,
        trouble: Trouble | None = None,
        at: str = "",
        meanwhile: Callable[[], None] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Page:
        """Send a form; `at` is the write that it leads to. Where another sign-in is asked for
        first, the person mostly signs in, and presses again."""
        send = partial(
            self._send_form, path, trouble=trouble, at=at, meanwhile=meanwhile, form=form
        )
        answer = send()
        return self.confirming.answer(answer, send) if asks_first(answer) else answer

    def _send_form(
        self,
        path: str,
        *,
        trouble: Trouble | None,
        at: str,
        meanwhile: Callable[[], None] | None,
        form: Mapping[str, str] | None,
    ) -> Page:
        if trouble:
            self.ground.server.faults.add(trouble.fault(at))
        with before_the_call(at, meanwhile):
            answer = self.browser.submit(path, **(form or {}))
        self.ground.server.faults.clear()
        return self.answered(answer, troubled=trouble is not None)

    def go(self, path: str, *, trouble: Trouble | None = None) -> Page:
        if trouble:
            self.ground.server.faults.add(trouble.fault("GetUser"))
        answer = self.browser.get(path)
        self.ground.server.faults.clear()
        return self.answered(answer, troubled=trouble is not None)

    def answered(self, page: Page, *, troubled: bool = False) -> Page:
        where = page.headers.get("Location", "")
        note(f"    -> {page.status_code} {where or title(page)}")
        assert page.status_code < 500 or (page.status_code in {502, 503} and troubled), words(page)
        if where.startswith("/sign-in/"):
            self.signed_in = False
        return page

    @contextmanager
    def as_staff(self) -> Iterator[None]:
        """What somebody outside the portal does may take something away; nothing else may."""
        before = self.looking.now()
        yield
        after = self.looking.now()
        note(f"    staff: {sorted(before.works)} -> {sorted(after.works)}")
        self.confirmed -= before.works - after.works
        self.last = after

    # --- reading a settings page ---

    def read_settings(self, page: Page, *, draft: bool = False) -> Held | None:
        """I3, on any page that shows the switches; what it shows."""
        if page.status_code not in {200, 422} or "Sign-in security" not in title(page):
            return None
        told = shown_on(page)
        text, truth = words(page), self.looking.now()
        if told is not None:
            allowed = self.may_be_shown()
            if NOT_SURE in text:
                told, allowed = told.without(PASSKEY), [h.without(PASSKEY) for h in allowed]
            assert told in allowed, f"I3: shows {told}, the pool holds {allowed}"
        self._check_sentence(text, truth)
        if not draft and told is not None:
            self.tabs = [*self.tabs, {"page": page, "told": told}][-4:]
        return told

    def _check_sentence(self, text: str, truth: Truth) -> None:
        """What the page says of the next sign-in is what a sign-in asks now."""
        if len(self.may_be_shown()) > 1:
            return
        sentence = str(next_sign_in_sentence(truth.asked))
        doubtful = UNFINISHED in text and self.app_is_listed_and_dead()
        assert sentence in text or doubtful, f"I3: a sign-in would say: {sentence}"

    def app_is_listed_and_dead(self) -> bool:
        return APP in self.user.mfa_on and self.user.token is None

    def move_took_the_app(self) -> None:
        """Beginning to move silenced the old app, as the page before had said it might."""
        if self.user.token is None:
            self.confirmed.discard(APP)

    # --- the promises ---

    @invariant()
    def promises_are_kept(self) -> None:
        if not hasattr(self, "ledger"):
            return
        truth = self.looking.now()
        if self.by == "portal":
            assert truth.gets_in or not self.last.gets_in, "I1: locked out"
        missing = self.confirmed - truth.works
        assert not missing, f"I2: {sorted(missing)} confirmed, and a sign-in does not take it"
        self.last = truth
        self.hold_the_records_against_the_pool()

    def hold_the_records_against_the_pool(self) -> None:
        """Also between two changes of one step."""
        for event in self.ledger.new():
            note(f"    recorded: {event.event} {log.outcome_of(event).result} {event.detail}")
            self.check_event(event)

    def check_event(self, event: LogEntry) -> None:
        """A confirmed change of the preference is one that a right page shows now."""
        if event.event != Event.PREFERENCE_CHANGED or self.by != "portal":
            return
        allowed = self.may_be_shown()
        result = log.outcome_of(event).result
        if result == Outcome.CONFIRMED:
            assert held_in(event.detail["after"]) in allowed, f"I4: {event.detail}, {allowed}"
        if result == Outcome.REFUSED:
            assert held_in(event.detail["before"]) in allowed, f"I4: {event.detail}, {allowed}"

    def open_set_up(self) -> AuthenticatorSetUp | None:
        return AuthenticatorSetUp.objects.filter(ended_at=None).first()

    def pool_has_changed(self, before: Any) -> None:
        """The portal may know the pool as it was for as long as it keeps what it read."""
        if cache.get(f"pool-policy:{self.ground.pool.config.pool_id}"):
            self.older_pools.append((time.time() + POOL_IS_READ_EVERY, before))


def held_in(text: str) -> Held:
    parsed = Preference.parse(text)
    return Held(
        frozenset(factor.value for factor in parsed.enabled),
        parsed.preferred.value if parsed.preferred else None,
    )
