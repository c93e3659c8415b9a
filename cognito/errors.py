"""Sorts Cognito's refusals into classes: one for each thing that the person can do next.

`CLASS_OF_CODE` holds every error code that botocore's service model lists for an operation of the
portal; a test walks the model and fails when Amazon adds a code. Where one code means several
things, `CLASS_OF_MESSAGE` tells them apart by text, and only to choose a better sentence: an
unknown text falls back to the code's own class.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

import re
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Final


class Applied(Enum):
    """Whether a call that ended in an error took effect all the same."""

    NO = "no"
    UNKNOWN = "unknown"


@dataclass(eq=False, kw_only=True)
class CognitoError(Exception):
    """A call that Cognito refused or that never came back whole.

    `applied` is UNKNOWN when the call may have taken effect (a time-out, a broken answer): read
    the state before saying anything. `message` is Cognito's text, for the log of operators only;
    it never holds a token or a code.
    """

    operation: str
    code: str
    message: str = ""
    request_id: str = ""
    applied: Applied = Applied.NO

    def __str__(self) -> str:
        request_id = self.request_id or "unknown"
        return f"{self.operation}: {self.code}: {self.message} (request {request_id})"


class SignInAgain(CognitoError):
    """The sign-in is over: revoked, disabled, deleted, or a password reset is due."""


class AccessTokenExpired(SignInAgain):
    """Only the access token is over; a refresh may bring a new one."""


class WrongCode(CognitoError):
    """The code is not the one that was expected."""


class CodeAlreadyUsed(WrongCode):
    """The code was right, but each code works once: wait for the next."""


class CodeExpired(CognitoError):
    """The code, or the step it belongs to, is too old: start it again."""


class FactorNotReady(CognitoError):
    """The factor has to be set up before it can be turned on."""


class ContactTaken(CognitoError):
    """Somebody else's account holds this number or address."""


class CodeNotSent(CognitoError):
    """The code could not be delivered; what was written before it may stand."""


class NotAllowedByPool(CognitoError):
    """The pool's own settings rule this out."""


class DevicesNotTracked(NotAllowedByPool):
    """The pool remembers no devices at all."""


class LimitReached(CognitoError):
    """This person tried too often; only waiting helps."""


class TryLater(CognitoError):
    """Cognito is busy, broken or out of reach; the same call may work in a moment."""


class Misconfigured(CognitoError):
    """Only the operator can mend this: a missing scope, client, pool or permission."""


class DeviceGone(CognitoError):
    """The device was forgotten already."""


CLASS_OF_CODE: Final[dict[str, type[CognitoError]]] = {
    "NotAuthorizedException": SignInAgain,
    "PasswordResetRequiredException": SignInAgain,
    "UserNotFoundException": SignInAgain,
    "UserNotConfirmedException": SignInAgain,
    "CodeMismatchException": WrongCode,
    "EnableSoftwareTokenMFAException": WrongCode,
    "ExpiredCodeException": CodeExpired,
    "InvalidParameterException": NotAllowedByPool,
    "OperationNotEnabledException": NotAllowedByPool,
    "SoftwareTokenMFANotFoundException": NotAllowedByPool,
    "InvalidUserPoolConfigurationException": NotAllowedByPool,
    "FeatureUnavailableInTierException": NotAllowedByPool,
    # Passkeys
    "WebAuthnNotEnabledException": NotAllowedByPool,
    "WebAuthnConfigurationMissingException": NotAllowedByPool,
    "WebAuthnCredentialNotSupportedException": NotAllowedByPool,
    "WebAuthnChallengeNotFoundException": CodeExpired,
    "WebAuthnClientMismatchException": CodeExpired,
    "WebAuthnRelyingPartyMismatchException": Misconfigured,
    "WebAuthnOriginNotAllowedException": Misconfigured,
    "LimitExceededException": LimitReached,
    # Contact points
    "AliasExistsException": ContactTaken,
    "CodeDeliveryFailureException": CodeNotSent,
    "InvalidEmailRoleAccessPolicyException": Misconfigured,
    "InvalidSmsRoleAccessPolicyException": Misconfigured,
    "InvalidSmsRoleTrustRelationshipException": Misconfigured,
    "InvalidLambdaResponseException": Misconfigured,
    "UnexpectedLambdaException": Misconfigured,
    "UserLambdaValidationException": NotAllowedByPool,
    "TooManyFailedAttemptsException": LimitReached,
    "TooManyRequestsException": TryLater,
    "ThrottlingException": TryLater,
    "ConcurrentModificationException": TryLater,
    "InternalErrorException": TryLater,
    "InternalServerError": TryLater,
    "ServiceUnavailableException": TryLater,
    "ForbiddenException": Misconfigured,
    "ResourceNotFoundException": Misconfigured,
    "AccessDeniedException": Misconfigured,
    "UnrecognizedClientException": Misconfigured,
    "InvalidSignatureException": Misconfigured,
    "ExpiredTokenException": Misconfigured,
    "UserPoolTaggingException": Misconfigured,
}

# Texts seen on real pools; Cognito gives no finer code (the same code serves all of them).
CLASS_OF_MESSAGE: Final[tuple[tuple[str, re.Pattern[str], type[CognitoError]], ...]] = (
    ("NotAuthorizedException", re.compile("access token has expired", re.I), AccessTokenExpired),
    ("NotAuthorizedException", re.compile("required scopes", re.I), Misconfigured),
    ("NotAuthorizedException", re.compile("unauthorized attribute", re.I), NotAllowedByPool),
    ("NotAuthorizedException", re.compile("attempts exceeded", re.I), LimitReached),
    ("ExpiredCodeException", re.compile("already been used", re.I), CodeAlreadyUsed),
    ("EnableSoftwareTokenMFAException", re.compile("already been used", re.I), CodeAlreadyUsed),
    ("InvalidParameterException", re.compile("delivery config set", re.I), FactorNotReady),
    ("InvalidParameterException", re.compile("has not (set up|verified)", re.I), FactorNotReady),
    ("InvalidParameterException", re.compile("phone_number set", re.I), FactorNotReady),
    # Devices: the sources disagree about the code, not about the text.
    *(
        (code, re.compile("device tracking", re.I), DevicesNotTracked)
        for code in ("InvalidParameterException", "InvalidUserPoolConfigurationException")
    ),
    ("ResourceNotFoundException", re.compile("device does not exist", re.I), DeviceGone),
)


# The portal's IAM role makes these calls, and a refusal is never the person's.
SIGNED_OPERATIONS: Final = frozenset(
    {
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "DescribeUserPoolDomain",
        "GetUserPoolClientSessionConfiguration",
        "GetUserPoolMfaConfig",
        "GetUserPoolSessionConfiguration",
    }
)


def classify(*, operation: str, code: str, message: str, http_status: int) -> type[CognitoError]:
    """Returns the class of one refusal.

    An unknown code is `TryLater` when the server failed (5xx, 429), else `Misconfigured`: pressing
    the button again does not mend a refusal that nobody foresaw.
    """
    if operation in SIGNED_OPERATIONS and CLASS_OF_CODE.get(code) is SignInAgain:
        return Misconfigured
    for known_code, text, finer_class in CLASS_OF_MESSAGE:
        if code == known_code and text.search(message):
            return finer_class
    if code in CLASS_OF_CODE:
        return CLASS_OF_CODE[code]
    # botocore gives the status as the code when the body is not Cognito's: cut, or a proxy's.
    is_foreign = not code or code.isdecimal()
    failed = http_status >= HTTPStatus.INTERNAL_SERVER_ERROR
    too_many = http_status == HTTPStatus.TOO_MANY_REQUESTS
    return TryLater if is_foreign or failed or too_many else Misconfigured
