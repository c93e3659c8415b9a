"""Settings that Cognito takes and never shows again."""

from django.db import models


class PasskeyFactor(models.Model):
    """The flag that makes a person's passkey count as a factor, as it was last set here.

    No call of Cognito reads it back. `sure` is False after a change that may or may not have taken
    effect. `person` is issuer and subject, as in the security log: a command sets the flag for
    people who have never signed in here.
    """

    person = models.CharField(max_length=191, unique=True)
    on = models.BooleanField()
    sure = models.BooleanField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{'on' if self.on else 'off'}{'' if self.sure else ', not sure'}"
