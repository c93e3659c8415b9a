"""The suggestions that a person has hidden."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class DismissedStep(models.Model):
    """A next step that a person does not want suggested, as long as they stand as they did then.

    `step` is `check_up.domain.Step.id`, `standing` what `check_up.domain.standing` said.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    step = models.CharField(max_length=64)
    standing = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "step"], name="one_dismissal_of_a_step")
        ]

    def __str__(self) -> str:
        return self.step
