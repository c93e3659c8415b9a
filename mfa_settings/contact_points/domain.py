"""Phone numbers and email addresses, and the rules for changing them. Plain Python, no clock.

E.164 numbers: https://www.itu.int/rec/T-REC-E.164
"""

import re
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum, auto
from typing import Final

import phonenumbers

from mfa_settings.preference.domain.password_reset import reset_channels
from signin.limits.domain import DAY, HOUR, Limit, LimitedAction
from userpool.next_sign_in import effective_preference, next_sign_in_of
from userpool.policy import Mode, Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, PREFERABLE, Attribute, ContactPoint, Factor, Status

# Cognito itself allows 5 an hour.
SEND_CODE: Final = LimitedAction(
    "code-sent", (Limit(1, timedelta(seconds=60)), Limit(5, HOUR), Limit(5, DAY))
)
# As Cognito itself does.
CHECK_CODE: Final = LimitedAction("code-checked", (Limit(15, HOUR),))
# E.164 with its plus.
LENGTHS_OF_NUMBERS: Final = range(8, 17)
CODE_LIVES: Final = timedelta(hours=24)
FACTOR_OF_ATTRIBUTE: Final = {attribute: f for f, attribute in ATTRIBUTE_OF_FACTOR.items()}


class Problem(StrEnum):
    """Why a change or a removal did not succeed."""

    # Another code, or the same one again, may succeed.
    WRONG_CODE = auto()
    CODE_EXPIRED = auto()
    NOT_SENT = auto()
    NOT_KNOWN = auto()
    REPLACED = auto()
    BUSY_LIMIT = auto()
    # This value, or this account, rules it out.
    TAKEN = auto()
    SAME = auto()
    NOT_ALLOWED = auto()
    # Something else comes first.
    MANAGED_ELSEWHERE = auto()
    TURN_OFF_FIRST = auto()
    ASK_ANOTHER_FIRST = auto()
    SET_UP_ANOTHER_FIRST = auto()
    NO_OTHER_WAY = auto()
    SIGNS_IN_WITH_IT = auto()


def clean_phone(typed: str) -> str:
    """Return a typed number as E.164; spaces, brackets, hyphens and a leading 00 are accepted.

    Raises ValueError("country") without a country code, ValueError("number") for no number.
    """
    text = re.sub(r"^\s*[\(\[]?\s*00", "+", typed).strip()
    if not text.startswith(("+", "\uff0b", "(+")):
        raise ValueError("country")
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise ValueError("number") from None
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValueError("number")
    cleaned = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(cleaned) not in LENGTHS_OF_NUMBERS:
        raise ValueError("number")
    return cleaned


def readable_contact(value: str) -> str:
    """Return an E.164 number in the groups of its country, and an address unchanged."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def could_be(destination: str, value: str) -> bool:
    """Tell whether a masked destination (`+*******1234`, `a***@e***`) can stand for this value.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CodeDeliveryDetailsType.html
    """
    name, at, host = destination.partition("@")
    if at:
        own_name, _, own_host = value.partition("@")
        return (name[:1], host[:1]) == (own_name[:1], own_host[:1])
    shown = re.search(r"\d+$", destination)
    return shown is None or value.endswith(shown[0])


def contact_of(status: Status, attribute: Attribute) -> ContactPoint | None:
    """The contact point that the account holds; None for none."""
    return status.phone if attribute is Attribute.PHONE else status.email


def why_no_change(attribute: Attribute, status: Status, policy: Policy) -> Problem | None:
    """Return the obstacle to a new value; None without one.

    Where the pool overwrites at once, the next sign-in must not send its code to the new value.
    """
    if status.identity_provider:
        return Problem.MANAGED_ELSEWHERE
    if attribute in policy.verified_before_update:
        return None
    return _signs_in_with(attribute, status, policy) or _asked_for(attribute, status, policy)


def why_no_removal(attribute: Attribute, status: Status, policy: Policy) -> Problem | None:
    """Return the obstacle to the removal, such as a factor that uses the contact point, or None."""
    if status.identity_provider:
        return Problem.MANAGED_ELSEWHERE
    if policy.mode is Mode.OPTIONAL and FACTOR_OF_ATTRIBUTE[attribute] in status.preference.enabled:
        return Problem.TURN_OFF_FIRST
    return _signs_in_with(attribute, status, policy) or _asked_for(attribute, status, policy)


def _signs_in_with(attribute: Attribute, status: Status, policy: Policy) -> Problem | None:
    """SIGNS_IN_WITH_IT where this person could not sign in without a verified value here.

    It is their user name, or its code takes the place of a password that they do not have.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
    """
    left = status.verified - {attribute}
    is_the_name = attribute in policy.username_attributes and not left & policy.username_attributes
    is_the_proof = (
        attribute in policy.passwordless_attributes
        and not status.has_password
        and Factor.PASSKEY not in status.ready
        and not left & policy.passwordless_attributes
    )
    lost = attribute in status.verified and (is_the_name or is_the_proof)
    return Problem.SIGNS_IN_WITH_IT if lost else None


def _asked_for(attribute: Attribute, status: Status, policy: Policy) -> Problem | None:
    """Return the step to take first where the next sign-in could send its code to `attribute`."""
    factor = FACTOR_OF_ATTRIBUTE[attribute]
    held = replace(status, reachable=status.reachable | {factor})
    if factor not in next_sign_in_of(held, policy).factors:
        return None
    if policy.mode is not Mode.ON:
        return Problem.TURN_OFF_FIRST
    on = effective_preference(held, policy).enabled
    if (on & status.reachable & PREFERABLE) - {factor}:
        return Problem.ASK_ANOTHER_FIRST
    return Problem.SET_UP_ANOTHER_FIRST if policy.offered - {factor} else Problem.NO_OTHER_WAY


def leaves_no_reset(attribute: Attribute, status: Status, policy: Policy) -> bool:
    """Tell whether only this contact point can receive the code to reset the password."""
    now = effective_preference(status, policy)
    had = reset_channels(now, policy, verified=status.verified)
    return bool(had) and not reset_channels(now, policy, verified=status.verified - {attribute})
