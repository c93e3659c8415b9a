"""The suggestions that a person has hidden."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class DismissedStep(models.Model):
    """A next step that a person does not want suggested while their situation stays the same.

    `step` is `NextStep.id`, `situation_key` what `check_up.domain.situation_key` returned.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    step = models.CharField(max_length=64)
    situation_key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "step"], name="one_dismissal_of_a_step")
        ]

    def __str__(self) -> str:
        return self.step
