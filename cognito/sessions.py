"""Lists and ends the sessions that a pool with session tracking keeps of a person.

Every function raises `cognito.errors.CognitoError`. Nobody has written down what a pool without
session tracking answers: it may refuse, or list nothing.
https://docs.aws.amazon.com/cognito/latest/developerguide/managing-user-sessions.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cognito.account import Account
from cognito.client import call, pages
from cognito.errors import AccessTokenExpired, SignInAgain

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in in Cognito's words.

    `kind` is TOKEN (an app's) or SSO (a browser's cookie on managed login); `origin` is the id of
    the SSO session that a TOKEN came through. Texts are empty where Cognito does not know; they
    come from user agents and a table of addresses, and may hold anything.
    """

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
    """Lists the person's sessions, in pages of at most 125.

    New sessions take a few seconds to appear, ended ones perhaps to disappear.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserSessions.html
    """
    return tuple(
        Session(
            id=each.get("SessionId", ""),
            kind=each.get("SessionType", ""),
            client_id=each.get("ClientId", ""),
            is_current=each.get("IsCurrentSession", False),
            origin=each.get("OriginSessionId", ""),
            created=each.get("CreateDate"),
            last_active=each.get("LastActiveDate"),
            device=_known(each.get("DeviceType")),
            address=_known(each.get("LastIPAddress")),
            city=_known(each.get("LastLocation", {}).get("City")),
            country=_known(each.get("LastLocation", {}).get("Country")),
        )
        for page in pages(account, "ListUserSessions")
        for each in page.get("Sessions", [])
    )


def _known(text: str | None) -> str:
    return text if text and text.lower() != UNKNOWN else ""


def end_session(account: Account, *, session_id: str) -> None:
    """Ends this session and those linked with it; Cognito refuses the caller's own.

    Linked are an app's sign-in and the cookie it came through, or a cookie and the sign-ins that
    came through it. The answer is empty, and an unknown id may be refused or not: read the list.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeUserSession.html
    """
    call(
        account,
        "RevokeUserSession",
        writes=True,
        SessionId=session_id,
        RevokeAssociatedSessions="LINKED",
    )


def sign_out_everywhere(account: Account) -> None:
    """Ends every refresh and access token of the person, the given one too.

    Cookies of managed login stay, and so do tokens that others accept without asking Cognito, until
    they expire. The answer is empty: `is_accepted` tells whether it took effect.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
    """
    call(account, "GlobalSignOut", writes=True)


def is_accepted(account: Account) -> bool:
    """Whether Cognito still takes this access token.

    Raises `AccessTokenExpired` for a token whose time is over, which tells nothing.
    """
    try:
        call(account, "GetUser")
    except AccessTokenExpired:
        raise
    except SignInAgain:
        return False
    return True
