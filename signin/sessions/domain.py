"""Places where a person is signed in. Plain Python; texts from apps are hostile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final, Protocol

from signin.limits.domain import HOUR, Limit, LimitedAction
from signin.untrusted import shown_address, shown_name

SSO: Final = "SSO"
# Enough to get through all 100 that a pool keeps, one by one.
END_SIGN_INS: Final = LimitedAction("sign-ins-ended", (Limit(100, HOUR),))
# One press of the button stays well under the time that a person or a proxy waits.
MAX_SECONDS: Final = 6.0
# Of signing out everywhere, which has more to do afterwards.
BROWSERS_SECONDS: Final = 2.0


class Session(Protocol):
    """The fields of `cognito.sessions.Session`, one sign-in as the pool lists it."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def is_current(self) -> bool: ...
    @property
    def origin(self) -> str: ...
    @property
    def created(self) -> datetime | None: ...
    @property
    def last_active(self) -> datetime | None: ...
    @property
    def device(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def country(self) -> str: ...


class PlaceKind(StrEnum):
    """A browser that the sign-in page knows, an app by itself, or this portal by itself."""

    BROWSER = auto()
    APP = auto()
    PORTAL = auto()


@dataclass(frozen=True, slots=True)
class SignedInPlace:
    """A browser or an app in which the person is signed in.

    `ids` are all sign-ins that belong to it, `key` is the one whose end ends it. `apps` counts the
    apps opened in a browser, without this portal. Texts are empty where nothing is known.
    """

    key: str
    ids: frozenset[str]
    kind: PlaceKind
    is_here: bool
    apps: int
    device: str
    address: str
    where: tuple[str, ...]
    since: datetime | None
    last_seen: datetime | None


def places(sessions: Sequence[Session], *, portal: str) -> list[SignedInPlace]:
    """The places of these sign-ins: this one first, then the last seen.

    `portal` is the app client of this portal. The cookie of a browser and all sign-ins that came
    through it are one place.
    """
    cookies = {each.id: each for each in sessions if each.kind == SSO}
    through: dict[str, list[Session]] = {key: [] for key in cookies}
    alone: list[Session] = []
    for each in sessions:
        if each.kind != SSO:
            through.get(each.origin, alone).append(each)
    found = [_browser(cookies[key], those, portal) for key, those in through.items()]
    found += [_alone(each, portal) for each in alone]
    return sorted(found, key=_order)


def _browser(cookie: Session, through: Sequence[Session], portal: str) -> SignedInPlace:
    times = [each.last_active for each in (cookie, *through) if each.last_active]
    return SignedInPlace(
        key=cookie.id,
        ids=frozenset(each.id for each in (cookie, *through)),
        kind=PlaceKind.BROWSER,
        is_here=cookie.is_current or any(each.is_current for each in through),
        apps=len({each.client_id for each in through} - {portal}),
        device=shown_name(cookie.device),
        address=shown_address(cookie.address),
        where=_where(cookie),
        since=cookie.created,
        last_seen=max(times, default=None),
    )


def _alone(each: Session, portal: str) -> SignedInPlace:
    """The place of a sign-in that came through no browser's cookie.

    The portal's own server fetches its tokens, so for a sign-in to the portal Cognito may have seen
    the server's device and address only; they are left out.
    """
    is_ours = each.client_id == portal
    return SignedInPlace(
        key=each.id,
        ids=frozenset({each.id}),
        kind=PlaceKind.PORTAL if is_ours else PlaceKind.APP,
        is_here=each.is_current,
        apps=0,
        device="" if is_ours else shown_name(each.device),
        address="" if is_ours else shown_address(each.address),
        where=() if is_ours else _where(each),
        since=each.created,
        last_seen=each.last_active,
    )


def _where(each: Session) -> tuple[str, ...]:
    return tuple(text for text in (shown_name(each.city), shown_name(each.country)) if text)


def _order(place: SignedInPlace) -> tuple[bool, float]:
    return not place.is_here, -(place.last_seen.timestamp() if place.last_seen else 0.0)
