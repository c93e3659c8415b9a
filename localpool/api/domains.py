"""Operations on the domain of a pool.

The local pool stores the description only and always answers on its own address. Sources:
`API/CreateUserPoolDomain`, `API/DescribeUserPoolDomain` (200 and an empty description for an
unknown domain). Errors: InvalidParameterException, ResourceNotFoundException.
"""

from localpool.api.registry import operation
from localpool.rules import PoolRule, Refusal
from localpool.state.records import Json, Pool
from localpool.state.world import World


def _holder(world: World, name: str) -> Pool | None:
    pools = world.state.pools.values()
    return next((pool for pool in pools if pool.domain.get("Domain") == name), None)


@operation("CreateUserPoolDomain")
def create_user_pool_domain(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    if _holder(world, request["Domain"]):
        raise Refusal(PoolRule.DOMAIN_TAKEN)
    pool.domain = {"ManagedLoginVersion": 1} | request
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("UpdateUserPoolDomain")
def update_user_pool_domain(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    if pool.domain.get("Domain") != request["Domain"]:
        raise Refusal(PoolRule.DOMAIN_MISSING)
    pool.domain |= request
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("DeleteUserPoolDomain")
def delete_user_pool_domain(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    if pool.domain.get("Domain") != request["Domain"]:
        raise Refusal(PoolRule.DOMAIN_MISSING)
    pool.domain = {}
    return {}


@operation("DescribeUserPoolDomain")
def describe_user_pool_domain(world: World, request: Json) -> Json:
    pool = _holder(world, request["Domain"])
    return {"DomainDescription": pool.domain | {"Status": "ACTIVE"} if pool else {}}
