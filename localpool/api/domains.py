"""What stands beside a pool: its domain, and how long sessions live.

Sources: `API/CreateUserPoolDomain`, `API/DescribeUserPoolDomain` (an unknown domain: 200 and
nothing described), `API/SetUserPoolSessionConfiguration`, `DG/managing-user-sessions`. Errors:
InvalidParameterException, ResourceNotFoundException, FeatureUnavailableInTierException.

The local pool answers on its own address whatever the domain is called; only its description is
kept.
"""

from localpool.rules.rule import Rule, refuse
from localpool.state.records import Pool
from localpool.state.world import World
from localpool.wire.aws_json import Json, operation

_NOT_TRACKED: Json = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
_SSO_MINUTES = 60


def _holder(world: World, name: str) -> Pool | None:
    pools = world.state.pools.values()
    return next((pool for pool in pools if pool.domain.get("Domain") == name), None)


@operation("CreateUserPoolDomain")
def create_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if _holder(world, ask["Domain"]):
        raise refuse(Rule.DOMAIN_TAKEN)
    pool.domain = {"ManagedLoginVersion": 1} | ask
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("UpdateUserPoolDomain")
def update_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if pool.domain.get("Domain") != ask["Domain"]:
        raise refuse(Rule.DOMAIN_MISSING)
    pool.domain |= ask
    return {"ManagedLoginVersion": pool.domain["ManagedLoginVersion"]}


@operation("DeleteUserPoolDomain")
def delete_user_pool_domain(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    if pool.domain.get("Domain") != ask["Domain"]:
        raise refuse(Rule.DOMAIN_MISSING)
    pool.domain = {}
    return {}


@operation("DescribeUserPoolDomain")
def describe_user_pool_domain(world: World, ask: Json) -> Json:
    pool = _holder(world, ask["Domain"])
    return {"DomainDescription": pool.domain | {"Status": "ACTIVE"} if pool else {}}


@operation("GetUserPoolSessionConfiguration")
def get_user_pool_session_configuration(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    return _NOT_TRACKED | pool.sessions | {"UserPoolId": pool.id}


@operation("SetUserPoolSessionConfiguration")
def set_user_pool_session_configuration(world: World, ask: Json) -> Json:
    """Replaces the whole configuration."""
    pool = world.pool(ask["UserPoolId"])
    if pool.settings["UserPoolTier"] == "LITE":
        raise refuse(Rule.SESSIONS_NEED_TIER)
    pool.sessions = ask
    return ask


@operation("GetUserPoolClientSessionConfiguration")
def get_user_pool_client_session_configuration(world: World, ask: Json) -> Json:
    pool, client = world.client(ask["ClientId"], ask["UserPoolId"])
    return {
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": _SSO_MINUTES},
    }
