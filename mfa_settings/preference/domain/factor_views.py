"""The state of each factor as the settings page shows it."""

from dataclasses import dataclass
from enum import StrEnum, auto

from mfa_settings.preference.domain.rules import (
    Refused,
    Rule,
    Violation,
    plan,
    with_implied_preference,
)
from userpool.next_sign_in import effective_preference
from userpool.policy import Obstacle, Policy
from userpool.values import PREFERABLE, Factor, Preference, Status, in_page_order


class FactorState(StrEnum):
    """The state of a factor: on, or why it is off."""

    ON = auto()
    OFF = auto()
    NOT_SET_UP = auto()
    NOT_OFFERED = auto()
    MANAGED_ELSEWHERE = auto()


@dataclass(frozen=True, slots=True)
class FactorView:
    """A factor of a person: its state, and the rule that locks its switch, if one does."""

    factor: Factor
    state: FactorState
    offered: bool
    ready: bool
    locked_by: Violation | None
    obstacle: Obstacle | None = None

    @property
    def is_on(self) -> bool:
        return self.state is FactorState.ON

    @property
    def may_be_preferred(self) -> bool:
        return self.factor in PREFERABLE and (self.is_on or self.locked_by is None)


def factor_views(status: Status, policy: Policy) -> tuple[FactorView, ...]:
    """Each factor to show, in page order: offered or obstructed by the pool, on, or a ready app."""
    now = effective_preference(status, policy)
    shown = policy.offered | now.enabled | (status.ready & {Factor.TOTP}) | set(policy.obstacles)
    return tuple(_factor_view(f, now, status, policy) for f in in_page_order(shown))


# The person can keep these rules with another switch, so they lock no single one.
_KEPT_BY_OTHERS = frozenset({Rule.PASSKEY_ALONE, Rule.CHOICE_NEEDS_TWO, Rule.FIRST_NOT_OFFERED})


def _factor_view(factor: Factor, now: Preference, status: Status, policy: Policy) -> FactorView:
    flipped = Preference(now.enabled ^ {factor}, now.preferred)
    if flipped.preferred not in flipped.enabled:
        flipped = Preference(flipped.enabled)
    wanted = with_implied_preference(wanted=flipped, now=now, policy=policy)
    planned = plan(wanted=wanted, status=status, policy=policy)
    violations = planned.violations if isinstance(planned, Refused) else ()
    broken = [v for v in violations if v.rule not in _KEPT_BY_OTHERS]
    return FactorView(
        factor=factor,
        state=_state(factor, now, status, policy),
        offered=factor in policy.offered,
        ready=factor in status.ready,
        locked_by=broken[0] if broken else None,
        obstacle=policy.obstacles.get(factor),
    )


def _state(factor: Factor, now: Preference, status: Status, policy: Policy) -> FactorState:
    if status.identity_provider:
        return FactorState.MANAGED_ELSEWHERE
    if factor in now.enabled:
        return FactorState.ON
    if factor not in policy.offered:
        return FactorState.NOT_OFFERED
    return FactorState.OFF if factor in status.ready else FactorState.NOT_SET_UP
