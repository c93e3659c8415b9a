"""A stand-in for another identity provider: it believes whoever gives an email address.

The person becomes `provider_email` with UserStatus EXTERNAL_PROVIDER and an `identities`
attribute, as with real Cognito; no MFA by Cognito (DOC `DG/user-pool-settings-mfa`).
"""

import json
from uuid import uuid4

from flask import Response, request

from localpool.hosted.browser import FORGED, csrf_is_right, error_page, page
from localpool.hosted.login import complete
from localpool.hosted.oauth import Broken, checked_request, refused
from localpool.rules.rule import Refusal
from localpool.rules.user_rules import UserRule
from localpool.state.records import Pool, User
from localpool.state.users import set_attributes
from localpool.state.world import SignIn, World


def federation(world: World) -> Response:
    """`/federation?identity_provider=…`, GET and POST."""
    query = dict(request.args)
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    provider = query.get("identity_provider", "")
    if provider not in pool.providers:
        return error_page("invalid_request", "There is no such identity provider")
    email = request.form.get("email", "").strip()
    problem = ""
    if request.method == "POST":
        if not csrf_is_right():
            return error_page("invalid_request", FORGED, status=403)
        try:
            user = _person(world, pool, provider, email)
            return complete(SignIn(world, pool, client, user), query, ["fed"])
        except Refusal as refusal:
            problem = refusal.message
    return page(
        "federation.html", "federation", status=400 if problem else 200, client=client,
        provider=provider, problem=problem, email=email,
    )  # fmt: skip


def _person(world: World, pool: Pool, provider: str, email: str) -> User:
    """Errors: InvalidParameterException for an address, NotAuthorizedException when disabled."""
    name = f"{provider.lower()}_{email}"
    user = world.find_user(pool, name)
    if user is None:
        if not email:
            raise Refusal(UserRule.BAD_EMAIL)
        user = _new_person(world, pool, provider, email, name)
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    return user


def _new_person(world: World, pool: Pool, provider: str, email: str, name: str) -> User:
    now, sub = world.now(), str(uuid4())
    user = User(name, sub, {"sub": sub}, "EXTERNAL_PROVIDER", created=now, modified=now)
    identity = {
        "userId": email, "providerName": provider, "providerType": "SAML", "issuer": None,
        "primary": True, "dateCreated": int(now.timestamp() * 1000),
    }  # fmt: skip
    set_attributes(world, pool, user, {"email": email, "identities": json.dumps([identity])})
    pool.users[sub] = user
    return user
