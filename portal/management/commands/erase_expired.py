"""For a timer, every few minutes: erase what is kept no longer than it is needed."""

from typing import Any

from django.core.management.base import BaseCommand

from mfa_settings.authenticator import service as set_ups
from mfa_settings.contact_points import service as contact_points
from mfa_settings.factor_test import service as factor_tests
from mfa_settings.passkeys import service as ceremonies
from mfa_settings.preference import proposals as changes
from signin import ending, side_sign_in
from signin.limits import service as limits
from signin.step_up import service as suspended_forms


class Command(BaseCommand):
    help = (
        "Erases what is over: tokens of sessions, keys of abandoned set-ups, old changes, values "
        "that nobody confirmed, tests and counted tries. Revokes what could not be revoked before."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        limits.erase_expired()
        side_sign_in.erase_expired()
        factor_tests.erase_expired()
        self.stdout.write(
            f"Erased: {ending.erase_expired()} sign-ins, {set_ups.erase_expired()} keys of "
            f"authenticator apps, {changes.erase_expired()} changes, "
            f"{suspended_forms.erase_expired()} changes that waited for a sign-in, "
            f"{contact_points.erase_expired()} numbers and addresses that nobody confirmed, "
            f"{ceremonies.erase_expired()} additions of passkeys."
        )
