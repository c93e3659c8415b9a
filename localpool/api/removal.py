"""Pools and app clients go away again, with all that hangs below them.

Sources: `API/DeleteUserPool`, `API/DeleteUserPoolClient`. Errors: ResourceNotFoundException.
"""

from localpool.state.world import World
from localpool.wire.aws_json import Json, operation


@operation("DeleteUserPool")
def delete_user_pool(world: World, ask: Json) -> Json:
    del world.state.pools[world.pool(ask["UserPoolId"]).id]
    return {}


@operation("DeleteUserPoolClient")
def delete_user_pool_client(world: World, ask: Json) -> Json:
    pool, client = world.client(ask["ClientId"], ask["UserPoolId"])
    del pool.clients[client.id]
    return {}
