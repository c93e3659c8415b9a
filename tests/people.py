"""People of a user pool of their own, who live in it over the wire as real ones do."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urlencode

import boto3
import pyotp
import requests
from django.conf import settings as portal_settings
from django.test import Client

import localpool
from cognito.pool import UserPool
from tests.kept import step
from tests.pages import Page, way_out, words

PASSWORD = "Correct-horse-7"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}
PASSKEYS_COUNT = {
    "RelyingPartyId": "localhost",
    "UserVerification": "required",
    "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
}
STEP = 30
CHALLENGE_OF_PAGE = {
    "mfa-sms": "SMS_MFA",
    "mfa-totp": "SOFTWARE_TOKEN_MFA",
    "mfa-email": "EMAIL_OTP",
    "choose": "SELECT_MFA_TYPE",
}


class Browser(Client):
    """Sends forms as the portal's own pages do; Django's client sends them as multipart."""

    person: "Person | None" = None  # Whoever signed in here last.

    def submit(self, path: str, **fields: str) -> Page:
        return self.post(path, urlencode(fields), content_type="application/x-www-form-urlencoded")

    def insist(self, path: str, **fields: str) -> Page:
        """Send the form, sign in again where that is asked for first, and send it once more."""
        answer = self.submit(path, **fields)
        if not answer.headers.get("Location", "").startswith("/confirm/"):
            return answer
        assert self.person is not None, "Nobody has signed in here."
        self.person.step_up(self, answer)
        return self.submit(path, **fields)


@cache
def _admin(endpoint_url: str) -> Any:
    """Made once for all pools of a server: reading the model of the service takes longer than most
    tests do."""
    return boto3.session.Session().client(
        "cognito-idp",
        region_name="eu-central-1",
        endpoint_url=endpoint_url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@dataclass(frozen=True)
class Pool:
    """A user pool with its own app client, and the credentials to change it."""

    server: localpool.PoolServer
    config: UserPool

    @property
    def admin(self) -> Any:
        return _admin(self.server.url)

    @step
    def make(self, portal_url: str, **more: Any) -> UserPool:
        """Another pool of this server, with a portal's app client. `more` of CreateUserPool."""
        pool_id = self.admin.create_user_pool(
            PoolName="test",
            EmailConfiguration={
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com",
            },
            **SMS,
            **more,
        )["UserPool"]["Id"]
        app = self.admin.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="portal",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "aws.cognito.signin.user.admin"],
            CallbackURLs=[f"{portal_url}/sign-in/callback/"],
            LogoutURLs=[f"{portal_url}/signed-out/"],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]
        url = self.server.url
        made = UserPool("eu-central-1", pool_id, app["ClientId"], url, endpoint_url=url)
        Pool(self.server, made).set_mfa("OPTIONAL", "SMS_MFA", "SOFTWARE_TOKEN_MFA")
        return made

    @step
    def set_mfa(self, mode: str, *factors: str) -> None:
        """What the pool offers: of SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP and WEB_AUTHN."""
        self.admin.set_user_pool_mfa_config(
            UserPoolId=self.config.pool_id,
            MfaConfiguration=mode,
            **({"SmsMfaConfiguration": SMS} if "SMS_MFA" in factors else {}),
            **(
                {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
                if "SOFTWARE_TOKEN_MFA" in factors
                else {}
            ),
            **({"EmailMfaConfiguration": {}} if "EMAIL_OTP" in factors else {}),
            **({"WebAuthnConfiguration": PASSKEYS_COUNT} if "WEB_AUTHN" in factors else {}),
        )

    @step
    def allow_passkeys(self, relying_party_id: str, **more: str) -> None:
        """Passkeys as a first factor; `more` of WebAuthnConfiguration, such as UserVerification."""
        described = self.admin.describe_user_pool(UserPoolId=self.config.pool_id)["UserPool"]
        kept = ("EmailConfiguration", "SmsConfiguration", "UserPoolTier", "AutoVerifiedAttributes")
        first = ["PASSWORD", "WEB_AUTHN"]
        self.admin.update_user_pool(
            UserPoolId=self.config.pool_id,
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": first}},
            **{name: described[name] for name in kept if name in described},
        )
        self.admin.set_user_pool_mfa_config(
            UserPoolId=self.config.pool_id,
            MfaConfiguration="OPTIONAL",
            SmsMfaConfiguration=SMS,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={"RelyingPartyId": relying_party_id, **more},
        )

    @step
    def add_callback(self, url: str) -> None:
        """Also lead back there."""
        where = {"UserPoolId": self.config.pool_id, "ClientId": self.config.client_id}
        client = self.admin.describe_user_pool_client(**where)["UserPoolClient"]
        for name in ("CreationDate", "LastModifiedDate", "ClientSecret"):
            client.pop(name, None)
        client["CallbackURLs"] = [*client["CallbackURLs"], url]
        self.admin.update_user_pool_client(**client)

    def person(self, username: str = "ana", **attributes: str) -> "Person":
        """Somebody with a permanent password, a confirmed phone number and email address."""
        given = {
            "email": f"{username}@example.com",
            "email_verified": "true",
            "phone_number": "+4915123456789",
            "phone_number_verified": "true",
        } | attributes
        return Person(self, username, self._make_person(username, **given))

    @step
    def _make_person(self, username: str, **given: str) -> str:
        made = self.admin.admin_create_user(
            UserPoolId=self.config.pool_id,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": n, "Value": v} for n, v in given.items() if v],
        )
        self.admin.admin_set_user_password(
            UserPoolId=self.config.pool_id, Username=username, Password=PASSWORD, Permanent=True
        )
        attributes = made["User"]["Attributes"]
        subject: str = next(a["Value"] for a in attributes if a["Name"] == "sub")
        return subject


class Person:
    """One of them, with their phone: `secret` is the key in their authenticator app."""

    def __init__(self, pool: Pool, username: str, subject: str) -> None:
        self.pool, self.username, self.subject = pool, username, subject
        self.secret = ""
        # The answer where a sign-in asks which one to use.
        self.chooses = "SOFTWARE_TOKEN_MFA"
        self._step = 0

    @property
    def uid(self) -> str:
        return f"{self.pool.config.issuer}#{self.subject}"

    # --- what is set ---

    @step
    def prefer(self, **blocks: dict[str, bool]) -> None:
        """AdminSetUserMFAPreference, as somebody outside the portal would."""
        self.pool.admin.admin_set_user_mfa_preference(
            UserPoolId=self.pool.config.pool_id, Username=self.username, **blocks
        )

    def use_text_messages(self, *, first: bool = True) -> None:
        self.prefer(SMSMfaSettings={"Enabled": True, "PreferredMfa": first})

    @step
    def set_up_app(self, *, on: bool = True, first: bool = True) -> None:
        """Through the API, with an access token of their own."""
        self.connect_app(self.access_token())
        if on:
            self.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": first})

    def connect_app(self, access_token: str) -> None:
        admin = self.pool.admin
        self.secret = admin.associate_software_token(AccessToken=access_token)["SecretCode"]
        admin.verify_software_token(AccessToken=access_token, UserCode=self.code_of_app())

    def mfa(self) -> tuple[set[str], str | None]:
        """What the pool holds: the factors that are on, and the preferred one."""
        held = self.pool.admin.admin_get_user(
            UserPoolId=self.pool.config.pool_id, Username=self.username
        )
        return set(held.get("UserMFASettingList", [])), held.get("PreferredMfaSetting")

    def attributes(self) -> dict[str, str]:
        held = self.pool.admin.admin_get_user(
            UserPoolId=self.pool.config.pool_id, Username=self.username
        )
        return {a["Name"]: a["Value"] for a in held["UserAttributes"]}

    # --- their phone ---

    def code_of_app(self) -> str:
        """A code that was not used before. Cognito takes the one after the current one too; when
        that is used up as well, time passes."""
        clock = self.pool.server.clock
        now = int(clock.now().timestamp()) // STEP
        self._step = max(now, self._step + 1)
        if self._step > now + 1:
            clock.advance(STEP)
        return pyotp.TOTP(self.secret).at(self._step * STEP)

    def newest_message(self) -> dict[str, Any]:
        sent = self.pool.server.outbox(self.pool.config.pool_id, self.username)["messages"]
        newest: dict[str, Any] = max(sent, key=lambda message: message["sent_at"])
        return newest

    # --- signing in ---

    def challenge(self) -> dict[str, Any]:
        """What a sign-in with the password really asks next; `ChallengeName` is absent for none."""
        answer: dict[str, Any] = self.pool.admin.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=self.pool.config.client_id,
            AuthParameters={"USERNAME": self.username, "PASSWORD": PASSWORD},
        )
        return answer

    def asked(self) -> str | None:
        return self.challenge().get("ChallengeName")

    def access_token(self) -> str:
        """Without MFA on: tokens straight from the API."""
        token: str = self.challenge()["AuthenticationResult"]["AccessToken"]
        return token

    @step
    def sign_in(self, browser: Browser, *, next_path: str = "/") -> list[str]:
        """Through the portal's page and managed login; the challenges that were asked."""
        answer = browser.submit("/sign-in/start/", next=next_path)
        location, asked = self.walk_managed_login(way_out(answer))
        back = browser.get(location.removeprefix(portal_settings.PORTAL_URL))
        assert back.status_code == 302, back.content.decode()
        browser.person = self
        return asked

    def step_up(self, browser: Browser, answer: Page, *, way: str = "") -> Page:
        """From the answer that asks for another sign-in through it; the page that held the form,
        where nothing has been done yet. `way` is what to use instead of the usual."""
        assert answer.status_code == 302, words(answer)
        assert answer["Location"].startswith("/confirm/"), answer["Location"]
        fields = {"way": way} if way else {}
        start = browser.submit(f"{answer['Location']}start/", **fields)
        location, _ = self.walk_managed_login(way_out(start))
        back = browser.get(location.removeprefix(portal_settings.PORTAL_URL), follow=True)
        assert back.status_code == 200, words(back)
        return back

    def walk_managed_login(
        self, authorize_url: str, cookies: requests.Session | None = None
    ) -> tuple[str, list[str]]:
        """Name, password, whatever is asked then; the way back to the portal. `cookies` is a
        browser to do it in; a new one, if not given."""
        asked: list[str] = []
        with cookies or requests.Session() as session:
            page = session.get(authorize_url)
            for _ in range(12):
                kind = found(r'data-page="([^"]+)"', page.text)
                fields = self._answer(kind)
                if kind in CHALLENGE_OF_PAGE:
                    asked.append(CHALLENGE_OF_PAGE[kind])
                csrf = found(r'name="csrf" value="([^"]+)"', page.text)
                page = session.post(page.url, {"csrf": csrf, **fields}, allow_redirects=False)
                location = page.headers.get("Location", "")
                if location.startswith(portal_settings.PORTAL_URL):
                    return location, asked
                assert location, page.text
                page = session.get(f"{self.pool.server.url}{location}")
            raise AssertionError(page.text)

    def _answer(self, page: str) -> dict[str, str]:
        if page == "login":
            return {"username": self.username, "password": PASSWORD}
        if page == "choose":
            return {"answer": self.chooses}
        if page == "mfa-totp":
            return {"code": self.code_of_app()}
        assert page in {"mfa-sms", "mfa-email"}, page
        return {"code": self.newest_message()["code"]}


def sign_in_elsewhere(pool: Pool, browser: Browser, *, provider: str, email: str) -> None:
    """As somebody whom another identity provider signs in, through managed login's button."""
    pool.server.add_identity_provider(pool.config.pool_id, provider)
    start = way_out(browser.submit("/sign-in/start/", next="/"))
    with requests.Session() as session:
        login = session.get(start)
        button = unescape(found(r'href="(/federation[^"]+)"', login.text))
        page = session.get(f"{pool.server.url}{button}")
        csrf = found(r'name="csrf" value="([^"]+)"', page.text)
        back = session.post(page.url, {"csrf": csrf, "email": email}, allow_redirects=False)
    path = back.headers["Location"].removeprefix(portal_settings.PORTAL_URL)
    assert browser.get(path).status_code == 302


def found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]
