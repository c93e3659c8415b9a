"""Where a person is signed in, as far as the pool keeps count of it, and how that is ended.

Every function raises `cognito.errors.CognitoError`. A pool keeps count only where session tracking
is turned on; what it answers where it is not, nobody has written down: it may refuse, or list
nothing.
https://docs.aws.amazon.com/cognito/latest/developerguide/managing-user-sessions.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cognito.account import Account
from cognito.client import client, translate_errors
from cognito.errors import AccessTokenExpired, SignInAgain

MAX_PAGES: Final = 5
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in in Cognito's words: `kind` is TOKEN (an app's) or SSO (a browser's cookie on
    managed login). Texts are empty where Cognito does not know; they come from user agents and a
    table of addresses, and may hold anything. `origin` is the SSO session it came through."""

    id: str
    kind: str
    client_id: str
    is_current: bool
    origin: str
    created: datetime | None
    last_active: datetime | None
    device: str = field(repr=False)
    address: str = field(repr=False)
    city: str = field(repr=False)
    country: str = field(repr=False)


def list_sessions(account: Account) -> tuple[Session, ...]:
    """All pages of at most 125, at most MAX_PAGES calls. New ones take a few seconds to appear,
    ended ones perhaps to disappear.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserSessions.html
    """
    found: list[Session] = []
    more: dict[str, str] = {}
    newer_than_the_stubs: Any = client(account.pool, "person")
    for _ in range(MAX_PAGES):
        with translate_errors("ListUserSessions"):
            answer = newer_than_the_stubs.list_user_sessions(
                AccessToken=account.access_token, **more
            )
        for one in answer.get("Sessions", []):
            location = one.get("LastLocation", {})
            found.append(
                Session(
                    id=one.get("SessionId", ""),
                    kind=one.get("SessionType", ""),
                    client_id=one.get("ClientId", ""),
                    is_current=one.get("IsCurrentSession", False),
                    origin=one.get("OriginSessionId", ""),
                    created=one.get("CreateDate"),
                    last_active=one.get("LastActiveDate"),
                    device=_known(one.get("DeviceType")),
                    address=_known(one.get("LastIPAddress")),
                    city=_known(location.get("City")),
                    country=_known(location.get("Country")),
                )
            )
        token = answer.get("NextToken", "")
        if not token:
            break
        more = {"NextToken": token}
    return tuple(found)


def _known(text: str | None) -> str:
    return text if text and text.lower() != UNKNOWN else ""


def end_session(account: Account, *, session_id: str) -> None:
    """End this one and what is linked with it: an app's sign-in and the cookie it came through,
    or a cookie and the sign-ins that came through it. Never the caller's own (it is refused).

    The answer is empty, and an unknown id may be refused or not: read the list afterwards.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeUserSession.html
    """
    newer_than_the_stubs: Any = client(account.pool, "person-once")
    with translate_errors("RevokeUserSession", writes=True):
        newer_than_the_stubs.revoke_user_session(
            AccessToken=account.access_token,
            SessionId=session_id,
            RevokeAssociatedSessions="LINKED",
        )


def sign_out_everywhere(account: Account) -> None:
    """End every refresh and access token of the person, the given one too. Cookies of managed
    login stay, and so does what others accept without asking Cognito until it expires.

    The answer is empty: `is_accepted` tells whether it took effect.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
    """
    with translate_errors("GlobalSignOut", writes=True):
        client(account.pool, "person-once").global_sign_out(AccessToken=account.access_token)


def is_accepted(account: Account) -> bool:
    """Whether Cognito still takes this access token. Raises `AccessTokenExpired` where its time is
    over, which tells nothing."""
    try:
        with translate_errors("GetUser"):
            client(account.pool, "person").get_user(AccessToken=account.access_token)
    except AccessTokenExpired:
        raise
    except SignInAgain:
        return False
    return True
