"""A person's own attributes, and the codes that prove a phone number or an email address.

Sources: `API/UpdateUserAttributes`, `API/GetUserAttributeVerificationCode`,
`API/VerifyUserAttribute`, `API/DeleteUserAttributes`, `DG/signing-up-users-in-your-app`,
`DG/quotas`. Errors: NotAuthorizedException for the token, and those of `rules`.
"""

from datetime import datetime, timedelta

from localpool.api.members import pool_and_user
from localpool.api.registry import operation
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.rules.user_rules import UserRule
from localpool.sign_in.tokens import person
from localpool.state import outbox
from localpool.state.records import AttributeCode, Client, Json, Pool, User
from localpool.state.users import set_attributes
from localpool.state.world import World, new_id

CODE_LIVES = timedelta(hours=24)
CODES_AN_HOUR, CHECKS_AN_HOUR = 5, 15
CHANNEL = {"phone_number": "sms", "email": "email"}
PURPOSE = "attribute-verification"
TEXT = "Your verification code is {####}."
SUBJECT = "Your verification code"
_NEVER_WRITABLE = {"sub", "identities", "email_verified", "phone_number_verified"}


@operation("UpdateUserAttributes")
def update_user_attributes(world: World, ask: Json) -> Json:
    """Sends a code for each auto-verified contact that is new or not verified."""
    me = person(world, ask["AccessToken"])
    changes = {item["Name"]: item.get("Value", "") for item in ask["UserAttributes"]}
    _check_writable(me.pool.clients[me.grant.client_id], changes)
    kept = {name: value for name, value in changes.items() if _is_kept(me.pool, name, value)}
    _try_out(world, me.pool, me.user, kept)
    set_attributes(
        world, me.pool, me.user, {n: v for n, v in changes.items() if n not in kept},
        ignore_aliases=world.plays(Switch.alias_taken, "verify", me.pool),
    )  # fmt: skip
    for name, value in kept.items():
        me.user.pending.pop(name, None)
        me.user.attribute_codes.pop(name, None)
        if value != me.user.attributes.get(name):
            me.user.pending[name] = value
    automatic = me.pool.settings.get("AutoVerifiedAttributes", [])
    sent = [
        _send(world, me.pool, me.user, name)
        for name, value in changes.items()
        if name in CHANNEL and name in automatic and value and not _is_proved(me.user, name)
    ]
    return {"CodeDeliveryDetailsList": sent}


def _check_writable(client: Client, names: dict[str, str] | list[str]) -> None:
    allowed = client.settings.get("WriteAttributes")
    if any(name in _NEVER_WRITABLE or (allowed and name not in allowed) for name in names):
        raise Refusal(UserRule.NOT_WRITABLE)


def _is_kept(pool: Pool, name: str, value: str) -> bool:
    """The old value stays until the new one is verified."""
    update = pool.settings.get("UserAttributeUpdateSettings", {})
    return bool(value) and name in update.get("AttributesRequireVerificationBeforeUpdate", [])


def _try_out(world: World, pool: Pool, user: User, changes: dict[str, str]) -> None:
    """A trial copy of the person refuses what the pool would not accept as a value."""
    trial = User(**vars(user) | {"attributes": dict(user.attributes), "pending": {}})
    ignore = world.plays(Switch.alias_taken, "verify", pool)
    set_attributes(world, pool, trial, changes, ignore_aliases=ignore)


def _is_proved(user: User, name: str) -> bool:
    return name not in user.pending and user.attributes.get(f"{name}_verified") == "true"


def _send(world: World, pool: Pool, user: User, name: str) -> Json:
    value = user.pending.get(name) or user.attributes[name]
    code = new_id(6, "0123456789")
    user.attribute_codes[name] = AttributeCode(code, value, world.now() + CODE_LIVES)
    channel = CHANNEL[name]
    subject = SUBJECT if channel == "email" else None
    outbox.send(
        world, pool, user, channel, text=TEXT, code=code, purpose=PURPOSE, subject=subject, to=value
    )
    return {
        "Destination": outbox.masked(value),
        "DeliveryMedium": channel.upper(),
        "AttributeName": name,
    }


@operation("GetUserAttributeVerificationCode")
def get_user_attribute_verification_code(world: World, ask: Json) -> Json:
    """A new code to the pending value, or to the current one when none is pending."""
    me = person(world, ask["AccessToken"])
    name = ask["AttributeName"]
    if name not in CHANNEL or not (me.user.pending.get(name) or me.user.attributes.get(name)):
        raise Refusal(UserRule.NOTHING_TO_PROVE)
    me.user.codes_asked = _counted(world, me.user.codes_asked, CODES_AN_HOUR)
    return {"CodeDeliveryDetails": _send(world, me.pool, me.user, name)}


def _counted(world: World, times: list[datetime], most: int) -> list[datetime]:
    recent = [at for at in times if at > world.now() - timedelta(hours=1)]
    if len(recent) >= most:
        raise Refusal(UserRule.TOO_MANY_ATTRIBUTE_TRIES)
    return [*recent, world.now()]


@operation("VerifyUserAttribute")
def verify_user_attribute(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    user, name = me.user, ask["AttributeName"]
    user.codes_checked = _counted(world, user.codes_checked, CHECKS_AN_HOUR)
    sent = user.attribute_codes.get(name)
    value = user.pending.get(name) or user.attributes.get(name)
    if sent is None or sent.value != value or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if ask["Code"] != sent.code:
        raise Refusal(UserRule.WRONG_ATTRIBUTE_CODE)
    set_attributes(world, me.pool, user, {name: sent.value, f"{name}_verified": "true"})
    user.attribute_codes.pop(name, None)
    return {}


@operation("DeleteUserAttributes")
def delete_user_attributes(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    _check_writable(me.pool.clients[me.grant.client_id], ask["UserAttributeNames"])
    _delete(world, me.pool, me.user, ask["UserAttributeNames"])
    return {}


@operation("AdminDeleteUserAttributes")
def admin_delete_user_attributes(world: World, ask: Json) -> Json:
    pool, user = pool_and_user(world, ask)
    _delete(world, pool, user, ask["UserAttributeNames"])
    return {}


def _delete(world: World, pool: Pool, user: User, names: list[str]) -> None:
    for name in names:
        user.pending.pop(name, None)
        user.attribute_codes.pop(name, None)
    set_attributes(world, pool, user, dict.fromkeys(names, ""))
