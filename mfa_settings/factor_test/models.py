"""The table of tests of factors."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class FactorTest(models.Model):
    """A person's test of one factor, by a sign-in beside their session.

    `intent` is the id of its security event. `verdict` (a `domain.Verdict`) is "" until the person
    has come back and somebody has looked. `succeeded_at` is when the factor was seen to work.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    factor = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    side_sign_in = models.OneToOneField("signin.SideSignIn", null=True, on_delete=models.SET_NULL)
    intent = models.UUIDField()
    verdict = models.CharField(max_length=16, blank=True)
    succeeded_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "factor", "-succeeded_at"], name="tests_of_person")
        ]

    def __str__(self) -> str:
        return f"test of {self.factor}: {self.verdict or 'not ended'}"
