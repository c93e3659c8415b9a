"""Other places in which somebody is signed in: apps by the API, browsers by managed login."""

from typing import Any
from urllib.parse import urlencode

import requests

from tests.people import PASSWORD, Person, Pool


def track(pool: Pool) -> None:
    """Let the pool keep count of where its people are signed in."""
    pool.admin.set_user_pool_session_configuration(
        UserPoolId=pool.config.pool_id,
        UserSessionTracking="ENABLED",
        TokenSession={"MaxPerUser": 20},
    )


def app_of(pool: Pool) -> str:
    """The client id of an app beside the portal."""
    made = pool.admin.create_user_pool_client(
        UserPoolId=pool.config.pool_id,
        ClientName="app",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "aws.cognito.signin.user.admin"],
        CallbackURLs=["https://app.example.com/"],
        SupportedIdentityProviders=["COGNITO"],
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id


def sign_in_with_app(
    person: Person, app: str, *, device: str = "", address: str = ""
) -> dict[str, Any]:
    """Its tokens; seen by the pool as this device at this address, where they are given."""
    answer = person.pool.admin.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=app,
        AuthParameters={"USERNAME": person.username, "PASSWORD": PASSWORD},
    )
    server = person.pool.server
    with server.lock:
        grant = list(server.state.pools[person.pool.config.pool_id].grants.values())[-1]
        grant.device, grant.address = device or grant.device, address or grant.address
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


class OtherBrowser:
    """A browser with a cookie of managed login, in which an app was opened."""

    def __init__(self, person: Person, app: str, agent: str) -> None:
        self._person, self._app = person, app
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent

    def open_app(self) -> str:
        """Sign in, or be let in silently; the access token of the app."""
        url = self._person.pool.server.url
        back = {"client_id": self._app, "redirect_uri": "https://app.example.com/"}
        page = self._authorize(back)
        if "code=" not in page.headers.get("Location", ""):
            page = self._session.get(f"{url}{page.headers['Location']}")
            csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
            page = self._session.post(
                page.url,
                {"csrf": csrf, "username": self._person.username, "password": PASSWORD},
                allow_redirects=False,
            )
        code = page.headers["Location"].split("code=")[1].split("&")[0]
        tokens = requests.post(
            f"{url}/oauth2/token",
            {"grant_type": "authorization_code", "code": code, **back},
            timeout=5,
        )
        token: str = tokens.json()["access_token"]
        return token

    def is_let_in_silently(self) -> bool:
        back = {"client_id": self._app, "redirect_uri": "https://app.example.com/"}
        return "code=" in self._authorize(back).headers["Location"]

    def _authorize(self, back: dict[str, str]) -> requests.Response:
        query = urlencode({**back, "response_type": "code"})
        return self._session.get(
            f"{self._person.pool.server.url}/oauth2/authorize?{query}", allow_redirects=False
        )

    def close(self) -> None:
        self._session.close()


def is_alive(pool: Pool, access_token: str) -> bool:
    """Whether the pool still takes the token."""
    try:
        pool.admin.get_user(AccessToken=access_token)
    except pool.admin.exceptions.NotAuthorizedException:
        return False
    return True
