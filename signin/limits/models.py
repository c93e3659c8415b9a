"""The attempts that limits count, each by a key that names the action and its actor."""

from typing import ClassVar, Final

from django.db import models

# The name of an action, a colon, and its longest key: a person's uid of 191 characters.
MAX_KEY: Final = 255


class Attempt(models.Model):
    """One attempt that a limit counts; `key` is such as "code-sent:issuer#sub"."""

    key = models.CharField(max_length=MAX_KEY)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="attempts_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.at:%Y-%m-%d %H:%M:%S}"


class AttemptLock(models.Model):
    """The row that an attempt locks, so that attempts with the same key are counted in turn."""

    key = models.CharField(max_length=MAX_KEY, primary_key=True)
    locked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.locked_at:%Y-%m-%d %H:%M:%S}"
