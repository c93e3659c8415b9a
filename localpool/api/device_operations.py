"""The operations on devices, for the user's access token and for administrators.

Sources: `API/ConfirmDevice`, `API/ListDevices`, `API/GetDevice`, `API/ForgetDevice`,
`API/UpdateDeviceStatus`, and `API/Admin…` of the same names. Errors: those of `devices`.
"""

from localpool.api.members import page, pool_and_user
from localpool.api.registry import operation
from localpool.rules import Refusal, SignInRule
from localpool.sign_in import devices
from localpool.sign_in.tokens import Caller, caller_of
from localpool.state.records import Json, User
from localpool.state.world import World


def _caller(world: World, request: Json) -> Caller:
    """The caller, in a pool that tracks devices.

    The model lets GetDevice and ForgetDevice omit the access token; without one no user is known.
    """
    if "AccessToken" not in request:
        raise Refusal(SignInRule.PARAMETER_MISSING, name="AccessToken")
    caller = caller_of(world, request["AccessToken"])
    devices.check_tracking(world, caller.pool)
    return caller


def _user(world: World, request: Json) -> User:
    pool, user = pool_and_user(world, request)
    devices.check_tracking(world, pool)
    return user


@operation("ConfirmDevice")
def confirm_device(world: World, request: Json) -> Json:
    return {
        "UserConfirmationNecessary": not devices.confirm(world, _caller(world, request), request)
    }


@operation("ListDevices")
def list_devices(world: World, request: Json) -> Json:
    return _page(_caller(world, request).user, request, admin=False)


@operation("GetDevice")
def get_device(world: World, request: Json) -> Json:
    device = devices.find(_caller(world, request).user, request["DeviceKey"])
    if not device.remembered:
        raise Refusal(SignInRule.DEVICE_MISSING)
    return {"Device": devices.device_type(device)}


@operation("ForgetDevice")
def forget_device(world: World, request: Json) -> Json:
    user = _caller(world, request).user
    del user.devices[devices.find(user, request["DeviceKey"]).key]
    return {}


@operation("UpdateDeviceStatus")
def update_device_status(world: World, request: Json) -> Json:
    device = devices.find(_caller(world, request).user, request["DeviceKey"])
    devices.set_status(world, device, request.get("DeviceRememberedStatus"))
    return {}


@operation("AdminListDevices")
def admin_list_devices(world: World, request: Json) -> Json:
    return _page(_user(world, request), request, admin=True)


@operation("AdminGetDevice")
def admin_get_device(world: World, request: Json) -> Json:
    return {
        "Device": devices.device_type(devices.find(_user(world, request), request["DeviceKey"]))
    }


@operation("AdminForgetDevice")
def admin_forget_device(world: World, request: Json) -> Json:
    user = _user(world, request)
    del user.devices[devices.find(user, request["DeviceKey"]).key]
    return {}


@operation("AdminUpdateDeviceStatus")
def admin_update_device_status(world: World, request: Json) -> Json:
    device = devices.find(_user(world, request), request["DeviceKey"])
    devices.set_status(world, device, request.get("DeviceRememberedStatus"))
    return {}


def _page(user: User, request: Json, *, admin: bool) -> Json:
    """One page of devices; a Limit of 0 or none means 60."""
    seen = devices.visible(user, admin=admin)
    token = request.get("PaginationToken")
    shown, following = page(seen, request.get("Limit") or 60, token, "PaginationToken")
    return following | {"Devices": [devices.device_type(device) for device in shown]}
