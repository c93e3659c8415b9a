"""Remember a passkey's flag when a change of preference was sent."""

from mfa_settings.preference.domain.rules import PreferenceChange
from userpool.passkey_factor import store_passkey_flag
from userpool.values import Factor


def moves_passkey(change: PreferenceChange) -> bool:
    """Tell whether the change turns the passkey on or off as a factor."""
    return Factor.PASSKEY in change.turned_on | change.turned_off


def remember_accepted(*, person: str, change: PreferenceChange) -> None:
    """Remember the flag as the change wanted it: Cognito accepted the change."""
    if moves_passkey(change):
        store_passkey_flag(person=person, on=Factor.PASSKEY in change.after.enabled, sure=True)


def remember_doubt(*, person: str, change: PreferenceChange) -> None:
    """Remember the flag as it was, in doubt: Cognito refused, whole or in part, or was silent."""
    if moves_passkey(change):
        store_passkey_flag(person=person, on=Factor.PASSKEY in change.before.enabled, sure=False)
