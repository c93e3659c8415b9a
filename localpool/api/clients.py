"""Operations on app clients.

Sources: `API/CreateUserPoolClient`, `API/UpdateUserPoolClient` (a full replace),
`API/DeleteUserPoolClient`. Errors: ResourceNotFoundException, InvalidParameterException.
"""

from urllib.parse import urlsplit

from localpool.api.members import page
from localpool.api.registry import operation
from localpool.rules.pool_rules import PoolRule
from localpool.rules.rule import Refusal
from localpool.state.records import Client, Json, Pool
from localpool.state.world import World, new_id

_CLIENT_DEFAULTS: Json = {
    "RefreshTokenValidity": 30,
    "ExplicitAuthFlows": [
        "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"
    ],
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "PreventUserExistenceErrors": "LEGACY",
    "AuthSessionValidity": 3,
}  # fmt: skip


@operation("CreateUserPoolClient")
def create_user_pool_client(world: World, ask: Json) -> Json:
    pool = world.pool(ask.pop("UserPoolId"))
    secret = new_id(51) if ask.pop("GenerateSecret", False) else ask.pop("ClientSecret", None)
    return {"UserPoolClient": _client_type(add_client(world, pool, new_id(26), ask, secret))}


def add_client(
    world: World, pool: Pool, client_id: str, ask: Json, secret: str | None = None
) -> Client:
    _check_urls(ask)
    now = world.now()
    client = Client(client_id, pool.id, _CLIENT_DEFAULTS | ask, secret, created=now, modified=now)
    pool.clients[client_id] = client
    return client


def _check_urls(ask: Json) -> None:
    for url in [*ask.get("CallbackURLs", []), *ask.get("LogoutURLs", [])]:
        parts = urlsplit(url)
        if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "localhost"):
            raise Refusal(PoolRule.BAD_REDIRECT, url=url)


@operation("DescribeUserPoolClient")
def describe_user_pool_client(world: World, ask: Json) -> Json:
    return {"UserPoolClient": _client_type(world.client(ask["ClientId"], ask["UserPoolId"])[1])}


@operation("UpdateUserPoolClient")
def update_user_pool_client(world: World, ask: Json) -> Json:
    _, client = world.client(ask.pop("ClientId"), ask.pop("UserPoolId"))
    _check_urls(ask)
    client.settings = _CLIENT_DEFAULTS | {"ClientName": client.settings["ClientName"]} | ask
    client.modified = world.now()
    return {"UserPoolClient": _client_type(client)}


@operation("ListUserPoolClients")
def list_user_pool_clients(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    clients, following = page(
        list(pool.clients.values()), ask.get("MaxResults", 60), ask.get("NextToken")
    )
    shown = [
        {"ClientId": c.id, "UserPoolId": c.pool_id, "ClientName": c.settings["ClientName"]}
        for c in clients
    ]
    return following | {"UserPoolClients": shown}


def _client_type(client: Client) -> Json:
    secret = {"ClientSecret": client.secret} if client.secret else {}
    return client.settings | secret | {
        "ClientId": client.id,
        "UserPoolId": client.pool_id,
        "CreationDate": client.created,
        "LastModifiedDate": client.modified,
    }  # fmt: skip


@operation("DeleteUserPoolClient")
def delete_user_pool_client(world: World, ask: Json) -> Json:
    pool, client = world.client(ask["ClientId"], ask["UserPoolId"])
    del pool.clients[client.id]
    return {}
