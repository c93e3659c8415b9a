"""The rules that a change of preference has to keep, as one table.

They follow SetUserMFAPreference: a request carries only the blocks that change, a passkey can't be
preferred and needs another factor beside it, and a pool that requires MFA lets only the preferred
factor change.
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
    """The name of each rule that a wanted preference can break."""

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
    """A broken rule, and the factor that breaks it; None where the whole wish does."""

    rule: Rule
    factor: Factor | None = None


@dataclass(frozen=True, slots=True)
class PreferenceChange:
    """The preference that counts before a change, and the one that is wanted after it."""

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
        """The change turns a factor off: it may be easier to sign in as this person afterwards."""
        return bool(self.turned_off)

    @property
    def is_empty(self) -> bool:
        return self.before == self.after

    def settings(self, usable: frozenset[Factor]) -> Mapping[Factor, tuple[bool, bool]]:
        """The blocks of a SetUserMFAPreference call: factor -> (enabled, preferred).

        A factor that does not change gets no block: Cognito can refuse a block for a factor that
        was never set up, even one that turns it off. `usable` are the factors that the pool lets be
        on. A factor outside them that only loses its preference to another gets no block either:
        Cognito would refuse it, and the block of the other moves the preference. A passkey that is
        turned on comes with the block of another factor: Cognito wants one beside it, and where MFA
        is required a factor can count that was never set.
        """
        pairs = {f: (_pair(self.before, f), _pair(self.after, f)) for f in Factor}
        changed = {f: after for f, (before, after) in pairs.items() if before != after}
        if Factor.PASSKEY in self.turned_on and changed.keys() == {Factor.PASSKEY}:
            beside = self.after.enabled & usable & PREFERABLE
            # The preferred one, so that it stays preferred.
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
    """The rules that a wanted preference breaks, every one."""

    violations: tuple[Violation, ...]


def plan(*, wanted: Preference, status: Status, policy: Policy) -> PreferenceChange | Refused:
    """The change from the effective preference to `wanted`, or every rule against it."""
    change = PreferenceChange(before=effective_preference(status, policy), after=wanted)
    if change.is_empty:
        return change
    violations = tuple(
        Violation(rule, factor)
        for rule, broken_for in _RULES
        for factor in broken_for(change, status, policy)
    )
    return Refused(violations) if violations else change


def with_implied_preference(*, wanted: Preference, now: Preference, policy: Policy) -> Preference:
    """The wanted preference, with the preferred factor that its switches leave as the only choice.

    Where a moved switch leaves one factor on, that one becomes preferred, since some pools ask only
    for a preferred factor; not where the pool does not offer it, since Cognito would refuse that.
    With nothing on, nothing is preferred. In every other case the person has chosen.
    """
    preferable = wanted.enabled & PREFERABLE
    if wanted.enabled == now.enabled or len(preferable) > 1:
        return wanted
    kept = wanted.preferred if wanted.preferred in preferable else None
    return Preference(wanted.enabled, next(iter(preferable & policy.offered), kept))


# The factors that break a rule; None stands for the wish as a whole.
_Broken = Callable[[PreferenceChange, Status, Policy], Iterable[Factor | None]]


def _wish(*, unless: bool) -> tuple[None, ...]:
    """The wish as a whole breaks the rule, unless the condition holds."""
    return () if unless else (None,)


def _newly_used(change: PreferenceChange) -> frozenset[Factor]:
    """The factors that a change turns on or newly prefers."""
    moved = change.after.preferred is not change.before.preferred
    return change.turned_on | (_preferred(change) if moved else frozenset())


def _preferred(change: PreferenceChange) -> frozenset[Factor]:
    return frozenset({change.after.preferred} if change.after.preferred else ())


_RULES: tuple[tuple[Rule, _Broken], ...] = (
    (
        Rule.MANAGED_ELSEWHERE,
        lambda _change, status, _policy: _wish(unless=not status.identity_provider),
    ),
    (
        Rule.NOT_OFFERED,
        lambda change, _status, policy: in_page_order(_newly_used(change) - policy.offered),
    ),
    (
        # A factor that is on may have an unverified contact point by now.
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
        lambda change, _status, _policy: _wish(unless=change.after.enabled != {Factor.PASSKEY}),
    ),
    (
        Rule.LAST_FACTOR_STAYS,
        lambda change, _status, policy: _wish(
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
        # To take the preference from a factor, its block has to turn it on once more; Cognito
        # refuses that block for a factor that the pool no longer offers.
        Rule.FIRST_NOT_OFFERED,
        lambda change, _status, policy: _wish(
            unless=change.after.preferred is not None
            or change.before.preferred not in change.after.enabled - policy.offered
        ),
    ),
    (
        # Some pools ask only for a preferred factor: the only one that is on stays preferred.
        Rule.CHOICE_NEEDS_TWO,
        lambda change, _status, policy: _wish(
            unless=change.after.preferred is not None
            or change.before.preferred is None
            or len(change.after.enabled & PREFERABLE) != 1
            or not change.after.enabled & PREFERABLE & policy.offered
        ),
    ),
)
