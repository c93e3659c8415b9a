"""The hosted pages for signing up, confirming that, and a forgotten password.

Source: `DG/cognito-user-pools-managed-login`. Each keeps the query of `/oauth2/authorize`, so that
the way leads back to signing in and to the app.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool.hosted.browser import FORGED, csrf_is_right, error_page, page
from localpool.hosted.oauth import Broken, checked_request, refused
from localpool.rules.rule import Refusal
from localpool.sign_in import accounts
from localpool.state.records import Client, Pool, User
from localpool.state.world import World


@dataclass(frozen=True)
class Page:
    """`fields` name inputs of `account.html`; `after` is the path that a success leads to."""

    name: str
    title: str
    hint: str
    fields: tuple[str, ...]
    button: str
    after: str


PAGES = {
    "/signup": Page(
        "sign-up", "Create an account", "",
        ("username", "email", "phone_number", "password"), "Create the account", "/confirmUser"),
    "/confirmUser": Page(
        "confirm", "Confirm your account", "We sent six digits to your phone or mailbox.",
        ("username", "code"), "Confirm", "/login"),
    "/resendcode": Page(
        "resend", "Send the digits again", "They go where the first ones went.",
        ("username",), "Send again", "/confirmUser"),
    "/forgotPassword": Page(
        "forgot", "Choose a new password", "We send six digits to prove that it is you.",
        ("username",), "Send the digits", "/confirmForgotPassword"),
    "/confirmForgotPassword": Page(
        "confirm-forgot", "Choose a new password", "Type the six digits that we sent.",
        ("username", "code", "password"), "Save the password", "/login"),
}  # fmt: skip


def account(world: World) -> Response:
    """One of PAGES, GET and POST."""
    query = request.args.to_dict()
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    if request.method == "GET":
        return _page(client, query)
    if not csrf_is_right():
        return error_page("invalid_request", FORGED, status=403)
    name = request.form.get("username", "").strip()
    try:
        _done(world, pool, name)
    except Refusal as refusal:
        return _page(client, query, refusal.message)
    return to(PAGES[request.path].after, query, name)


def to(path: str, query: dict[str, str], name: str) -> Response:
    """To another of these pages, or to signing in, with the name filled in."""
    carried = urlencode(query | {"login_hint": name})
    return flask.redirect(f"{path}?{carried}", 303)  # type: ignore[return-value]


def _page(client: Client, query: dict[str, str], problem: str = "") -> Response:
    shown = PAGES[request.path]
    values = {"username": query.get("login_hint", "")} | request.form.to_dict()
    return page(
        "account.html", shown.name, status=400 if problem else 200, client=client, problem=problem,
        shown=shown, values=values, query=urlencode(query),
    )  # fmt: skip


def _done(world: World, pool: Pool, name: str) -> None:
    """Errors: Refusal. An unknown name is never told from a known one."""
    path, form = request.path, request.form
    code, password = form.get("code", "").replace(" ", ""), form.get("password", "")
    if path == "/signup":
        contacts = {key: form.get(key, "").replace(" ", "") for key in accounts.CHANNELS}
        given = {key: value for key, value in contacts.items() if value}
        accounts.sign_up(world, pool, name, password, given)
        return
    user = world.find_user(pool, name)
    if path == "/confirmForgotPassword":
        accounts.confirm_forgot_password(world, pool, user, code, password)
    elif path == "/confirmUser":
        accounts.confirm_sign_up(world, user or accounts.refuse_unknown(), code)
    elif user:
        _send(world, pool, user)


def _send(world: World, pool: Pool, user: User) -> None:
    send = accounts.forgot_password if "forgot" in request.path else accounts.resend_confirmation
    send(world, pool, user)
