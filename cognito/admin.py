"""What the portal asks with IAM credentials of its own (boto3's usual chain).

https://docs.aws.amazon.com/cognito/latest/developerguide/security_iam_service-with-iam.html
"""

from dataclasses import dataclass

import boto3

from cognito.client import client, refusals
from cognito.errors import TryLater
from cognito.pool import UserPool


@dataclass(frozen=True, slots=True)
class MfaConfig:
    """GetUserPoolMfaConfig. `mode` is OFF, OPTIONAL or ON; `offered` holds SMS_MFA,
    SOFTWARE_TOKEN_MFA, EMAIL_OTP and WEB_AUTHN where passkeys count as a factor."""

    mode: str
    offered: frozenset[str]


def has_credentials() -> bool:
    """boto3's usual chain finds some; whether they allow anything only a call can tell."""
    return boto3.session.Session().get_credentials() is not None


def get_user_pool_mfa_config(*, pool: UserPool) -> MfaConfig:
    """Raises `Misconfigured` without credentials or permission, `TryLater` for the rest.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
    """
    with refusals("GetUserPoolMfaConfig"):
        answer = client(pool, "admin").get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    mode = answer.get("MfaConfiguration")
    if mode is None:
        raise TryLater(operation="GetUserPoolMfaConfig", code="EmptyAnswer")
    passkey_counts = (
        answer.get("WebAuthnConfiguration", {}).get("FactorConfiguration")
        == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    )
    is_offered = {
        "SMS_MFA": "SmsConfiguration" in answer.get("SmsMfaConfiguration", {}),
        "SOFTWARE_TOKEN_MFA": answer.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        "EMAIL_OTP": "EmailMfaConfiguration" in answer,
        "WEB_AUTHN": passkey_counts,
    }
    return MfaConfig(mode=mode, offered=frozenset(f for f, yes in is_offered.items() if yes))
