"""The state, the clock and the switches of one server, and the look-ups in them."""

import secrets
import string
import threading
from dataclasses import dataclass
from datetime import datetime

from localpool.rules import PoolRule, Refusal, Switch, UserRule
from localpool.rules.switches import Switches
from localpool.state.calls import Calls
from localpool.state.clock import Clock
from localpool.state.records import Client, Pool, State, User

REGION = "eu-central-1"


class World:
    """All pools of one server. A request holds `lock` while it is answered."""

    def __init__(self, state: State, base_url: str = "") -> None:
        self.state = state
        self.base_url = base_url
        self.clock = Clock()
        self.switches = Switches()
        self.calls = Calls()
        self.lock = threading.RLock()

    def now(self) -> datetime:
        return self.clock.now()

    def issuer(self, pool: Pool) -> str:
        return f"{self.base_url}/{pool.id}"

    def switch_is(self, switch: Switch, value: str, pool: Pool) -> bool:
        return self.switches.get(switch, pool.id) == value

    def pool(self, pool_id: str) -> Pool:
        """Errors: ResourceNotFoundException."""
        self.calls.note(pool_id=pool_id)
        pool = self.state.pools.get(pool_id)
        if pool is None:
            raise Refusal(PoolRule.POOL_MISSING, id=pool_id)
        return pool

    def client(self, client_id: str, pool_id: str | None = None) -> tuple[Pool, Client]:
        """Errors: ResourceNotFoundException."""
        self.calls.note(client_id=client_id)
        for pool in self.state.pools.values() if pool_id is None else [self.pool(pool_id)]:
            if client_id in pool.clients:
                self.calls.note(pool_id=pool.id)
                return pool, pool.clients[client_id]
        raise Refusal(PoolRule.CLIENT_MISSING, id=client_id)

    def find_user(self, pool: Pool, name: str) -> User | None:
        """The user with this username, sub or alias (DOC `API/AdminGetUser`)."""
        user = pool.users.get(name) or _by_name(pool, name) or _by_alias(pool, name)
        self.calls.note(username=user.username if user else name)
        return user

    def user(self, pool: Pool, name: str) -> User:
        """Errors: UserNotFoundException."""
        user = self.find_user(pool, name)
        if user is None:
            raise Refusal(UserRule.USER_MISSING)
        return user


@dataclass(frozen=True)
class SignIn:
    """A user who is signing in to a pool through an app client."""

    world: World
    pool: Pool
    client: Client
    user: User
    device_key: str | None = None

    def switch(self, switch: Switch) -> str:
        return self.world.switches.get(switch, self.pool.id)


def _by_name(pool: Pool, name: str) -> User | None:
    exact = pool.settings.get("UsernameConfiguration", {}).get("CaseSensitive", False)
    wanted = name if exact else name.casefold()
    for user in pool.users.values():
        if (user.username if exact else user.username.casefold()) == wanted:
            return user
    return None


def aliases(pool: Pool) -> set[str]:
    settings = pool.settings
    return {*settings.get("AliasAttributes", []), *settings.get("UsernameAttributes", [])}


def _by_alias(pool: Pool, value: str) -> User | None:
    """A contact is an alias once it is verified; as a UsernameAttribute it is one at once."""
    for user in pool.users.values():
        for attribute in aliases(pool):
            known = (
                attribute in pool.settings.get("UsernameAttributes", [])
                or attribute == "preferred_username"
                or user.attributes.get(f"{attribute}_verified") == "true"
            )
            if known and user.attributes.get(attribute) == value:
                return user
    return None


def new_id(length: int, letters: str = string.ascii_lowercase + string.digits) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))


def digits(length: int) -> str:
    """A random code for a text message or a mail."""
    return new_id(length, string.digits)


def opaque() -> str:
    """A random session or token string, long, of the characters that the model allows.

    It begins as Cognito's own do; a hyphen in front would look like a command-line option.
    """
    return f"AYAB{secrets.token_urlsafe(96)}"
