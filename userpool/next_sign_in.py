"""What a sign-in asks for, from what is on and what the pool offers."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from userpool.policy import Mode, Policy
from userpool.values import ASKED_AFTER_PASSWORD, Factor, Preference, Status, in_page_order


def effective(status: Status, policy: Policy) -> Preference:
    """The preference that counts at sign-in.

    Where MFA is required every offered factor that can be reached counts as on, listed by GetUser
    or not; some pools with MFA ON list nothing at all. A preference for a factor that is not on
    counts for nothing, and neither does a passkey that is gone or that the pool does not count.
    """
    enabled = status.preference.enabled
    if Factor.PASSKEY not in status.ready & policy.offered:
        enabled -= {Factor.PASSKEY}
    if policy.mode is Mode.ON:
        enabled |= status.reachable & policy.offered & ASKED_AFTER_PASSWORD
    preferred = status.preference.preferred
    return Preference(enabled, preferred if preferred in enabled else None)


class Asked(StrEnum):
    """What a sign-in asks for after the password."""

    NOTHING = auto()
    NOTHING_UNLESS_RISKY = auto()
    FACTOR = auto()
    CHOICE = auto()
    SET_UP = auto()
    ELSEWHERE = auto()


NOTHING_ASKED: Final = frozenset({Asked.NOTHING, Asked.NOTHING_UNLESS_RISKY})


@dataclass(frozen=True, slots=True)
class NextSignIn:
    """`factors` is the one asked for (FACTOR) or those to choose from (CHOICE), in page order."""

    asked: Asked
    factors: tuple[Factor, ...] = ()


def coming_sign_in(
    status: Status, policy: Policy, *, preference: Preference | None = None
) -> NextSignIn:
    """What this person will be asked next time: with `preference`, or with what counts now."""
    return next_sign_in(
        effective(status, policy) if preference is None else preference,
        policy,
        reachable=status.reachable,
        identity_provider=status.identity_provider,
    )


def next_sign_in(
    preference: Preference,
    policy: Policy,
    *,
    reachable: frozenset[Factor],
    identity_provider: str = "",
) -> NextSignIn:
    """What the pool will ask next time with this (effective) preference.

    A factor that can't be reached is passed over. An authenticator app keeps being asked for after
    the pool has stopped offering it, a text message or an email does not.
    """
    if identity_provider:
        return NextSignIn(Asked.ELSEWHERE)
    if policy.mode is Mode.OFF:
        return NextSignIn(Asked.NOTHING)
    still_asked = (policy.offered | {Factor.TOTP}) & reachable
    usable = preference.enabled & still_asked & ASKED_AFTER_PASSWORD
    if preference.preferred in usable:
        return NextSignIn(Asked.FACTOR, (preference.preferred,))
    if len(usable) > 1:
        return NextSignIn(Asked.CHOICE, in_page_order(usable))
    if usable:
        return NextSignIn(Asked.FACTOR, tuple(usable))
    if policy.mode is Mode.ON:
        return NextSignIn(Asked.SET_UP)
    return NextSignIn(Asked.NOTHING_UNLESS_RISKY if policy.adaptive else Asked.NOTHING)
