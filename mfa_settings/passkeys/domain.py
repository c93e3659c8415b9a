"""The ways to add a passkey, and the meaning of Cognito's refusals. Plain Python."""

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any, Final

from signin.limits.domain import HOUR, Limit, LimitedAction
from userpool.policy import Policy
from userpool.values import Status

MAX_PASSKEYS: Final = 20
START_PASSKEY: Final = LimitedAction("passkey-started", (Limit(20, HOUR),))
CEREMONY_LIVES: Final = timedelta(minutes=15)
LONGEST_LABEL: Final = 50


class AddMethod(StrEnum):
    """The way in which a person can add a passkey, or the obstacle to it."""

    HERE = auto()
    MANAGED_LOGIN = auto()
    # Not at all, and the person can't change that:
    NOT_OFFERED = auto()
    ANOTHER_PROVIDER = auto()
    NOWHERE = auto()

    @property
    def possible(self) -> bool:
        """The person can add a passkey."""
        return self in {AddMethod.HERE, AddMethod.MANAGED_LOGIN}


class Problem(StrEnum):
    """Why a passkey was not added, or not removed."""

    TOO_LATE = auto()
    WRONG_PLACE = auto()
    NOT_SUPPORTED = auto()
    NOT_OFFERED = auto()
    FULL = auto()
    WAIT_AN_HOUR = auto()
    ONLY_WAY_IN = auto()
    UNREADABLE = auto()
    REFUSED = auto()
    NOT_KNOWN = auto()


# Cognito's own names, as its service model lists them for Start and Complete.
PROBLEM_OF_CODE: Final[Mapping[str, Problem]] = {
    "WebAuthnChallengeNotFoundException": Problem.TOO_LATE,
    "WebAuthnClientMismatchException": Problem.TOO_LATE,
    "WebAuthnRelyingPartyMismatchException": Problem.WRONG_PLACE,
    "WebAuthnOriginNotAllowedException": Problem.WRONG_PLACE,
    "WebAuthnCredentialNotSupportedException": Problem.NOT_SUPPORTED,
    "WebAuthnNotEnabledException": Problem.NOT_OFFERED,
    "WebAuthnConfigurationMissingException": Problem.NOT_OFFERED,
    "OperationNotEnabledException": Problem.NOT_OFFERED,
    "LimitExceededException": Problem.WAIT_AN_HOUR,
    "InvalidParameterException": Problem.REFUSED,
}


def is_only_way_in(status: Status, policy: Policy, *, passkeys: int) -> bool:
    """Tell whether the person could not begin a sign-in without one of their `passkeys`."""
    return (
        passkeys == 1
        and not status.has_password
        and not status.verified & policy.passwordless_attributes
    )


def read_credential(text: str) -> Mapping[str, Any]:
    """Parse the RegistrationResponseJSON that the browser sent; ValueError for anything else.

    https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson
    """
    match json.loads(text):
        case {"id": str(), "response": dict()} as document:
            return dict(document)
    raise ValueError("not a RegistrationResponseJSON")


def fingerprint(credential_id: str) -> str:
    """A short hash of a passkey's id, so that the security log can name it without the id."""
    return sha256(credential_id.encode()).hexdigest()[:16]
