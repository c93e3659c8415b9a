"""The OAuth endpoints: authorize, token, userInfo, revoke, logout, discovery and keys.

Sources: `DG/authorization-endpoint`, `DG/token-endpoint`, `DG/userinfo-endpoint`,
`DG/revocation-endpoint`, `DG/logout-endpoint`, `DG/cognito-user-pools-managed-login`. Errors go
back to the app as OAuth says, but an unknown client or an address that is not registered gets a
page: a browser is never sent there.
"""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool import tokens
from localpool.browser import cookie_session, error_page, forget_cookie, with_query
from localpool.rules import Refusal
from localpool.state import AuthCode, BrowserSession, Client, Pool, User
from localpool.switches import Switch
from localpool.wire import Json
from localpool.world import World, opaque

SCOPES = ("openid", "email", "phone", "profile", tokens.ADMIN_SCOPE)


class Broken(Exception):
    """An authorize request that gets a page (no `redirect`) or an error at the app."""

    def __init__(self, error: str, description: str, *, redirect: bool = True) -> None:
        self.error, self.description, self.redirect = error, description, redirect
        super().__init__(description)


def authorize(world: World) -> Response:
    """`GET /oauth2/authorize`: silently with the cookie, else by way of `/login`."""
    query = dict(request.args)
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    browser = cookie_session(world, pool, query)
    if browser:
        world.calls.note(username=pool.users[browser.sub].username)
        return back_to_app(world, pool, client, query, browser)
    if "none" in query.get("prompt", "").split():
        return refused(query, Broken("login_required", "The person has to sign in"))
    provider = query.get("identity_provider", "COGNITO")
    page = "/federation" if provider in pool.providers else "/login"
    return flask.redirect(f"{page}?{urlencode(query)}", 302)  # type: ignore[return-value]


def checked_request(world: World, query: dict[str, str]) -> tuple[Pool, Client]:
    """Errors: Broken."""
    try:
        pool, client = world.client(query.get("client_id", ""))
    except Refusal:
        raise Broken("invalid_client", "No such app client", redirect=False) from None
    if query.get("redirect_uri") not in client.settings.get("CallbackURLs", []):
        raise Broken("redirect_mismatch", "This callback URL is not registered", redirect=False)
    if query.get("response_type") != "code":
        raise Broken("unsupported_response_type", "Only response_type=code is built")
    settings = client.settings
    if not settings["AllowedOAuthFlowsUserPoolClient"] or "code" not in settings.get(
        "AllowedOAuthFlows", []
    ):
        raise Broken("unauthorized_client", "The client may not use the code flow")
    if not set(_scopes(client, query)) <= set(settings.get("AllowedOAuthScopes", [])):
        raise Broken("invalid_scope", "A scope is not allowed for this client")
    if "code_challenge" in query and query.get("code_challenge_method") != "S256":
        raise Broken("invalid_request", "code_challenge_method must be S256")
    if "max_age" in query and not query["max_age"].isdecimal():
        raise Broken("invalid_request", "max_age is not a number of seconds")
    return pool, client


def refused(query: dict[str, str], broken: Broken) -> Response:
    if not broken.redirect:
        return error_page(broken.error, broken.description)
    answer = {"error": broken.error, "error_description": broken.description}
    return _redirect(query, answer)


def _redirect(query: dict[str, str], answer: dict[str, str]) -> Response:
    if "state" in query:
        answer["state"] = query["state"]
    return flask.redirect(with_query(query["redirect_uri"], answer), 302)  # type: ignore[return-value]


def _scopes(client: Client, query: dict[str, str]) -> list[str]:
    """No scope asked for means every scope the client allows (DOC `DG/token-endpoint`)."""
    asked = query.get("scope", "").split()
    return asked or list(client.settings.get("AllowedOAuthScopes", []))


def back_to_app(
    world: World, pool: Pool, client: Client, query: dict[str, str], browser: BrowserSession
) -> Response:
    """An authorization code for whoever this browser is signed in as, good for five minutes."""
    code = AuthCode(
        code=opaque(), client_id=client.id, sub=browser.sub, redirect_uri=query["redirect_uri"],
        scopes=_scopes(client, query), methods=browser.methods, auth_time=browser.auth_time,
        expires=world.now() + timedelta(minutes=5), nonce=query.get("nonce"),
        code_challenge=query.get("code_challenge"),
    )  # fmt: skip
    pool.codes = {key: old for key, old in pool.codes.items() if old.expires > world.now()}
    pool.codes[code.code] = code
    return _redirect(query, {"code": code.code})


class Denied(Exception):
    """An error answer of the token, revoke and userInfo endpoints."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        self.body = {"error": error} | ({"error_description": description} if description else {})
        self.status = status
        super().__init__(error)


def token(world: World) -> Json:
    """`POST /oauth2/token`. Errors: Denied with the codes of `DG/token-endpoint`."""
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
    """client_secret_basic or client_secret_post where there is a secret."""
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
        code.spent = world.plays(Switch.wrong_verifier_spends_code, "yes", pool)
        raise Denied("invalid_grant")
    readable = client.settings.get("ReadAttributes")
    if "email" in code.scopes and readable and "email_verified" not in readable:
        raise Denied("invalid_grant")
    user = pool.users.get(code.sub)
    if user is None or not user.enabled:
        raise Denied("invalid_grant")
    code.spent = True
    world.calls.note(username=user.username)
    grant = tokens.new_grant(
        world, client, user, scopes=code.scopes, methods=code.methods, auth_time=code.auth_time,
        nonce=code.nonce,
    )  # fmt: skip
    result = tokens.token_set(world, pool, client, user, grant)
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
    """`GET /oauth2/userInfo` with a token of scope openid; values are strings."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        me = tokens.person(world, bearer, scope="openid")
    except Refusal as refusal:
        raise Denied("invalid_token", refusal.message, 401) from None
    client = me.pool.clients[me.grant.client_id]
    attributes = tokens.visible_attributes(client, me.user, me.grant.scopes)
    return attributes | {"username": me.user.username}


def revoke(world: World) -> Json:
    """`POST /oauth2/revoke` of a refresh token; the body of a success is empty."""
    pool, client = _authenticated(world)
    if "token" not in request.form:
        raise Denied("invalid_request")
    try:
        tokens.revoke(pool, client, request.form["token"])
    except Refusal as refusal:
        unsupported = refusal.code == "UnsupportedTokenTypeException"
        raise Denied("unsupported_token_type" if unsupported else "invalid_request") from None
    return {}


def logout(world: World) -> Response:
    """`GET /logout`: ends the cookie, not the tokens; then to `logout_uri` or to sign in again."""
    query = dict(request.args)
    try:
        pool, client = world.client(query.get("client_id", ""))
    except Refusal:
        return error_page("invalid_client", "No such app client")
    if query.get("logout_uri") in client.settings.get("LogoutURLs", []):
        response = flask.redirect(query["logout_uri"], 302)
    elif "logout_uri" not in query and query.get("redirect_uri") in client.settings.get(
        "CallbackURLs", []
    ):
        response = flask.redirect(f"/login?{urlencode(query)}", 302)
    else:
        return error_page("redirect_mismatch", "This sign-out URL is not registered")
    forget_cookie(pool, response)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def discovery(world: World, pool: Pool) -> Json:
    base, issuer = world.base_url, world.issuer(pool)
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "token_endpoint": f"{base}/oauth2/token",
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "end_session_endpoint": f"{base}/logout",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def signed_in(world: World, pool: Pool, user: User, methods: list[str]) -> BrowserSession:
    """A new cookie for one hour, which silent use does not extend."""
    browser = BrowserSession(
        opaque(), user.sub, world.clock.seconds(), methods, world.now() + timedelta(hours=1)
    )
    pool.browsers = {key: old for key, old in pool.browsers.items() if old.expires > world.now()}
    pool.browsers[browser.id] = browser
    return browser
