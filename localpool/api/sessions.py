"""The tracked sessions of a user, and the session configuration of a pool.

Sources: `DG/managing-user-sessions`, `API/ListUserSessions`, `API/RevokeUserSession`. A token
session is one sign-in with its tokens, an SSO session is the cookie of managed login. Errors:
those of the access token and of `PoolRule`.
"""

import hashlib
from datetime import UTC, datetime

from localpool.api.members import page
from localpool.api.registry import operation
from localpool.rules import PoolRule, Refusal, Switch
from localpool.sign_in import last_seen
from localpool.sign_in.tokens import Caller, caller_of
from localpool.state.records import BrowserSession, Grant, Json, Pool
from localpool.state.world import World

MAX_LISTED = 125
_NOT_TRACKED: Json = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
_SSO_MINUTES = 60


def tracked(pool: Pool) -> bool:
    return pool.sessions.get("UserSessionTracking") == "ENABLED"


def _checked(world: World, request: Json) -> Caller:
    caller = caller_of(world, request["AccessToken"])
    refuses = world.switch_is(Switch.untracked_sessions, "refuse", caller.pool)
    if not tracked(caller.pool) and refuses:
        raise Refusal(PoolRule.SESSIONS_NOT_TRACKED)
    return caller


def _token_sessions(caller: Caller) -> dict[str, Grant]:
    mine = (grant for grant in caller.pool.grants.values() if grant.sub == caller.user.sub)
    return {_id("tkn", grant.id): grant for grant in mine if not grant.revoked}


def _cookies(world: World, caller: Caller) -> dict[str, BrowserSession]:
    mine = (each for each in caller.pool.browsers.values() if each.sub == caller.user.sub)
    return {_id("sso", each.id): each for each in mine if each.expires > world.now()}


def _id(kind: str, known: str) -> str:
    """A session id of the model: `tkn` or `sso`, and 25 letters and digits."""
    return kind + hashlib.sha256(known.encode()).hexdigest()[:25]


@operation("ListUserSessions")
def list_user_sessions(world: World, request: Json) -> Json:
    """The sessions of all app clients, or none where the pool does not track them."""
    caller = _checked(world, request)
    if not tracked(caller.pool):
        return {"Sessions": []}
    by_token = [
        _described(name, "TOKEN", grant, grant.issued)
        | {"ClientId": grant.client_id, "IsCurrentSession": grant.id == caller.grant.id}
        | ({"OriginSessionId": _id("sso", grant.browser)} if grant.browser else {})
        for name, grant in _token_sessions(caller).items()
    ]
    by_cookie = [
        _described(name, "SSO", browser, datetime.fromtimestamp(browser.auth_time, UTC))
        | {"IsCurrentSession": False}
        for name, browser in _cookies(world, caller).items()
    ]
    shown, following = page(
        [*by_token, *by_cookie], MAX_LISTED, request.get("NextToken"), "NextToken"
    )
    return {"Sessions": shown} | following


def _described(name: str, kind: str, seen: Grant | BrowserSession, created: datetime) -> Json:
    return {
        "SessionId": name,
        "SessionType": kind,
        "CreateDate": created.timestamp(),
        "LastActiveDate": (seen.last_active or created).timestamp(),
        "DeviceType": seen.device or last_seen.UNKNOWN,
        "LastIPAddress": seen.address,
        "LastLocation": last_seen.place(seen.address),
    }


@operation("RevokeUserSession")
def revoke_user_session(world: World, request: Json) -> Json:
    """Revoke a sign-in and its tokens, or a cookie, but not the caller's own sign-in (DOC)."""
    caller, name = _checked(world, request), request["SessionId"]
    grant, browser = _token_sessions(caller).get(name), _cookies(world, caller).get(name)
    if grant and grant.id == caller.grant.id:
        raise Refusal(PoolRule.SESSION_IS_OWN)
    linked = request.get("RevokeAssociatedSessions") == "LINKED"
    if grant:
        grant.revoked = True
        if linked:
            caller.pool.browsers.pop(grant.browser or "", None)
    elif browser:
        del caller.pool.browsers[browser.id]
        for each in _token_sessions(caller).values() if linked else ():
            each.revoked = each.revoked or each.browser == browser.id
    elif world.switch_is(Switch.unknown_session, "refuse", caller.pool):
        raise Refusal(PoolRule.SESSION_MISSING)
    return {}


@operation("GetUserPoolSessionConfiguration")
def get_user_pool_session_configuration(world: World, request: Json) -> Json:
    pool = world.pool(request["UserPoolId"])
    return _NOT_TRACKED | pool.sessions | {"UserPoolId": pool.id}


@operation("SetUserPoolSessionConfiguration")
def set_user_pool_session_configuration(world: World, request: Json) -> Json:
    """Replace the whole configuration."""
    pool = world.pool(request["UserPoolId"])
    if pool.lite:
        raise Refusal(PoolRule.SESSIONS_NEED_TIER)
    pool.sessions = request
    return request


@operation("GetUserPoolClientSessionConfiguration")
def get_user_pool_client_session_configuration(world: World, request: Json) -> Json:
    pool, client = world.client(request["ClientId"], request["UserPoolId"])
    return {
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": _SSO_MINUTES},
    }
