"""The server: one Flask app for the wire, the OAuth endpoints, the pages and the local controls.

Loopback only. `serve` embeds it in a test; `python -m localpool` runs it for the demo.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import flask
from flask import Flask, Response, request
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from localpool import admin, auth, faults, local, oauth, person, pools, wire
from localpool.browser import error_page
from localpool.federation import federation
from localpool.hosted import challenge, login
from localpool.outbox import as_json
from localpool.state import State, load, save
from localpool.world import World

BUILT = (admin, auth, person, pools)  # importing them registers their operations
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class App(Flask):
    """Every call is recorded, played with its fault, and followed by a snapshot."""

    world: World
    faults: faults.Faults
    keep: Callable[[], None]

    def dispatch_request(self) -> Response:  # type: ignore[override]
        work = cast(Callable[[], Any], super().dispatch_request)
        name = _call_name()
        if name is None:
            return self.make_response(work())
        started = self.world.now()
        self.world.calls.begin()
        fault = self.faults.take(name)
        response = faults.play(self.world, fault, lambda: self.make_response(work()))
        self.keep()
        error = response.headers.get("x-amzn-errortype", "").rstrip(":") or None
        self.world.calls.note(**({"error": error} if error else {}))
        self.world.calls.end(name, started, self.world.now(), response.status_code)
        return response


def _call_name() -> str | None:
    """An operation or a path; None for what no real pool has."""
    if request.path == "/" and request.method == "POST":
        return wire.name_of(request.headers.get("X-Amz-Target", ""))
    ours = request.path == "/" or request.path.startswith(("/local/", "/outbox"))
    return None if ours else request.path


def create_app(world: World, waiting: faults.Faults, keep: Callable[[], None]) -> App:
    app = App("localpool", static_url_path="/local/static")
    app.world, app.faults, app.keep = world, waiting, keep
    app.jinja_env.globals |= {
        "groups": lambda secret: " ".join(re.findall(".{1,4}", secret)),
        "ago": lambda sent_at: _ago(world, sent_at),
    }
    app.before_request(_refuse_strangers)
    app.after_request(_headers)
    app.register_error_handler(404, _not_found)
    _route_api(app, world)
    _route_pages(app, world)
    local.route(app, world, waiting)
    return app


def _ago(world: World, sent_at: str) -> str:
    seconds = int((world.now() - datetime.fromisoformat(sent_at)).total_seconds())
    return f"{seconds} s ago" if seconds < 120 else f"{seconds // 60} min ago"


def _route_api(app: App, world: World) -> None:
    @app.post("/")
    def api() -> Response:
        name = wire.name_of(request.headers.get("X-Amz-Target", ""))
        signed = "Authorization" in request.headers
        return wire.answer(world, name, request.get_data(), signed=signed)

    def endpoint(function: Callable[[World], wire.Json]) -> Callable[[], Response]:
        def view() -> Response:
            try:
                response = flask.jsonify(function(world))
            except oauth.Denied as denied:
                response = flask.jsonify(denied.body)
                response.status_code = denied.status
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return view

    app.add_url_rule("/oauth2/token", "token", endpoint(oauth.token), methods=["POST"])
    app.add_url_rule("/oauth2/revoke", "revoke", endpoint(oauth.revoke), methods=["POST"])
    app.add_url_rule("/oauth2/userInfo", "user_info", endpoint(oauth.user_info))

    @app.get("/<pool_id>/.well-known/<document>")
    def well_known(pool_id: str, document: str) -> Response:
        pool = world.state.pools.get(pool_id)
        if pool is None or document not in ("jwks.json", "openid-configuration"):
            flask.abort(404)
        world.calls.note(pool_id=pool_id)
        keys = document == "jwks.json"
        return flask.jsonify(oauth.tokens.jwks(pool) if keys else oauth.discovery(world, pool))


def _route_pages(app: App, world: World) -> None:
    def view(function: Callable[[World], Response]) -> Callable[[], Response]:
        return lambda: function(world)

    both = ["GET", "POST"]
    app.add_url_rule("/oauth2/authorize", "authorize", view(oauth.authorize), methods=["GET"])
    app.add_url_rule("/login", "login", view(login), methods=both)
    app.add_url_rule("/challenge", "challenge", view(challenge), methods=both)
    app.add_url_rule("/federation", "federation", view(federation), methods=both)
    app.add_url_rule("/logout", "logout", view(oauth.logout), methods=["GET"])


def _refuse_strangers() -> Response | None:
    """A name that only resolves to this machine is somebody else's page (DNS rebinding)."""
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
            f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {targets}; "
            "base-uri 'none'; frame-ancestors 'none'",
        )
        response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not request.path.startswith("/local/static"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _not_found(_: Exception) -> Response:
    return error_page("not_found", "The local pool has no such page.", status=404)


class _Handler(WSGIRequestHandler):
    """Keeps connections open, as AWS does; Werkzeug's own closes each and waits 10 ms to do so."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(chunks)
        if environ.get(faults.DROP):
            self.close_connection = True
            return
        self.send_response_only(int(status.partition(" ")[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)


class _Threaded(ThreadedWSGIServer):
    """Knows its open connections, so that stopping leaves none behind."""

    daemon_threads = True

    def __init__(self, port: int, app: Any) -> None:
        self.open: set[Any] = set()
        super().__init__("127.0.0.1", port, app, handler=_Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        for connection in list(self.open):
            self.shutdown_request(connection)
        self.server_close()


class PoolServer:
    """A running (or about to run) local pool, as tests and the demo hold it."""

    def __init__(self, port: int = 0, state_file: Path | str | None = None) -> None:
        self._file = Path(state_file) if state_file else None
        self.world = World(load(self._file) if self._file else State())
        self.faults = faults.Faults()
        self.app = create_app(self.world, self.faults, self.keep)
        self._server = _Threaded(port, self.app)
        self.port: int = self._server.server_port
        self.url = self.world.base_url = f"http://localhost:{self.port}"
        self._saved = ""
        self.clock, self.switches = self.world.clock, self.world.switches
        self.calls, self.lock = self.world.calls, self.world.lock

    @property
    def state(self) -> State:
        return self.world.state

    def keep(self) -> None:
        """Write the snapshot, if there is a file and something changed."""
        if self._file:
            with self.lock:
                self._saved = save(self.state, self._file, self._saved)

    def add_identity_provider(self, pool_id: str, name: str) -> None:
        """The stand-in federation of `federation`, for a pool made over the API."""
        with self.lock:
            providers = self.state.pools[pool_id].providers
            if name not in providers:
                providers.append(name)

    def outbox(self, pool_id: str | None = None, username: str | None = None) -> wire.Json:
        """What `/outbox.json` says."""
        with self.lock:
            return as_json(self.world, pool_id, username)

    def run(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Called from another thread than `run`."""
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        self._server.close()


@contextmanager
def serve(port: int = 0, state_file: Path | str | None = None) -> Iterator[PoolServer]:
    """A pool server in a thread of this process, for the length of a `with`."""
    server = PoolServer(port, state_file)
    thread = threading.Thread(target=server.run, name="localpool", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
