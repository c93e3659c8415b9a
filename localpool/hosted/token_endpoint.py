"""The OAuth endpoints that an app calls: token, userInfo and revoke.

Sources: `DG/token-endpoint`, `DG/userinfo-endpoint`, `DG/revocation-endpoint`.
"""

import base64
import hashlib

from flask import request

from localpool.rules import Refusal, Switch
from localpool.sign_in import tokens
from localpool.state.records import AuthCode, Client, Json, Pool
from localpool.state.world import SignIn, World


class Denied(Exception):
    """An error answer of the token, revoke and userInfo endpoints."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        self.body = {"error": error} | ({"error_description": description} if description else {})
        self.status = status
        super().__init__(error)


def token(world: World) -> Json:
    """`POST /oauth2/token`: tokens for a code or a refresh token.

    Errors: Denied with the codes of `DG/token-endpoint`.
    """
    form = request.form
    pool, client = _authenticated(world)
    if form.get("grant_type") == "authorization_code":
        return _exchange(world, pool, client)
    if form.get("grant_type") != "refresh_token":
        raise Denied("unsupported_grant_type")
    if "refresh_token" not in form:
        raise Denied("invalid_request")
    try:
        return _as_oauth(tokens.refresh(world, pool, client, form["refresh_token"]))
    except Refusal as refusal:
        raise Denied("invalid_grant", refusal.message) from None


def _authenticated(world: World) -> tuple[Pool, Client]:
    """The client of the request, after its secret was checked (basic or post)."""
    basic = request.authorization
    client_id, secret = request.form.get("client_id"), request.form.get("client_secret")
    if basic and basic.type == "basic":
        client_id, secret = basic.username, basic.password
    if not client_id:
        raise Denied("invalid_request")
    try:
        pool, client = world.client(client_id)
    except Refusal:
        raise Denied("invalid_client") from None
    if client.secret and secret != client.secret:
        raise Denied("invalid_client")
    return pool, client


def _exchange(world: World, pool: Pool, client: Client) -> Json:
    form = request.form
    code = pool.codes.get(form.get("code", ""))
    if code is None or code.spent or code.client_id != client.id or code.expires <= world.now():
        raise Denied("invalid_grant")
    if form.get("redirect_uri") != code.redirect_uri:
        raise Denied("unauthorized_client", "invalid_redirect")
    if not _verifier_fits(code, form.get("code_verifier", "")):
        code.spent = world.switch_is(Switch.wrong_verifier_spends_code, "yes", pool)
        raise Denied("invalid_grant")
    readable = client.settings.get("ReadAttributes")
    if "email" in code.scopes and readable and "email_verified" not in readable:
        raise Denied("invalid_grant")
    user = pool.users.get(code.sub)
    if user is None or not user.enabled:
        raise Denied("invalid_grant")
    code.spent = True
    world.calls.note(username=user.username)
    sign_in = SignIn(world, pool, client, user)
    grant = tokens.new_grant(
        sign_in, scopes=code.scopes, methods=code.methods, auth_time=code.auth_time,
        nonce=code.nonce, browser=code.browser,
    )  # fmt: skip
    result = tokens.token_set(sign_in, grant)
    return _as_oauth(result | {"RefreshToken": tokens.new_refresh_token(grant)})


def _verifier_fits(code: AuthCode, verifier: str) -> bool:
    if code.code_challenge is None:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return digest.rstrip(b"=").decode() == code.code_challenge


def _as_oauth(result: Json) -> Json:
    names = {
        "AccessToken": "access_token", "IdToken": "id_token", "RefreshToken": "refresh_token",
        "ExpiresIn": "expires_in", "TokenType": "token_type",
    }  # fmt: skip
    return {names[name]: value for name, value in result.items()}


def user_info(world: World) -> Json:
    """`GET /oauth2/userInfo`: the attributes that the token may read, all strings."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        caller = tokens.caller_of(world, bearer, scope="openid")
    except Refusal as refusal:
        raise Denied("invalid_token", refusal.message, 401) from None
    client = caller.pool.clients[caller.grant.client_id]
    attributes = tokens.visible_attributes(client, caller.user, caller.grant.scopes)
    return attributes | {"username": caller.user.username}


def revoke(world: World) -> Json:
    """`POST /oauth2/revoke`: revoke a refresh token; the body of a success is empty."""
    pool, client = _authenticated(world)
    if "token" not in request.form:
        raise Denied("invalid_request")
    try:
        tokens.revoke(pool, client, request.form["token"])
    except Refusal as refusal:
        unsupported = refusal.code == "UnsupportedTokenTypeException"
        raise Denied("unsupported_token_type" if unsupported else "invalid_request") from None
    return {}
