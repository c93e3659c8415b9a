"""The OAuth endpoints that a browser visits, authorize and logout, and discovery.

Sources: `DG/authorization-endpoint`, `DG/logout-endpoint`, `DG/cognito-user-pools-managed-login`.
Errors go back to the app as OAuth says. An unknown client or an unregistered address gets an
error page instead: a browser is never sent there.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from flask import Response, request

from localpool.hosted.browser import (
    Query,
    cookie_session,
    error_page,
    forged_form,
    forget_cookie,
    prompts,
    redirect,
)
from localpool.rules import Refusal, Switch
from localpool.sign_in import last_seen
from localpool.sign_in.step_up import missing_factor
from localpool.state.records import AuthCode, BrowserSession, Client, Json, Pool
from localpool.state.world import SignIn, World, opaque

CODE_LIVES, COOKIE_LIVES = timedelta(minutes=5), timedelta(hours=1)
AuthorizeView = Callable[[World, Pool, Client, Query], Response]


class InvalidRequest(Exception):
    """An authorize request that gets an error: at the app, or as a page if not `redirect`."""

    def __init__(self, error: str, description: str, *, redirect: bool = True) -> None:
        self.error, self.description, self.redirect = error, description, redirect
        super().__init__(description)


def authorize_view(view: AuthorizeView) -> Callable[[World], Response]:
    """Give the view the pool, the client and the query, once the query and a form's CSRF hold."""

    @wraps(view)
    def checked(world: World) -> Response:
        query = request.args.to_dict()
        try:
            pool, client = check_request(world, query)
        except InvalidRequest as invalid:
            return error_response(query, invalid)
        return forged_form() or view(world, pool, client, query)

    return checked


@authorize_view
def authorize(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """`GET /oauth2/authorize`: back to the app if the cookie is enough, else to a page."""
    browser = cookie_session(world, pool, query)
    if browser:
        user = pool.users[browser.sub]
        world.calls.note(username=user.username)
        if not missing_factor(world, pool, user, browser.methods, query):
            return redirect_with_code(world, pool, client, query, browser)
    if "none" in prompts(world, pool, query):
        return error_response(query, InvalidRequest("login_required", "The person has to sign in"))
    if browser:
        return redirect("/step-up", query)
    provider = query.get("identity_provider", "COGNITO")
    return redirect("/federation" if provider in pool.providers else "/login", query)


def check_request(world: World, query: Query) -> tuple[Pool, Client]:
    """The pool and the app client of an authorize query. Errors: InvalidRequest."""
    try:
        pool, client = world.client(query.get("client_id", ""))
    except Refusal:
        raise InvalidRequest("invalid_client", "No such app client", redirect=False) from None
    settings = client.settings
    if query.get("redirect_uri") not in settings.get("CallbackURLs", []):
        description = "This callback URL is not registered"
        raise InvalidRequest("redirect_mismatch", description, redirect=False)
    if query.get("response_type") != "code":
        raise InvalidRequest("unsupported_response_type", "Only response_type=code is built")
    flows = settings.get("AllowedOAuthFlows", [])
    if not settings["AllowedOAuthFlowsUserPoolClient"] or "code" not in flows:
        raise InvalidRequest("unauthorized_client", "The client may not use the code flow")
    if not set(_scopes(client, query)) <= set(settings.get("AllowedOAuthScopes", [])):
        raise InvalidRequest("invalid_scope", "A scope is not allowed for this client")
    if "code_challenge" in query and query.get("code_challenge_method") != "S256":
        raise InvalidRequest("invalid_request", "code_challenge_method must be S256")
    if "max_age" in query and not query["max_age"].isdecimal():
        raise InvalidRequest("invalid_request", "max_age is not a number of seconds")
    return pool, client


def error_response(query: Query, invalid: InvalidRequest) -> Response:
    if not invalid.redirect:
        return error_page(invalid.error, invalid.description)
    answer = {"error": invalid.error, "error_description": invalid.description}
    return _redirect_to_app(query, answer)


def _redirect_to_app(query: Query, answer: Query) -> Response:
    state = {"state": query["state"]} if "state" in query else {}
    return redirect(query["redirect_uri"], answer | state)


def _scopes(client: Client, query: Query) -> list[str]:
    """The scopes asked for, or all that the client allows (DOC `DG/token-endpoint`)."""
    asked = query.get("scope", "").split()
    return asked or list(client.settings.get("AllowedOAuthScopes", []))


def redirect_with_code(
    world: World, pool: Pool, client: Client, query: Query, browser: BrowserSession
) -> Response:
    """Back to the app, with an authorization code for the user of this browser session."""
    auth_time = browser.auth_time
    if world.switch_is(Switch.silent_auth_time, "now", pool):
        auth_time = world.clock.seconds()
    code = AuthCode(
        code=opaque(), client_id=client.id, sub=browser.sub, redirect_uri=query["redirect_uri"],
        scopes=_scopes(client, query), methods=browser.methods, auth_time=auth_time,
        expires=world.now() + CODE_LIVES, nonce=query.get("nonce"),
        code_challenge=query.get("code_challenge"), browser=browser.id,
    )  # fmt: skip
    pool.codes = {key: old for key, old in pool.codes.items() if old.expires > world.now()}
    pool.codes[code.code] = code
    return _redirect_to_app(query, {"code": code.code})


def logout(world: World) -> Response:
    """`GET /logout`: end the cookie but not the tokens, then redirect.

    The target is `logout_uri`, or `/login` where a `redirect_uri` is given instead.
    """
    query = request.args.to_dict()
    try:
        pool, client = world.client(query.get("client_id", ""))
    except Refusal:
        return error_page("invalid_client", "No such app client")
    if query.get("logout_uri") in client.settings.get("LogoutURLs", []):
        response = redirect(query["logout_uri"])
    elif "logout_uri" not in query and query.get("redirect_uri") in client.settings.get(
        "CallbackURLs", []
    ):
        response = redirect("/login", query)
    else:
        return error_page("redirect_mismatch", "This sign-out URL is not registered")
    forget_cookie(pool, response)
    return response


def discovery(world: World, pool: Pool) -> Json:
    """The OpenID Connect discovery document of the pool."""
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


def open_browser_session(sign_in: SignIn, methods: list[str]) -> BrowserSession:
    """The session of a new cookie; it lasts one hour, which silent use does not extend."""
    world, pool = sign_in.world, sign_in.pool
    browser = BrowserSession(
        opaque(), sign_in.user.sub, world.clock.seconds(), methods, world.now() + COOKIE_LIVES
    )
    last_seen.record(browser, world.now())
    pool.browsers = {key: old for key, old in pool.browsers.items() if old.expires > world.now()}
    pool.browsers[browser.id] = browser
    return browser
