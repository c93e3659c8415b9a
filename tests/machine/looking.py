"""What is true: found out by really signing in, with everything the person holds, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.machine.ground import Ground
from tests.machine.holder import BLOCK, PASSKEY, Holder, choices_of, factor_of
from userpool.next_sign_in import Asked, NextSignIn
from userpool.values import Factor, in_page_order

_WITHOUT_FACTOR = {None: Asked.NOTHING, "MFA_SETUP": Asked.SET_UP}


@dataclass(frozen=True)
class Truth:
    """`asked`: what the next sign-in asks after the password; with `gets_in_by_password` the person
    can answer it, and `gets_in` counts passkeys too. `works`: each factor that a sign-in asks for,
    or a passkey takes the place of, and that they can answer."""

    asked: NextSignIn
    gets_in_by_password: bool
    gets_in: bool
    works: frozenset[str]


class Looking:
    """Looks again only when the pool or what the person holds has changed."""

    def __init__(self, ground: Ground, holder: Holder) -> None:
        self._ground, self._holder = ground, holder
        self._seen: dict[str, Truth] = {}

    def now(self) -> Truth:
        key = self.everything_that_counts()
        if key not in self._seen:
            with self._ground.only_looking(), _looking(self._holder):
                self._seen[key] = self._look()
        return self._seen[key]

    def user(self) -> Any:
        return self._ground.state.users[self._holder.subject]

    def everything_that_counts(self) -> str:
        user, holder = self.user(), self._holder
        counts = (
            user.mfa_on, user.mfa_preferred, user.passkey_mfa, user.token and user.token.secret,
            sorted(user.attributes.items()), [each.id for each in user.passkeys], user.enabled,
            user.status, self._ground.state.mfa, holder.keys, sorted(holder.contacts),
        )  # fmt: skip
        return repr(counts)

    def what_is_set(self) -> str:
        """What no sign-in changes; a code that is typed there proves where it was sent to."""
        user = self.user()
        contacts = {n: v for n, v in user.attributes.items() if not n.endswith("_verified")}
        return repr((
            sorted(user.mfa_on), user.mfa_preferred, user.passkey_mfa,
            user.token and user.token.secret, sorted(contacts.items()),
            [each.id for each in user.passkeys],
        ))  # fmt: skip

    def _look(self) -> Truth:
        challenge = self._challenge()
        gets_in = challenge is not None and self._holder.get_in(challenge) is not None
        asked = _asked(challenge) if challenge else NextSignIn(Asked.ELSEWHERE)
        enough = {PASSKEY} if self._holder.passkey_is_enough() else set()
        self.user().mfa_preferred = None  # Then a sign-in shows every factor that it can ask for.
        return Truth(asked, gets_in, gets_in or bool(enough), frozenset(self._working() | enough))

    def _challenge(self) -> dict[str, Any] | None:
        try:
            return self._holder.challenge()
        except ClientError:
            return None

    def _working(self) -> set[str]:
        challenge = self._challenge() or {}
        name = challenge.get("ChallengeName", "")
        if name == "SELECT_MFA_TYPE":
            return {factor_of(c) for c in choices_of(challenge) if self._holder.choose(c)}
        return {name} if name in BLOCK and self._holder.get_in(challenge) else set()


def _asked(challenge: dict[str, Any]) -> NextSignIn:
    name = challenge.get("ChallengeName")
    if name == "SELECT_MFA_TYPE":
        choices = [Factor(factor_of(choice)) for choice in choices_of(challenge)]
        return NextSignIn(Asked.CHOICE, in_page_order(choices))
    if name in BLOCK:
        return NextSignIn(Asked.FACTOR, (Factor(name),))
    return NextSignIn(_WITHOUT_FACTOR[name])


@contextmanager
def _looking(holder: Holder) -> Iterator[None]:
    holder.is_looking = True
    try:
        yield
    finally:
        holder.is_looking = False
