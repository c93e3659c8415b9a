"""Questions that only the pages of managed login answer.

Cognito's own pages are a form of its own that changes without notice, so these are put over HTTP to
a local pool only; on AWS each is in the list of what needs a person, with `how`.
"""

import base64
import hashlib
import json
import re
import secrets
import time
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.soft_passkey import SoftPasskey

from .ground import NAME, PASSWORD, Ground, block
from .passkeys import RELYING_PARTY, with_passkey
from .scenarios import SMS, TOTP, Answer, question

_BACK = "http://localhost:8000/callback"
_WEB_APP = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin"],
    "CallbackURLs": [_BACK],
}
_DOMAIN = (
    "Create a domain with a random prefix and a web client with PKCE for the pool "
    "(CreateUserPoolDomain, CreateUserPoolClient). "
)


class _Pages:
    """One browser at managed login; it stops where the app would be called back."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._session = requests.Session()
        self._page = requests.Response()

    def authorize(self, **more: str) -> "_Pages":
        query = {"client_id": self._ground.client, "redirect_uri": _BACK, "response_type": "code"}
        return self._get(f"{self._ground.local}/oauth2/authorize", query | more)

    def send(self, path: str = "", **form: str) -> "_Pages":
        url = self._page.url.replace("/login?", f"{path}?") if path else self._page.url
        token = re.search(r'name="csrf" value="([^"]*)"', self._page.text)
        data = {"csrf": token[1] if token else ""} | form
        return self._follow(self._session.post(url, data, allow_redirects=False, timeout=10))

    def sign_in(self) -> "_Pages":
        return self.send(username=NAME, password=PASSWORD)

    def _get(self, url: str, query: dict[str, str] | None = None) -> "_Pages":
        return self._follow(self._session.get(url, params=query, allow_redirects=False, timeout=10))

    def _follow(self, answer: requests.Response) -> "_Pages":
        self._page = answer
        target = answer.headers.get("Location", "")
        return self._get(f"{self._ground.local}{target}") if target.startswith("/") else self

    @property
    def at(self) -> str:
        """`app`, or the path of the page that asks something."""
        if self._page.headers.get("Location", "").startswith(_BACK):
            return "app"
        return urlsplit(self._page.url).path

    @property
    def code(self) -> str:
        return parse_qs(urlsplit(self._page.headers["Location"]).query)["code"][0]

    @property
    def kind(self) -> str:
        found = re.search(r'data-page="([^"]*)"', self._page.text)
        return found[1] if found else ""

    @property
    def said(self) -> str:
        found = re.search(r'id="problem"[^>]*>(.*?)</', self._page.text, re.DOTALL)
        return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""

    def passkey_options(self) -> Any:
        found = re.search(r'data-options="([^"]*)"', self._page.text)
        return json.loads(unescape(found[1] if found else "{}"))


@question("6, 14", "A wrong code_verifier spends the authorization code", "yes", "no",
          switch="wrong_verifier_spends_code",
          how=_DOMAIN + "Sign in in a browser, exchange the code with a wrong verifier, then with "
          "the right one.")  # fmt: skip
def wrong_verifier_spends_code(ground: Ground) -> Answer:
    ground.build(app=_WEB_APP).person()
    right = secrets.token_urlsafe(40)
    digest = base64.urlsafe_b64encode(hashlib.sha256(right.encode()).digest())
    asked = {"code_challenge": digest.rstrip(b"=").decode(), "code_challenge_method": "S256"}
    code = _Pages(ground).authorize(**asked).sign_in().code
    wrong, then = (_exchange(ground, code, each) for each in ("w" * 43, right))
    evidence = f"wrong: {wrong.status_code} {wrong.text.strip()}; then right: {then.status_code}"
    return Answer("no" if then.ok else "yes", evidence)


def _exchange(ground: Ground, code: str, verifier: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code", "client_id": ground.client, "code": code,
        "redirect_uri": _BACK, "code_verifier": verifier,
    }  # fmt: skip
    return requests.post(f"{ground.local}/oauth2/token", form, timeout=10)


@question("6", "The hosted pages heed prompt=login", "yes", "no", switch="prompt_heeded",
          how=_DOMAIN + "Sign in in a browser, open /oauth2/authorize?prompt=login, once with "
          "managed login and once with the classic hosted UI (ManagedLoginVersion 2 and 1).",
          )  # fmt: skip
def prompt_heeded(ground: Ground) -> Answer:
    ground.build(app=_WEB_APP).person()
    pages = _Pages(ground).authorize()
    first = pages.sign_in().at
    again = pages.authorize(prompt="login").at
    return Answer("no" if again == "app" else "yes", f"signed in: {first}; prompt=login: {again}")


@question("5, 6, 14", "prompt=login with MFA on asks for the second step again", "yes", "no",
          how=_DOMAIN + "Sign in in a browser with the app, open /oauth2/authorize?prompt=login, "
          "type the password: is the app's code asked?")  # fmt: skip
def prompt_login_repeats_mfa(ground: Ground) -> Answer:
    access = ground.build(app=_WEB_APP).person()
    secret = ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    pages = _Pages(ground).authorize()
    first = pages.sign_in().at
    done = pages.send(code=ground.fresh_code(secret)).at
    again = pages.authorize(prompt="login").at
    if again == "app":
        return Answer("no", f"asked {first}, then {done}; prompt=login led straight back")
    second = pages.sign_in().at
    evidence = f"asked {first}, then {done}; prompt=login: {again}, then {second}"
    return Answer("yes" if second == first else "no", evidence)


@question("6b", "acr_values on a Lite pool is ignored in silence", "ignored", "asked",
          how=_DOMAIN + "Open /oauth2/authorize?acr_values=urn:cognito:loa:4 on a Lite pool as "
          "somebody with the app verified and off, and read the claims.")  # fmt: skip
def lite_acr_values(ground: Ground) -> Answer:
    ground.app(ground.build(app=_WEB_APP, UserPoolTier="LITE").person())
    pages = _Pages(ground).authorize(acr_values="urn:cognito:loa:4")
    at = pages.sign_in().at
    return Answer("ignored" if at == "app" else "asked", f"after the password: {at}")


@question("6b", "Level 3 asked of somebody who prefers an app and has text messages on too",
          "preferred", "message", switch="lower_level_asks",
          how=_DOMAIN + "With both on and the app preferred, open "
          "/oauth2/authorize?prompt=login&acr_values=urn:cognito:loa:3 and type the password."
          )  # fmt: skip
def lower_level_asks(ground: Ground) -> Answer:
    access = ground.build(sms=True, app=_WEB_APP).person(phone_number="+4915123456789")
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True), SMS: block(True, False)})
    pages = _Pages(ground).authorize(acr_values="urn:cognito:loa:3").sign_in()
    return Answer("preferred" if "mfa-totp" in pages.kind else "message", f"asked: {pages.kind}")


@question("5, 7", "auth_time of a silent sign-in by managed login's cookie", "kept", "now",
          switch="silent_auth_time",
          how=_DOMAIN + "Sign in, wait two minutes, open /oauth2/authorize again and compare the "
          "auth_time of the two ID tokens.")  # fmt: skip
def silent_auth_time(ground: Ground) -> Answer:
    ground.build(app=_WEB_APP).person()
    pages = _Pages(ground).authorize().sign_in()
    first = _auth_time(ground, pages.code)
    time.sleep(2)
    again = _auth_time(ground, pages.authorize().code)
    return Answer("kept" if again == first else "now", f"first {first}, silently {again}")


def _auth_time(ground: Ground, code: str) -> int:
    token: str = _exchange(ground, code, "").json()["access_token"]
    middle = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return int(claims["auth_time"])


_PASSKEY_HOW = (
    _DOMAIN + "Add a passkey at /passkeys/add in a browser as somebody whose app is on, sign out, "
    "sign in with the passkey; FactorConfiguration "
)


@question("8", "Where passkeys count as MFA: enough only for those who turned it on, or for all",
          "only-if-on", "always", switch="passkey_mfa_by_person",
          how=_PASSKEY_HOW + "MULTI_FACTOR_WITH_USER_VERIFICATION, never turned on.")  # fmt: skip
def passkey_mfa_by_person(ground: Ground) -> Answer:
    pages = _with_passkey(ground, counts=True)
    given = "always" if pages.at == "app" else "only-if-on"
    return Answer(given, f"after the passkey: {pages.at} {pages.said}")


@question("8", "A passkey that does not satisfy MFA, used by somebody with MFA", "refuse", "ask",
          switch="passkey_before_mfa", how=_PASSKEY_HOW + "SINGLE_FACTOR.")  # fmt: skip
def passkey_before_mfa(ground: Ground) -> Answer:
    pages = _with_passkey(ground, counts=False)
    given = "ask" if pages.at == "/challenge" else "refuse"
    return Answer(given, f"after the passkey: {pages.at} {pages.said}")


def _with_passkey(ground: Ground, *, counts: bool) -> _Pages:
    """Where the pages stand once somebody whose app is on has used a passkey."""
    access = ground.build(passkeys=RELYING_PARTY, passkeys_count=counts, app=_WEB_APP).person()
    passkey: SoftPasskey = with_passkey(ground, access)
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    pages = _Pages(ground).authorize()
    credential = passkey.get(pages.passkey_options())
    return pages.send("/passkeys/sign-in", credential=json.dumps(credential))
