"""Remembered devices, and how forgetting them ended. Plain Python; names from apps are hostile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from signin.limits.domain import HOUR, Limit, LimitedAction
from signin.untrusted import shown_address, shown_name

# One press of the button stays well under the account's 25 calls a second, and under the time
# that a person or a proxy waits.
MAX_AT_ONCE: Final = 20
MAX_SECONDS: Final = 8.0
# Presses an hour: enough to get through 600 devices.
FORGET_DEVICES: Final = LimitedAction("devices-forgotten", (Limit(30, HOUR),))
NOT_REMEMBERED: Final = "not_remembered"


@dataclass(frozen=True, slots=True)
class RememberedDevice:
    """A device on which apps ask for no second step.

    `name` and `address` are empty where the app sent nothing that can be shown.
    """

    key: str
    name: str
    address: str
    first_seen: datetime | None
    last_used: datetime | None


class End(StrEnum):
    """How forgetting ended: all devices are gone, some, none, nobody knows, or a limit stopped it
    before the first call."""

    ALL = auto()
    PART = auto()
    NOTHING = auto()
    NOT_KNOWN = auto()
    TOO_OFTEN = auto()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of the wanted devices are gone, and how many are left.

    `wait_seconds` is how long the limit lasts, where it stopped the press.
    """

    end: End
    gone: int = 0
    left: int = 0
    wait_seconds: int = 0


def remembered(
    key: str, attributes: Mapping[str, str], first_seen: datetime | None, last_used: datetime | None
) -> RememberedDevice | None:
    """The device to show; None for one that Cognito knows but does not remember."""
    if attributes.get("dev:device_remembered_status") == NOT_REMEMBERED:
        return None
    return RememberedDevice(
        key=key,
        name=shown_name(attributes.get("device_name", "")),
        address=shown_address(attributes.get("last_ip_used", "")),
        first_seen=first_seen,
        last_used=last_used,
    )


def how_it_ended(*, wanted: int, gone: int, left: int) -> Forgotten:
    """How forgetting `wanted` devices ended, by a read that shows `gone` of them gone."""
    if gone == wanted and not left:
        return Forgotten(End.ALL, gone)
    return Forgotten(End.PART if gone else End.NOTHING, gone, left)
