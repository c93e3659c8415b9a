"""The sign-in pages: login, step-up, and the challenges that follow a password.

They issue the same challenges as the JSON API. A visit is a browser between
`/oauth2/authorize` and the redirect to the app. Sources: `DG/cognito-user-pools-managed-login`,
`DG/user-pool-settings-mfa`. A refusal is shown as a sentence above the form.
"""

import json
from urllib.parse import urlencode

from flask import Response, request

from localpool.hosted import enrolment
from localpool.hosted.account_pages import redirect_to
from localpool.hosted.browser import (
    Query,
    cookie_session,
    error_page,
    forged_form,
    page,
    redirect,
    set_cookie,
)
from localpool.hosted.oauth import authorize_view, open_browser_session, redirect_with_code
from localpool.rules import Refusal, Rule, Switch, UserRule
from localpool.sign_in import challenges, step_up
from localpool.sign_in.passkey_sign_in import begin_assertion
from localpool.sign_in.passwords import check_password
from localpool.sign_in.webauthn import passkey_sign_in_allowed
from localpool.state.records import EMAIL, SMS, TOTP, Challenge, Client, Pool, Visit
from localpool.state.world import SignIn, World, opaque

PAGES = {
    SMS: ("code.html", "mfa-sms"),
    TOTP: ("code.html", "mfa-totp"),
    EMAIL: ("code.html", "mfa-email"),
    "SELECT_MFA_TYPE": ("choose.html", "choose"),
    "NEW_PASSWORD_REQUIRED": ("new_password.html", "new-password"),
    "MFA_SETUP": ("set_up.html", "set-up"),
}
FIELDS = {
    **challenges.CODE_ANSWERS,
    "SELECT_MFA_TYPE": "ANSWER",
    "NEW_PASSWORD_REQUIRED": "NEW_PASSWORD",
}
# The pages where a user can mend what keeps them from signing in.
MENDED_AT: dict[Rule, str] = {
    UserRule.RESET_REQUIRED: "/forgotPassword",
    UserRule.NOT_CONFIRMED: "/confirmUser",
}


@authorize_view
def login(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """`/login`, GET and POST, with the query of `/oauth2/authorize`."""
    if request.method == "GET":
        return login_page(world, pool, client, query)
    try:
        name = request.form.get("username", "").strip()
        user = world.find_user(pool, name)
        user = check_password(world, pool, user, request.form.get("password", ""), hidden=True)
    except Refusal as refusal:
        if refusal.rule in MENDED_AT:
            return redirect_to(MENDED_AT[refusal.rule], query, name)
        return login_page(world, pool, client, query, refusal.message)
    user.first_sign_in = False  # The pages enrol at once.
    sign_in = SignIn(world, pool, client, user)
    return go_on(sign_in, query, step_up.first_challenge(sign_in, ["pwd"], query), ["pwd"])


@authorize_view
def ask_missing(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """`/step-up`: ask a signed-in browser for the missing factor only.

    Without a session it leads to `/login`, with nothing missing back to `/oauth2/authorize`.
    """
    browser = cookie_session(world, pool, query)
    if browser is None:
        return redirect("/login", query)
    sign_in = SignIn(world, pool, client, pool.users[browser.sub])
    missing = step_up.missing_challenge(sign_in, browser.methods, query)
    if missing is None:
        return redirect("/oauth2/authorize", query)
    return go_on(sign_in, query, missing, browser.methods)


def go_on(
    sign_in: SignIn, query: Query, following: Challenge | None, methods: list[str]
) -> Response:
    """To the page of the next challenge, or back to the app if there is none."""
    if following is None:
        return finish(sign_in, query, methods)
    enrolment.prepare(following)
    pool = sign_in.pool
    visit = Visit(opaque(), sign_in.client.id, query, following.session)
    pool.visits = {k: old for k, old in pool.visits.items() if old.challenge in pool.challenges}
    pool.visits[visit.id] = visit
    return _to_challenge(visit)


def login_page(
    world: World, pool: Pool, client: Client, query: Query, problem: str = ""
) -> Response:
    passkeys = passkey_sign_in_allowed(pool)
    return page(
        "login.html", "login", client=client, problem=problem, providers=pool.providers,
        username=request.form.get("username") or query.get("login_hint", ""),
        query=urlencode(query), open_to_all=_open_to_all(pool),
        passkey=json.dumps(begin_assertion(world, pool, client)) if passkeys else "",
    )  # fmt: skip


def _open_to_all(pool: Pool) -> bool:
    return not pool.settings["AdminCreateUserConfig"].get("AllowAdminCreateUserOnly")


def finish(sign_in: SignIn, query: Query, methods: list[str]) -> Response:
    """Set a new cookie, and redirect to the app with a code."""
    browser = open_browser_session(sign_in, methods)
    response = redirect_with_code(sign_in.world, sign_in.pool, sign_in.client, query, browser)
    set_cookie(sign_in.pool, response, browser)
    return response


def challenge(world: World) -> Response:
    """`/challenge?visit=…`, GET and POST: the open challenge of the visit."""
    found = _visit(world, request.args.get("visit", ""))
    if found is None:
        return error_page("invalid_request", "This sign-in is over. Go back to the app.")
    pool, visit = found
    try:
        current, user = challenges.find_open(world, pool, visit.challenge)
    except Refusal as refusal:
        return _ended(pool, visit, refusal)
    sign_in = SignIn(world, pool, pool.clients[visit.client_id], user)
    if request.method == "GET":
        return _challenge_page(sign_in, current)
    forged = forged_form()
    if forged:
        return forged
    try:
        return _answered(sign_in, visit, current)
    except Refusal as refusal:
        if current.used:
            return _ended(pool, visit, refusal)
        return _challenge_page(sign_in, current, refusal.message)


def _visit(world: World, visit_id: str) -> tuple[Pool, Visit] | None:
    for pool in world.state.pools.values():
        if visit_id in pool.visits:
            world.calls.note(pool_id=pool.id, client_id=pool.visits[visit_id].client_id)
            return pool, pool.visits[visit_id]
    return None


def _ended(pool: Pool, visit: Visit, refusal: Refusal) -> Response:
    pool.visits.pop(visit.id, None)
    return error_page("session_over", refusal.message, again=f"/login?{urlencode(visit.query)}")


def _answered(sign_in: SignIn, visit: Visit, current: Challenge) -> Response:
    """Check the form's answer, and go on. Errors: Refusal."""
    if current.name == "MFA_SETUP" and not enrolment.step(sign_in, current, request.form):
        return _to_challenge(visit)
    field = FIELDS.get(current.name, "")
    form_field = {"ANSWER": "answer", "NEW_PASSWORD": "password"}.get(field, "code")
    given = request.form.get(form_field, "")
    if form_field != "password":
        given = given.replace(" ", "")
    if (field, given) == ("ANSWER", EMAIL):
        given = sign_in.switch(Switch.email_answer)
    following = challenges.respond(sign_in, current, {field: given})
    following = following or step_up.missing_challenge(sign_in, current.methods, visit.query)
    if following is None:
        sign_in.pool.visits.pop(visit.id, None)
        return finish(sign_in, visit.query, current.methods)
    enrolment.prepare(following)
    visit.challenge = following.session
    return _to_challenge(visit)


def _to_challenge(visit: Visit) -> Response:
    return redirect("/challenge", {"visit": visit.id}, status=303)


def _challenge_page(sign_in: SignIn, current: Challenge, problem: str = "") -> Response:
    template, name = PAGES[current.name]
    parameters = challenges.parameters(sign_in, current)
    return page(
        template, name, client=sign_in.client, problem=problem, asked=current, user=sign_in.user,
        destination=parameters.get("CODE_DELIVERY_DESTINATION", ""),
        device=parameters.get("FRIENDLY_DEVICE_NAME", ""),
        qr=enrolment.qr_code(current, sign_in.user),
    )  # fmt: skip
