"""The table of phone numbers and email addresses that wait for their code."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class ContactChange(models.Model):
    """A phone number or email address between its entry and its code.

    The value is sealed and leaves the row when the change ends. `old_stays`: the pool uses the old
    value until the new one is confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    attribute = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    sealed_value = models.TextField(blank=True)
    old_stays = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    # The last problem, so that a reload shows it again and tries nothing.
    problem = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "attribute"],
                condition=Q(ended_at__isnull=True),
                name="one_open_change_of_a_contact_point",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attribute} change {self.id}"
