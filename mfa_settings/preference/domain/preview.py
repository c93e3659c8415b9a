"""What a change means, all of it and before it is saved. Data; `preview_words` has the words."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.password_reset import Reset, reset_after
from mfa_settings.preference.domain.rules import Change
from mfa_settings.preference.domain.statements import (
    Statement,
    against_going_back,
    lasting_of,
    moves_of,
)
from userpool.next_sign_in import NOTHING_ASKED, Asked, NextSignIn, next_sign_in_with
from userpool.policy import DeviceTracking, Mode, Policy
from userpool.values import ASKED_AFTER_PASSWORD, Attribute, Factor, Preference


class Weakening(StrEnum):
    """How a change that turns something off is headed: there is less between a stranger with the
    password and the account, there are fewer ways, or neither."""

    EASIER = auto()
    FEWER = auto()
    OTHERWISE = auto()


class PasskeyThen(StrEnum):
    """What becomes of a passkey that was enough to sign in: turned on beside the other way it
    stays enough, or the pool does not have that."""

    ENOUGH_IF_ON = auto()
    NOT_ENOUGH = auto()


class Remembering(StrEnum):
    """How it comes that an app's device is not asked for a second step."""

    TOLD_TO = auto()
    BY_ITSELF = auto()
    PERHAPS = auto()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does, and what it means.

    `idle` are factors that are on and newly not asked for; `ask_each_time` would have them asked.
    `fewer` counts the ways that are on less than before. `remembering` is None where no device is
    left out. `let_in_again`: a browser may for a while get in without being asked.
    """

    moves: tuple[Statement, ...]
    lasting: tuple[Statement, ...]
    may_be_taken_back: bool
    coming: NextSignIn
    idle: frozenset[Factor]
    ask_each_time: bool
    weakening: Weakening | None
    fewer: int
    passkey: PasskeyThen | None
    reset: Reset
    remembering: Remembering | None
    let_in_again: bool
    has_app: bool


def preview_of(
    change: Change,
    policy: Policy,
    *,
    reachable: frozenset[Factor],
    verified: frozenset[Attribute],
) -> Preview:
    """What the change means for a person whose sign-in can ask for `reachable` and who has proved
    `verified`; both may be a little older than the policy."""
    before, coming = (
        next_sign_in_with(preference, policy, reachable=reachable)
        for preference in (change.before, change.after)
    )
    against = against_going_back(change, policy, reachable, verified)
    idle = _idle(change.after, coming, policy, reachable)
    asked_again = change.before.preferred in change.after.enabled - policy.offered
    return Preview(
        moves=moves_of(change, coming),
        lasting=lasting_of(change, against),
        may_be_taken_back=not against,
        coming=coming,
        idle=idle if idle - _idle(change.before, before, policy, reachable) else frozenset(),
        ask_each_time=not asked_again,
        weakening=_weakening(change, before, coming),
        fewer=max(0, len(change.before.enabled) - len(change.after.enabled)),
        passkey=_passkey(change, policy, reachable, before, coming),
        reset=reset_after(change, policy, verified=verified),
        remembering=_remembering(change, policy, coming),
        let_in_again=coming.asked not in NOTHING_ASKED,
        has_app=Factor.TOTP in reachable,
    )


def _idle(
    preference: Preference, coming: NextSignIn, policy: Policy, reachable: frozenset[Factor]
) -> frozenset[Factor]:
    """On, able to be asked for, and passed over for the one asked first."""
    if coming.asked is not Asked.FACTOR:
        return frozenset()
    able = (policy.offered | {Factor.TOTP}) & reachable & ASKED_AFTER_PASSWORD
    return (preference.enabled & able) - set(coming.factors)


def _weakening(change: Change, before: NextSignIn, coming: NextSignIn) -> Weakening | None:
    if not change.weakens:
        return None
    if coming.asked in NOTHING_ASKED and before.asked not in NOTHING_ASKED:
        return Weakening.EASIER
    is_fewer = len(change.after.enabled) < len(change.before.enabled)
    still_asked = coming.asked not in NOTHING_ASKED
    return Weakening.FEWER if is_fewer and still_asked else Weakening.OTHERWISE


def _passkey(
    change: Change,
    policy: Policy,
    reachable: frozenset[Factor],
    before: NextSignIn,
    coming: NextSignIn,
) -> PasskeyThen | None:
    """With nothing asked for, a passkey is enough to sign in; beside another way it has to count.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
    """
    was_enough = before.asked in NOTHING_ASKED and policy.mode is not Mode.OFF
    if not was_enough or coming.asked in NOTHING_ASKED or Factor.PASSKEY in change.after.enabled:
        return None
    if Factor.PASSKEY not in reachable or policy.passkeys is None:
        return None
    return PasskeyThen.ENOUGH_IF_ON if Factor.PASSKEY in policy.offered else PasskeyThen.NOT_ENOUGH


_REMEMBERING: Final = {
    DeviceTracking.ASK: Remembering.TOLD_TO,
    DeviceTracking.ALWAYS: Remembering.BY_ITSELF,
    None: Remembering.PERHAPS,
}


def _remembering(change: Change, policy: Policy, coming: NextSignIn) -> Remembering | None:
    """Only where something is asked for that a remembered device is spared.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
    """
    moved = change.turned_on | change.turned_off
    only_passkey = moved == {Factor.PASSKEY} and change.before.preferred is change.after.preferred
    if only_passkey or coming.asked not in {Asked.FACTOR, Asked.CHOICE}:
        return None
    return _REMEMBERING.get(policy.devices)
