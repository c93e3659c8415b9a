"""Operations on groups and their members. Sources: `API/CreateGroup`, `API/AdminAddUserToGroup`.

Errors: ResourceNotFoundException, GroupExistsException, UserNotFoundException.
"""

from localpool.api.members import page, pool_and_user
from localpool.api.registry import operation
from localpool.rules import PoolRule, Refusal
from localpool.state.records import Group, Json, Pool, User
from localpool.state.world import World


@operation("CreateGroup")
def create_group(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    name = request["GroupName"]
    if name in pool.groups:
        raise Refusal(PoolRule.GROUP_EXISTS)
    pool.groups[name] = Group(
        name,
        request.get("Description"),
        request.get("Precedence"),
        request.get("RoleArn"),
        world.now(),
    )
    return {"Group": _group_type(pool, pool.groups[name])}


@operation("ListGroups")
def list_groups(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    groups, following = page(
        list(pool.groups.values()), request.get("Limit") or 60, request.get("NextToken")
    )
    return following | {"Groups": [_group_type(pool, group) for group in groups]}


def _group_type(pool: Pool, group: Group) -> Json:
    shown = {
        "GroupName": group.name,
        "UserPoolId": pool.id,
        "Description": group.description,
        "Precedence": group.precedence,
        "RoleArn": group.role_arn,
        "CreationDate": group.created,
        "LastModifiedDate": group.created,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _member(world: World, request: Json) -> tuple[User, str]:
    pool, user = pool_and_user(world, request)
    if request["GroupName"] not in pool.groups:
        raise Refusal(PoolRule.GROUP_MISSING)
    return user, request["GroupName"]


@operation("AdminAddUserToGroup")
def admin_add_user_to_group(world: World, request: Json) -> Json:
    user, group = _member(world, request)
    if group not in user.groups:
        user.groups.append(group)
    return {}


@operation("AdminRemoveUserFromGroup")
def admin_remove_user_from_group(world: World, request: Json) -> Json:
    user, group = _member(world, request)
    user.groups = [name for name in user.groups if name != group]
    return {}
