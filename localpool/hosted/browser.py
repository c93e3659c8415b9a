"""What the hosted pages share: the managed-login cookie, the CSRF token, pages and redirects."""

import hmac
import secrets
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import flask
from flask import Response, g, make_response, render_template, request

from localpool.rules import Switch
from localpool.state.records import BrowserSession, Client, Pool
from localpool.state.world import World

Query = dict[str, str]

COOKIE = "localpool-{}"
CSRF_COOKIE = "localpool-csrf"
HOUR = 3600


def cookie_session(world: World, pool: Pool, query: Query) -> BrowserSession | None:
    """The session of the cookie, if the query allows a silent sign-in (`prompt`, `max_age`)."""
    browser = pool.browsers.get(request.cookies.get(COOKIE.format(pool.id), ""))
    if browser is None or browser.expires <= world.now():
        return None
    user = pool.users.get(browser.sub)
    if user is None or not user.enabled or "login" in prompts(world, pool, query):
        return None
    age = world.clock.seconds() - browser.auth_time
    if "max_age" in query and age >= int(query["max_age"]):
        return None
    return browser


def prompts(world: World, pool: Pool, query: Query) -> list[str]:
    """The values of `prompt`, which managed login heeds and the classic hosted UI does not."""
    heeded = world.switch_is(Switch.prompt_heeded, "yes", pool)
    return query.get("prompt", "").split() if heeded else []


def set_cookie(pool: Pool, response: Response, browser: BrowserSession) -> None:
    forget_cookie(pool, response)
    response.set_cookie(
        COOKIE.format(pool.id), browser.id, max_age=HOUR, httponly=True, samesite="Lax"
    )


def forget_cookie(pool: Pool, response: Response) -> None:
    """Delete the cookie, and its session in the pool."""
    name = COOKIE.format(pool.id)
    pool.browsers.pop(request.cookies.get(name, ""), None)
    response.delete_cookie(name)


def page(
    template: str, name: str, *, problem: str = "", status: int | None = None,
    client: Client | None = None, **values: Any,
) -> Response:  # fmt: skip
    """A page with its CSRF cookie, 400 if it shows a problem; its forms may lead to the client."""
    csrf = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(32)
    html = render_template(template, page=name, csrf=csrf, problem=problem, **values)
    response = make_response(html, status or (400 if problem else 200))
    response.set_cookie(CSRF_COOKIE, csrf, httponly=True, samesite="Lax")
    urls = [urlsplit(url) for url in client.settings.get("CallbackURLs", [])] if client else []
    g.form_targets = sorted({f"{url.scheme}://{url.netloc}" for url in urls})
    return response


def error_page(error: str, description: str, *, status: int = 400, again: str = "") -> Response:
    return page("error.html", "error", status=status, error=error, text=description, again=again)


def forged_form() -> Response | None:
    """An error page if the request is a POST whose CSRF token is not that of the cookie."""
    sent, kept = request.form.get("csrf", ""), request.cookies.get(CSRF_COOKIE, "")
    if request.method != "POST" or (kept and hmac.compare_digest(sent.encode(), kept.encode())):
        return None
    text = "This form did not come from this page. Go back and try again."
    return error_page("invalid_request", text, status=403)


def redirect(url: str, query: Query | None = None, *, status: int = 302) -> Response:
    """A redirect to the URL, with the query appended to its own."""
    if query is not None:
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
    return cast(Response, flask.redirect(url, status))
