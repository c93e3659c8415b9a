"""The people who have signed in, one set of tokens for each portal session, sign-ins beside it."""

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
    """What Cognito issued for one portal session, whose cookie session knows only `id`.

    Without its row a session is over, so deleting the row ends it on every portal at once.
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
    # Managed login was asked for a fresh sign-in with a second step, as one was on by then.
    stepped_up = models.BooleanField(default=False)
    # Shared by all tokens that descend from one sign-in at Cognito.
    origin_jti = models.TextField(blank=True)
    # The pool's groups of the person, from the newest access token: each refresh reads them again.
    groups = models.JSONField(default=list)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Grows with each refresh; together they let one request at a time refresh.
    version = models.PositiveIntegerField(default=1)
    refreshing_until = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"signed in {self.began_at:%Y-%m-%d %H:%M:%S}"


class SideSignIn(models.Model):
    """A sign-in beside the portal's own session, which it leaves as it is: what came of it, and
    no tokens.

    `ended_at` is set by the one callback that may end it. Afterwards it holds either `failure` or
    what the verified tokens said. `sealed` is the refresh token, from its arrival until it is
    revoked; `revocation` says how that went.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    # Of the portal's own session when this one began: a sign-in that is no newer is that one.
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
