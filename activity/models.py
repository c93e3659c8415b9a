"""The security log: one table that only grows."""

import uuid
from typing import Any, Never

from django.db import models
from django.db.models import Q

from activity.domain import EntryKind, Outcome
from activity.request import DEVICE_CHARACTERS


class LogEntry(models.Model):
    """One row of the security log: an intent, its outcome, or what a later read showed of it.

    An intent stands before the change is begun and is `about` nothing. An OUTCOME is what was
    known when the change ended; a process that died leaves none. A SETTLEMENT is what a later read
    showed of an intent whose outcome is UNKNOWN. Both are `about` their intent, repeat its
    `person` and `event`, and leave it as it is: what was known stands beside when it was known.

    `person` is issuer#subject of the account; no foreign key, since the log outlives the account.
    `actor` is issuer#subject of whoever did it, or a constant of `activity.request`. `detail`
    holds names of factors and states, never a token, a code, a secret or a contact point.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10)
    about = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="endings"
    )
    person = models.CharField(max_length=191)
    actor = models.CharField(max_length=191)
    case = models.UUIDField(null=True, blank=True)
    event = models.CharField(max_length=64)
    result = models.CharField(max_length=16, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    device = models.CharField(max_length=DEVICE_CHARACTERS, blank=True)
    place = models.CharField(max_length=191, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["person", "at", "id"], name="log_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["about", "kind"], name="log_one_ending_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.INTENT.value, about=None, result="")
                | (~Q(kind=EntryKind.INTENT.value) & Q(about__isnull=False) & ~Q(result="")),
                name="log_only_endings_are_about_an_intent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.result or self.kind} {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("The security log is never rewritten.")
        super().save(**options)

    def delete(self, *_args: Any, **_options: Any) -> Never:
        raise TypeError("The security log is never shortened.")

    @property
    def outcome(self) -> "LogEntry | None":
        """The outcome of this intent; None while it is under way, and where its process died."""
        return self._ending(EntryKind.OUTCOME)

    @property
    def settlement(self) -> "LogEntry | None":
        """The settlement that a later read wrote about this intent; None without one."""
        return self._ending(EntryKind.SETTLEMENT)

    @property
    def ended_as(self) -> Outcome:
        """The outcome of this intent, by its settlement where there is one; UNKNOWN without any."""
        ending = self.settlement or self.outcome
        return Outcome(ending.result) if ending else Outcome.UNKNOWN

    def _ending(self, kind: EntryKind) -> "LogEntry | None":
        # Over `all`, which `prefetch_related("endings")` has read.
        return next((each for each in self.endings.all() if each.kind == kind), None)
