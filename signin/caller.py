"""The person who sent the request, as views and services get them."""

from dataclasses import dataclass, field

from django.conf import settings

from cognito.account import Account
from signin.models import TokenSet, User


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in person, their portal session, and a fresh access token of theirs."""

    person: User
    session: TokenSet
    access_token: str = field(repr=False)

    @property
    def uid(self) -> str:
        """The person as issuer#subject."""
        return self.person.uid

    @property
    def account(self) -> Account:
        """The person's account in the pool that the portal serves."""
        return Account(settings.COGNITO, self.uid, self.access_token)
