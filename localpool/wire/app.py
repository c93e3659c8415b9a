"""The Flask app of the JSON API, the OAuth endpoints, the hosted pages and the controls."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import flask
from flask import Flask, Response, request

from localpool.api import (
    account_operations,
    admin,
    authentication,
    clients,
    contact_points,
    device_operations,
    domains,
    groups,
    passkeys,
    pools,
    self_service,
    sessions,
)
from localpool.hosted import account_pages, oauth, token_endpoint
from localpool.hosted.browser import error_page
from localpool.hosted.federation import federation
from localpool.hosted.login import ask_missing, challenge, login
from localpool.hosted.passkey_pages import add_passkey, sign_in_with_passkey
from localpool.state.keys import jwks
from localpool.state.records import Json
from localpool.state.world import World
from localpool.wire import aws_json, controls, faults

_MINUTE = 60  # Seconds.

# Importing these modules registers their operations.
BUILT = (
    account_operations,
    admin,
    authentication,
    clients,
    contact_points,
    device_operations,
    groups,
    passkeys,
    self_service,
    domains,
    pools,
    sessions,
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


_READS = ("GetUser", "AdminGetUser", "Describe", "List")


class App(Flask):
    """Records every call, applies its fault, and saves the state after a call that may write."""

    world: World
    faults: faults.Faults
    keep: Callable[[], None]

    def dispatch_request(self) -> Response:
        work = cast(Callable[[], Any], super().dispatch_request)
        name = _call_name()
        if name is None:
            return self.make_response(work())
        started = self.world.now()
        self.world.calls.begin()
        fault = self.faults.take(name)
        response = faults.play(self.world, fault, lambda: self.make_response(work()))
        if not name.startswith(_READS):
            self.keep()
        error = response.headers.get("x-amzn-errortype", "").rstrip(":") or None
        self.world.calls.note(**({"error": error} if error else {}))
        self.world.calls.end(name, started, self.world.now(), response.status_code)
        return response


def _call_name() -> str | None:
    """The operation or path of the request; None for what no real pool has."""
    if request.path == "/" and request.method == "POST":
        return aws_json.name_of(request.headers.get("X-Amz-Target", ""))
    ours = request.path == "/" or request.path.startswith(("/local/", "/outbox"))
    return None if ours else request.path


def create_app(world: World, waiting: faults.Faults, keep: Callable[[], None]) -> App:
    app = App(
        "localpool", static_url_path="/local/static", static_folder="hosted/static",
        template_folder="hosted/templates",
    )  # fmt: skip
    app.world, app.faults, app.keep = world, waiting, keep
    app.jinja_env.globals |= {
        "groups": lambda secret: " ".join(re.findall(".{1,4}", secret)),
        "ago": lambda sent_at: _ago(world, sent_at),
    }
    app.before_request(_refuse_other_hosts)
    app.after_request(_headers)
    app.register_error_handler(404, _not_found)
    _route_api(app, world)
    _route_pages(app, world)
    controls.route(app, world, waiting)
    return app


def _ago(world: World, sent_at: str) -> str:
    seconds = int((world.now() - datetime.fromisoformat(sent_at)).total_seconds())
    return f"{seconds} s ago" if seconds < 2 * _MINUTE else f"{seconds // _MINUTE} min ago"


def _route_api(app: App, world: World) -> None:
    @app.post("/")
    def api() -> Response:
        name = aws_json.name_of(request.headers.get("X-Amz-Target", ""))
        signed = "Authorization" in request.headers
        return aws_json.answer(world, name, request.get_data(), signed=signed)

    def endpoint(function: Callable[[World], Json]) -> Callable[[], Response]:
        def view() -> Response:
            try:
                response = flask.jsonify(function(world))
            except token_endpoint.Denied as denied:
                response = flask.jsonify(denied.body)
                response.status_code = denied.status
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return view

    app.add_url_rule("/oauth2/token", "token", endpoint(token_endpoint.token), methods=["POST"])
    app.add_url_rule("/oauth2/revoke", "revoke", endpoint(token_endpoint.revoke), methods=["POST"])
    app.add_url_rule("/oauth2/userInfo", "user_info", endpoint(token_endpoint.user_info))

    @app.get("/<pool_id>/.well-known/<document>")
    def well_known(pool_id: str, document: str) -> Response:
        pool = world.state.pools.get(pool_id)
        if pool is None or document not in ("jwks.json", "openid-configuration"):
            flask.abort(404)
        world.calls.note(pool_id=pool_id)
        keys = document == "jwks.json"
        return flask.jsonify(jwks(pool) if keys else oauth.discovery(world, pool))


def _route_pages(app: App, world: World) -> None:
    def view(function: Callable[[World], Response]) -> Callable[[], Response]:
        return lambda: function(world)

    both = ["GET", "POST"]
    app.add_url_rule("/oauth2/authorize", "authorize", view(oauth.authorize), methods=["GET"])
    app.add_url_rule("/login", "login", view(login), methods=both)
    app.add_url_rule("/challenge", "challenge", view(challenge), methods=both)
    app.add_url_rule("/step-up", "step_up", view(ask_missing), methods=["GET"])
    for path in account_pages.PAGES:
        app.add_url_rule(path, path[1:], view(account_pages.account), methods=both)
    app.add_url_rule("/federation", "federation", view(federation), methods=both)
    app.add_url_rule(
        "/passkeys/sign-in", "passkey_sign_in", view(sign_in_with_passkey), methods=["POST"]
    )
    app.add_url_rule("/passkeys/add", "passkey_add", view(add_passkey), methods=both)
    app.add_url_rule("/logout", "logout", view(oauth.logout), methods=["GET"])


def _refuse_other_hosts() -> Response | None:
    """Refuse a request for another host name than localhost (DNS rebinding)."""
    host = request.host
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name in LOOPBACK:
        return None
    return Response("The local pool answers to localhost only.\n", 403, content_type="text/plain")


def _headers(response: Response) -> Response:
    targets = " ".join(["'self'", *getattr(flask.g, "form_targets", [])])
    if response.mimetype == "text/html":
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            f"form-action {targets}; base-uri 'none'; frame-ancestors 'none'",
        )
        response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not request.path.startswith("/local/static"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _not_found(_: Exception) -> Response:
    return error_page("not_found", "The local pool has no such page.", status=404)
