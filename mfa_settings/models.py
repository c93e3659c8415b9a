"""What must survive a reload between a wish and its answer."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mfa_settings.authenticator.domain import MAX_WRONG_CODES


class ProposedChange(models.Model):
    """A change that its person reviews, and then how saving it ended.

    `before` and `after` are preferences as text, `reachable` the factors that a sign-in could ask
    for, `verified` the contact points that could reset the password. `claimed_at` is set by the one
    request that may save it, with its session and `attempt`, the id of the event it will write;
    `result` when it has ended, `settled_at` if only a later read told. `undoes` is the change that
    this one takes back.
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


class WaitingChange(models.Model):
    """A change that waits until its person has signed in again.

    `back` is the path that shows it again, `sealed_fields` what was typed there. The sign-in has to
    be at most `max_age_seconds` old, and to have used a second step where `second_step`; `way` is
    the factor that the person chose to use, where it is not the usual one. `leave_to` is where to
    go without signing in: `back` itself, unless that page can't be seen without it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    back = models.CharField(max_length=2000)
    leave_to = models.CharField(max_length=2000)
    sealed_fields = models.TextField(blank=True)
    max_age_seconds = models.PositiveIntegerField()
    second_step = models.BooleanField()
    way = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"waiting change {self.id}"

    @property
    def is_begun(self) -> bool:
        """Something was done before already, and its page is guarded itself."""
        return self.leave_to != self.back


class PasskeyFactor(models.Model):
    """Whether a person's passkey counts as a factor, as it was last set here: no call of Cognito
    reads it back. `sure` is False after a change that may or may not have taken effect.

    `person` is issuer and subject, as in the security log: a command sets it for people who have
    never signed in here.
    """

    person = models.CharField(max_length=191, unique=True)
    on = models.BooleanField()
    sure = models.BooleanField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{'on' if self.on else 'off'}{'' if self.sure else ', not sure'}"


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


class AuthenticatorSetUp(models.Model):
    """An authenticator app between its key and its first right code.

    The key is sealed and leaves the row when the set-up ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    account_name = models.CharField(max_length=254, blank=True)
    sealed_key = models.TextField(blank=True)
    replaces = models.BooleanField(default=False)
    # The last problem and what it said, so that a reload shows it again and tries nothing.
    problem = models.CharField(max_length=32, blank=True)
    clock_offset = models.DurationField(default=timedelta)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            # The last key that Cognito gave wins, so two open set-ups would break one another.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True),
                name="one_open_authenticator_set_up",
            )
        ]

    @property
    def tries_left(self) -> int:
        return MAX_WRONG_CODES - self.wrong_codes

    def __str__(self) -> str:
        return f"authenticator set-up {self.id}"


class ContactChange(models.Model):
    """A phone number or email address between its entry and its code.

    The value is sealed and leaves the row when the change ends. `old_stays`: the pool keeps the
    old value in use until the new one is confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    attribute = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    sealed_value = models.TextField(blank=True)
    old_stays = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    # The last problem, so that a reload shows it again and tries nothing.
    problem = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "attribute"],
                condition=Q(ended_at__isnull=True),
                name="one_open_change_of_a_contact_point",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attribute} change {self.id}"


class Try(models.Model):
    """One thing that a person did and that a limit counts; `kind` is one of `limits.Kind`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "kind", "at"], name="tries_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class PasskeyCeremony(models.Model):
    """A passkey between "add" and its answer, made here or in managed login.

    `options` is what the browser is asked with (empty: managed login asks); its challenge is good
    once. `before` are the ids of the passkeys that were there, `credential_id` the new one.
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


class Drill(models.Model):
    """A person testing one factor by a sign-in beside their session.

    `intent` is its security event, `verdict` what came of it once somebody has looked (one of
    `drill.domain.Verdict`). `proven_at` is when the factor was seen to work.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    factor = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    side_sign_in = models.OneToOneField("signin.SideSignIn", null=True, on_delete=models.SET_NULL)
    intent = models.UUIDField()
    verdict = models.CharField(max_length=16, blank=True)
    proven_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "factor", "-proven_at"], name="proofs_of_person")
        ]

    def __str__(self) -> str:
        return f"drill of {self.factor}: {self.verdict or 'not ended'}"
