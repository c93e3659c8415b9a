"""A stand-in for another identity provider, which believes any email address.

The user becomes `provider_email` with UserStatus EXTERNAL_PROVIDER and an `identities`
attribute, as with real Cognito; no MFA by Cognito (DOC `DG/user-pool-settings-mfa`).
"""

import json
from uuid import uuid4

from flask import Response, request

from localpool.hosted.browser import Query, error_page, page
from localpool.hosted.login import finish
from localpool.hosted.oauth import authorize_view
from localpool.rules import Refusal, UserRule
from localpool.state.records import Client, Pool, User
from localpool.state.users import set_attributes
from localpool.state.world import SignIn, World


@authorize_view
def federation(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """`/federation?identity_provider=…`, GET and POST."""
    provider = query.get("identity_provider", "")
    if provider not in pool.providers:
        return error_page("invalid_request", "There is no such identity provider")
    email = request.form.get("email", "").strip()
    problem = ""
    if request.method == "POST":
        try:
            user = _federated_user(world, pool, provider, email)
            return finish(SignIn(world, pool, client, user), query, ["fed"])
        except Refusal as refusal:
            problem = refusal.message
    return page(
        "federation.html", "federation", client=client, problem=problem, provider=provider,
        email=email,
    )  # fmt: skip


def _federated_user(world: World, pool: Pool, provider: str, email: str) -> User:
    """The user of this provider and address, created at the first sign-in.

    Errors: InvalidParameterException for no address, NotAuthorizedException for a disabled user.
    """
    name = f"{provider.lower()}_{email}"
    user = world.find_user(pool, name)
    if user is None:
        if not email:
            raise Refusal(UserRule.BAD_EMAIL)
        user = _new_federated_user(world, pool, provider, email, name)
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    return user


def _new_federated_user(world: World, pool: Pool, provider: str, email: str, name: str) -> User:
    now, sub = world.now(), str(uuid4())
    user = User(name, sub, {"sub": sub}, "EXTERNAL_PROVIDER", created=now, modified=now)
    identity = {
        "userId": email, "providerName": provider, "providerType": "SAML", "issuer": None,
        "primary": True, "dateCreated": int(now.timestamp() * 1000),
    }  # fmt: skip
    set_attributes(world, pool, user, {"email": email, "identities": json.dumps([identity])})
    pool.users[sub] = user
    return user
