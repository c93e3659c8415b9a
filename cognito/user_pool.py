"""What a person may do with their own access token. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError` and takes `access_token`, a token with the
scope `aws.cognito.signin.user.admin`.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, TypedDict, cast

from cognito.account import Account
from cognito.client import client, translate_errors
from cognito.errors import Applied, Misconfigured, NotAllowedByPool, TryLater, WrongCode

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import SetUserMFAPreferenceRequestTypeDef

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """GetUser and GetUserAuthFactors in one, in Cognito's own words.

    `mfa_on` and `preferred_mfa` hold SMS_MFA, SOFTWARE_TOKEN_MFA or EMAIL_OTP; Cognito leaves
    both out when nothing is on. `auth_factors` (PASSWORD, SOFTWARE_TOKEN, SMS_OTP, EMAIL_OTP,
    WEB_AUTHN) shows an authenticator app that is set up but off, which GetUser does not.
    """

    username: str
    attributes: Mapping[str, str] = field(repr=False)
    mfa_on: frozenset[str]
    preferred_mfa: str
    auth_factors: frozenset[str]


class FactorSettings(TypedDict, total=False):
    """One block of SetUserMFAPreference. `WebAuthnMfaSettings` has no `PreferredMfa`."""

    Enabled: bool
    PreferredMfa: bool


# The name of a factor in GetUser -> the name of its block in SetUserMFAPreference.
SETTINGS_OF_FACTOR: Final[Mapping[str, str]] = {
    "SMS_MFA": "SMSMfaSettings",
    "SOFTWARE_TOKEN_MFA": "SoftwareTokenMfaSettings",
    "EMAIL_OTP": "EmailMfaSettings",
    "WEB_AUTHN": "WebAuthnMfaSettings",
}


def get_user(account: Account) -> User:
    """Ask GetUser and GetUserAuthFactors at the same time: one round trip.

    A 200 without a `Username` is `TryLater` and never "no MFA": boto3 reports a cut or foreign
    body as an empty answer.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
    """
    person = client(account.pool, "person")

    def ask_auth_factors() -> frozenset[str]:
        try:
            with translate_errors("GetUserAuthFactors"):
                answer = person.get_user_auth_factors(AccessToken=account.access_token)
        except (NotAllowedByPool, Misconfigured) as refused:
            # A pool that has no such call still has people. If it is the token that lacks
            # something, GetUser says so as well.
            _log.warning("An app that is set up but off can't be seen: %s", refused)
            return frozenset()
        if not answer.get("Username"):
            raise TryLater(operation="GetUserAuthFactors", code="EmptyAnswer")
        return frozenset(answer.get("ConfiguredUserAuthFactors", []))

    asked = _beside(account.pool.threads).submit(copy_context().run, ask_auth_factors)
    try:
        with translate_errors("GetUser"):
            answer = person.get_user(AccessToken=account.access_token)
        if not answer.get("Username"):
            raise TryLater(operation="GetUser", code="EmptyAnswer")
    finally:
        # Never leave the other answer unread: its error is the same one, or it is the news.
        auth_factors_error = asked.exception()
    if auth_factors_error:
        raise auth_factors_error
    return User(
        username=answer["Username"],
        attributes={a["Name"]: a.get("Value", "") for a in answer.get("UserAttributes", [])},
        mfa_on=frozenset(answer.get("UserMFASettingList", [])),
        preferred_mfa=answer.get("PreferredMfaSetting", ""),
        auth_factors=asked.result(),
    )


@cache
def _beside(threads: int) -> ThreadPoolExecutor:
    """Where the second of two questions is asked, for as many views as there are threads."""
    return ThreadPoolExecutor(max_workers=threads, thread_name_prefix="cognito")


def set_user_mfa_preference(account: Account, *, settings: Mapping[str, FactorSettings]) -> None:
    """Send these blocks and no others; a factor without a block stays as it is.

    `settings` maps a factor's name in GetUser to its block. A 200 is not a success until a read
    shows it. Raises `CognitoError` with `Applied.UNKNOWN` when the call may have taken effect.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
    """
    blocks = {SETTINGS_OF_FACTOR[factor]: block for factor, block in settings.items()}
    request = cast(
        "SetUserMFAPreferenceRequestTypeDef", {"AccessToken": account.access_token, **blocks}
    )
    with translate_errors("SetUserMFAPreference", writes=True):
        client(account.pool, "person-once").set_user_mfa_preference(**request)


def associate_software_token(account: Account) -> str:
    """Begin the set-up of an authenticator app; the secret key in base32.

    It may already silence the app that was set up before (sources disagree), so it is never
    called for a look at a page.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
    """
    with translate_errors("AssociateSoftwareToken", writes=True):
        answer = client(account.pool, "person-once").associate_software_token(
            AccessToken=account.access_token
        )
    secret = answer.get("SecretCode", "")
    if not secret:
        raise TryLater(
            operation="AssociateSoftwareToken", code="EmptyAnswer", applied=Applied.UNKNOWN
        )
    return secret


def verify_software_token(account: Account, *, code: str) -> None:
    """Finish the set-up with a code of the app; `code` is six ASCII digits.

    Does not turn the factor on. `WrongCode` also for the documented 200 with `Status: ERROR`.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
    """
    with translate_errors("VerifySoftwareToken", writes=True):
        answer = client(account.pool, "person-once").verify_software_token(
            AccessToken=account.access_token, UserCode=code
        )
    status = answer.get("Status")
    if status == "ERROR":
        raise WrongCode(operation="VerifySoftwareToken", code="StatusError")
    if status != "SUCCESS":
        raise TryLater(operation="VerifySoftwareToken", code="EmptyAnswer", applied=Applied.UNKNOWN)
