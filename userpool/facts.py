"""From what a pool, or the portal's settings, say to what people can do. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from userpool.policy import (
    STANDARD_ACR_NAMES,
    DeviceTracking,
    Mode,
    Obstacle,
    PasskeySettings,
    Policy,
    Tier,
)
from userpool.values import Attribute, Factor

# A pool that never chose: the phone first, the email address where there is none.
# https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
RESETS_BY_DEFAULT: Final = frozenset(Attribute)
RESET_ORDER_BY_DEFAULT: Final = (Attribute.PHONE, Attribute.EMAIL)
ATTRIBUTE_OF_MECHANISM: Final[Mapping[str, Attribute]] = {
    "verified_email": Attribute.EMAIL,
    "verified_phone_number": Attribute.PHONE,
}


_FIRST_FACTOR: Final = {"EMAIL_OTP": Attribute.EMAIL, "SMS_OTP": Attribute.PHONE}


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """What is known of a pool, in Cognito's own words. None: nobody said.

    `relying_party_id` is None where the pool has no passkeys. `device_prompt` is only meant where
    `devices_known`. `acr_names`: Level1 to Level4 -> the pool's own name, for those it renames.
    """

    mode: str
    switched_on: frozenset[str]
    relying_party_id: str | None = None
    tier: str = ""
    recovery: tuple[str, ...] | None = None
    auto_verified: frozenset[str] = field(default_factory=lambda: frozenset(Attribute))
    verified_before_update: frozenset[str] = frozenset()
    devices_known: bool = False
    device_prompt: bool | None = None
    sends_own_email: bool = True
    adaptive: bool = False
    usernames: frozenset[str] = frozenset()
    first_factors: frozenset[str] = frozenset()
    acr_names: Mapping[str, str] = field(default_factory=dict)


def policy_of(facts: PoolFacts) -> Policy:
    """What people can do in this pool. Names that this portal does not know are left out."""
    tier = Tier(facts.tier) if facts.tier in set(Tier) else None
    has_passkeys = facts.relying_party_id is not None and tier is not Tier.LITE
    switched_on = frozenset(f for f in Factor if f in facts.switched_on)
    if not has_passkeys:
        switched_on -= {Factor.PASSKEY}
    return Policy(
        mode=Mode(facts.mode),
        offered=switched_on,
        tier=tier,
        reset_channels=_reset_channels(facts.recovery),
        reset_order=_reset_order(facts.recovery),
        verified_by_itself=_attributes(facts.auto_verified),
        verified_before_update=_attributes(facts.verified_before_update),
        passkeys=PasskeySettings(
            relying_party_id=facts.relying_party_id or "",
            counts_as_factor=Factor.PASSKEY in switched_on,
        )
        if has_passkeys
        else None,
        devices=_devices(facts),
        username_attributes=_attributes(facts.usernames),
        passwordless_attributes=frozenset(
            attribute for name, attribute in _FIRST_FACTOR.items() if name in facts.first_factors
        ),
        adaptive=facts.adaptive and facts.mode == Mode.OPTIONAL,
        obstacles=_obstacles(facts, tier, switched_on),
        acr_names={
            level: facts.acr_names.get(f"Level{level}", standard)
            for level, standard in STANDARD_ACR_NAMES.items()
        },
    )


def _attributes(names: Iterable[str]) -> frozenset[Attribute]:
    known = frozenset(names)
    return frozenset(a for a in Attribute if a in known)


def _reset_channels(recovery: tuple[str, ...] | None) -> frozenset[Attribute] | None:
    if recovery is None:
        return None
    if not recovery:
        return RESETS_BY_DEFAULT
    return frozenset(a for name, a in ATTRIBUTE_OF_MECHANISM.items() if name in recovery)


def _reset_order(recovery: tuple[str, ...] | None) -> tuple[Attribute, ...]:
    known = tuple(a for name in recovery or () if (a := ATTRIBUTE_OF_MECHANISM.get(name)))
    return known or RESET_ORDER_BY_DEFAULT


def _devices(facts: PoolFacts) -> DeviceTracking | None:
    if not facts.devices_known:
        return None
    if facts.device_prompt is None:
        return DeviceTracking.OFF
    return DeviceTracking.ASK if facts.device_prompt else DeviceTracking.ALWAYS


def _obstacles(
    facts: PoolFacts, tier: Tier | None, switched_on: frozenset[Factor]
) -> dict[Factor, Obstacle]:
    """Email codes need a plan above Lite, a sender of the pool's own, and another way than email
    to reset a password."""
    if Factor.EMAIL not in switched_on or facts.mode == Mode.OFF:
        return {}
    reasons = (
        (Obstacle.TIER, tier is Tier.LITE),
        (Obstacle.OWN_SENDER_MISSING, not facts.sends_own_email),
        (Obstacle.RECOVERY_BY_EMAIL_ONLY, facts.recovery == ("verified_email",)),
    )
    first = next((reason for reason, is_so in reasons if is_so), None)
    return {Factor.EMAIL: first} if first else {}
