"""List the remembered devices, and forget them as far as one press of the button gets."""

import logging
import time
from collections.abc import Sequence
from math import ceil

from activity.attempt import Shown, attempt
from activity.domain import Event, Outcome
from cognito import devices
from cognito.account import Account
from cognito.errors import Applied, CognitoError, DeviceGone, DevicesNotTracked
from signin.caller import Caller
from signin.devices.domain import (
    FORGET_DEVICES,
    MAX_AT_ONCE,
    MAX_SECONDS,
    End,
    Forgotten,
    RememberedDevice,
    how_it_ended,
    remembered,
)
from signin.limits import service as limits
from signin.limits.domain import Wait
from userpool.policy import DeviceTracking
from userpool.service import read_policy

_log = logging.getLogger(__name__)


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


def forget(*, caller: Caller, key: str | None = None) -> Forgotten:
    """Forget the device of this key, or all of them; a read then says how it ended.

    What one press does not reach is left for the next one, and a device that is gone already
    spends no call of its own. Each press is counted before the first call. Raises `CognitoError`
    and `NotRecorded` before anything was changed.
    """
    taken = limits.consume(FORGET_DEVICES, key=caller.uid)
    if isinstance(taken, Wait):
        return Forgotten(End.TOO_OFTEN, wait_seconds=ceil(taken.left.total_seconds()))
    there = [device.key for device in remembered_devices(account=caller.account) or []]
    wanted = [each for each in there if key in (None, each)]
    if not wanted:
        return Forgotten(End.ALL)
    tried = attempt(
        person=caller.uid,
        event=Event.DEVICES_FORGOTTEN,
        detail={"devices": len(wanted)},
        call=lambda: _forget_each(wanted[:MAX_AT_ONCE], caller.account),
        shows=lambda trouble: _what_is_left(wanted, trouble, caller.account),
    )
    return tried.shown.value if tried.shown else Forgotten(End.NOT_KNOWN)


def _forget_each(keys: Sequence[str], account: Account) -> CognitoError | None:
    """One after the other, until the first trouble or until it takes too long.

    Trouble with the very first is raised if nothing can have been written: it is the plain case.
    """
    give_up = time.monotonic() + MAX_SECONDS
    for number, key in enumerate(keys):
        try:
            devices.forget_device(account, device_key=key)
        except DeviceGone:
            continue
        except CognitoError as error:
            if number == 0 and error.applied is Applied.NO:
                raise
            _log.warning("Not all devices could be forgotten: %s", error)
            return error
        if time.monotonic() > give_up:
            return None
    return None


def _what_is_left(
    wanted: Sequence[str], trouble: CognitoError | None, account: Account
) -> Shown[Forgotten]:
    """Read what was done: a 200 is not yet a success. Raises `CognitoError`."""
    after = {each.key for each in remembered_devices(account=account) or []}
    left = len(after & set(wanted))
    ended = how_it_ended(wanted=len(wanted), gone=len(wanted) - left, left=left)
    if ended.gone:
        return Shown(Outcome.CONFIRMED, ended, {"forgotten": ended.gone, "left": left})
    if trouble and trouble.applied is Applied.NO:
        return Shown(Outcome.REFUSED, ended, {"code": trouble.code})
    return Shown(Outcome.UNKNOWN, ended)
