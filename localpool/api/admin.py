"""What an administrator does with people.

Sources: `API/AdminCreateUser` and the pages of each operation; `API/ListUsers` for the filter.
Errors: ResourceNotFoundException, UserNotFoundException and those of `rules`.
"""

import re
from collections.abc import Callable
from uuid import uuid4

from localpool.api import mfa_preference
from localpool.api.pools import STANDARD_ATTRIBUTES, page
from localpool.rules.rule import Rule, refuse
from localpool.rules.switches import Switch
from localpool.sign_in import passwords
from localpool.sign_in.tokens import sign_out_everywhere
from localpool.state import outbox
from localpool.state.records import TOTP, Pool, User
from localpool.state.world import World, aliases, new_id
from localpool.wire.aws_json import Json, operation

_FILTER = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
_SEARCHABLE = {
    "username", "email", "phone_number", "name", "given_name", "family_name",
    "preferred_username", "cognito:user_status", "status", "sub",
}  # fmt: skip


@operation("AdminCreateUser")
def admin_create_user(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    known = world.find_user(pool, ask["Username"])
    again = ask.get("MessageAction") == "RESEND"
    if known and not again:
        raise refuse(Rule.USER_EXISTS)
    if known and known.status != "FORCE_CHANGE_PASSWORD":
        raise refuse(Rule.RESEND_CONFIRMED, username=known.username)
    if again and not known:
        raise refuse(Rule.USER_MISSING)
    user = known or new_user(world, pool, ask["Username"], _attributes(ask))
    password = ask.get("TemporaryPassword") or f"{new_id(8)}-{new_id(2, 'ABCDEFGH')}7"
    passwords.set_password(world, pool, user, password)
    pool.users[user.sub] = user
    if ask.get("MessageAction") != "SUPPRESS":
        _invite(world, pool, user, password, ask.get("DesiredDeliveryMediums", ["SMS"]))
    return {"User": _user_type(user)}


def new_user(world: World, pool: Pool, name: str, attributes: dict[str, str]) -> User:
    sub = str(uuid4())
    by = pool.settings.get("UsernameAttributes", [])
    if by:
        attribute = "email" if "@" in name else "phone_number"
        if attribute not in by:
            raise refuse(Rule.NAME_NOT_EMAIL)
        attributes[attribute], name = name, sub
    now = world.now()
    user = User(name, sub, {"sub": sub}, "FORCE_CHANGE_PASSWORD", created=now, modified=now)
    if any(_taken(pool, user, alias, attributes.get(alias)) for alias in aliases(pool)):
        raise refuse(Rule.USER_EXISTS)
    set_attributes(world, pool, user, attributes)
    return user


def _attributes(ask: Json) -> dict[str, str]:
    return {item["Name"]: item.get("Value", "") for item in ask.get("UserAttributes", [])}


def set_attributes(
    world: World, pool: Pool, user: User, changes: dict[str, str], *, ignore_aliases: bool = False
) -> None:
    """An empty value removes the attribute; a new contact is unverified unless said otherwise.

    Errors: InvalidParameterException, AliasExistsException.
    """
    custom = {f"custom:{attribute['Name']}" for attribute in pool.settings.get("Schema", [])}
    for name, value in changes.items():
        if name not in {*STANDARD_ATTRIBUTES, *custom}:
            raise refuse(Rule.NOT_IN_SCHEMA, attribute=name)
        if name == "phone_number" and value and not re.fullmatch(r"\+[0-9]{7,15}", value):
            raise refuse(Rule.BAD_PHONE)
        if name == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise refuse(Rule.BAD_EMAIL)
        if not ignore_aliases and name in aliases(pool) and _taken(pool, user, name, value):
            raise refuse(Rule.ALIAS_EXISTS, attribute=name)
    for name, value in changes.items():
        if name in ("email", "phone_number") and value != user.attributes.get(name):
            user.attributes[f"{name}_verified"] = "false"
        user.pending.pop(name, None)
        user.attributes[name] = value
    user.attributes = {name: value for name, value in user.attributes.items() if value}
    for name in ("email", "phone_number"):
        if name not in user.attributes:
            user.attributes.pop(f"{name}_verified", None)
    user.modified = world.now()


def _taken(pool: Pool, user: User, name: str, value: str | None) -> bool:
    """Held as an alias, that is verified, or the username, by somebody else."""
    by_name = name in pool.settings.get("UsernameAttributes", [])
    return bool(value) and any(
        other.attributes.get(name) == value
        and (by_name or other.attributes.get(f"{name}_verified") == "true")
        for other in pool.users.values()
        if other.sub != user.sub
    )


def _invite(world: World, pool: Pool, user: User, password: str, mediums: list[str]) -> None:
    for channel, attribute in outbox.CHANNELS.values():
        if channel.upper() in mediums and attribute in user.attributes:
            outbox.send(
                world, pool, user, channel, text=outbox.INVITATION, code=password,
                purpose="invitation", subject="Your temporary password",
            )  # fmt: skip


def _user_type(user: User) -> Json:
    return {
        "Username": user.username,
        "Attributes": attribute_list(user.attributes),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def attribute_list(attributes: dict[str, str]) -> list[Json]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def found(world: World, ask: Json) -> tuple[Pool, User]:
    pool = world.pool(ask["UserPoolId"])
    return pool, world.user(pool, ask["Username"])


@operation("AdminSetUserPassword")
def admin_set_user_password(world: World, ask: Json) -> Json:
    pool, user = found(world, ask)
    passwords.set_password(world, pool, user, ask["Password"])
    user.status = "CONFIRMED" if ask.get("Permanent") else "FORCE_CHANGE_PASSWORD"
    return {}


@operation("AdminGetUser")
def admin_get_user(world: World, ask: Json) -> Json:
    pool, user = found(world, ask)
    shown = _user_type(user)
    return (
        {"UserAttributes": shown.pop("Attributes")}
        | shown
        | mfa_preference.shown(world, pool, user)
    )


@operation("AdminUpdateUserAttributes")
def admin_update_user_attributes(world: World, ask: Json) -> Json:
    pool, user = found(world, ask)
    set_attributes(world, pool, user, _attributes(ask))
    return {}


@operation("AdminDeleteUser")
def admin_delete_user(world: World, ask: Json) -> Json:
    pool, user = found(world, ask)
    del pool.users[user.sub]
    return {}


@operation("AdminEnableUser")
def admin_enable_user(world: World, ask: Json) -> Json:
    _, user = found(world, ask)
    user.enabled, user.modified = True, world.now()
    return {}


@operation("AdminDisableUser")
def admin_disable_user(world: World, ask: Json) -> Json:
    """Also revokes the person's tokens (DOC `API/AdminDisableUser`)."""
    pool, user = found(world, ask)
    user.enabled, user.modified = False, world.now()
    sign_out_everywhere(pool, user)
    return {}


@operation("AdminUserGlobalSignOut")
def admin_user_global_sign_out(world: World, ask: Json) -> Json:
    sign_out_everywhere(*found(world, ask))
    return {}


@operation("AdminSetUserMFAPreference")
def admin_set_user_mfa_preference(world: World, ask: Json) -> Json:
    return mfa_preference.apply(world, *found(world, ask), ask)


@operation("AdminDeleteSoftwareToken")
def admin_delete_software_token(world: World, ask: Json) -> Json:
    pool, user = found(world, ask)
    user.token = user.pending_token = None
    if world.plays(Switch.deleted_token_in_list, "removed", pool):
        mfa_preference.forget_factor(user, TOTP)
    return {}


@operation("ListUsers")
def list_users(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    fits = _condition(ask.get("Filter", ""))
    users = [user for user in pool.users.values() if fits(user)]
    limit = 60 if ask.get("Limit") is None else ask["Limit"]
    users, following = page(users, limit, ask.get("PaginationToken"), "PaginationToken")
    shown = [_user_type(user) for user in users]
    if "AttributesToGet" in ask:
        for user in shown:
            user["Attributes"] = [
                a for a in user["Attributes"] if a["Name"] in ask["AttributesToGet"]
            ]
    return following | {"Users": shown}


def _condition(text: str) -> Callable[[User], bool]:
    """`attribute = "value"`, or `^=` for a beginning (DOC `API/ListUsers`)."""
    if not text:
        return lambda _: True
    parts = _FILTER.fullmatch(text)
    if parts is None or parts[1] not in _SEARCHABLE:
        raise refuse(Rule.BAD_FILTER)
    name, operator, value = parts[1], parts[2], re.sub(r"\\(.)", r"\1", parts[3])

    def fits(user: User) -> bool:
        special = {
            "username": user.username,
            "cognito:user_status": user.status,
            "status": "Enabled" if user.enabled else "Disabled",
        }
        actual = special.get(name, user.attributes.get(name, ""))
        return actual.startswith(value) if operator == "^=" else actual == value

    return fits
