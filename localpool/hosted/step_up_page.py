"""`/step-up`: a browser that is signed in already is asked only for what is missing."""

from urllib.parse import urlencode

import flask
from flask import Response, request

from localpool.hosted.browser import cookie_session
from localpool.hosted.login import follow
from localpool.hosted.oauth import Broken, checked_request, refused
from localpool.sign_in import step_up
from localpool.state.world import SignIn, World


def ask_missing(world: World) -> Response:
    """Where the session is gone meanwhile, or nothing is missing: the usual way in."""
    query = request.args.to_dict()
    try:
        pool, client = checked_request(world, query)
    except Broken as broken:
        return refused(query, broken)
    browser = cookie_session(world, pool, query)
    if browser is None:
        return flask.redirect(f"/login?{urlencode(query)}", 302)  # type: ignore[return-value]
    sign_in = SignIn(world, pool, client, pool.users[browser.sub])
    asked = step_up.question(sign_in, browser.methods, query)
    if asked is None:
        return flask.redirect(f"/oauth2/authorize?{urlencode(query)}", 302)  # type: ignore[return-value]
    return follow(sign_in, query, asked)
