"""A user's own attributes, and the codes that verify a phone number or an email address.

Sources: `API/UpdateUserAttributes`, `API/GetUserAttributeVerificationCode`,
`API/VerifyUserAttribute`, `API/DeleteUserAttributes`, `DG/signing-up-users-in-your-app`,
`DG/quotas`. Errors: NotAuthorizedException for the token, and those of `UserRule`.
"""

from datetime import timedelta

from localpool.api.members import attribute_values, pool_and_user
from localpool.api.registry import operation
from localpool.rules import Refusal, Switch, UserRule
from localpool.sign_in.attempts import count_attempt
from localpool.sign_in.tokens import caller_of
from localpool.state import outbox
from localpool.state.outbox import CHANNEL_OF
from localpool.state.records import AttributeCode, Client, Json, Pool, User
from localpool.state.users import check_attributes, set_attributes
from localpool.state.world import World, digits

CODE_LIVES = timedelta(hours=24)
CODES_AN_HOUR, CHECKS_AN_HOUR = 5, 15
_NEVER_WRITABLE = {"sub", "identities", "email_verified", "phone_number_verified"}


@operation("UpdateUserAttributes")
def update_user_attributes(world: World, request: Json) -> Json:
    """Change attributes; send a code for each auto-verified contact that is not verified."""
    caller = caller_of(world, request["AccessToken"])
    changes = attribute_values(request["UserAttributes"])
    _check_writable(caller.pool.clients[caller.grant.client_id], changes)
    waiting = {
        name: value for name, value in changes.items() if _waits_for_code(caller.pool, name, value)
    }
    ignore = world.switch_is(Switch.alias_taken, "verify", caller.pool)
    check_attributes(caller.pool, caller.user, waiting, ignore_aliases=ignore)
    at_once = {name: value for name, value in changes.items() if name not in waiting}
    set_attributes(world, caller.pool, caller.user, at_once, ignore_aliases=ignore)
    for name, value in waiting.items():
        caller.user.pending.pop(name, None)
        caller.user.attribute_codes.pop(name, None)
        if value != caller.user.attributes.get(name):
            caller.user.pending[name] = value
    automatic = caller.pool.settings.get("AutoVerifiedAttributes", [])
    sent = [
        _send(world, caller.pool, caller.user, name)
        for name, value in changes.items()
        if name in {*CHANNEL_OF} & {*automatic} and value and not _is_verified(caller.user, name)
    ]
    return {"CodeDeliveryDetailsList": sent}


def _check_writable(client: Client, names: dict[str, str] | list[str]) -> None:
    allowed = client.settings.get("WriteAttributes")
    if any(name in _NEVER_WRITABLE or (allowed and name not in allowed) for name in names):
        raise Refusal(UserRule.NOT_WRITABLE)


def _waits_for_code(pool: Pool, name: str, value: str) -> bool:
    """True if the old value stays until the new one is verified."""
    update = pool.settings.get("UserAttributeUpdateSettings", {})
    return bool(value) and name in update.get("AttributesRequireVerificationBeforeUpdate", [])


def _is_verified(user: User, name: str) -> bool:
    return name not in user.pending and user.attributes.get(f"{name}_verified") == "true"


def _send(world: World, pool: Pool, user: User, name: str) -> Json:
    value = user.pending.get(name) or user.attributes[name]
    sent = AttributeCode(digits(6), value, world.now() + CODE_LIVES)
    user.attribute_codes[name] = sent
    return outbox.send_verification_code(
        world, pool, user, name, code=sent.code, purpose="attribute-verification", to=value,
        text="Your verification code is {####}.",
    )  # fmt: skip


@operation("GetUserAttributeVerificationCode")
def get_user_attribute_verification_code(world: World, request: Json) -> Json:
    """Send a new code to the pending value, or else to the current one."""
    caller = caller_of(world, request["AccessToken"])
    name = request["AttributeName"]
    values = caller.user.pending | caller.user.attributes
    if name not in CHANNEL_OF or not values.get(name):
        raise Refusal(UserRule.NOTHING_TO_PROVE)
    _count(world, caller.user, "codes", CODES_AN_HOUR)
    return {"CodeDeliveryDetails": _send(world, caller.pool, caller.user, name)}


def _count(world: World, user: User, kind: str, limit: int) -> None:
    count_attempt(world, user, kind, limit, UserRule.TOO_MANY_ATTRIBUTE_TRIES)


@operation("VerifyUserAttribute")
def verify_user_attribute(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    user, name = caller.user, request["AttributeName"]
    _count(world, user, "checks", CHECKS_AN_HOUR)
    sent = user.attribute_codes.get(name)
    value = user.pending.get(name) or user.attributes.get(name)
    if sent is None or sent.value != value or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if request["Code"] != sent.code:
        raise Refusal(UserRule.WRONG_ATTRIBUTE_CODE)
    set_attributes(world, caller.pool, user, {name: sent.value, f"{name}_verified": "true"})
    user.attribute_codes.pop(name, None)
    return {}


@operation("DeleteUserAttributes")
def delete_user_attributes(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    _check_writable(caller.pool.clients[caller.grant.client_id], request["UserAttributeNames"])
    _delete(world, caller.pool, caller.user, request["UserAttributeNames"])
    return {}


@operation("AdminDeleteUserAttributes")
def admin_delete_user_attributes(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    _delete(world, pool, user, request["UserAttributeNames"])
    return {}


def _delete(world: World, pool: Pool, user: User, names: list[str]) -> None:
    for name in names:
        user.pending.pop(name, None)
        user.attribute_codes.pop(name, None)
    set_attributes(world, pool, user, dict.fromkeys(names, ""))
