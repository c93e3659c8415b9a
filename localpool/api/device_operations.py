"""The operations on devices: the person's by access token, and their administrator twins.

Sources: `API/ConfirmDevice`, `API/ListDevices`, `API/GetDevice`, `API/ForgetDevice`,
`API/UpdateDeviceStatus`, and `API/Admin…` of the same names. Errors: those of `devices`.
"""

from localpool.api.members import page, pool_and_user
from localpool.api.registry import operation
from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.sign_in import devices
from localpool.sign_in.tokens import Person, person
from localpool.state.records import Json, User
from localpool.state.world import World


def _me(world: World, ask: Json) -> Person:
    """GetDevice and ForgetDevice do not require an access token in the model, but nobody else's
    device can be meant."""
    if "AccessToken" not in ask:
        raise Refusal(SignInRule.PARAMETER_MISSING, name="AccessToken")
    me = person(world, ask["AccessToken"])
    devices.needs_tracking(world, me.pool)
    return me


def _them(world: World, ask: Json) -> User:
    pool, user = pool_and_user(world, ask)
    devices.needs_tracking(world, pool)
    return user


@operation("ConfirmDevice")
def confirm_device(world: World, ask: Json) -> Json:
    return {"UserConfirmationNecessary": not devices.confirm(world, _me(world, ask), ask)}


@operation("ListDevices")
def list_devices(world: World, ask: Json) -> Json:
    return _page(_me(world, ask).user, ask, admin=False)


@operation("GetDevice")
def get_device(world: World, ask: Json) -> Json:
    device = devices.find(_me(world, ask).user, ask["DeviceKey"])
    if not device.remembered:
        raise Refusal(SignInRule.DEVICE_MISSING)
    return {"Device": devices.device_type(device)}


@operation("ForgetDevice")
def forget_device(world: World, ask: Json) -> Json:
    user = _me(world, ask).user
    del user.devices[devices.find(user, ask["DeviceKey"]).key]
    return {}


@operation("UpdateDeviceStatus")
def update_device_status(world: World, ask: Json) -> Json:
    device = devices.find(_me(world, ask).user, ask["DeviceKey"])
    devices.set_status(world, device, ask.get("DeviceRememberedStatus"))
    return {}


@operation("AdminListDevices")
def admin_list_devices(world: World, ask: Json) -> Json:
    return _page(_them(world, ask), ask, admin=True)


@operation("AdminGetDevice")
def admin_get_device(world: World, ask: Json) -> Json:
    return {"Device": devices.device_type(devices.find(_them(world, ask), ask["DeviceKey"]))}


@operation("AdminForgetDevice")
def admin_forget_device(world: World, ask: Json) -> Json:
    user = _them(world, ask)
    del user.devices[devices.find(user, ask["DeviceKey"]).key]
    return {}


@operation("AdminUpdateDeviceStatus")
def admin_update_device_status(world: World, ask: Json) -> Json:
    device = devices.find(_them(world, ask), ask["DeviceKey"])
    devices.set_status(world, device, ask.get("DeviceRememberedStatus"))
    return {}


def _page(user: User, ask: Json, *, admin: bool) -> Json:
    """Limit 0 and no Limit are both 60."""
    seen = devices.visible(user, admin=admin)
    token = ask.get("PaginationToken")
    shown, following = page(seen, ask.get("Limit") or 60, token, "PaginationToken")
    return following | {"Devices": [devices.device_type(device) for device in shown]}
