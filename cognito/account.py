"""Whose account a call is about, and the access token that allows it."""

from dataclasses import dataclass, field

from cognito.pool import UserPool


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account in a user pool, and their own access token to act on it.

    `person` is issuer#subject. The token has the scope `aws.cognito.signin.user.admin`.
    """

    pool: UserPool
    person: str
    access_token: str = field(repr=False)
