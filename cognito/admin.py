"""What the portal asks with IAM credentials of its own (boto3's usual chain).

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from cognito.client import client, translate_errors
from cognito.errors import TryLater
from cognito.pool import UserPool


@dataclass(frozen=True, slots=True)
class MfaConfig:
    """GetUserPoolMfaConfig. `mode` is OFF, OPTIONAL or ON; `switched_on` holds SMS_MFA,
    SOFTWARE_TOKEN_MFA, EMAIL_OTP and WEB_AUTHN where passkeys count as a factor.

    `relying_party_id` is None where passkeys were never configured, "" where the pool leaves it to
    its domain.
    """

    mode: str
    switched_on: frozenset[str]
    relying_party_id: str | None = None


@dataclass(frozen=True, slots=True)
class UserPoolSettings:
    """What the portal needs of DescribeUserPool, in Cognito's own words.

    `tier` is LITE, ESSENTIALS or PLUS. `recovery` holds verified_email, verified_phone_number and
    admin_only in the order of their priority. `first_factors` are those that a sign-in may begin
    with. `usernames` are the attributes that people sign in as (UsernameAttributes).
    `device_prompt`: None where no devices are remembered, else whether the person is asked.
    `sends_own_email`: the pool has an Amazon SES identity of its own. `acr_names`: Level1 to
    Level4 -> the pool's own name for that level of a sign-in, for those that it renames.
    """

    tier: str
    recovery: tuple[str, ...]
    auto_verified: frozenset[str]
    verified_before_update: frozenset[str]
    first_factors: frozenset[str]
    usernames: frozenset[str]
    device_prompt: bool | None
    sends_own_email: bool
    acr_names: Mapping[str, str]


def has_credentials() -> bool:
    """boto3's usual chain finds some; whether they allow anything only a call can tell."""
    return boto3.session.Session().get_credentials() is not None


def get_user_pool_mfa_config(*, pool: UserPool) -> MfaConfig:
    """Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
    """
    with translate_errors("GetUserPoolMfaConfig"):
        answer = client(pool, "admin").get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    mode = answer.get("MfaConfiguration")
    if mode is None:
        raise TryLater(operation="GetUserPoolMfaConfig", code="EmptyAnswer")
    passkeys = answer.get("WebAuthnConfiguration")
    is_on = {
        "SMS_MFA": "SmsConfiguration" in answer.get("SmsMfaConfiguration", {}),
        "SOFTWARE_TOKEN_MFA": answer.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        "EMAIL_OTP": "EmailMfaConfiguration" in answer,
        "WEB_AUTHN": passkeys is not None
        and passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    return MfaConfig(
        mode=mode,
        switched_on=frozenset(factor for factor, yes in is_on.items() if yes),
        relying_party_id=passkeys.get("RelyingPartyId", "") if passkeys is not None else None,
    )


def describe_user_pool(*, pool: UserPool) -> UserPoolSettings:
    """Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
    """
    with translate_errors("DescribeUserPool"):
        answer = client(pool, "admin").describe_user_pool(UserPoolId=pool.pool_id).get("UserPool")
    if not answer or not answer.get("Id"):
        raise TryLater(operation="DescribeUserPool", code="EmptyAnswer")
    mechanisms = answer.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    devices = answer.get("DeviceConfiguration")
    updates = answer.get("UserAttributeUpdateSettings", {})
    sign_in = answer.get("Policies", {}).get("SignInPolicy", {})
    return UserPoolSettings(
        tier=answer.get("UserPoolTier", ""),
        recovery=tuple(m["Name"] for m in sorted(mechanisms, key=lambda m: m["Priority"])),
        auto_verified=frozenset(answer.get("AutoVerifiedAttributes", [])),
        verified_before_update=frozenset(
            updates.get("AttributesRequireVerificationBeforeUpdate", [])
        ),
        first_factors=frozenset(sign_in.get("AllowedFirstAuthFactors", [])),
        usernames=frozenset(answer.get("UsernameAttributes", [])),
        device_prompt=devices.get("DeviceOnlyRememberedOnUserPrompt", False)
        if devices is not None
        else None,
        sends_own_email=answer.get("EmailConfiguration", {}).get("EmailSendingAccount")
        == "DEVELOPER",
        acr_names=_acr_names(answer),
    )


def _acr_names(answer: Any) -> dict[str, str]:
    """Newer than boto3's stubs."""
    levels = answer.get("AcrConfiguration", {})
    return {level: named["AcrValue"] for level, named in levels.items() if named.get("AcrValue")}
