"""The devices that apps remember for a person, with the person's own access token.

Every function raises `cognito.errors.CognitoError`; `DevicesNotTracked` where the pool has no
device tracking.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cognito.account import Account
from cognito.client import client, translate_errors
from cognito.errors import TryLater

PAGE_SIZE: Final = 60
MAX_PAGES: Final = 5


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
    """`is_whole` is False where there are more than MAX_PAGES pages of them."""

    devices: tuple[Device, ...]
    is_whole: bool


def list_devices(account: Account) -> DeviceList:
    """All pages of at most 60, at most MAX_PAGES calls.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
    """
    found: list[Device] = []
    more: dict[str, str] = {}
    for _ in range(MAX_PAGES):
        with translate_errors("ListDevices"):
            answer = client(account.pool, "person").list_devices(
                AccessToken=account.access_token,
                Limit=PAGE_SIZE,
                **more,
            )
        if "Devices" not in answer:
            raise TryLater(operation="ListDevices", code="EmptyAnswer")
        for one in answer["Devices"]:
            attributes = {a["Name"]: a.get("Value", "") for a in one.get("DeviceAttributes", [])}
            key, created = one.get("DeviceKey", ""), one.get("DeviceCreateDate")
            found.append(Device(key, attributes, created, one.get("DeviceLastAuthenticatedDate")))
        token = answer.get("PaginationToken", "")
        if not token:
            return DeviceList(tuple(found), is_whole=True)
        more = {"PaginationToken": token}
    return DeviceList(tuple(found), is_whole=False)


def forget_device(account: Account, *, device_key: str) -> None:
    """`DeviceGone` when it was forgotten before. The quota of 25 a second is the whole account's.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html
    """
    with translate_errors("ForgetDevice", writes=True):
        client(account.pool, "person-once").forget_device(
            AccessToken=account.access_token, DeviceKey=device_key
        )
