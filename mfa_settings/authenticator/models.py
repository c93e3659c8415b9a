"""The table of authenticator apps that are being set up."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class AuthenticatorSetUp(models.Model):
    """An authenticator app between its key and its first right code.

    The key is sealed and leaves the row when the set-up ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    account_name = models.CharField(max_length=254, blank=True)
    sealed_key = models.TextField(blank=True)
    replaces = models.BooleanField(default=False)
    # The last problem, so that a reload shows it again and tries nothing.
    problem = models.CharField(max_length=32, blank=True)
    clock_offset = models.DurationField(default=timedelta)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            # The last key that Cognito gave wins, so two open set-ups would break one another.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True),
                name="one_open_authenticator_set_up",
            )
        ]

    def __str__(self) -> str:
        return f"authenticator set-up {self.id}"
