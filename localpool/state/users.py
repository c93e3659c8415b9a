"""New users, and changes of a user's attributes.

Sources: `API/AdminCreateUser`, `API/AdminUpdateUserAttributes`.
"""

import re
from uuid import uuid4

from localpool.rules import Refusal, UserRule
from localpool.state.records import Pool, User
from localpool.state.world import World, aliases

STANDARD_ATTRIBUTES = (
    "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
    "profile", "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo",
    "locale", "phone_number", "phone_number_verified", "address", "updated_at", "identities",
)  # fmt: skip
_CONTACTS = ("email", "phone_number")


def new_user(world: World, pool: Pool, name: str, attributes: dict[str, str]) -> User:
    """A user in FORCE_CHANGE_PASSWORD who is not stored in the pool yet.

    Errors: InvalidParameterException, UsernameExistsException.
    """
    sub = str(uuid4())
    by = pool.settings.get("UsernameAttributes", [])
    if by:
        attribute = "email" if "@" in name else "phone_number"
        if attribute not in by:
            raise Refusal(UserRule.NAME_NOT_EMAIL)
        attributes[attribute], name = name, sub
    now = world.now()
    user = User(name, sub, {"sub": sub}, "FORCE_CHANGE_PASSWORD", created=now, modified=now)
    if any(_is_taken(pool, user, alias, attributes.get(alias)) for alias in aliases(pool)):
        raise Refusal(UserRule.USER_EXISTS)
    set_attributes(world, pool, user, attributes)
    return user


def set_attributes(
    world: World, pool: Pool, user: User, changes: dict[str, str], *, ignore_aliases: bool = False
) -> None:
    """Write the changes; an empty value removes an attribute, a new contact becomes unverified.

    Errors: those of `check_attributes`.
    """
    check_attributes(pool, user, changes, ignore_aliases=ignore_aliases)
    for name, value in changes.items():
        if name in _CONTACTS and value != user.attributes.get(name):
            user.attributes[f"{name}_verified"] = "false"
        user.pending.pop(name, None)
        user.attributes[name] = value
    user.attributes = {name: value for name, value in user.attributes.items() if value}
    for name in _CONTACTS:
        if name not in user.attributes:
            user.attributes.pop(f"{name}_verified", None)
    user.modified = world.now()


def check_attributes(
    pool: Pool, user: User, changes: dict[str, str], *, ignore_aliases: bool = False
) -> None:
    """Errors: InvalidParameterException, AliasExistsException."""
    custom = {f"custom:{attribute['Name']}" for attribute in pool.settings.get("Schema", [])}
    for name, value in changes.items():
        if name not in {*STANDARD_ATTRIBUTES, *custom}:
            raise Refusal(UserRule.NOT_IN_SCHEMA, attribute=name)
        if name == "phone_number" and value and not re.fullmatch(r"\+[0-9]{7,15}", value):
            raise Refusal(UserRule.BAD_PHONE)
        if name == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise Refusal(UserRule.BAD_EMAIL)
        if not ignore_aliases and name in aliases(pool) and _is_taken(pool, user, name, value):
            raise Refusal(UserRule.ALIAS_EXISTS, attribute=name)


def _is_taken(pool: Pool, user: User, name: str, value: str | None) -> bool:
    """True if another user holds the value as username or as verified alias."""
    by_name = name in pool.settings.get("UsernameAttributes", [])
    return bool(value) and any(
        other.attributes.get(name) == value
        and (by_name or other.attributes.get(f"{name}_verified") == "true")
        for other in pool.users.values()
        if other.sub != user.sub
    )
