"""Operations on app clients.

Sources: `API/CreateUserPoolClient`, `API/UpdateUserPoolClient` (a full replace),
`API/DeleteUserPoolClient`. Errors: ResourceNotFoundException, InvalidParameterException.
"""

from urllib.parse import urlsplit

from localpool.api.members import page
from localpool.api.registry import operation
from localpool.rules import PoolRule, Refusal
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
def create_user_pool_client(world: World, request: Json) -> Json:
    pool = world.pool(request.pop("UserPoolId"))
    secret = (
        new_id(51) if request.pop("GenerateSecret", False) else request.pop("ClientSecret", None)
    )
    return {"UserPoolClient": _client_type(add_client(world, pool, new_id(26), request, secret))}


def add_client(
    world: World, pool: Pool, client_id: str, request: Json, secret: str | None = None
) -> Client:
    _check_urls(request)
    now = world.now()
    client = Client(
        client_id, pool.id, _CLIENT_DEFAULTS | request, secret, created=now, modified=now
    )
    pool.clients[client_id] = client
    return client


def _check_urls(request: Json) -> None:
    for url in [*request.get("CallbackURLs", []), *request.get("LogoutURLs", [])]:
        parts = urlsplit(url)
        if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "localhost"):
            raise Refusal(PoolRule.BAD_REDIRECT, url=url)


@operation("DescribeUserPoolClient")
def describe_user_pool_client(world: World, request: Json) -> Json:
    return {
        "UserPoolClient": _client_type(world.client(request["ClientId"], request["UserPoolId"])[1])
    }


@operation("UpdateUserPoolClient")
def update_user_pool_client(world: World, request: Json) -> Json:
    _, client = world.client(request.pop("ClientId"), request.pop("UserPoolId"))
    _check_urls(request)
    client.settings = _CLIENT_DEFAULTS | {"ClientName": client.settings["ClientName"]} | request
    client.modified = world.now()
    return {"UserPoolClient": _client_type(client)}


@operation("ListUserPoolClients")
def list_user_pool_clients(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    clients, following = page(
        list(pool.clients.values()), request.get("MaxResults", 60), request.get("NextToken")
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
def delete_user_pool_client(world: World, request: Json) -> Json:
    pool, client = world.client(request["ClientId"], request["UserPoolId"])
    del pool.clients[client.id]
    return {}
