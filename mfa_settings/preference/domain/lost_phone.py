"""The ways to sign in that a person still has without their phone.

The portal assumes that the authenticator app and text messages are on the phone, and that email can
be read elsewhere. It does not know where a passkey is kept: synced, in a security key, or on the
phone alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.password_reset import ResetDestination, reset_destination
from userpool.next_sign_in import (
    NOTHING_ASKED,
    Asked,
    NextSignIn,
    effective_preference,
    next_sign_in_with,
)
from userpool.policy import Policy
from userpool.values import Attribute, Factor, Status

ON_THE_PHONE: Final = frozenset({Factor.TOTP, Factor.SMS})


class WayIn(StrEnum):
    """A way to sign in without the phone.

    SET_UP: the pool requires a second step and the person has none, so the sign-in sets one up.
    PASSKEY: works only if the passkey is not on that phone alone.
    """

    PASSWORD = auto()
    SET_UP = auto()
    EMAIL = auto()
    PASSKEY = auto()


@dataclass(frozen=True, slots=True)
class LostPhone:
    """The ways that a person still has whose phone is lost.

    `coming` is what a sign-in asks for today, `ways` are those that work without the phone, `reset`
    is where a code to reset the password goes. `email_is_idle`: email codes are on and reach the
    person, but the sign-in asks only for another factor.
    """

    coming: NextSignIn
    ways: frozenset[WayIn]
    reset: ResetDestination
    email_is_idle: bool = False

    @property
    def is_sure(self) -> bool:
        """Tell whether a way other than a passkey works without the phone."""
        return bool(self.ways - {WayIn.PASSKEY})

    @property
    def loses(self) -> frozenset[Factor]:
        """The factors on the phone that a sign-in asks for today."""
        return ON_THE_PHONE & set(self.coming.factors)


def lost_phone(status: Status, policy: Policy) -> LostPhone:
    """Find the ways that a local user of the pool still has if their phone is lost today."""
    now = effective_preference(status, policy)
    coming = next_sign_in_with(
        now, policy, reachable=status.reachable, identity_provider=status.identity_provider
    )
    ways = frozenset(_ways_in(coming, status, policy))
    would_ask = (policy.offered & now.enabled) - set(coming.factors)
    reads_email = Factor.EMAIL in would_ask and Attribute.EMAIL in status.verified
    return LostPhone(
        coming=coming,
        ways=ways,
        reset=reset_destination(status, policy),
        email_is_idle=coming.asked is Asked.FACTOR and reads_email,
    )


def _ways_in(coming: NextSignIn, status: Status, policy: Policy) -> Iterable[WayIn]:
    """Yield each way that works without the phone.

    The pool asks only for a preferred factor, so another one that is on does not help. A code to an
    unverified address does not count.

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
    # Where the password alone is enough, the passkey is not worth a sentence.
    has_passkey = policy.passkeys is not None and Factor.PASSKEY in status.ready
    return coming.asked in NOTHING_ASKED and has_passkey and not status.has_password
