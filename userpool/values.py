"""The values that the rules work with: factor, attribute, preference, status. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Factor(StrEnum):
    """A proof of identity after the password. The values are Cognito's own names."""

    TOTP = "SOFTWARE_TOKEN_MFA"
    SMS = "SMS_MFA"
    EMAIL = "EMAIL_OTP"
    PASSKEY = "WEB_AUTHN"


# WebAuthnMfaSettings has no PreferredMfa.
PREFERABLE = frozenset(Factor) - {Factor.PASSKEY}
# A sign-in never asks for a passkey after the password: it takes the password's place.
ASKED_AFTER_PASSWORD = PREFERABLE


class Attribute(StrEnum):
    """A kind of contact point. The values are Cognito's own attribute names."""

    PHONE = "phone_number"
    EMAIL = "email"


# Where Cognito sends the code of a factor.
ATTRIBUTE_OF_FACTOR: Final[Mapping[Factor, Attribute]] = {
    Factor.SMS: Attribute.PHONE,
    Factor.EMAIL: Attribute.EMAIL,
}


@dataclass(frozen=True, slots=True)
class Preference:
    """The factors that are on, and the one that is asked first (None: ask me each time)."""

    enabled: frozenset[Factor] = frozenset()
    preferred: Factor | None = None

    def __str__(self) -> str:
        """`SOFTWARE_TOKEN_MFA*,SMS_MFA`: the factors that are on, a star at the first one."""
        used = in_page_order(self.enabled | ({self.preferred} if self.preferred else set()))
        return ",".join(f"{f.value}*" if f is self.preferred else f.value for f in used)

    @classmethod
    def parse(cls, text: str) -> "Preference":
        """The inverse of `str`. Raises ValueError for text that `str` does not write."""
        names = text.split(",") if text else []
        starred = [Factor(name[:-1]) for name in names if name.endswith("*")]
        parsed = cls(
            frozenset(Factor(name.removesuffix("*")) for name in names),
            starred[0] if starred else None,
        )
        if str(parsed) != text:
            raise ValueError(text)
        return parsed


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A phone number (E.164) or an email address, and whether its owner has proved it."""

    value: str = field(repr=False)
    verified: bool


@dataclass(frozen=True, slots=True)
class Status:
    """A person's account, as the pool describes it.

    `preference` is the one that GetUser lists. `ready` are the factors that may be turned on: an
    app that is set up, a verified number or address, a passkey. `reachable` are those that a
    sign-in can ask for: a code goes to an unverified number too. `identity_provider` signs the
    person in; "" for the pool itself. `has_password` is False for a person who begins each sign-in
    with a code or a passkey.
    """

    username: str
    preference: Preference
    ready: frozenset[Factor] = frozenset()
    reachable: frozenset[Factor] = frozenset()
    phone: ContactPoint | None = None
    email: ContactPoint | None = None
    identity_provider: str = ""
    passkey_is_sure: bool = True
    has_password: bool = True

    @property
    def verified(self) -> frozenset[Attribute]:
        """The attributes whose contact point is verified."""
        contacts = {Attribute.PHONE: self.phone, Attribute.EMAIL: self.email}
        return frozenset(a for a, contact in contacts.items() if contact and contact.verified)

    @property
    def account_name(self) -> str:
        """The name of this account on pages; a user name can be an id that nobody knows."""
        return self.email.value if self.email and self.email.verified else self.username


def in_page_order(factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """The factors in the order in which pages list them."""
    return tuple(sorted(factors, key=list(Factor).index))
