"""Every error that Cognito's own model knows has its next step."""

import re
from pathlib import Path

import botocore.session
import pytest

from cognito import errors
from cognito.admin import READS
from cognito.errors import CLASS_OF_CODE, SIGNED_OPERATIONS, classify

OPERATIONS = [
    "GetUser",
    "GetUserAuthFactors",
    "SetUserMFAPreference",
    "AssociateSoftwareToken",
    "VerifySoftwareToken",
    "UpdateUserAttributes",
    "GetUserAttributeVerificationCode",
    "VerifyUserAttribute",
    "DeleteUserAttributes",
    "ListDevices",
    "ForgetDevice",
    "ListUserSessions",
    "RevokeUserSession",
    "GlobalSignOut",
    "DescribeUserPool",
    "GetUserPoolMfaConfig",
    # Passkeys
    "StartWebAuthnRegistration",
    "CompleteWebAuthnRegistration",
    "ListWebAuthnCredentials",
    "DeleteWebAuthnCredential",
    # Inspecting a pool
    "DescribeUserPoolClient",
    "DescribeUserPoolDomain",
    "GetUserPoolSessionConfiguration",
    "GetUserPoolClientSessionConfiguration",
]
MODEL = botocore.session.get_session().get_service_model("cognito-idp")
EVERY_ERROR = [
    (operation, shape.name)
    for operation in OPERATIONS
    for shape in MODEL.operation_model(operation).error_shapes
]


def test_the_operations_listed_here_are_the_ones_that_are_called() -> None:
    """So that a new call can't do without its errors."""
    called = {
        name
        for module in Path("cognito").glob("*.py")
        if module.name != "errors.py"
        for name in re.findall(r'"(\w+)"', module.read_text())
        if name in MODEL.operation_names
    }
    assert called == set(OPERATIONS)


def test_the_calls_of_the_portals_own_role_are_known_as_such() -> None:
    """A refusal of one of them must never end a person's sign-in."""
    assert set(READS) == SIGNED_OPERATIONS


@pytest.mark.parametrize(("operation", "code"), EVERY_ERROR)
def test_every_error_of_every_operation_in_use_has_a_class(operation: str, code: str) -> None:
    assert code in CLASS_OF_CODE, f"{operation} may answer {code}: what can the person do then?"


@pytest.mark.parametrize(
    ("operation", "code", "message", "expected"),
    [
        ("GetUser", "NotAuthorizedException", "Access Token has expired", "AccessTokenExpired"),
        ("GetUser", "NotAuthorizedException", "Access Token has been revoked", "SignInAgain"),
        ("GetUser", "NotAuthorizedException", "User is disabled.", "SignInAgain"),
        (
            "SetUserMFAPreference",
            "NotAuthorizedException",
            "Access Token does not have required scopes",
            "Misconfigured",
        ),
        (
            "SetUserMFAPreference",
            "InvalidParameterException",
            "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
            "FactorNotReady",
        ),
        (
            "SetUserMFAPreference",
            "InvalidParameterException",
            "User has not verified software token mfa",
            "FactorNotReady",
        ),
        (
            "SetUserMFAPreference",
            "InvalidParameterException",
            "User does not have a phone_number set to turn on SMS MFA",
            "FactorNotReady",
        ),
        ("SetUserMFAPreference", "InvalidParameterException", "Anything", "NotAllowedByPool"),
        (
            "VerifySoftwareToken",
            "EnableSoftwareTokenMFAException",
            "Code mismatch and fail enable Software Token MFA",
            "WrongCode",
        ),
        (
            "VerifySoftwareToken",
            "EnableSoftwareTokenMFAException",
            "Your software token has already been used once.",
            "CodeAlreadyUsed",
        ),
        (
            "VerifySoftwareToken",
            "ExpiredCodeException",
            "Your software token has already been used once.",
            "CodeAlreadyUsed",
        ),
        (
            "VerifySoftwareToken",
            "NotAuthorizedException",
            "Password attempts exceeded",
            "LimitReached",
        ),
        (
            "UpdateUserAttributes",
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
            "NotAllowedByPool",
        ),
        # The portal's own IAM role, so never the person's fault.
        ("GetUserPoolMfaConfig", "NotAuthorizedException", "Access denied", "Misconfigured"),
    ],
)
def test_one_code_with_several_meanings_is_told_apart(
    operation: str, code: str, message: str, expected: str
) -> None:
    found = classify(operation=operation, code=code, message=message, http_status=400)
    assert found is getattr(errors, expected)


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException"])
def test_throttling_is_known_although_the_model_does_not_list_it_everywhere(code: str) -> None:
    found = classify(operation="SetUserMFAPreference", code=code, message="", http_status=400)
    assert found is errors.TryLater


@pytest.mark.parametrize(
    ("http_status", "expected"), [(503, "TryLater"), (429, "TryLater"), (400, "Misconfigured")]
)
def test_a_code_that_nobody_knows_is_judged_by_its_status(http_status: int, expected: str) -> None:
    found = classify(operation="GetUser", code="New", message="", http_status=http_status)
    assert found is getattr(errors, expected)
