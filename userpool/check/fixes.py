"""The AWS CLI lines that mend a pool, made of what is set now. Plain Python.

UpdateUserPool, UpdateUserPoolClient and SetUserPoolMfaConfig replace everything: what a line does
not name is reset. So each line carries the present settings over, and there is one line for each
operation that mends all that it can mend: two lines in a row would undo one another.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Members of one operation's request that mend something."""

    operation: str
    members: Settings


# Operation -> its name in the AWS CLI, what describes the present, and the members that it takes
# from there. A test compares them with botocore's model.
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
    changes: Iterable[Change],
    *,
    answers: Mapping[str, Settings],
    region: str,
    pool_id: str,
    client_id: str,
) -> dict[str, str]:
    """Operation -> the one line that makes all of its changes."""
    wanted: dict[str, dict[str, Any]] = {}
    for change in changes:
        members = wanted.setdefault(change.operation, {})
        for name, value in change.members.items():
            members[name] = _both(members.get(name), value)
    lines = {}
    for operation, members in wanted.items():
        present = _present(operation, answers.get(PRESENT.get(operation, ""), {}))
        request = {"UserPoolId": pool_id, **present, **members}
        # None takes a member away.
        request = {name: value for name, value in request.items() if value is not None}
        if operation == "UpdateUserPoolClient":
            request["ClientId"] = client_id
        document = json.dumps(request, ensure_ascii=False, default=str)
        lines[operation] = (
            f"aws cognito-idp {COMMANDS[operation]} --region {region} "
            f"--cli-input-json {shlex.quote(document)}"
        )
    return lines


def _both(one: Any, other: Any) -> Any:
    """Two checks may each lengthen the same list, as the callback URLs."""
    if isinstance(one, list) and isinstance(other, list):
        return list(dict.fromkeys([*one, *other]))
    return other


def _present(operation: str, answer: Settings) -> dict[str, Any]:
    present = {name: answer[name] for name in CARRIED_OVER.get(operation, ()) if name in answer}
    if operation == "UpdateUserPool" and "Name" in answer:
        present["PoolName"] = answer["Name"]
    invitation = present.get("AdminCreateUserConfig")
    if invitation and "Policies" in present:
        # Described, and refused beside the password policy's TemporaryPasswordValidityDays.
        present["AdminCreateUserConfig"] = {
            name: value for name, value in invitation.items() if name != "UnusedAccountValidityDays"
        }
    return present
