"""The OAuth endpoints a browser visits: authorize and logout; and discovery.

Sources: `DG/authorization-endpoint`, `DG/logout-endpoint`, `DG/cognito-user-pools-managed-login`.
Errors go back to the app as OAuth says, but an unknown client or an address that is not
registered gets a page: a browser is never sent there.
"""

from datetime import timedelta
from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool.hosted.browser import cookie_session, error_page, forget_cookie, prompts, with_query
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.sign_in import last_seen, tokens
from localpool.sign_in.step_up import missing_factor
from localpool.state.records import AuthCode, BrowserSession, Client, Json, Pool
from localpool.state.world import SignIn, World, opaque

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
    user = pool.users[browser.sub] if browser else None
    if browser and user:
        world.calls.note(username=user.username)
        if not missing_factor(world, pool, user, browser.methods, query):
            return back_to_app(world, pool, client, query, browser)
    if "none" in prompts(world, pool, query):
        return refused(query, Broken("login_required", "The person has to sign in"))
    if browser:
        return flask.redirect(f"/step-up?{urlencode(query)}", 302)  # type: ignore[return-value]
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
    auth_time = browser.auth_time
    if world.plays(Switch.silent_auth_time, "now", pool):
        auth_time = world.clock.seconds()
    code = AuthCode(
        code=opaque(), client_id=client.id, sub=browser.sub, redirect_uri=query["redirect_uri"],
        scopes=_scopes(client, query), methods=browser.methods, auth_time=auth_time,
        expires=world.now() + timedelta(minutes=5), nonce=query.get("nonce"),
        code_challenge=query.get("code_challenge"), browser=browser.id,
    )  # fmt: skip
    pool.codes = {key: old for key, old in pool.codes.items() if old.expires > world.now()}
    pool.codes[code.code] = code
    return _redirect(query, {"code": code.code})


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


def signed_in(sign_in: SignIn, methods: list[str]) -> BrowserSession:
    """A new cookie for one hour, which silent use does not extend."""
    world, pool = sign_in.world, sign_in.pool
    browser = BrowserSession(
        opaque(), sign_in.user.sub, world.clock.seconds(), methods, world.now() + timedelta(hours=1)
    )
    last_seen.note(browser, world.now())
    pool.browsers = {key: old for key, old in pool.browsers.items() if old.expires > world.now()}
    pool.browsers[browser.id] = browser
    return browser
