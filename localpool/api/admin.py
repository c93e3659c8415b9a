"""The operations of administrators on users.

Sources: `API/AdminCreateUser` and the pages of each operation; `API/ListUsers` for the filter.
Errors: ResourceNotFoundException, UserNotFoundException and those of `UserRule`.
"""

import re
from collections.abc import Callable

from localpool.api import mfa_preference
from localpool.api.members import attribute_list, attribute_values, page, pool_and_user
from localpool.api.registry import operation
from localpool.rules import Refusal, Switch, UserRule
from localpool.sign_in import passwords
from localpool.sign_in.tokens import sign_out_everywhere
from localpool.state import outbox
from localpool.state.records import TOTP, Json, Pool, User
from localpool.state.users import new_user, set_attributes
from localpool.state.world import World, new_id

_FILTER = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
_SEARCHABLE = {
    "username", "email", "phone_number", "name", "given_name", "family_name",
    "preferred_username", "cognito:user_status", "status", "sub",
}  # fmt: skip


@operation("AdminCreateUser")
def admin_create_user(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    known = world.find_user(pool, request["Username"])
    again = request.get("MessageAction") == "RESEND"
    if known and not again:
        raise Refusal(UserRule.USER_EXISTS)
    if known and known.status != "FORCE_CHANGE_PASSWORD":
        raise Refusal(UserRule.RESEND_CONFIRMED, username=known.username)
    if again and not known:
        raise Refusal(UserRule.USER_MISSING)
    attributes = attribute_values(request.get("UserAttributes", []))
    user = known or new_user(world, pool, request["Username"], attributes)
    password = request.get("TemporaryPassword") or f"{new_id(8)}-{new_id(2, 'ABCDEFGH')}7"
    passwords.set_password(world, pool, user, password)
    pool.users[user.sub] = user
    if request.get("MessageAction") != "SUPPRESS":
        _invite(world, pool, user, password, request.get("DesiredDeliveryMediums", ["SMS"]))
    return {"User": _user_type(user)}


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


@operation("AdminSetUserPassword")
def admin_set_user_password(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    passwords.set_password(world, pool, user, request["Password"])
    user.status = "CONFIRMED" if request.get("Permanent") else "FORCE_CHANGE_PASSWORD"
    return {}


@operation("AdminGetUser")
def admin_get_user(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    shown = _user_type(user)
    return (
        {"UserAttributes": shown.pop("Attributes")}
        | shown
        | mfa_preference.setting_members(world, pool, user)
    )


@operation("AdminUpdateUserAttributes")
def admin_update_user_attributes(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    set_attributes(world, pool, user, attribute_values(request["UserAttributes"]))
    return {}


@operation("AdminDeleteUser")
def admin_delete_user(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    del pool.users[user.sub]
    return {}


@operation("AdminEnableUser")
def admin_enable_user(world: World, request: Json) -> Json:
    _, user = pool_and_user(world, request)
    user.enabled, user.modified = True, world.now()
    return {}


@operation("AdminDisableUser")
def admin_disable_user(world: World, request: Json) -> Json:
    """Disable the user and revoke their tokens (DOC `API/AdminDisableUser`)."""
    pool, user = pool_and_user(world, request)
    user.enabled, user.modified = False, world.now()
    sign_out_everywhere(pool, user)
    return {}


@operation("AdminUserGlobalSignOut")
def admin_user_global_sign_out(world: World, request: Json) -> Json:
    sign_out_everywhere(*pool_and_user(world, request))
    return {}


@operation("AdminSetUserMFAPreference")
def admin_set_user_mfa_preference(world: World, request: Json) -> Json:
    return mfa_preference.apply(world, *pool_and_user(world, request), request)


@operation("AdminDeleteSoftwareToken")
def admin_delete_software_token(world: World, request: Json) -> Json:
    pool, user = pool_and_user(world, request)
    user.token = user.pending_token = None
    if world.switch_is(Switch.deleted_token_in_list, "removed", pool):
        mfa_preference.forget_factor(user, TOTP)
    return {}


@operation("ListUsers")
def list_users(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    fits = _condition(request.get("Filter", ""))
    users = [user for user in pool.users.values() if fits(user)]
    limit = 60 if request.get("Limit") is None else request["Limit"]
    users, following = page(users, limit, request.get("PaginationToken"), "PaginationToken")
    shown = [_user_type(user) for user in users]
    if "AttributesToGet" in request:
        for user in shown:
            user["Attributes"] = [
                a for a in user["Attributes"] if a["Name"] in request["AttributesToGet"]
            ]
    return following | {"Users": shown}


def _condition(text: str) -> Callable[[User], bool]:
    """A filter of users: `attribute = "value"`, or `^=` for a prefix (DOC `API/ListUsers`)."""
    if not text:
        return lambda _: True
    parts = _FILTER.fullmatch(text)
    if parts is None or parts[1] not in _SEARCHABLE:
        raise Refusal(UserRule.BAD_FILTER)
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
