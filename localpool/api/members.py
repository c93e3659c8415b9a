"""Members that the requests and responses of several operations share."""

from typing import Any

from localpool.state.records import Json, Pool, User
from localpool.state.world import World


def pool_and_user(world: World, request: Json) -> tuple[Pool, User]:
    """The pool and the user that `UserPoolId` and `Username` name.

    Errors: ResourceNotFoundException, UserNotFoundException.
    """
    pool = world.pool(request["UserPoolId"])
    return pool, world.user(pool, request["Username"])


def attribute_list(attributes: dict[str, str]) -> list[Json]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def attribute_values(listed: list[Json]) -> dict[str, str]:
    """The attributes of an AttributeListType by name; a missing value is empty."""
    return {item["Name"]: item.get("Value", "") for item in listed}


def page(
    items: list[Any], limit: int, token: str | None, name: str = "NextToken"
) -> tuple[list[Any], Json]:
    """One page of a list, and the token of the next page under `name` if there is one."""
    start = int(token) if token and token.isdigit() else 0
    following = {name: str(start + limit)} if start + limit < len(items) else {}
    return items[start : start + limit], following
