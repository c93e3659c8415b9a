"""What stands beside a pool: its domain, and how long sessions live.

Sources: `API/CreateUserPoolDomain`, `API/DescribeUserPoolDomain` (an unknown domain: 200 and
nothing described), `API/SetUserPoolSessionConfiguration`, `DG/managing-user-sessions`. Errors:
InvalidParameterException, ResourceNotFoundException, FeatureUnavailableInTierException.

The local pool answers on its own address whatever the domain is called; only its description is
kept.
"""

from localpool.api.registry import operation
from localpool.rules.pool_rules import PoolRule
from localpool.rules.rule import Refusal
from localpool.state.records import Json, Pool
from localpool.state.world import World


def _holder(world: World, name: str) -> Pool | None:
    pools = world.state.pools.values()
    return next((pool for pool in pools if pool.domain.get("Domain") == name), None)


@operation("CreateUserPoolDomain")
def create_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if _holder(world, ask["Domain"]):
        raise Refusal(PoolRule.DOMAIN_TAKEN)
    pool.domain = {"ManagedLoginVersion": 1} | ask
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("UpdateUserPoolDomain")
def update_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if pool.domain.get("Domain") != ask["Domain"]:
        raise Refusal(PoolRule.DOMAIN_MISSING)
    pool.domain |= ask
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("DeleteUserPoolDomain")
def delete_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if pool.domain.get("Domain") != ask["Domain"]:
        raise Refusal(PoolRule.DOMAIN_MISSING)
    pool.domain = {}
    return {}


@operation("DescribeUserPoolDomain")
def describe_user_pool_domain(world: World, ask: Json) -> Json:
    pool = _holder(world, ask["Domain"])
    return {"DomainDescription": pool.domain | {"Status": "ACTIVE"} if pool else {}}
