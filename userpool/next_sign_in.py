"""Predict what a sign-in asks for. Plain Python.

`effective_preference` gives the factors that count, `next_sign_in_of` what the pool will ask a
person for, and `next_sign_in_with` what it would ask for under some other preference.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from userpool.policy import Mode, Policy
from userpool.values import ASKED_AFTER_PASSWORD, Factor, Preference, Status, in_page_order


def effective_preference(status: Status, policy: Policy) -> Preference:
    """The preference that counts at this person's sign-in, which GetUser need not list.

    Where MFA is required, every offered factor that is reachable counts as on; some pools with
    MFA ON list nothing at all. A preferred factor that is off does not count, nor does a passkey
    that was removed or that the pool does not accept as a factor.
    """
    enabled = status.preference.enabled
    if Factor.PASSKEY not in status.ready & policy.offered:
        enabled -= {Factor.PASSKEY}
    if policy.mode is Mode.ON:
        enabled |= status.reachable & policy.offered & ASKED_AFTER_PASSWORD
    preferred = status.preference.preferred
    return Preference(enabled, preferred if preferred in enabled else None)


class Asked(StrEnum):
    """The kind of question that a sign-in asks after the password."""

    NOTHING = auto()
    NOTHING_UNLESS_RISKY = auto()
    FACTOR = auto()
    CHOICE = auto()
    SET_UP = auto()
    ELSEWHERE = auto()


NOTHING_ASKED: Final = frozenset({Asked.NOTHING, Asked.NOTHING_UNLESS_RISKY})


@dataclass(frozen=True, slots=True)
class NextSignIn:
    """The question of a sign-in: `factors` are the one (FACTOR) or the choice (CHOICE), as listed."""

    asked: Asked
    factors: tuple[Factor, ...] = ()


def next_sign_in_of(
    status: Status, policy: Policy, *, preference: Preference | None = None
) -> NextSignIn:
    """Predict what the pool will ask this person for, under `preference` or the effective one."""
    return next_sign_in_with(
        effective_preference(status, policy) if preference is None else preference,
        policy,
        reachable=status.reachable,
        identity_provider=status.identity_provider,
    )


def next_sign_in_with(
    preference: Preference,
    policy: Policy,
    *,
    reachable: frozenset[Factor],
    identity_provider: str = "",
) -> NextSignIn:
    """Predict what the pool asks for under `preference`, which must be an effective one.

    The pool passes over a factor that is not `reachable`. It goes on asking for an authenticator
    app after it stopped offering one, but not for a text message or an email.
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
