"""Three tables that only grow."""

import uuid
from typing import Any, Never

from django.db import models


class _AppendOnly(models.Model):
    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("A security event is never rewritten.")
        super().save(**options)

    def delete(self, *_args: Any, **_options: Any) -> Never:
        raise TypeError("A security event is never deleted.")


class SecurityEvent(_AppendOnly):
    """Somebody set out to do something. `person` is the identity (issuer#sub) it is done to.

    Not a foreign key: the record outlives the account. `detail` holds names of factors and
    states, never a token, a code, a secret or a contact point.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    person = models.CharField(max_length=191)
    event = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["person", "-at"], name="activity_of_person")]

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d %H:%M:%S}"


class EventOutcome(_AppendOnly):
    """How it ended, as far as was known then. One for each event; an event without one was cut off
    in the middle, and gets its own (UNKNOWN) when a later read settles it."""

    event = models.OneToOneField(
        SecurityEvent, on_delete=models.PROTECT, related_name="outcome", primary_key=True
    )
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=16)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.result} {self.at:%Y-%m-%d %H:%M:%S}"


class EventSettlement(_AppendOnly):
    """What a later read of the pool showed of an event whose outcome was UNKNOWN: that it took
    effect (CONFIRMED) or came to nothing (REFUSED). At most one for each event; the outcome stands
    as it was, so that both what was known and when are kept."""

    event = models.OneToOneField(
        SecurityEvent, on_delete=models.PROTECT, related_name="settlement", primary_key=True
    )
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=16)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"settled: {self.result} {self.at:%Y-%m-%d %H:%M:%S}"
