"""What happens if the phone is lost today: which ways in are left, and how a password is reset.

An authenticator app and text messages are taken to live on the phone. An email does not: it can be
read elsewhere. Where a passkey is kept is not known here: it may be synced, or be in a security
key, or be on the phone alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.password_reset import reset_channels
from userpool.next_sign_in import (
    NOTHING_ASKED,
    Asked,
    NextSignIn,
    effective_preference,
    next_sign_in_with,
)
from userpool.policy import Mode, Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, Factor, Preference, Status

ON_THE_PHONE: Final = frozenset({Factor.TOTP, Factor.SMS})


class WayIn(StrEnum):
    """How the person can still sign in without the phone.

    SET_UP: nothing is there to be asked for, so the sign-in sets up a second step. PASSKEY: only
    where the passkey is kept elsewhere than on that phone.
    """

    PASSWORD = auto()
    SET_UP = auto()
    EMAIL = auto()
    PASSKEY = auto()


class ResetCode(StrEnum):
    """Where the code to reset a forgotten password goes.

    PHONE: to the lost phone. HELP: nowhere, so that only the people who look after the account
    can help. NOT_KNOWN: the pool does not say how it resets, or the facts of Cognito differ.
    NOT_NEEDED: the person has no password of the pool.
    """

    EMAIL = auto()
    PHONE = auto()
    HELP = auto()
    NOT_KNOWN = auto()
    NOT_NEEDED = auto()


@dataclass(frozen=True, slots=True)
class Recoverability:
    """`coming` is what a sign-in asks for today, `ways` what is left of it without the phone.

    `email_is_idle`: email codes are on, would not be lost, and still don't help, because only
    another way is asked for.
    """

    coming: NextSignIn
    ways: frozenset[WayIn]
    reset: ResetCode
    email_is_idle: bool = False

    @property
    def is_sure(self) -> bool:
        """There is a way in that does not depend on where a passkey is kept."""
        return bool(self.ways - {WayIn.PASSKEY})

    @property
    def loses(self) -> frozenset[Factor]:
        """What a sign-in asks for today, and goes with the phone."""
        return ON_THE_PHONE & set(self.coming.factors)


def recoverability(status: Status, policy: Policy) -> Recoverability:
    """What is left if the phone is lost today; for people whom the pool itself signs in."""
    now = effective_preference(status, policy)
    coming = next_sign_in_with(
        now, policy, reachable=status.reachable, identity_provider=status.identity_provider
    )
    ways = frozenset(_ways_in(coming, status, policy))
    would_ask = (policy.offered & now.enabled) - set(coming.factors)
    reads_email = Factor.EMAIL in would_ask and Attribute.EMAIL in status.verified
    return Recoverability(
        coming=coming,
        ways=ways,
        reset=_reset(status, policy),
        email_is_idle=coming.asked is Asked.FACTOR and reads_email,
    )


def _ways_in(coming: NextSignIn, status: Status, policy: Policy) -> Iterable[WayIn]:
    """With one asked first only that one is asked for: another that is on does not help. A code
    that goes to an address nobody confirmed is no way to rely on.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """
    if coming.asked is Asked.ELSEWHERE:
        return
    nothing_asked = coming.asked in NOTHING_ASKED
    if status.has_password:
        if nothing_asked:
            yield WayIn.PASSWORD
        if coming.asked is Asked.SET_UP:
            yield WayIn.SET_UP
        if Factor.EMAIL in coming.factors and Attribute.EMAIL in status.verified:
            yield WayIn.EMAIL
    elif nothing_asked and Attribute.EMAIL in status.verified & policy.passwordless_attributes:
        yield WayIn.EMAIL
    if _passkey_is_enough(coming, status, policy):
        yield WayIn.PASSKEY


def _passkey_is_enough(coming: NextSignIn, status: Status, policy: Policy) -> bool:
    if coming.factors:
        return (
            status.passkey_is_sure
            and Factor.PASSKEY in effective_preference(status, policy).enabled
        )
    # Beside a password that is enough already, it is not worth a sentence.
    begins_with_it = policy.passkeys is not None and Factor.PASSKEY in status.ready
    return coming.asked in NOTHING_ASKED and begins_with_it and not status.has_password


def _reset(status: Status, policy: Policy) -> ResetCode:
    """The code goes to the first of the pool's ways that the person has.

    What confirms a sign-in can't reset the password. Where the pool's MFA is off or required,
    Cognito's documentation does not say which of the ways that were once turned on, or that count
    without having been, still stand in the way: only what is so under every reading is told.
    """
    if not status.has_password:
        return ResetCode.NOT_NEEDED
    if policy.reset_channels is None:
        return ResetCode.NOT_KNOWN
    held = status.preference
    first = frozenset({held.preferred} if held.preferred else ())
    readings = {
        Preference(held.enabled | first, held.preferred),
        effective_preference(status, policy),
    }
    if policy.mode is not Mode.OPTIONAL:
        readings |= {Preference(), Preference(first, held.preferred)}
    if policy.mode is Mode.ON:
        # Some of these pools list nothing at all (`effective`), so both may be on unseen.
        readings |= {Preference(frozenset(ATTRIBUTE_OF_FACTOR))}
    strict = replace(policy, mode=Mode.OPTIONAL)
    found = {
        _first(reset_channels(reading, strict, verified=status.verified), policy)
        for reading in readings
    }
    return found.pop() if len(found) == 1 else ResetCode.NOT_KNOWN


_RESET_OF: Final = {Attribute.PHONE: ResetCode.PHONE, Attribute.EMAIL: ResetCode.EMAIL}


def _first(ways: frozenset[Attribute], policy: Policy) -> ResetCode:
    return next((_RESET_OF[way] for way in policy.reset_order if way in ways), ResetCode.HELP)
