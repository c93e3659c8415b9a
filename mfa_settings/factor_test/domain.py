"""Which factors a sign-in can be made to ask for, and what a sign-in has shown. Plain Python.

Cognito says in `amr` with what somebody signed in: `pwd`, `otp` (an authenticator app), `sms`,
`email_otp`, `swk` and `hwk` (passkeys), `mfa` (two or more of them). A Lite pool may say nothing.
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

# A test can send a message, and each is a sign-in, which pushes out the oldest one where the pool
# keeps only so many.
TEST_FACTOR: Final = LimitedAction("factor-tested", (Limit(10, HOUR), Limit(20, DAY)))


class WayToTest(StrEnum):
    """How a sign-in can be made to ask for a factor, or why it can't."""

    ASKED = auto()
    CHOOSE = auto()
    BY_LEVEL = auto()
    BUTTON = auto()
    # Nothing would be tested:
    ANOTHER_FIRST = auto()
    OFF = auto()
    NOT_SET_UP = auto()
    NOT_ASKED = auto()
    ELSEWHERE = auto()

    @property
    def open(self) -> bool:
        return self in {WayToTest.ASKED, WayToTest.CHOOSE, WayToTest.BY_LEVEL, WayToTest.BUTTON}


def way_to_test(factor: Factor, *, status: Status, policy: Policy) -> WayToTest:
    """What is off is not asked for, and that would tell nothing of whether it works."""
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
    """The level to ask for. Only where a plain sign-in would ask for another factor: everywhere
    else the test is the very sign-in that the person has before them."""
    return (policy.acr_names[APP_LEVEL],) if way is WayToTest.BY_LEVEL else ()


def worth_testing(change: PreferenceChange, *, status: Status, policy: Policy) -> Factor | None:
    """What a change has made a sign-in ask for, and can be tested: the one asked first, or one
    that was turned on."""
    moved = change.after.preferred is not change.before.preferred
    news = change.turned_on | (frozenset({change.after.preferred}) if moved else frozenset())
    ordered = sorted(
        in_page_order(f for f in news if f), key=lambda f: f is not change.after.preferred
    )
    open_ones = (f for f in ordered if way_to_test(f, status=status, policy=policy).open)
    return next(open_ones, None)


def time_until_next_code(used_at: Iterable[datetime], *, now: datetime) -> timedelta:
    """How long until the app surely shows another code than the one used at these times; zero
    where it does.

    Each code works once. A step's length after it was used no clock that was near enough for it to
    be accepted still shows it, wherever in its step it was used.
    """
    newest = max(used_at, default=None)
    return max(newest + STEP - now, timedelta(0)) if newest else timedelta(0)


class Verdict(StrEnum):
    """What a test has shown."""

    WORKED = "worked"
    NOT_ASKED = "not-asked"
    SOMEBODY_ELSE = "somebody-else"
    CANCELLED = "cancelled"
    OLD_SIGN_IN = "old-sign-in"
    NOT_SAID = "not-said"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SideSignInResult:
    """How a side sign-in ended: with a `failure`, or with what the verified tokens say.

    `own_auth_time` is when the person signed in for the session that they started it from.
    """

    started_at: datetime
    own_auth_time: datetime
    failure: Failure | None = None
    same_person: bool = False
    auth_time: datetime | None = None
    amr: tuple[str, ...] = ()


_NOT_FINISHED: Final = frozenset({Failure.CANCELLED, Failure.REFUSED})


def verdict_of(factor: Factor, back: SideSignInResult) -> Verdict:
    """By the claims alone, whatever was asked for. Who and when come first: a sign-in of somebody
    else, or an old one, proves nothing."""
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


def used(amr: Iterable[str]) -> tuple[Factor, ...]:
    """The factors that a sign-in was made with, in page order."""
    return in_page_order(factors_used(amr))
