"""The meaning of a change of preference before it is saved; `words/preview.py` has its sentences.
`words/preview.py` has its sentences."""

from dataclasses import dataclass
from enum import StrEnum, auto

from mfa_settings.preference.domain.password_reset import PasswordReset, password_reset_after
from mfa_settings.preference.domain.rules import PreferenceChange, Refused, Violation, plan
from mfa_settings.preference.domain.statements import Statement, lasting_of, moves_of
from userpool.next_sign_in import NOTHING_ASKED, Asked, NextSignIn, next_sign_in_with
from userpool.policy import DeviceTracking, Mode, Policy
from userpool.values import (
    ASKED_AFTER_PASSWORD,
    ATTRIBUTE_OF_FACTOR,
    Attribute,
    Factor,
    Preference,
    Status,
)


class Weakening(StrEnum):
    """The effect of turning a factor off: the password alone is enough again, fewer factors are on,
    or neither."""

    EASIER = auto()
    FEWER = auto()
    NOT_WEAKER = auto()


@dataclass(frozen=True, slots=True)
class Preview:
    """A change of preference, and what it means for its person and their pool.

    A sign-in can ask the person for `reachable`; `verified` are their verified contact points.
    Both may be a little older than the policy.
    """

    change: PreferenceChange
    policy: Policy
    reachable: frozenset[Factor]
    verified: frozenset[Attribute]

    @property
    def before(self) -> NextSignIn:
        """The question of the next sign-in without the change."""
        return next_sign_in_with(self.change.before, self.policy, reachable=self.reachable)

    @property
    def coming(self) -> NextSignIn:
        """The question of the next sign-in after the change."""
        return next_sign_in_with(self.change.after, self.policy, reachable=self.reachable)

    @property
    def moves(self) -> tuple[Statement, ...]:
        return moves_of(self.change, self.coming)

    @property
    def lasting(self) -> tuple[Statement, ...]:
        return lasting_of(self.change, self._against_undo)

    @property
    def can_be_undone(self) -> bool:
        return not self._against_undo

    @property
    def _against_undo(self) -> tuple[Violation, ...]:
        """The rules that going back to the earlier preference would break."""
        ready = {f for f in self.reachable if ATTRIBUTE_OF_FACTOR.get(f) in {None, *self.verified}}
        then = Status("", self.change.after, ready=frozenset(ready), reachable=self.reachable)
        back = plan(wanted=self.change.before, status=then, policy=self.policy)
        return back.violations if isinstance(back, Refused) else ()

    @property
    def idle(self) -> frozenset[Factor]:
        """The factors that are on and not asked for, where the change adds one of them."""
        idle = self._idle(self.change.after, self.coming)
        return idle if idle - self._idle(self.change.before, self.before) else frozenset()

    def _idle(self, preference: Preference, coming: NextSignIn) -> frozenset[Factor]:
        """Factors that are on and could be asked for, but another one is asked first."""
        if coming.asked is not Asked.FACTOR:
            return frozenset()
        able = (self.policy.offered | {Factor.TOTP}) & self.reachable & ASKED_AFTER_PASSWORD
        return (preference.enabled & able) - set(coming.factors)

    @property
    def can_ask_each_time(self) -> bool:
        """The page lets the person choose to be asked each time (see Rule.FIRST_NOT_OFFERED)."""
        return self.change.before.preferred not in self.change.after.enabled - self.policy.offered

    @property
    def weakening(self) -> Weakening | None:
        """The weakening by this change; None where it turns nothing off."""
        if not self.change.weakens:
            return None
        if self.coming.asked not in NOTHING_ASKED:
            return Weakening.FEWER if self.fewer else Weakening.NOT_WEAKER
        was_asked = self.before.asked not in NOTHING_ASKED
        return Weakening.EASIER if was_asked else Weakening.NOT_WEAKER

    @property
    def fewer(self) -> int:
        """The number of factors by which fewer are on after the change."""
        return max(0, len(self.change.before.enabled) - len(self.change.after.enabled))

    @property
    def passkey_not_enough(self) -> bool:
        """Tell whether a passkey signs the person in now, and may not do so alone after the change.

        Where a sign-in asks for nothing, a passkey is enough; beside a second step it has to be on.
        https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
        """
        was_enough = self.before.asked in NOTHING_ASKED and self.policy.mode is not Mode.OFF
        has_passkey = Factor.PASSKEY in self.reachable and self.policy.passkeys is not None
        asks = self.coming.asked not in NOTHING_ASKED
        is_on = Factor.PASSKEY in self.change.after.enabled
        return was_enough and has_passkey and asks and not is_on

    @property
    def reset(self) -> PasswordReset:
        return password_reset_after(self.change, self.policy, verified=self.verified)

    @property
    def spares_devices(self) -> bool:
        """A device that the pool remembers is, or may be, not asked for the second step.

        https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
        """
        change = self.change
        moved = change.turned_on | change.turned_off
        same_first = change.before.preferred is change.after.preferred
        asks = self.coming.asked in {Asked.FACTOR, Asked.CHOICE}
        tracks = self.policy.devices is not DeviceTracking.OFF
        return asks and tracks and not (moved == {Factor.PASSKEY} and same_first)
