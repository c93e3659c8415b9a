"""Remembered devices: which there are, and whether one may stand in for a factor at sign-in.

Sources: `DG/amazon-cognito-user-pools-device-tracking`, `API/DeviceConfigurationType`,
`API/ConfirmDevice`, `API/AdminListDevices` (the attributes of its example), ASA.
"""

from uuid import uuid4

import flask

from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.sign_in import srp
from localpool.sign_in.tokens import Person
from localpool.state.records import Device, Grant, Json, Pool, User
from localpool.state.world import REGION, SignIn, World, new_id


def tracked(pool: Pool) -> bool:
    """A pool that does not mention DeviceConfiguration has device tracking off."""
    return "DeviceConfiguration" in pool.settings


def needs_tracking(world: World, pool: Pool) -> None:
    """Errors: InvalidUserPoolConfigurationException or InvalidParameterException."""
    if not tracked(pool):
        if world.plays(Switch.tracking_off_code, "InvalidParameterException", pool):
            raise Refusal(SignInRule.TRACKING_OFF_PARAMETER)
        raise Refusal(SignInRule.TRACKING_OFF)


def on_prompt(pool: Pool) -> bool:
    """Is a device remembered only after the person said so?"""
    return bool(pool.settings["DeviceConfiguration"].get("DeviceOnlyRememberedOnUserPrompt"))


def replaces_factor(pool: Pool) -> bool:
    """ChallengeRequiredOnNewDevice: the device is asked instead of a factor, not besides it."""
    return bool(pool.settings["DeviceConfiguration"].get("ChallengeRequiredOnNewDevice"))


def remembered(sign_in: SignIn) -> Device | None:
    """The device of this sign-in if it can prove itself.

    Errors: ResourceNotFoundException for a key that is nobody's or was forgotten.
    """
    if sign_in.device_key is None or not tracked(sign_in.pool):
        return None
    device = sign_in.user.devices.get(sign_in.device_key)
    if device is None and sign_in.plays(Switch.unknown_device_key) == "refuse":
        raise Refusal(SignInRule.DEVICE_MISSING)
    return device if device and device.remembered else None


def enter(sign_in: SignIn, grant: Grant, *, by_password: bool) -> Json:
    """Write down from which device these tokens come; NewDeviceMetadata for a new one.

    A new device gets its keys here and is only kept when ConfirmDevice names them.
    """
    if not tracked(sign_in.pool):
        return {}
    device = sign_in.user.devices.get(sign_in.device_key or "")
    if device:
        grant.device_key = device.key
        touch(sign_in.world, device)
        return {}
    if by_password and sign_in.plays(Switch.device_keys_without_srp) == "no":
        return {}
    grant.device_key = f"{REGION}_{uuid4()}"
    grant.device_group_key = f"-{new_id(8)}"
    metadata = {"DeviceKey": grant.device_key, "DeviceGroupKey": grant.device_group_key}
    return {"NewDeviceMetadata": metadata}


def touch(world: World, device: Device) -> None:
    device.last_authenticated = world.now()
    device.attributes["last_ip_used"] = flask.request.remote_addr or "127.0.0.1"


def confirm(world: World, me: Person, ask: Json) -> bool:
    """Keep the device whose keys came with this access token; is it remembered already?

    Errors: InvalidParameterException, ResourceNotFoundException, DeviceKeyExistsException.
    """
    key = ask["DeviceKey"]
    if key in me.user.devices:
        raise Refusal(SignInRule.DEVICE_EXISTS)
    if key != me.grant.device_key or me.grant.device_group_key is None:
        raise Refusal(SignInRule.DEVICE_MISSING)
    secret = ask.get("DeviceSecretVerifierConfig", {})
    try:
        kept = srp.from_device(secret["Salt"], secret["PasswordVerifier"])
    except (KeyError, ValueError):
        raise Refusal(SignInRule.BAD_DEVICE_VERIFIER) from None
    now = world.now()
    device = Device(
        key, me.grant.device_group_key, kept, not on_prompt(me.pool), _attributes(me, ask),
        created=now, modified=now, last_authenticated=now,
    )  # fmt: skip
    touch(world, device)
    me.user.devices[key] = device
    return device.remembered


def _attributes(me: Person, ask: Json) -> dict[str, str]:
    region, key = me.pool.id.partition("_")[0], ask["DeviceKey"]
    named = {"device_name": ask["DeviceName"]} if ask.get("DeviceName") else {}
    return {"device_status": "valid"} | named | {
        "dev:device_arn": f"arn:aws:cognito-idp:{region}:123456789012:"
                          f"owner/{me.user.username}.{me.pool.id}/device/{key}",
        "dev:device_owner": f"{me.user.username}.{me.pool.id}",
        "dev:device_sdk": "aws-sdk-unknown-unknown",
    }  # fmt: skip


def find(user: User, key: str) -> Device:
    """Errors: ResourceNotFoundException."""
    if key not in user.devices:
        raise Refusal(SignInRule.DEVICE_MISSING)
    return user.devices[key]


def visible(user: User, *, admin: bool) -> list[Device]:
    """Newest first. The person sees only what is remembered, an administrator all (SEEN ASA)."""
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
