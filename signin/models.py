"""People, their portal sessions with the tokens, and sign-ins that begin no session."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from signin.domain import LONGEST_UID, Revocation
from signin.limits.models import Attempt, AttemptLock
from signin.step_up.models import SuspendedForm

__all__ = ["Attempt", "AttemptLock", "SideSignIn", "SuspendedForm", "TokenSet", "User"]


class User(AbstractBaseUser):
    """A person of the user pool. `uid` is exactly `issuer#subject`; all else is in Cognito.

    The password column that the base class brings is never usable.
    """

    uid = models.CharField(max_length=LONGEST_UID, unique=True)
    # False keeps a person out of this portal only, whatever the pool says.
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "uid"

    objects = BaseUserManager["User"]()

    @property
    def subject(self) -> str:
        """The pool's own name for the person, the `sub` of each token."""
        return self.uid.rpartition("#")[2]


class TokenSet(models.Model):
    """The row of a portal session and its tokens; the cookie's session knows only `id`.

    A session without its row is over, so deleting the row ends the session at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_sets")
    # Access and refresh token, sealed for this row (signin.tokens).
    sealed = models.TextField()
    access_expires_at = models.DateTimeField()
    # From the ID token: when and how the person proved who they are. A refresh changes neither.
    auth_time = models.DateTimeField()
    acr = models.TextField(blank=True)
    amr = models.JSONField(default=list)
    # Managed login was asked for a fresh sign-in with a second step.
    stepped_up = models.BooleanField(default=False)
    # Shared by all tokens that descend from one sign-in at Cognito.
    origin_jti = models.TextField(blank=True)
    # The pool's groups of the person, from the newest access token: each refresh reads them again.
    groups = models.JSONField(default=list)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # The lease of a refresh, so that one request at a time refreshes; `version` grows with each.
    version = models.PositiveIntegerField(default=1)
    refreshing_until = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"signed in {self.began_at:%Y-%m-%d %H:%M:%S}"


class SideSignIn(models.Model):
    """A sign-in that begins no session: its claims and its result, and no tokens.

    The one callback that may end it sets `ended_at`. Afterwards the row holds either `failure` or
    the claims of the verified tokens. `sealed` is the refresh token, from its arrival until its
    revocation; `revocation` says what became of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    # Of the session that it began from: tokens with no newer time show that sign-in once more.
    own_auth_time = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)
    failure = models.CharField(max_length=16, blank=True)
    same_person = models.BooleanField(null=True, default=None)
    auth_time = models.DateTimeField(null=True, default=None)
    acr = models.TextField(blank=True)
    amr = models.JSONField(default=list)
    sealed = models.TextField(blank=True)
    revocation = models.CharField(
        max_length=16, blank=True, choices=[(each.value, each.value) for each in Revocation]
    )

    def __str__(self) -> str:
        return f"side sign-in {self.id}"
