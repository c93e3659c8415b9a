"""Which user pool the portal serves, and the addresses that follow from it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class UserPool:
    """One user pool, one app client of it, and its managed-login domain.

    `domain` is the base URL of managed login (`https://auth.example.com`), without a slash at
    the end. `endpoint_url` replaces Amazon's own API endpoint; a Cognito-shaped endpoint serves
    the pool's issuer under the same base URL. `threads` is how many threads of the process ask
    the pool at the same time.

    https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
    """

    region: str
    pool_id: str
    client_id: str
    domain: str
    client_secret: str = field(default="", repr=False)
    endpoint_url: str = ""
    threads: int = 16

    @property
    def issuer(self) -> str:
        """The `iss` of every token of this pool."""
        api = self.endpoint_url or f"https://cognito-idp.{self.region}.amazonaws.com"
        return f"{api}/{self.pool_id}"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/.well-known/jwks.json"

    @property
    def authorize_url(self) -> str:
        return f"{self.domain}/oauth2/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.domain}/oauth2/token"

    @property
    def revoke_url(self) -> str:
        return f"{self.domain}/oauth2/revoke"

    @property
    def logout_url(self) -> str:
        return f"{self.domain}/logout"
