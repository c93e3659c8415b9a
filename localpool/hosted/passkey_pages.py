"""The hosted pages of passkeys: signing in with one, and adding one in a signed-in browser.

Both work with one small module (`static/passkeys.js`) that does the browser's part and sends the
result as a form. Sources: `DG/cognito-user-pools-managed-login` (`/passkeys/add` takes client_id
and redirect_uri), `DG/authentication`; what is said to a browser that is not signed in is UNKNOWN.
"""

import json
from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool.api.passkeys import begin_registration, complete_registration
from localpool.hosted import enrolment
from localpool.hosted.browser import FORGED, cookie_session, csrf_is_right, error_page, page
from localpool.hosted.login import complete, follow, login_page
from localpool.hosted.oauth import Broken, checked_request, refused
from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.sign_in import challenges
from localpool.sign_in.mfa import question_for
from localpool.sign_in.passkey_sign_in import complete_assertion, satisfies_mfa
from localpool.sign_in.webauthn import sign_in_allowed
from localpool.state.records import Client, Pool, User
from localpool.state.world import SignIn, World


def sign_in_with_passkey(world: World) -> Response:
    """`POST /passkeys/sign-in`, with the query of `/oauth2/authorize`."""
    query = dict(request.args)
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    if not csrf_is_right():
        return error_page("invalid_request", FORGED, status=403)
    try:
        return _signed_in(world, pool, client, query)
    except Refusal as refusal:
        return login_page(world, pool, client, query, refusal.message)


def _signed_in(world: World, pool: Pool, client: Client, query: dict[str, str]) -> Response:
    """A passkey is the first factor; where it is not enough, the switch says what is next."""
    if not sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEY_SIGN_IN_OFF)
    found = complete_assertion(world, pool, client, request.form.get("credential", ""))
    sign_in = SignIn(world, pool, client, found.user)
    methods = [found.method]
    if satisfies_mfa(world, pool, found) or question_for(world, pool, found.user).name is None:
        return complete(sign_in, query, methods)
    if world.plays(Switch.passkey_before_mfa, "refuse", pool):
        raise Refusal(FactorRule.PASSKEY_NOT_ENOUGH)
    challenge = challenges.begin(sign_in, methods)
    if challenge is None:
        return complete(sign_in, query, methods)
    enrolment.prepare(challenge)
    return follow(sign_in, query, challenge)


def add(world: World) -> Response:
    """`/passkeys/add?client_id=…&redirect_uri=…`, GET and POST."""
    try:
        pool, client = world.client(request.args.get("client_id", ""))
    except Refusal as refusal:
        return error_page("invalid_client", refusal.message)
    back = request.args.get("redirect_uri", "")
    if back not in client.settings.get("CallbackURLs", []):
        return error_page("redirect_mismatch", "This callback URL is not registered")
    browser = cookie_session(world, pool, {})
    if browser is None:
        return error_page("login_required", "Sign in first, then add the passkey.", status=401)
    user = pool.users[browser.sub]
    world.calls.note(username=user.username)
    try:
        if request.method == "GET":
            return _add_page(world, pool, client, user)
        if not csrf_is_right():
            return error_page("invalid_request", FORGED, status=403)
        credential = _document(request.form.get("credential", ""))
        complete_registration(world, pool, client.id, user, credential)
    except Refusal as refusal:
        return _add_page(world, pool, client, user, refusal.message)
    return flask.redirect(back, 303)  # type: ignore[return-value]


def _document(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _add_page(world: World, pool: Pool, client: Client, user: User, problem: str = "") -> Response:
    try:
        options = begin_registration(world, pool, client.id, user)
    except Refusal as refusal:
        return error_page("passkey_refused", refusal.message)
    return page(
        "add_passkey.html", "add-passkey", status=400 if problem else 200, client=client,
        problem=problem, user=user, options=json.dumps(options), query=urlencode(request.args),
    )  # fmt: skip
