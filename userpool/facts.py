"""Turns Cognito's answers about a pool into facts, and facts into a policy. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from userpool.policy import (
    STANDARD_ACR_NAMES,
    DeviceTracking,
    Mode,
    Obstacle,
    PasskeyConfig,
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
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool's settings in Cognito's own words, from its answers or from the portal's settings.

    None stands for "not known", except: `relying_party_id` is None where the pool has no passkeys,
    and `device_prompt` counts only where `devices_known` (then None: no devices are remembered,
    else whether the person is asked). `tier` is "" when not known. `recovery` holds verified_email,
    verified_phone_number and admin_only in the order of their priority. `sends_own_email`: the pool
    has an Amazon SES identity of its own. `acr_names`: Level1 to Level4 -> the pool's own name, for
    the levels that it renames. `adaptive` is what COGNITO_MFA_BY_RISK says.
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
    enforces_threat_protection: bool = False
    usernames: frozenset[str] = frozenset()
    first_factors: frozenset[str] = frozenset()
    acr_names: Mapping[str, str] = field(default_factory=dict)


def facts_of(
    mfa: Answer, described: Answer | None, *, domain_host: str, adaptive: bool
) -> PoolFacts:
    """The facts in the answers to GetUserPoolMfaConfig and DescribeUserPool.

    `described` is None where the portal's role may not call DescribeUserPool. A pool whose passkeys
    name no relying party takes `domain_host`, the host of its managed-login domain.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html
    """
    passkeys = mfa.get("WebAuthnConfiguration")
    is_on = {
        Factor.SMS: "SmsConfiguration" in mfa.get("SmsMfaConfiguration", {}),
        Factor.TOTP: mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        Factor.EMAIL: "EmailMfaConfiguration" in mfa,
        Factor.PASSKEY: passkeys is not None
        and passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    pool = described or {}
    first_factors = frozenset(
        pool.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", [])
    )
    if passkeys is None and "WEB_AUTHN" in first_factors:
        passkeys = {}
    updates, devices = pool.get("UserAttributeUpdateSettings", {}), pool.get("DeviceConfiguration")
    email, add_ons = pool.get("EmailConfiguration", {}), pool.get("UserPoolAddOns", {})
    return PoolFacts(
        mode=mfa.get("MfaConfiguration", "OFF"),
        switched_on=frozenset(factor for factor, yes in is_on.items() if yes),
        relying_party_id=None
        if passkeys is None
        else passkeys.get("RelyingPartyId") or domain_host,
        tier=pool.get("UserPoolTier", ""),
        recovery=None if described is None else _recovery(pool),
        auto_verified=frozenset(
            Attribute if described is None else pool.get("AutoVerifiedAttributes", [])
        ),
        verified_before_update=frozenset(
            updates.get("AttributesRequireVerificationBeforeUpdate", [])
        ),
        devices_known=described is not None,
        device_prompt=None
        if devices is None
        else devices.get("DeviceOnlyRememberedOnUserPrompt", False),
        sends_own_email=described is None or email.get("EmailSendingAccount") == "DEVELOPER",
        adaptive=adaptive,
        enforces_threat_protection=add_ons.get("AdvancedSecurityMode") == "ENFORCED",
        usernames=frozenset(pool.get("UsernameAttributes", [])),
        first_factors=first_factors,
        acr_names={
            level: named["AcrValue"]
            for level, named in pool.get("AcrConfiguration", {}).items()
            if named.get("AcrValue")
        },
    )


def _recovery(pool: Answer) -> tuple[str, ...]:
    mechanisms = pool.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    return tuple(m["Name"] for m in sorted(mechanisms, key=lambda m: m["Priority"]))


def policy_of(facts: PoolFacts) -> Policy:
    """The policy that these facts give a pool, without names that this portal does not know."""
    tier = Tier(facts.tier) if facts.tier in set(Tier) else None
    has_passkeys = facts.relying_party_id is not None and tier is not Tier.LITE
    switched_on = frozenset(f for f in Factor if f in facts.switched_on)
    if not has_passkeys:
        switched_on -= {Factor.PASSKEY}
    return Policy(
        mode=Mode(facts.mode),
        offered=switched_on,
        tier=tier,
        reset_channels=_resets_by(facts.recovery),
        reset_order=_reset_order(facts.recovery),
        verified_by_itself=_attributes(facts.auto_verified),
        verified_before_update=_attributes(facts.verified_before_update),
        passkeys=PasskeyConfig(
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


def _resets_by(recovery: tuple[str, ...] | None) -> frozenset[Attribute] | None:
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
    """Return the obstacles to email as a factor. Codes by email need a plan above Lite, a sender of
    the pool's own, and another way than email to reset a password."""
    if Factor.EMAIL not in switched_on or facts.mode == Mode.OFF:
        return {}
    reasons = (
        (Obstacle.TIER, tier is Tier.LITE),
        (Obstacle.OWN_SENDER_MISSING, not facts.sends_own_email),
        (Obstacle.RECOVERY_BY_EMAIL_ONLY, facts.recovery == ("verified_email",)),
    )
    first = next((reason for reason, is_so in reasons if is_so), None)
    return {Factor.EMAIL: first} if first else {}
