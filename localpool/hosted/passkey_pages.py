"""The hosted pages of passkeys: sign-in, and adding one in a signed-in browser.

`static/passkeys.js` calls the browser's WebAuthn API and sends the result as a form. Sources:
`DG/cognito-user-pools-managed-login` (`/passkeys/add` takes client_id and redirect_uri),
`DG/authentication`. The answer to a browser that is not signed in is UNKNOWN.
"""

import json
from urllib.parse import urlencode

from flask import Response, request

from localpool.api.passkeys import begin_registration, complete_registration
from localpool.hosted.browser import Query, cookie_session, error_page, forged_form, page, redirect
from localpool.hosted.login import finish, go_on, login_page
from localpool.hosted.oauth import authorize_view
from localpool.rules import FactorRule, Refusal, Switch
from localpool.sign_in import challenges
from localpool.sign_in.mfa import next_challenge_for
from localpool.sign_in.passkey_sign_in import complete_assertion, satisfies_mfa
from localpool.sign_in.webauthn import passkey_sign_in_allowed
from localpool.state.records import Client, Pool, User
from localpool.state.world import SignIn, World


@authorize_view
def sign_in_with_passkey(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """`POST /passkeys/sign-in`, with the query of `/oauth2/authorize`."""
    try:
        return _signed_in(world, pool, client, query)
    except Refusal as refusal:
        return login_page(world, pool, client, query, refusal.message)


def _signed_in(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """Accept the passkey as first factor; a switch decides what follows where MFA is on."""
    if not passkey_sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEY_SIGN_IN_OFF)
    found = complete_assertion(world, pool, client, request.form.get("credential", ""))
    sign_in = SignIn(world, pool, client, found.user)
    methods = [found.method]
    without_mfa = next_challenge_for(world, pool, found.user).name is None
    if satisfies_mfa(world, pool, found) or without_mfa:
        return finish(sign_in, query, methods)
    if world.switch_is(Switch.passkey_before_mfa, "refuse", pool):
        raise Refusal(FactorRule.PASSKEY_NOT_ENOUGH)
    return go_on(sign_in, query, challenges.first_challenge(sign_in, methods), methods)


def add_passkey(world: World) -> Response:
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
        forged = forged_form()
        if forged:
            return forged
        credential = _document(request.form.get("credential", ""))
        complete_registration(world, pool, client.id, user, credential)
    except Refusal as refusal:
        return _add_page(world, pool, client, user, refusal.message)
    return redirect(back, status=303)


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
        "add_passkey.html", "add-passkey", client=client, problem=problem, user=user,
        options=json.dumps(options), query=urlencode(request.args),
    )  # fmt: skip
