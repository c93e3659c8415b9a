"""The hosted pages for sign-up, its confirmation, and a forgotten password.

Source: `DG/cognito-user-pools-managed-login`. Each page keeps the query of `/oauth2/authorize`,
so it leads back to `/login` and to the app.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request

from localpool.hosted.browser import Query, page, redirect
from localpool.hosted.oauth import authorize_view
from localpool.rules import Refusal
from localpool.sign_in import accounts
from localpool.state.records import Client, Pool
from localpool.state.world import World


@dataclass(frozen=True)
class Page:
    """A page: `fields` are inputs of `account.html`, `after` is the path after a success."""

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


@authorize_view
def account(world: World, pool: Pool, client: Client, query: Query) -> Response:
    """One of PAGES, GET and POST."""
    if request.method == "GET":
        return _page(client, query)
    name = request.form.get("username", "").strip()
    try:
        _perform(world, pool, name)
    except Refusal as refusal:
        return _page(client, query, refusal.message)
    return redirect_to(PAGES[request.path].after, query, name)


def redirect_to(path: str, query: Query, name: str) -> Response:
    """To another of these pages, or to `/login`, with the name filled in."""
    return redirect(path, query | {"login_hint": name}, status=303)


def _page(client: Client, query: Query, problem: str = "") -> Response:
    shown = PAGES[request.path]
    values = {"username": query.get("login_hint", "")} | request.form.to_dict()
    return page(
        "account.html", shown.name, client=client, problem=problem, shown=shown,
        values=values, query=urlencode(query),
    )  # fmt: skip


def _perform(world: World, pool: Pool, name: str) -> None:
    """Do what the form of this path asks; an unknown name looks like a known one.

    Errors: Refusal.
    """
    path, form = request.path, request.form
    code, password = form.get("code", "").replace(" ", ""), form.get("password", "")
    if path == "/signup":
        contacts = {key: form.get(key, "").replace(" ", "") for key in accounts.CONTACTS}
        given = {key: value for key, value in contacts.items() if value}
        accounts.sign_up(world, pool, name, password, given)
        return
    user = world.find_user(pool, name)
    if path == "/confirmForgotPassword":
        accounts.confirm_forgot_password(world, pool, user, code, password)
    elif path == "/confirmUser":
        accounts.confirm_sign_up(world, user, code)
    elif user and path == "/forgotPassword":
        accounts.forgot_password(world, pool, user)
    elif user:
        accounts.resend_confirmation(world, pool, user)
