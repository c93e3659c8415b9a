"""Where a passkey can be made, and what a passkey is called. Plain Python.

A page may make a passkey for its own host or for a domain above it, so the portal can do it in
its own page only where its host is the pool's relying-party id or below it; otherwise managed
login does. https://www.w3.org/TR/webauthn-3/#rp-id
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any, Final

from signin.limits.domain import HOUR, Limit, LimitedAction
from userpool.policy import Policy, rp_id_matches
from userpool.values import Status

MOST: Final = 20
START_PASSKEY: Final = LimitedAction("passkey-started", (Limit(20, HOUR),))
CEREMONY_LIVES: Final = timedelta(minutes=15)
LONGEST_LABEL: Final = 50


class Way(StrEnum):
    """How this person can add a passkey, or why they can't."""

    HERE = auto()
    MANAGED_LOGIN = auto()
    # None of these can be mended by the person.
    NOT_OFFERED = auto()
    ANOTHER_PROVIDER = auto()
    NOWHERE = auto()

    @property
    def open(self) -> bool:
        return self in {Way.HERE, Way.MANAGED_LOGIN}


class Problem(StrEnum):
    """Why a passkey was not added."""

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
    """Without this one its person could not begin a sign-in any more."""
    return (
        passkeys == 1
        and not status.has_password
        and not status.verified & policy.passwordless_attributes
    )


def way_for(*, status: Status, policy: Policy, portal_host: str, login_host: str) -> Way:
    if status.identity_provider:
        return Way.ANOTHER_PROVIDER
    if policy.passkeys is None:
        return Way.NOT_OFFERED
    if rp_id_matches(portal_host, policy.passkeys.relying_party_id):
        return Way.HERE
    if rp_id_matches(login_host, policy.passkeys.relying_party_id):
        return Way.MANAGED_LOGIN
    return Way.NOWHERE


def read_credential(text: str) -> Mapping[str, Any]:
    """RegistrationResponseJSON as the browser sent it; ValueError for anything else."""
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise ValueError("not a RegistrationResponseJSON")
    if not isinstance(document.get("response"), dict):
        raise ValueError("not a RegistrationResponseJSON")
    return document


def fingerprint(credential_id: str) -> str:
    """Tells a passkey again in the list of one's own, and says nothing of it to anybody else."""
    return sha256(credential_id.encode()).hexdigest()[:16]
