"""The factors that a test sign-in can be made to ask for, and the verdict on it. Plain Python.

The claim `amr` says how somebody signed in: `pwd`, `otp` (an authenticator app), `sms`,
`email_otp`, `swk` and `hwk` (passkeys), `mfa` (two or more of them). A Lite pool may leave it out.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

from mfa_settings.authenticator.domain import STEP
from mfa_settings.preference.domain.rules import PreferenceChange
from signin.assurance import APP_LEVEL, factors_used
from signin.domain import CLOCK_SKEW, Failure
from signin.limits.domain import DAY, HOUR, Limit, LimitedAction
from userpool.next_sign_in import NOTHING_ASKED, Asked, effective_preference, next_sign_in_with
from userpool.policy import Policy, Tier
from userpool.values import Factor, Status, in_page_order

# A test can send a message, and its sign-in ends the oldest one where the pool keeps only so many.
TEST_FACTOR: Final = LimitedAction("factor-tested", (Limit(10, HOUR), Limit(20, DAY)))


class WayToTest(StrEnum):
    """The way in which a test sign-in can be made to ask for a factor, or the obstacle to it."""

    ASKED = auto()
    CHOOSE = auto()
    BY_LEVEL = auto()
    BUTTON = auto()
    # Not at all:
    ANOTHER_FIRST = auto()
    OFF = auto()
    NOT_SET_UP = auto()
    NOT_ASKED = auto()
    ELSEWHERE = auto()

    @property
    def open(self) -> bool:
        """The factor can be tested."""
        return self in {WayToTest.ASKED, WayToTest.CHOOSE, WayToTest.BY_LEVEL, WayToTest.BUTTON}


def way_to_test(factor: Factor, *, status: Status, policy: Policy) -> WayToTest:
    """Choose the way to make a test sign-in ask for this factor now; none where it is off."""
    if status.identity_provider:
        return WayToTest.ELSEWHERE
    if factor not in status.reachable:
        return WayToTest.NOT_SET_UP
    now = effective_preference(status, policy)
    coming = next_sign_in_with(now, policy, reachable=status.reachable)
    if factor is Factor.PASSKEY:
        is_enough = factor in now.enabled or coming.asked in NOTHING_ASKED
        if policy.passkeys is None:
            return WayToTest.NOT_ASKED
        return WayToTest.BUTTON if is_enough else WayToTest.OFF
    if factor not in now.enabled:
        return WayToTest.OFF
    if factor in coming.factors:
        return WayToTest.ASKED if coming.asked is Asked.FACTOR else WayToTest.CHOOSE
    if coming.asked is not Asked.FACTOR:
        return WayToTest.NOT_ASKED
    by_level = factor is Factor.TOTP and policy.tier is not Tier.LITE
    return WayToTest.BY_LEVEL if by_level else WayToTest.ANOTHER_FIRST


def levels_to_ask_for(way: WayToTest, policy: Policy) -> tuple[str, ...]:
    """The `acr_values` of the test sign-in: a level only where it takes one to get to the factor.

    Everywhere else the test is the very sign-in that the person has before them.
    """
    return (policy.acr_names[APP_LEVEL],) if way is WayToTest.BY_LEVEL else ()


def worth_testing(change: PreferenceChange, *, status: Status, policy: Policy) -> Factor | None:
    """The factor to test after a change: a new first one, or one that was turned on; else None."""
    moved = change.after.preferred is not change.before.preferred
    news = change.turned_on | (frozenset({change.after.preferred}) if moved else frozenset())
    ordered = sorted(
        in_page_order(f for f in news if f), key=lambda f: f is not change.after.preferred
    )
    open_ones = (f for f in ordered if way_to_test(f, status=status, policy=policy).open)
    return next(open_ones, None)


def time_until_next_code(used_at: Iterable[datetime], *, now: datetime) -> timedelta:
    """Return the time until the app surely shows another code than those used at these times, or
    zero.

    Each code works once. Thirty seconds after its use, no clock that was right enough for it to be
    accepted still shows it.
    """
    newest = max(used_at, default=None)
    return max(newest + STEP - now, timedelta(0)) if newest else timedelta(0)


class Verdict(StrEnum):
    """The verdict of a test on its factor."""

    WORKED = "worked"
    NOT_ASKED = "not-asked"
    SOMEBODY_ELSE = "somebody-else"
    CANCELLED = "cancelled"
    OLD_SIGN_IN = "old-sign-in"
    NOT_SAID = "not-said"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SideSignInResult:
    """The result of a side sign-in: a `failure`, or the claims of its verified tokens.

    `own_auth_time` is the `auth_time` of the session that the person started it from.
    """

    started_at: datetime
    own_auth_time: datetime
    failure: Failure | None = None
    same_person: bool = False
    auth_time: datetime | None = None
    amr: tuple[str, ...] = ()


_NOT_FINISHED: Final = frozenset({Failure.CANCELLED, Failure.REFUSED})


def verdict_of(factor: Factor, back: SideSignInResult) -> Verdict:
    """Judge a test by the claims of its sign-in alone, whatever it asked for.

    Who and when come first: a sign-in of somebody else, or an old one, proves nothing.
    """
    if back.failure in _NOT_FINISHED:
        return Verdict.CANCELLED
    if back.failure or back.auth_time is None:
        return Verdict.FAILED
    if not back.same_person:
        return Verdict.SOMEBODY_ELSE
    began = back.started_at - CLOCK_SKEW
    if back.auth_time < began or back.auth_time <= back.own_auth_time:
        return Verdict.OLD_SIGN_IN
    if not back.amr:
        return Verdict.NOT_SAID
    return Verdict.WORKED if factor in factors_used(back.amr) else Verdict.NOT_ASKED
