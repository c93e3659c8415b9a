"""The tables of ceremonies that add a passkey, and of the labels that people give passkeys."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class PasskeyCeremony(models.Model):
    """A passkey between "add" and the browser's answer, on a page of the portal or managed login.

    `options` go to the browser, with a challenge that is good once; they are empty where managed
    login asks. `before` are the ids of the passkeys that were there, `credential_id` the new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    options = models.JSONField(default=dict)
    before = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=32, blank=True)
    credential_id = models.CharField(max_length=1400, blank=True)

    def __str__(self) -> str:
        return f"passkey ceremony {self.id}"


class PasskeyLabel(models.Model):
    """The name that a person gave a passkey; Cognito can't keep one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    # 1023 bytes is the longest id that WebAuthn allows; here in base64url.
    credential_id = models.CharField(max_length=1400)
    label = models.CharField(max_length=50)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "credential_id"], name="one_label_of_a_passkey"
            )
        ]

    def __str__(self) -> str:
        return self.label
