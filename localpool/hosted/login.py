"""The hosted pages: sign-in, the question after it, the choice, the set-up, a new password.

They ask exactly what the API asks: both use `challenges`. A visit is a browser between
`/oauth2/authorize` and the way back. Source: `DG/cognito-user-pools-managed-login`,
`DG/user-pool-settings-mfa`. Errors of the pool are shown as a sentence above the form.
"""

import json
from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool.hosted import enrolment
from localpool.hosted.account_pages import to
from localpool.hosted.browser import FORGED, csrf_is_right, error_page, page, set_cookie
from localpool.hosted.oauth import Broken, back_to_app, checked_request, refused, signed_in
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.rules.user_rules import UserRule
from localpool.sign_in import challenges, step_up
from localpool.sign_in.passkey_sign_in import begin_assertion
from localpool.sign_in.passwords import check_password
from localpool.sign_in.webauthn import sign_in_allowed
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
# What a sign-in cannot go on without, and the page that mends it.
TO_MEND = {UserRule.RESET_REQUIRED: "/forgotPassword", UserRule.NOT_CONFIRMED: "/confirmUser"}


def login(world: World) -> Response:
    """`/login`, GET and POST, with the query of `/oauth2/authorize`."""
    query = dict(request.args)
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    if request.method == "GET":
        return login_page(world, pool, client, query)
    if not csrf_is_right():
        return error_page("invalid_request", FORGED, status=403)
    try:
        name = request.form.get("username", "").strip()
        user = world.find_user(pool, name)
        user = check_password(world, pool, user, request.form.get("password", ""), hidden=True)
    except Refusal as refusal:
        if refusal.rule in TO_MEND:
            return to(TO_MEND[refusal.rule], query, name)
        return login_page(world, pool, client, query, refusal.message)
    user.first_sign_in = False  # The pages enrol at once.
    sign_in = SignIn(world, pool, client, user)
    challenge = step_up.begin(sign_in, ["pwd"], query)
    if challenge is None:
        return complete(sign_in, query, ["pwd"])
    enrolment.prepare(challenge)
    return follow(sign_in, query, challenge)


def follow(sign_in: SignIn, query: dict[str, str], challenge: Challenge) -> Response:
    """To the page of the challenge, with a visit that remembers where the browser came from."""
    pool = sign_in.pool
    visit = Visit(opaque(), sign_in.client.id, query, challenge.session)
    pool.visits = {k: old for k, old in pool.visits.items() if old.challenge in pool.challenges}
    pool.visits[visit.id] = visit
    return _to_challenge(visit)


def login_page(
    world: World, pool: Pool, client: Client, query: dict[str, str], problem: str = ""
) -> Response:
    name = request.form.get("username") or query.get("login_hint", "")
    return page(
        "login.html", "login", status=400 if problem else 200, client=client, problem=problem,
        username=name, providers=pool.providers, query=urlencode(query),
        open_to_all=_open_to_all(pool),
        passkey=json.dumps(begin_assertion(world, pool, client)) if sign_in_allowed(pool) else "",
    )  # fmt: skip


def _open_to_all(pool: Pool) -> bool:
    return not pool.settings["AdminCreateUserConfig"].get("AllowAdminCreateUserOnly")


def complete(sign_in: SignIn, query: dict[str, str], methods: list[str]) -> Response:
    """Signed in: a new cookie, and back to the app with a code."""
    browser = signed_in(sign_in, methods)
    response = back_to_app(sign_in.world, sign_in.pool, sign_in.client, query, browser)
    set_cookie(sign_in.pool, response, browser)
    return response


def challenge(world: World) -> Response:
    """`/challenge?visit=…`, GET and POST: whatever this sign-in is asked now."""
    found = _visit(world, request.args.get("visit", ""))
    if found is None:
        return error_page("invalid_request", "This sign-in is over. Go back to the app.")
    pool, visit = found
    try:
        asked, user = challenges.find(world, pool, visit.challenge)
    except Refusal as refusal:
        return _over(pool, visit, refusal)
    sign_in = SignIn(world, pool, pool.clients[visit.client_id], user)
    if request.method == "GET":
        return _challenge_page(sign_in, asked)
    if not csrf_is_right():
        return error_page("invalid_request", FORGED, status=403)
    try:
        return _answered(sign_in, visit, asked)
    except Refusal as refusal:
        if asked.used:
            return _over(pool, visit, refusal)
        return _challenge_page(sign_in, asked, refusal.message)


def _visit(world: World, visit_id: str) -> tuple[Pool, Visit] | None:
    for pool in world.state.pools.values():
        if visit_id in pool.visits:
            world.calls.note(pool_id=pool.id, client_id=pool.visits[visit_id].client_id)
            return pool, pool.visits[visit_id]
    return None


def _over(pool: Pool, visit: Visit, refusal: Refusal) -> Response:
    pool.visits.pop(visit.id, None)
    return error_page("session_over", refusal.message, again=f"/login?{urlencode(visit.query)}")


def _answered(sign_in: SignIn, visit: Visit, asked: Challenge) -> Response:
    if asked.name == "MFA_SETUP" and not enrolment.step(sign_in, asked, request.form):
        return _to_challenge(visit)
    field = FIELDS.get(asked.name, "")
    form_field = {"ANSWER": "answer", "NEW_PASSWORD": "password"}.get(field, "code")
    given = request.form.get(form_field, "")
    if form_field != "password":
        given = given.replace(" ", "")
    if (field, given) == ("ANSWER", EMAIL):
        given = sign_in.plays(Switch.email_answer)
    answers = {field: given}
    following = challenges.respond(sign_in, asked, answers)
    following = following or step_up.question(sign_in, asked.methods, visit.query)
    if following is None:
        sign_in.pool.visits.pop(visit.id, None)
        return complete(sign_in, visit.query, asked.methods)
    enrolment.prepare(following)
    visit.challenge = following.session
    return _to_challenge(visit)


def _to_challenge(visit: Visit) -> Response:
    return flask.redirect(f"/challenge?visit={visit.id}", 303)  # type: ignore[return-value]


def _challenge_page(sign_in: SignIn, asked: Challenge, problem: str = "") -> Response:
    template, name = PAGES[asked.name]
    shown = challenges.parameters(sign_in, asked)
    return page(
        template, name, status=400 if problem else 200, client=sign_in.client, problem=problem,
        asked=asked, destination=shown.get("CODE_DELIVERY_DESTINATION", ""),
        device=shown.get("FRIENDLY_DEVICE_NAME", ""), user=sign_in.user,
        qr=enrolment.qr_code(asked, sign_in.user),
    )  # fmt: skip
