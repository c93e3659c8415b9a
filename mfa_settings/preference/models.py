"""A change of preference from its wish to the result of its save."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mfa_settings.preference.domain.rules import PreferenceChange
from userpool.values import Factor, Preference


class ProposedChange(models.Model):
    """A change that its person reviews, and then the result of its save.

    `before` and `after` are preferences as text, `reachable` the factors that a sign-in could ask
    for, `verified` the contact points that could reset the password. `claimed_at` is set by the one
    request that may save it, with its session and `attempt`, the id of the event it will write;
    `result` when it has ended, `settled_at` when a later read resolved it. `undoes` is the change
    that this one undoes.
    """

    class Result(models.TextChoices):
        CONFIRMED = "confirmed"
        NOT_CONFIRMED = "not-confirmed"
        REFUSED = "refused"
        CAME_TO_NOTHING = "came-to-nothing"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    reachable = models.CharField(max_length=100, blank=True)
    verified = models.CharField(max_length=40, blank=True)
    has_password = models.BooleanField(default=True)
    claimed_at = models.DateTimeField(null=True)
    # The portal session that saves it.
    claimed_in = models.UUIDField(null=True)
    result = models.CharField(max_length=16, choices=Result, blank=True)
    refusal = models.CharField(max_length=32, blank=True)
    attempt = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(claimed_at__isnull=False, result=""),
                name="one_save_of_a_person_at_a_time",
            ),
            # However often it is pressed. One that came to nothing may be tried again.
            models.UniqueConstraint(
                fields=["undoes"],
                condition=~Q(result__in=["refused", "came-to-nothing"]),
                name="one_undo_of_a_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before or 'nothing'} -> {self.after or 'nothing'}"

    @property
    def change(self) -> PreferenceChange:
        return PreferenceChange(Preference.parse(self.before), Preference.parse(self.after))

    @property
    def reachable_factors(self) -> frozenset[Factor]:
        """The factors that a sign-in could ask for when the change was proposed."""
        return frozenset(Factor(name) for name in self.reachable.split(",") if name)
