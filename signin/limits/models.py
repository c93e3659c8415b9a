"""What a person did lately, for the limits that count it."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Try(models.Model):
    """One thing that a person did and that a limit counts; `kind` is one of `limits.Kind`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "kind", "at"], name="tries_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
