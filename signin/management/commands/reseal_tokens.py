"""Retire a token key: encrypt every sealed token with the newest one."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet

from signin import sealing, side_sign_in, tokens
from signin.models import SideSignIn, TokenSet


class Command(BaseCommand):
    help = (
        "Seals all stored tokens with the first key of PORTAL_TOKEN_KEYS. "
        "Afterwards the older keys can be removed."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        resealed, lost = _reseal(TokenSet.objects.all(), tokens.purpose_of)
        # Side sign-ins whose revocation is pending.
        _reseal(SideSignIn.objects.exclude(sealed=""), side_sign_in.purpose_of)
        self.stdout.write(f"{resealed} sessions are sealed with the newest key.")
        if lost:
            self.stdout.write(f"{lost} can't be opened with any key; those people sign in again.")


def _reseal(rows: QuerySet[Any], purpose_of: Callable[[Any], str]) -> tuple[int, int]:
    """The number of rows that are sealed anew, and of those that no key opens."""
    resealed = lost = 0
    for row in list(rows):
        try:
            sealed = sealing.reseal(row.sealed, purpose=purpose_of(row))
        except sealing.Unsealable:
            lost += 1
            continue
        # A row that was refreshed meanwhile already has the newest key.
        rows.filter(pk=row.pk, sealed=row.sealed).update(sealed=sealed)
        resealed += 1
    return resealed, lost
