"""Which wishes can be met: each rule is one line of one table.

The preference moves as SetUserMFAPreference wants it: only blocks that change, a passkey has no
preference and needs another factor beside it, and where the pool requires MFA only the preference
can move.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from userpool.next_sign_in import effective_preference
from userpool.policy import Mode, Policy
from userpool.values import PREFERABLE, Factor, Preference, Status, in_page_order


class Rule(StrEnum):
    """Why a wish can't be met."""

    MANAGED_ELSEWHERE = auto()
    NOT_OFFERED = auto()
    NOT_READY = auto()
    PREFERRED_IS_OFF = auto()
    NOT_PREFERABLE = auto()
    PASSKEY_ALONE = auto()
    LAST_FACTOR_STAYS = auto()
    REQUIRED_STAYS_ON = auto()
    CHOICE_NEEDS_TWO = auto()
    FIRST_NOT_OFFERED = auto()


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that the wish breaks, and the factor it breaks it for, if one."""

    rule: Rule
    factor: Factor | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What moves between two preferences."""

    before: Preference
    after: Preference

    @property
    def turned_on(self) -> frozenset[Factor]:
        return self.after.enabled - self.before.enabled

    @property
    def turned_off(self) -> frozenset[Factor]:
        return self.before.enabled - self.after.enabled

    @property
    def weakens(self) -> bool:
        """Afterwards there is less between a stranger with the password and the account."""
        return bool(self.turned_off)

    @property
    def is_empty(self) -> bool:
        return self.before == self.after

    def settings(self, usable: frozenset[Factor]) -> Mapping[Factor, tuple[bool, bool]]:
        """(enabled, preferred) of each factor whose pair changes, and of no other: a block for a
        factor that was never set up can be refused even when it turns it off.

        `usable` are the factors that the pool would let be on. One that is not, and only gives up
        its preference to another, is left out as well: the other's block moves the preference,
        and its own would be refused. A passkey that is turned on takes another one's block along:
        it needs one beside it, and where MFA is required a factor can count that was never set.
        """
        pairs = {f: (_pair(self.before, f), _pair(self.after, f)) for f in Factor}
        changed = {f: after for f, (before, after) in pairs.items() if before != after}
        if Factor.PASSKEY in self.turned_on and changed.keys() == {Factor.PASSKEY}:
            beside = self.after.enabled & usable & PREFERABLE
            # The one asked first, so that it stays so.
            first = beside & {self.after.preferred} or frozenset(in_page_order(beside)[:1])
            changed |= {f: _pair(self.after, f) for f in first}
        if self.after.preferred is None:
            return changed
        stays_on = self.before.enabled & self.after.enabled
        silent = {f for f in changed if f in stays_on - usable and f is not self.after.preferred}
        return {f: pair for f, pair in changed.items() if f not in silent}


def _pair(preference: Preference, factor: Factor) -> tuple[bool, bool]:
    return factor in preference.enabled, factor is preference.preferred


@dataclass(frozen=True, slots=True)
class Refused:
    """Every rule that the wish breaks, at once."""

    violations: tuple[Violation, ...]


def plan(*, wanted: Preference, status: Status, policy: Policy) -> Change | Refused:
    """The change that leads from what counts now to `wanted`, or every reason against it."""
    change = Change(before=effective_preference(status, policy), after=wanted)
    if change.is_empty:
        return change
    violations = tuple(
        Violation(rule, factor)
        for rule, broken_for in _RULES
        for factor in broken_for(change, status, policy)
    )
    return Refused(violations) if violations else change


def with_implied_preference(*, wanted: Preference, now: Preference, policy: Policy) -> Preference:
    """A wish whose preference follows its switches, where there is only one way to follow.

    The one factor that a moved switch leaves on is asked first, since pools are known that ask
    only for a preferred one; a pool that does not offer it would refuse that. With nothing on,
    nothing is preferred. Otherwise the person has chosen.
    """
    preferable = wanted.enabled & PREFERABLE
    if wanted.enabled == now.enabled or len(preferable) > 1:
        return wanted
    kept = wanted.preferred if wanted.preferred in preferable else None
    return Preference(wanted.enabled, next(iter(preferable & policy.offered), kept))


_Broken = Callable[[Change, Status, Policy], Iterable[Factor | None]]


def _nobody(*, unless: bool) -> tuple[None, ...]:
    """The rule is broken for the wish as a whole, or not at all."""
    return () if unless else (None,)


def _newly_used(change: Change) -> frozenset[Factor]:
    """Factors that the wish turns on or newly prefers."""
    moved = change.after.preferred is not change.before.preferred
    return change.turned_on | (_preferred(change) if moved else frozenset())


def _preferred(change: Change) -> frozenset[Factor]:
    return frozenset({change.after.preferred} if change.after.preferred else ())


_RULES: tuple[tuple[Rule, _Broken], ...] = (
    (
        Rule.MANAGED_ELSEWHERE,
        lambda _change, status, _policy: _nobody(unless=not status.identity_provider),
    ),
    (
        Rule.NOT_OFFERED,
        lambda change, _status, policy: in_page_order(_newly_used(change) - policy.offered),
    ),
    (
        # One that is on may have lost its proof: its codes would go where nobody confirmed.
        Rule.NOT_READY,
        lambda change, status, _policy: in_page_order(_newly_used(change) - status.ready),
    ),
    (
        Rule.NOT_PREFERABLE,
        lambda change, _status, _policy: in_page_order(_preferred(change) - PREFERABLE),
    ),
    (
        Rule.PREFERRED_IS_OFF,
        lambda change, _status, _policy: in_page_order(_preferred(change) - change.after.enabled),
    ),
    (
        Rule.PASSKEY_ALONE,
        lambda change, _status, _policy: _nobody(unless=change.after.enabled != {Factor.PASSKEY}),
    ),
    (
        Rule.LAST_FACTOR_STAYS,
        lambda change, _status, policy: _nobody(
            unless=policy.mode is not Mode.ON
            or not change.turned_off
            or bool(change.after.enabled - {Factor.PASSKEY})
        ),
    ),
    (
        Rule.REQUIRED_STAYS_ON,
        lambda change, _status, policy: (
            in_page_order(change.turned_off) if policy.mode is Mode.ON else ()
        ),
    ),
    (
        # Only a block that turns it on once more could take its preference away, and the pool
        # refuses that block.
        Rule.FIRST_NOT_OFFERED,
        lambda change, _status, policy: _nobody(
            unless=change.after.preferred is not None
            or change.before.preferred not in change.after.enabled - policy.offered
        ),
    ),
    (
        # Pools are known that ask only for a preferred factor: alone, it has to stay preferred.
        Rule.CHOICE_NEEDS_TWO,
        lambda change, _status, policy: _nobody(
            unless=change.after.preferred is not None
            or change.before.preferred is None
            or len(change.after.enabled & PREFERABLE) != 1
            or not change.after.enabled & PREFERABLE & policy.offered
        ),
    ),
)
