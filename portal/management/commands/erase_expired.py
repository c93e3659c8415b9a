"""Erase the rows that have been kept long enough. A timer runs this command every few minutes. A
timer runs it every few minutes."""

from typing import Any, Final

from django.core.management.base import BaseCommand

from mfa_settings.authenticator import service as set_ups
from mfa_settings.contact_points import service as contact_points
from mfa_settings.factor_test import service as factor_tests
from mfa_settings.passkeys import service as ceremonies
from mfa_settings.preference import proposals as changes
from signin import ending, side_sign_in
from signin.limits import service as limits
from signin.step_up import service as suspended_forms

# In this order: what is erased, and the function that erases it and returns how many.
_ERASE: Final = {
    "counted attempts": limits.erase_expired,
    "sign-ins of tests": side_sign_in.erase_expired,
    "tests": factor_tests.erase_expired,
    "sign-ins": ending.erase_expired,
    "keys of authenticator apps": set_ups.erase_expired,
    "changes": changes.erase_expired,
    "changes that waited for a sign-in": suspended_forms.erase_expired,
    "numbers and addresses that nobody confirmed": contact_points.erase_expired,
    "additions of passkeys": ceremonies.erase_expired,
}


class Command(BaseCommand):
    help = (
        "Erases what is over: tokens of sessions, keys of abandoned set-ups, old changes, values "
        "that nobody confirmed, tests and counted tries. Revokes what could not be revoked before."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        counts = [f"{erase()} {what}" for what, erase in _ERASE.items()]
        self.stdout.write(f"Erased: {', '.join(counts)}.")
