"""List the remembered devices, and forget them as far as one press of the button gets."""

from contextlib import suppress

from activity.domain import Event
from cognito import devices
from cognito.account import Account
from cognito.errors import DeviceGone, DevicesNotTracked
from signin import batch
from signin.caller import Caller
from signin.devices.domain import FORGET_DEVICES, MAX_SECONDS, RememberedDevice, remembered
from userpool.policy import DeviceTracking
from userpool.service import read_policy


def remembered_devices(*, account: Account) -> list[RememberedDevice] | None:
    """The last used first; None where the pool tracks no devices. Raises `CognitoError`."""
    if read_policy().devices is DeviceTracking.OFF:
        return None
    try:
        found = devices.list_devices(account)
    except DevicesNotTracked:
        return None
    shown = [
        device
        for one in found.devices
        if (device := remembered(one.key, one.attributes, one.created, one.last_used))
    ]
    return sorted(shown, key=_last_used, reverse=True)


def _last_used(device: RememberedDevice) -> float:
    return device.last_used.timestamp() if device.last_used else 0.0


def forget(*, caller: Caller, key: str | None = None) -> batch.Ended:
    """Forget the device of this key, or all of them; a read then says how it ended.

    What one press does not reach is left for the next one, and a device that is gone already
    spends no call of its own. Raises `CognitoError` and `NotRecorded` before anything was changed.
    """
    if stopped := batch.too_often(FORGET_DEVICES, caller):
        return stopped
    account = caller.account
    wanted = [each for each in _keys(account) if key in (None, each)]
    if not wanted:
        return batch.Ended(batch.End.ALL)

    def forget_one(device_key: str) -> None:
        with suppress(DeviceGone):
            devices.forget_device(account, device_key=device_key)

    return batch.end_recorded(
        caller=caller,
        event=Event.DEVICES_FORGOTTEN,
        names=("devices", "forgotten"),
        wanted=wanted,
        act=lambda: batch.act_on_each(wanted, forget_one, seconds=MAX_SECONDS),
        listed=lambda: set(_keys(account)) & set(wanted),
    )


def _keys(account: Account) -> list[str]:
    return [device.key for device in remembered_devices(account=account) or []]
