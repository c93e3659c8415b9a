"""Remember whether a passkey counts as a factor: Cognito takes the flag and never shows it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html
"""

from dataclasses import dataclass

from mfa_settings.domain import Change, Factor
from mfa_settings.models import PasskeyFactor


@dataclass(frozen=True, slots=True)
class Remembered:
    """`sure` is False after a change that may or may not have taken effect."""

    on: bool = False
    sure: bool = True


def remembered(*, person: str) -> Remembered:
    """`person` is issuer and subject. Off, for somebody who never set it here."""
    row = PasskeyFactor.objects.filter(person=person).first()
    return Remembered(on=row.on, sure=row.sure) if row else Remembered()


def moves_it(change: Change) -> bool:
    return Factor.PASSKEY in change.turned_on | change.turned_off


def remember_accepted(*, person: str, change: Change) -> None:
    """Cognito has taken the change."""
    if moves_it(change):
        PasskeyFactor.objects.update_or_create(
            person=person, defaults={"on": Factor.PASSKEY in change.after.enabled, "sure": True}
        )


def remember_doubt(*, person: str, change: Change) -> None:
    """Cognito refused, whole or in part, or did not answer."""
    if moves_it(change):
        PasskeyFactor.objects.update_or_create(
            person=person, defaults={"on": Factor.PASSKEY in change.before.enabled, "sure": False}
        )
