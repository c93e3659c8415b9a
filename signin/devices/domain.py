"""Remembered devices. Plain Python; names from apps are hostile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from signin.limits.domain import HOUR, Limit, LimitedAction
from signin.untrusted import shown_address, shown_name

# One press of the button stays well under the time that a person or a proxy waits.
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
