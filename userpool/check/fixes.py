"""Writes the AWS CLI lines that mend a pool, from its present settings. Plain Python.

UpdateUserPool, UpdateUserPoolClient and SetUserPoolMfaConfig reset every member that a request
leaves out. Each line therefore carries the present settings over, and one line makes all the
repairs of its operation: a second line, written from the same settings, would undo the first.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Repair:
    """The members of one operation's request that mend what a check found. None removes one."""

    operation: str
    members: Settings


# Operation -> its name in the AWS CLI, the operation that reads the present settings, and the
# members to carry over from there. A test compares these with botocore's model.
COMMANDS: Final[Mapping[str, str]] = {
    "UpdateUserPool": "update-user-pool",
    "UpdateUserPoolClient": "update-user-pool-client",
    "SetUserPoolMfaConfig": "set-user-pool-mfa-config",
    "CreateUserPoolDomain": "create-user-pool-domain",
    "UpdateUserPoolDomain": "update-user-pool-domain",
}
PRESENT: Final[Mapping[str, str]] = {
    "UpdateUserPool": "DescribeUserPool",
    "UpdateUserPoolClient": "DescribeUserPoolClient",
    "SetUserPoolMfaConfig": "GetUserPoolMfaConfig",
    "UpdateUserPoolDomain": "DescribeUserPoolDomain",
}
CARRIED_OVER: Final[Mapping[str, tuple[str, ...]]] = {
    "UpdateUserPool": (
        "Policies", "DeletionProtection", "LambdaConfig", "AutoVerifiedAttributes",
        "SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject",
        "VerificationMessageTemplate", "SmsAuthenticationMessage", "UserAttributeUpdateSettings",
        "MfaConfiguration", "DeviceConfiguration", "EmailConfiguration", "SmsConfiguration",
        "UserPoolTags", "AdminCreateUserConfig", "UserPoolAddOns", "DcrConfiguration",
        "AccountRecoverySetting", "UserPoolTier", "KeyConfiguration", "IssuerConfiguration",
        "AcrConfiguration",
    ),
    "UpdateUserPoolClient": (
        "ClientName", "RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity",
        "TokenValidityUnits", "ReadAttributes", "WriteAttributes", "ExplicitAuthFlows",
        "SupportedIdentityProviders", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI",
        "AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient",
        "AnalyticsConfiguration", "PreventUserExistenceErrors", "EnableTokenRevocation",
        "EnablePropagateAdditionalUserContextData", "AuthSessionValidity", "RefreshTokenRotation",
    ),
    "SetUserPoolMfaConfig": (
        "SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration",
        "MfaConfiguration", "WebAuthnConfiguration",
    ),
    "UpdateUserPoolDomain": ("Domain", "ManagedLoginVersion", "CustomDomainConfig", "Routing"),
}  # fmt: skip


def lines_of(
    repairs: Iterable[Repair],
    *,
    answers: Mapping[str, Settings],
    region: str,
    pool_id: str,
    client_id: str,
) -> dict[str, str]:
    """Operation -> the one AWS CLI line that makes all of its repairs."""
    wanted: dict[str, dict[str, Any]] = {}
    for repair in repairs:
        members = wanted.setdefault(repair.operation, {})
        for name, value in repair.members.items():
            members[name] = _merged(members.get(name), value)
    lines = {}
    for operation, members in wanted.items():
        present = _carried_over(operation, answers.get(PRESENT.get(operation, ""), {}))
        request = {"UserPoolId": pool_id, **present, **members}
        request = {name: value for name, value in request.items() if value is not None}
        if operation == "UpdateUserPoolClient":
            request["ClientId"] = client_id
        document = json.dumps(request, ensure_ascii=False, default=str)
        lines[operation] = (
            f"aws cognito-idp {COMMANDS[operation]} --region {region} "
            f"--cli-input-json {shlex.quote(document)}"
        )
    return lines


def _merged(one: Any, other: Any) -> Any:
    """The value that serves both repairs: two checks may each lengthen one list (callback URLs)."""
    if isinstance(one, list) and isinstance(other, list):
        return list(dict.fromkeys([*one, *other]))
    return other


def _carried_over(operation: str, answer: Settings) -> dict[str, Any]:
    present = {name: answer[name] for name in CARRIED_OVER.get(operation, ()) if name in answer}
    if operation == "UpdateUserPool" and "Name" in answer:
        present["PoolName"] = answer["Name"]
    invitation = present.get("AdminCreateUserConfig")
    if invitation and "Policies" in present:
        # DescribeUserPool returns it, but UpdateUserPool refuses it beside the password policy's
        # TemporaryPasswordValidityDays.
        present["AdminCreateUserConfig"] = {
            name: value for name, value in invitation.items() if name != "UnusedAccountValidityDays"
        }
    return present
