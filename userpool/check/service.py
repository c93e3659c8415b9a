"""Judge the pool for its operator: from what it says of itself, and from the settings alone."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from cognito.errors import CognitoError
from cognito.inspection import inspect
from userpool.check import client_checks, passkey_checks, pool_checks
from userpool.check.differences import Difference, differences
from userpool.check.findings import Check, Finding, Level, Portal, Seen, findings
from userpool.service import facts_of_settings, read_facts

# What the settings can answer without asking the pool.
OF_SETTINGS: Final = frozenset(
    {
        "mfa.mode",
        "factor.email",
        "contact.kept-until-verified",
        "recovery",
        "plan",
        "mfa.by-risk",
        "passkeys.relying-party",
    }
)
DIFFERENCE: Final = "settings.differ"


def portal_of_settings() -> Portal:
    pool = settings.COGNITO
    return Portal(
        region=pool.region,
        pool_id=pool.pool_id,
        client_id=pool.client_id,
        domain=pool.domain,
        portal_url=settings.PORTAL_URL,
        callback_url=f"{settings.PORTAL_URL}{reverse('cognito_callback')}",
        sign_out_url=f"{settings.PORTAL_URL}{reverse('signed_out')}",
        passkeys_back_url=f"{settings.PORTAL_URL}{reverse('passkey_back')}",
        adaptive=settings.COGNITO_MFA_BY_RISK,
    )


def check_pool() -> tuple[Finding, ...]:
    """Every finding, the worst first. What can't be read is a finding too; nothing is raised."""
    portal = portal_of_settings()
    inspection = inspect(pool=settings.COGNITO, domain_name=portal.domain_name)
    seen = Seen(portal, inspection.answers, inspection.refused, inspection.secret_fits)
    found = [*findings(seen, every_check(portal)), *_compared()]
    return tuple(sorted(found, key=lambda finding: list(Level).index(finding.level)))


def every_check(portal: Portal) -> tuple[Check, ...]:
    of_domain = (
        client_checks.DOMAIN_CHECKS if portal.domain_name else client_checks.LOCAL_DOMAIN_CHECKS
    )
    return (*client_checks.CHECKS, *of_domain, *pool_checks.CHECKS, *passkey_checks.CHECKS)


def read_differences() -> tuple[Difference, ...]:
    """Where the settings and the pool differ; nothing where the settings leave it to the pool.

    Raises `CognitoError` when the pool can't be read.
    """
    if not settings.COGNITO_MFA:
        return ()
    return differences(said=facts_of_settings(), pool=read_facts())


def _compared() -> tuple[Finding, ...]:
    if not settings.COGNITO_MFA:
        return ()
    try:
        found = read_differences()
    except CognitoError as error:
        return (
            Finding(
                DIFFERENCE,
                Level.UNKNOWN,
                "Whether the settings say what the pool says could not be checked.",
                f"Not read ({error.operation}: {error.code}).",
                f"Allow cognito-idp:{error.operation} to whoever runs this.",
            ),
        )
    if not found:
        return (Finding(DIFFERENCE, Level.OK, "The settings say what the pool says."),)
    return (
        Finding(
            DIFFERENCE,
            Level.WARNING,
            "The settings and the pool do not say the same.",
            "; ".join(map(str, found)) + ".",
            "Change the settings, or leave COGNITO_MFA out and let the portal read the pool.",
        ),
    )


def findings_of_settings() -> tuple[Finding, ...]:
    """What the settings alone tell of the pool that they describe; nothing where they leave it
    to the pool. No line can mend it: what else the pool has set is not known here."""
    if not settings.COGNITO_MFA:
        return ()
    portal = portal_of_settings()
    seen = Seen(portal, _answers_of_settings())
    checks = tuple(check for check in every_check(portal) if check.id in OF_SETTINGS)
    return findings(seen, checks)


def _answers_of_settings() -> Mapping[str, Mapping[str, Any]]:
    """What a pool that is as the settings say would answer."""
    said = facts_of_settings()
    mfa: dict[str, Any] = {"MfaConfiguration": said.mode}
    if "SMS_MFA" in said.switched_on:
        mfa["SmsMfaConfiguration"] = {}
    if "SOFTWARE_TOKEN_MFA" in said.switched_on:
        mfa["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    if "EMAIL_OTP" in said.switched_on:
        mfa["EmailMfaConfiguration"] = {}
    if said.relying_party_id is not None:
        mfa["WebAuthnConfiguration"] = {"RelyingPartyId": said.relying_party_id}
    pool: dict[str, Any] = {
        "UserPoolTier": said.tier,
        "AutoVerifiedAttributes": sorted(said.auto_verified),
        "UserAttributeUpdateSettings": {
            "AttributesRequireVerificationBeforeUpdate": sorted(said.verified_before_update)
        },
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"},
        # No setting says it, so it is taken to be as COGNITO_MFA_BY_RISK says.
        "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED" if said.adaptive else "OFF"},
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [{"Name": name} for name in said.recovery or ()]
        },
    }
    return {"GetUserPoolMfaConfig": mfa, "DescribeUserPool": pool}
