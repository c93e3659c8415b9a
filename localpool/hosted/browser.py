"""What the hosted pages share: the managed-login cookie, the CSRF token, how a page goes out."""

import hmac
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, g, make_response, render_template, request

from localpool.rules.switches import Switch
from localpool.state.records import BrowserSession, Client, Pool
from localpool.state.world import World

COOKIE = "localpool-{}"
CSRF_COOKIE = "localpool-csrf"
HOUR = 3600
FORGED = "This form did not come from this page. Go back and try again."


def cookie_session(world: World, pool: Pool, query: dict[str, str]) -> BrowserSession | None:
    """Who this browser is, if the request allows a silent sign-in (`prompt`, `max_age`)."""
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


def prompts(world: World, pool: Pool, query: dict[str, str]) -> list[str]:
    """Managed login heeds `prompt`, the classic hosted UI does not."""
    heeded = world.plays(Switch.prompt_heeded, "yes", pool)
    return query.get("prompt", "").split() if heeded else []


def set_cookie(pool: Pool, response: Response, browser: BrowserSession) -> None:
    forget_cookie(pool, response)
    response.set_cookie(
        COOKIE.format(pool.id), browser.id, max_age=HOUR, httponly=True, samesite="Lax"
    )


def forget_cookie(pool: Pool, response: Response) -> None:
    name = COOKIE.format(pool.id)
    pool.browsers.pop(request.cookies.get(name, ""), None)
    response.delete_cookie(name)


def page(
    template: str, name: str, *, status: int = 200, client: Client | None = None, **values: Any
) -> Response:
    """A page with its CSRF cookie and headers. Its forms may lead back to the client's app."""
    csrf = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(32)
    html = render_template(template, page=name, csrf=csrf, **values)
    response = make_response(html, status)
    response.set_cookie(CSRF_COOKIE, csrf, httponly=True, samesite="Lax")
    urls = [urlsplit(url) for url in client.settings.get("CallbackURLs", [])] if client else []
    g.form_targets = sorted({f"{url.scheme}://{url.netloc}" for url in urls})
    return response


def error_page(error: str, description: str, *, status: int = 400, again: str = "") -> Response:
    return page("error.html", "error", status=status, error=error, text=description, again=again)


def csrf_is_right() -> bool:
    sent, kept = request.form.get("csrf", ""), request.cookies.get(CSRF_COOKIE, "")
    return bool(kept) and hmac.compare_digest(sent.encode(), kept.encode())


def with_query(url: str, answer: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(answer)}"
