"""Remember whether a passkey counts as a factor: Cognito takes the flag and never shows it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html
"""

from dataclasses import dataclass

from userpool.models import PasskeyFactor


@dataclass(frozen=True, slots=True)
class Remembered:
    """`sure` is False after a change that may or may not have taken effect."""

    on: bool = False
    sure: bool = True


def remembered(*, person: str) -> Remembered:
    """`person` is issuer and subject. Off, for somebody who never set it here."""
    row = PasskeyFactor.objects.filter(person=person).first()
    return Remembered(on=row.on, sure=row.sure) if row else Remembered()


def remember(*, person: str, on: bool, sure: bool) -> None:
    """Keep what was last sent of the flag; `sure` is False where it may not have taken effect."""
    PasskeyFactor.objects.update_or_create(person=person, defaults={"on": on, "sure": sure})
