"""The HTTP controls that no real pool has: outbox, switches, faults and clock.

A change needs `application/json`, which a foreign page cannot send without permission (CSRF).
"""

from dataclasses import asdict
from urllib.parse import urlencode

import flask
from flask import Flask, Response, render_template, request

from localpool.rules import Switch
from localpool.state.outbox import outbox_json
from localpool.state.records import Json
from localpool.state.world import World
from localpool.wire.faults import Fault, Faults


def route(app: Flask, world: World, faults: Faults) -> None:
    app.before_request(_json_only)
    app.add_url_rule("/", "home", lambda: flask.redirect("/outbox"), methods=["GET"])
    _route_outbox(app, world)
    _route_controls(app, world, faults)


def _json_only() -> Response | None:
    control = request.path.startswith("/local/") and request.method not in ("GET", "HEAD")
    if control and request.mimetype != "application/json":
        return _complaint("Send Content-Type: application/json", 415)
    return None


def _complaint(words: str, status: int = 400) -> Response:
    response = flask.jsonify({"error": words})
    response.status_code = status
    return response


def _body() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ValueError("The body is not a JSON object")
    return body


def _route_outbox(app: Flask, world: World) -> None:
    @app.get("/outbox.json")
    def outbox_document() -> Response:
        with world.lock:
            args = request.args
            return flask.jsonify(outbox_json(world, args.get("pool_id"), args.get("username")))

    @app.get("/outbox")
    def outbox() -> Response:
        """The outbox as a page that reloads every five seconds, unless the query has `still`."""
        query = request.args.to_dict()
        with world.lock:
            found = outbox_json(world, query.get("pool_id"), query.get("username"))
        paused = query.pop("still", None)
        other = urlencode(query if paused else query | {"still": "1"})
        html = render_template(
            "outbox.html", people=_by_person(found), page="outbox", paused=paused, other=other
        )
        return Response(html, headers={} if paused else {"Refresh": "5"})


def _by_person(found: Json) -> dict[tuple[str, str], Json]:
    """The messages and authenticators by (pool id, username), in a stable order."""
    people: dict[tuple[str, str], Json] = {}
    for kind, items in found.items():
        for item in items:
            empty: Json = {"messages": [], "authenticators": []}
            people.setdefault((item["pool_id"], item["username"]), empty)[kind].append(item)
    return dict(sorted(people.items()))


def _route_controls(app: Flask, world: World, faults: Faults) -> None:
    @app.get("/local/switches")
    def switches() -> Response:
        positions = world.switches.positions(request.args.get("pool_id"))
        return flask.jsonify({
            switch.name: {
                "value": positions[switch.name],
                "values": switch.value.values,
                "asks": switch.value.asks,
                "source": switch.value.source,
            }
            for switch in Switch
        })  # fmt: skip

    @app.put("/local/switches")
    def set_switches() -> Response:
        try:
            world.switches.set(request.args.get("pool_id"), **_body())
        except ValueError as wrong:
            return _complaint(str(wrong))
        return flask.jsonify(world.switches.positions(request.args.get("pool_id")))

    @app.route("/local/faults", methods=["GET", "POST", "DELETE"])
    def waiting() -> Response:
        try:
            if request.method == "POST":
                faults.add(Fault(**_body()))
        except (TypeError, ValueError) as wrong:
            return _complaint(str(wrong))
        if request.method == "DELETE":
            faults.clear()
        return flask.jsonify([asdict(fault) for fault in faults.waiting()])

    @app.post("/local/clock")
    def clock() -> Response:
        try:
            world.clock.advance(float(_body()["advance"]))
        except (KeyError, TypeError, ValueError):
            return _complaint('Send {"advance": seconds}')
        return flask.jsonify({"now": world.now().isoformat()})
