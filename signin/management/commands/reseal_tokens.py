"""Retire a token key: put everything that is sealed under the newest one."""

from typing import Any

from django.core.management.base import BaseCommand

from signin import sealing, tokens
from signin.models import TokenSet


class Command(BaseCommand):
    help = (
        "Seals all stored tokens with the first key of PORTAL_TOKEN_KEYS. "
        "Afterwards the older keys can be removed."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        resealed = lost = 0
        for row in list(TokenSet.objects.all()):
            try:
                sealed = sealing.reseal(row.sealed, purpose=tokens.purpose_of(row))
            except sealing.Unsealable:
                lost += 1
                continue
            # A refresh that came in between has already used the newest key.
            TokenSet.objects.filter(pk=row.pk, sealed=row.sealed).update(sealed=sealed)
            resealed += 1
        self.stdout.write(f"{resealed} sessions are sealed with the newest key.")
        if lost:
            self.stdout.write(f"{lost} can't be opened with any key; those people sign in again.")
