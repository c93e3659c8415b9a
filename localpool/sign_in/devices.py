"""Devices: confirmation, listing, and the part of a remembered one in a sign-in.

Sources: `DG/amazon-cognito-user-pools-device-tracking`, `API/DeviceConfigurationType`,
`API/ConfirmDevice`, `API/AdminListDevices` (the attributes of its example), ASA.
"""

from uuid import uuid4

from localpool.rules import Refusal, SignInRule, Switch
from localpool.sign_in import last_seen, srp
from localpool.sign_in.tokens import Caller
from localpool.state.records import Device, Grant, Json, Pool, User
from localpool.state.world import REGION, SignIn, World, new_id


def tracked(pool: Pool) -> bool:
    """False for a pool without DeviceConfiguration."""
    return "DeviceConfiguration" in pool.settings


def check_tracking(world: World, pool: Pool) -> None:
    """Errors: InvalidUserPoolConfigurationException or InvalidParameterException."""
    if not tracked(pool):
        if world.switch_is(Switch.tracking_off_code, "InvalidParameterException", pool):
            raise Refusal(SignInRule.TRACKING_OFF_PARAMETER)
        raise Refusal(SignInRule.TRACKING_OFF)


def on_prompt(pool: Pool) -> bool:
    """True if a device is remembered only after the user says so."""
    return bool(pool.settings["DeviceConfiguration"].get("DeviceOnlyRememberedOnUserPrompt"))


def replaces_factor(pool: Pool) -> bool:
    """True if a remembered device is asked instead of a factor, False if after it."""
    return bool(pool.settings["DeviceConfiguration"].get("ChallengeRequiredOnNewDevice"))


def remembered(sign_in: SignIn) -> Device | None:
    """The remembered device of this sign-in, or None.

    Errors: ResourceNotFoundException for a key that the user does not have.
    """
    if sign_in.device_key is None or not tracked(sign_in.pool):
        return None
    device = sign_in.user.devices.get(sign_in.device_key)
    if device is None and sign_in.switch(Switch.unknown_device_key) == "refuse":
        raise Refusal(SignInRule.DEVICE_MISSING)
    return device if device and device.remembered else None


def attach_to(sign_in: SignIn, grant: Grant, *, by_password: bool) -> Json:
    """Attach the device to the grant; returns NewDeviceMetadata for a new device.

    A new device gets its keys here; the user has it once ConfirmDevice names them.
    """
    if not tracked(sign_in.pool):
        return {}
    device = sign_in.user.devices.get(sign_in.device_key or "")
    if device:
        grant.device_key = device.key
        record_use(sign_in.world, device)
        return {}
    if by_password and sign_in.switch(Switch.device_keys_without_srp) == "no":
        return {}
    grant.device_key = f"{REGION}_{uuid4()}"
    grant.device_group_key = f"-{new_id(8)}"
    metadata = {"DeviceKey": grant.device_key, "DeviceGroupKey": grant.device_group_key}
    return {"NewDeviceMetadata": metadata}


def record_use(world: World, device: Device) -> None:
    device.last_authenticated = world.now()
    device.attributes["last_ip_used"] = last_seen.address() or "127.0.0.1"


def confirm(world: World, caller: Caller, request: Json) -> bool:
    """Store the device that this access token was issued to; returns whether it is remembered.

    Errors: InvalidParameterException, ResourceNotFoundException, DeviceKeyExistsException.
    """
    key = request["DeviceKey"]
    if key in caller.user.devices:
        raise Refusal(SignInRule.DEVICE_EXISTS)
    if key != caller.grant.device_key or caller.grant.device_group_key is None:
        raise Refusal(SignInRule.DEVICE_MISSING)
    secret = request.get("DeviceSecretVerifierConfig", {})
    try:
        verifier = srp.from_device(secret["Salt"], secret["PasswordVerifier"])
    except (KeyError, ValueError):
        raise Refusal(SignInRule.BAD_DEVICE_VERIFIER) from None
    now = world.now()
    device = Device(
        key, caller.grant.device_group_key, verifier, not on_prompt(caller.pool),
        _attributes(caller, request), created=now, modified=now, last_authenticated=now,
    )  # fmt: skip
    record_use(world, device)
    caller.user.devices[key] = device
    return device.remembered


def _attributes(caller: Caller, request: Json) -> dict[str, str]:
    region, key = caller.pool.id.partition("_")[0], request["DeviceKey"]
    named = {"device_name": request["DeviceName"]} if request.get("DeviceName") else {}
    return {"device_status": "valid"} | named | {
        "dev:device_arn": f"arn:aws:cognito-idp:{region}:123456789012:"
                          f"owner/{caller.user.username}.{caller.pool.id}/device/{key}",
        "dev:device_owner": f"{caller.user.username}.{caller.pool.id}",
        "dev:device_sdk": "aws-sdk-unknown-unknown",
    }  # fmt: skip


def find(user: User, key: str) -> Device:
    """Errors: ResourceNotFoundException."""
    if key not in user.devices:
        raise Refusal(SignInRule.DEVICE_MISSING)
    return user.devices[key]


def visible(user: User, *, admin: bool) -> list[Device]:
    """The devices, newest first: all for an administrator, else the remembered ones (SEEN ASA)."""
    seen = [device for device in user.devices.values() if admin or device.remembered]
    return sorted(seen, key=lambda device: device.created, reverse=True)


def set_status(world: World, device: Device, status: str | None) -> None:
    if status is not None:
        device.remembered, device.modified = status == "remembered", world.now()


def device_type(device: Device) -> Json:
    status = "remembered" if device.remembered else "not_remembered"
    attributes = device.attributes | {"dev:device_remembered_status": status}
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.last_authenticated,
    }
