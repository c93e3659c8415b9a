"""Questions about plans and sessions."""

import base64
import json
from typing import Any

from .ground import Ground
from .scenarios import Answer, question, tried


@question("6b", "Tokens of a Lite pool carry acr and amr", "no", "yes", switch="lite_claims")
def lite_claims(ground: Ground) -> Answer:
    claims = _claims(ground.build(UserPoolTier="LITE").person())
    found = {name: claims[name] for name in ("acr", "amr") if name in claims}
    return Answer("yes" if found else "no", f"{found or 'neither'}")


@question("6b", "Tokens of an Essentials pool carry acr and amr", "yes", "no")
def essentials_claims(ground: Ground) -> Answer:
    claims = _claims(ground.build(UserPoolTier="ESSENTIALS").person())
    found = {name: claims[name] for name in ("acr", "amr") if name in claims}
    return Answer("yes" if found else "no", f"{found or 'neither'}")


def _claims(token: str) -> dict[str, Any]:
    """Read, not checked: the pool that answers is the one being asked."""
    middle = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return claims


@question(
    "9, 14",
    "ListUserSessions where session tracking is off",
    "refuse",
    "accept",
    switch="untracked_sessions",
)
def sessions_untracked(ground: Ground) -> Answer:
    access = ground.build().person()
    return tried(lambda: ground.aws.list_user_sessions(AccessToken=access))


def _tracked(ground: Ground) -> str:
    ground.build()
    ground.aws.set_user_pool_session_configuration(
        UserPoolId=ground.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 20}
    )
    return ground.person()


@question(
    "9, 14", "RevokeUserSession of an unknown id", "refuse", "accept", switch="unknown_session"
)
def session_unknown(ground: Ground) -> Answer:
    access = _tracked(ground)
    unknown = "tkn" + "0" * 25
    return tried(
        lambda: ground.aws.revoke_user_session(
            AccessToken=access, SessionId=unknown, RevokeAssociatedSessions="NONE"
        )
    )


@question("9, 14", "RevokeUserSession of the caller's own session", "refuse", "accept")
def session_own(ground: Ground) -> Answer:
    access = _tracked(ground)
    sessions = ground.aws.list_user_sessions(AccessToken=access)["Sessions"]
    mine = next(each["SessionId"] for each in sessions if each["IsCurrentSession"])
    return tried(
        lambda: ground.aws.revoke_user_session(
            AccessToken=access, SessionId=mine, RevokeAssociatedSessions="NONE"
        )
    )
