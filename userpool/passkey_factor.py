"""Stores whether a person's passkey counts as a factor: Cognito takes the flag and never shows it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html
"""

from dataclasses import dataclass

from userpool.models import PasskeyFactor


@dataclass(frozen=True, slots=True)
class PasskeyFlag:
    """The flag as this portal last set it. Not `sure`: that change may not have taken effect."""

    on: bool = False
    sure: bool = True


def read_passkey_flag(*, person: str) -> PasskeyFlag:
    """The person's flag (`person` is issuer and subject); off if it was never set here."""
    row = PasskeyFactor.objects.filter(person=person).first()
    return PasskeyFlag(on=row.on, sure=row.sure) if row else PasskeyFlag()


def store_passkey_flag(*, person: str, on: bool, sure: bool) -> None:
    """Stores the flag that was last sent; `sure` is False if it may not have taken effect."""
    PasskeyFactor.objects.update_or_create(person=person, defaults={"on": on, "sure": sure})
