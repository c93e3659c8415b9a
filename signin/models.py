"""The people who have signed in, and one set of tokens for each portal session."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from signin.domain import LONGEST_UID


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
    # Shared by all tokens that descend from one sign-in at Cognito.
    origin_jti = models.TextField(blank=True)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Grows with each refresh; together they let one request at a time refresh.
    version = models.PositiveIntegerField(default=1)
    refreshing_until = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"signed in {self.began_at:%Y-%m-%d %H:%M:%S}"
