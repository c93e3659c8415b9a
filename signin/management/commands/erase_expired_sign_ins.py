"""Erase what belongs to sign-ins that are over. For a timer, once an hour."""

from typing import Any

from django.core.management.base import BaseCommand

from signin import service


class Command(BaseCommand):
    help = "Revokes and erases the tokens of sessions whose time is over."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{service.erase_expired()} expired sign-ins were erased.")
