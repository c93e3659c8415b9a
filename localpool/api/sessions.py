"""The sign-ins of a person that the pool keeps count of, and how one of them is ended.

Sources: `DG/managing-user-sessions`, `API/ListUserSessions`, `API/RevokeUserSession`. A token
session is one sign-in with its tokens, an SSO session is the cookie of managed login. Errors:
those of the access token, and of `rules`.
"""

import hashlib
from datetime import UTC, datetime

from localpool.api.members import page
from localpool.api.registry import operation
from localpool.rules.pool_rules import PoolRule
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.sign_in import last_seen
from localpool.sign_in.tokens import Person, person
from localpool.state.records import BrowserSession, Grant, Json, Pool
from localpool.state.world import World

MOST = 125
_NOT_TRACKED: Json = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
_SSO_MINUTES = 60


def tracked(pool: Pool) -> bool:
    return pool.sessions.get("UserSessionTracking") == "ENABLED"


def _checked(world: World, ask: Json) -> Person:
    me = person(world, ask["AccessToken"])
    refuses = world.plays(Switch.untracked_sessions, "refuse", me.pool)
    if not tracked(me.pool) and refuses:
        raise Refusal(PoolRule.SESSIONS_NOT_TRACKED)
    return me


def _token_sessions(me: Person) -> dict[str, Grant]:
    mine = (grant for grant in me.pool.grants.values() if grant.sub == me.user.sub)
    return {_id("tkn", grant.id): grant for grant in mine if not grant.revoked}


def _cookies(world: World, me: Person) -> dict[str, BrowserSession]:
    mine = (each for each in me.pool.browsers.values() if each.sub == me.user.sub)
    return {_id("sso", each.id): each for each in mine if each.expires > world.now()}


def _id(kind: str, known: str) -> str:
    """`tkn` or `sso` and 25 letters and digits, as the model wants it."""
    return kind + hashlib.sha256(known.encode()).hexdigest()[:25]


@operation("ListUserSessions")
def list_user_sessions(world: World, ask: Json) -> Json:
    """Of all app clients. Nothing is listed where nothing was tracked."""
    me = _checked(world, ask)
    if not tracked(me.pool):
        return {"Sessions": []}
    by_token = [
        _described(name, "TOKEN", grant, grant.issued)
        | {"ClientId": grant.client_id, "IsCurrentSession": grant.id == me.grant.id}
        | ({"OriginSessionId": _id("sso", grant.browser)} if grant.browser else {})
        for name, grant in _token_sessions(me).items()
    ]
    by_cookie = [
        _described(name, "SSO", browser, datetime.fromtimestamp(browser.auth_time, UTC))
        | {"IsCurrentSession": False}
        for name, browser in _cookies(world, me).items()
    ]
    shown, following = page([*by_token, *by_cookie], MOST, ask.get("NextToken"), "NextToken")
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
def revoke_user_session(world: World, ask: Json) -> Json:
    """Ends the sign-in and its tokens, or the cookie; never the caller's own sign-in (DOC)."""
    me, name = _checked(world, ask), ask["SessionId"]
    grant, browser = _token_sessions(me).get(name), _cookies(world, me).get(name)
    if grant and grant.id == me.grant.id:
        raise Refusal(PoolRule.SESSION_IS_OWN)
    linked = ask.get("RevokeAssociatedSessions") == "LINKED"
    if grant:
        grant.revoked = True
        if linked:
            me.pool.browsers.pop(grant.browser or "", None)
    elif browser:
        del me.pool.browsers[browser.id]
        for each in _token_sessions(me).values() if linked else ():
            each.revoked = each.revoked or each.browser == browser.id
    elif world.plays(Switch.unknown_session, "refuse", me.pool):
        raise Refusal(PoolRule.SESSION_MISSING)
    return {}


@operation("GetUserPoolSessionConfiguration")
def get_user_pool_session_configuration(world: World, ask: Json) -> Json:
    pool = world.pool(ask["UserPoolId"])
    return _NOT_TRACKED | pool.sessions | {"UserPoolId": pool.id}


@operation("SetUserPoolSessionConfiguration")
def set_user_pool_session_configuration(world: World, ask: Json) -> Json:
    """Replaces the whole configuration."""
    pool = world.pool(ask["UserPoolId"])
    if pool.settings["UserPoolTier"] == "LITE":
        raise Refusal(PoolRule.SESSIONS_NEED_TIER)
    pool.sessions = ask
    return ask


@operation("GetUserPoolClientSessionConfiguration")
def get_user_pool_client_session_configuration(world: World, ask: Json) -> Json:
    pool, client = world.client(ask["ClientId"], ask["UserPoolId"])
    return {
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": _SSO_MINUTES},
    }
