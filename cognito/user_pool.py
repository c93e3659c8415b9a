"""What a person may do with their own access token. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError`.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeVar

from cognito.account import Account
from cognito.client import call
from cognito.errors import Applied, Misconfigured, NotAllowedByPool, TryLater, WrongCode

_log = logging.getLogger(__name__)
FactorName = TypeVar("FactorName", bound=str)


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


# The name of a factor in GetUser -> the name of its block in SetUserMFAPreference.
BLOCK_OF_FACTOR: Final[Mapping[str, str]] = {
    "SMS_MFA": "SMSMfaSettings",
    "SOFTWARE_TOKEN_MFA": "SoftwareTokenMfaSettings",
    "EMAIL_OTP": "EmailMfaSettings",
    "WEB_AUTHN": "WebAuthnMfaSettings",
}


def get_user(account: Account) -> User:
    """Returns the answers of GetUser and GetUserAuthFactors, asked at once: one round trip.

    A 200 without a `Username` is `TryLater` and never "no MFA".
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
    """
    asked = _beside(account.pool.threads).submit(copy_context().run, _auth_factors, account)
    try:
        answer = call(account, "GetUser", proof="Username")
    finally:
        # Waits in any case: no call of this request may outlive it.
        asked.exception()
    return User(
        username=answer["Username"],
        attributes={a["Name"]: a.get("Value", "") for a in answer.get("UserAttributes", [])},
        mfa_on=frozenset(answer.get("UserMFASettingList", [])),
        preferred_mfa=answer.get("PreferredMfaSetting", ""),
        auth_factors=asked.result(),
    )


def _auth_factors(account: Account) -> frozenset[str]:
    try:
        answer = call(account, "GetUserAuthFactors", proof="Username")
    except (NotAllowedByPool, Misconfigured) as refused:
        # A pool without this operation still has people. If the token lacks something, GetUser
        # says the same.
        _log.warning("An app that is set up but off can't be seen: %s", refused)
        return frozenset()
    return frozenset(answer.get("ConfiguredUserAuthFactors", []))


@cache
def _beside(threads: int) -> ThreadPoolExecutor:
    """The pool of threads that make the second of two calls, one for each thread of the process."""
    return ThreadPoolExecutor(max_workers=threads, thread_name_prefix="cognito")


def set_user_mfa_preference(
    account: Account, *, settings: Mapping[FactorName, tuple[bool, bool]]
) -> None:
    """Sends a block for each of these factors; a factor without a block stays as it is.

    `settings`: name of the factor in GetUser -> (enabled, preferred). A 200 is not a success until
    a read shows it. Raises `CognitoError` with `Applied.UNKNOWN` when the call may have taken
    effect.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
    """
    blocks: dict[str, Any] = {
        # WebAuthnMfaSettings has no PreferredMfa.
        BLOCK_OF_FACTOR[factor]: {"Enabled": enabled}
        if factor == "WEB_AUTHN"
        else {"Enabled": enabled, "PreferredMfa": preferred}
        for factor, (enabled, preferred) in settings.items()
    }
    call(account, "SetUserMFAPreference", writes=True, **blocks)


def associate_software_token(account: Account) -> str:
    """Begins the set-up of an authenticator app; returns the secret key in base32.

    The call may already silence the app that was set up before (sources disagree): no page makes
    it when it is only looked at.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
    """
    answer = call(account, "AssociateSoftwareToken", writes=True, proof="SecretCode")
    secret: str = answer["SecretCode"]
    return secret


def verify_software_token(account: Account, *, code: str) -> None:
    """Finishes the set-up with a code of the app; `code` is six ASCII digits.

    Does not turn the factor on. `WrongCode` also for the documented 200 with `Status: ERROR`.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
    """
    answer = call(account, "VerifySoftwareToken", writes=True, UserCode=code)
    status = answer.get("Status")
    if status == "ERROR":
        raise WrongCode(operation="VerifySoftwareToken", code="StatusError")
    if status != "SUCCESS":
        raise TryLater(operation="VerifySoftwareToken", code="EmptyAnswer", applied=Applied.UNKNOWN)
