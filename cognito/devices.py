"""The devices that apps remember for a person, with the person's own access token.

Every function raises `cognito.errors.CognitoError`; `DevicesNotTracked` where the pool has no
device tracking.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cognito.account import Account
from cognito.client import call, pages

PAGE_SIZE: Final = 60


@dataclass(frozen=True, slots=True)
class Device:
    """One device in Cognito's words; `attributes` (device_name, last_ip_used, …) come from apps
    and may hold anything."""

    key: str
    attributes: dict[str, str] = field(repr=False)
    created: datetime | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The devices of a person; not `is_whole` where Cognito has more pages than were read."""

    devices: tuple[Device, ...]
    is_whole: bool


def list_devices(account: Account) -> DeviceList:
    """Lists the person's devices, in pages of at most 60.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
    """
    link = "PaginationToken"
    read = list(pages(account, "ListDevices", link=link, proof="Devices", Limit=PAGE_SIZE))
    devices = tuple(
        Device(
            key=each.get("DeviceKey", ""),
            attributes={a["Name"]: a.get("Value", "") for a in each.get("DeviceAttributes", [])},
            created=each.get("DeviceCreateDate"),
            last_used=each.get("DeviceLastAuthenticatedDate"),
        )
        for page in read
        for each in page["Devices"]
    )
    return DeviceList(devices, is_whole=not read[-1].get(link))


def forget_device(account: Account, *, device_key: str) -> None:
    """Forgets the device; raises `DeviceGone` when it was forgotten before.

    The quota of 25 calls a second is that of the whole AWS account.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html
    """
    call(account, "ForgetDevice", writes=True, DeviceKey=device_key)
