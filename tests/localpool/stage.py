"""A pool of its own for each test, reached over the wire only."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pyotp
import requests
from botocore.client import Config

from localpool import PoolServer

PASSWORD = "Right-Horse-1!"
CALLBACK = "http://localhost:8000/callback"
SIGNED_OUT = "http://localhost:8000/signed-out"
ADMIN = "aws.cognito.signin.user.admin"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/texts"}}
SES: Any = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/x",
}
Attributes = dict[str, str]


def aws_client(url: str) -> Any:
    return boto3.client(
        "cognito-idp",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
    )


@dataclass
class Stage:
    server: PoolServer
    aws: Any  # a boto3 client; what tests send it is often wrong on purpose
    pool: str = ""
    client: str = ""
    secrets: dict[str, str] = field(default_factory=dict)

    def build(self, **pool: Any) -> "Stage":
        """A pool with text messages and authenticator apps, MFA OPTIONAL, and an app client."""
        self.pool = self.aws.create_user_pool(**({"PoolName": "Stage"} | pool))["UserPool"]["Id"]
        self.client = self.add_client()
        self.mfa("OPTIONAL")
        return self

    def add_client(self, **settings: Any) -> str:
        common: Any = {
            "UserPoolId": self.pool,
            "ClientName": "portal",
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email", "phone", "profile", ADMIN],
            "CallbackURLs": [CALLBACK],
            "LogoutURLs": [SIGNED_OUT],
        }
        made = self.aws.create_user_pool_client(**(common | settings))["UserPoolClient"]
        client_id: str = made["ClientId"]
        return client_id

    def mfa(self, mode: Any, *, sms: bool = True, totp: bool = True, email: bool = False) -> None:
        ask: Any = {"SoftwareTokenMfaConfiguration": {"Enabled": totp}}
        ask |= {"SmsMfaConfiguration": SMS} if sms else {}
        ask |= {"EmailMfaConfiguration": {}} if email else {}
        self.aws.set_user_pool_mfa_config(UserPoolId=self.pool, MfaConfiguration=mode, **ask)

    def person(self, name: str = "ana", *, password: str = PASSWORD, **attributes: str) -> str:
        self.aws.admin_create_user(
            UserPoolId=self.pool,
            Username=name,
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            MessageAction="SUPPRESS",
        )
        self.aws.admin_set_user_password(
            UserPoolId=self.pool, Username=name, Password=password, Permanent=True
        )
        return name

    def somebody(self, name: str = "ana") -> str:
        """With a phone and an email address, both verified; returns an access token."""
        self.person(
            name,
            phone_number="+4915123456789",
            phone_number_verified="true",
            email=f"{name}@example.com",
            email_verified="true",
        )
        return self.access(name)

    def start(self, name: str = "ana", password: str = PASSWORD, client: str = "") -> Any:
        return self.aws.initiate_auth(
            ClientId=client or self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )

    def tokens(self, name: str = "ana", client: str = "") -> Any:
        return self.start(name, client=client)["AuthenticationResult"]

    def access(self, name: str = "ana") -> str:
        token: str = self.tokens(name)["AccessToken"]
        return token

    def respond(self, asked: Any, name: str = "ana", **answers: str) -> Any:
        return self.aws.respond_to_auth_challenge(
            ClientId=self.client,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": name} | answers,
        )

    def answer_code(self, asked: Any, code: str, name: str = "ana") -> Any:
        key = {"SMS_MFA": "SMS_MFA_CODE", "EMAIL_OTP": "EMAIL_OTP_CODE"}.get(
            asked["ChallengeName"], "SOFTWARE_TOKEN_MFA_CODE"
        )
        return self.respond(asked, name, **{key: code})

    def app(self, access: str, name: str = "ana") -> str:
        """Set an authenticator app up, to the end; returns its secret."""
        secret: str = self.aws.associate_software_token(AccessToken=access)["SecretCode"]
        self.aws.verify_software_token(AccessToken=access, UserCode=self.app_code(secret))
        self.secrets[name] = secret
        return secret

    def app_code(self, secret: str) -> str:
        """The code of a step that nobody has used yet: time moves on by one step."""
        self.server.clock.advance(30)
        return pyotp.TOTP(secret).at(self.server.clock.seconds())

    def prefer(self, access: str, *, sms: Any = None, totp: Any = None, email: Any = None) -> None:
        """Blocks by hand: `(enabled, preferred)`."""
        names = {"SMSMfaSettings": sms, "SoftwareTokenMfaSettings": totp, "EmailMfaSettings": email}
        blocks: Any = {
            name: {"Enabled": block[0], "PreferredMfa": block[1]}
            for name, block in names.items()
            if block
        }
        self.aws.set_user_mfa_preference(AccessToken=access, **blocks)

    def shown(self, access: str) -> tuple[list[str] | None, str | None]:
        """UserMFASettingList and PreferredMfaSetting; None where absent."""
        user = self.aws.get_user(AccessToken=access)
        return user.get("UserMFASettingList"), user.get("PreferredMfaSetting")

    def attributes(self, name: str = "ana") -> Attributes:
        user = self.aws.admin_get_user(UserPoolId=self.pool, Username=name)
        return {item["Name"]: item["Value"] for item in user["UserAttributes"]}

    def last_code(self, name: str = "ana") -> str:
        answer = requests.get(
            f"{self.server.url}/outbox.json", {"pool_id": self.pool, "username": name}, timeout=5
        )
        code: str = answer.json()["messages"][0]["code"]
        return code

    def query(self, **more: str) -> dict[str, str]:
        return {
            "client_id": self.client,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "state": "as-it-was",
        } | more

    def exchange(self, code: str, /, **more: str) -> requests.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client,
            "code": code,
            "redirect_uri": CALLBACK,
        } | more
        return requests.post(f"{self.server.url}/oauth2/token", form, timeout=5)


@dataclass
class Browser:
    """Follows the pages of one sign-in, but never leaves for the app."""

    stage: Stage
    session: requests.Session
    page: requests.Response | None = None

    def go(self, path: str = "/oauth2/authorize", **more: str) -> "Browser":
        return self.get(f"{self.stage.server.url}{path}", self.stage.query(**more))

    def get(self, url: str, query: dict[str, str] | None = None) -> "Browser":
        return self._follow(self.session.get(url, params=query, allow_redirects=False, timeout=5))

    def send(self, **form: str) -> "Browser":
        assert self.page is not None
        data = {"csrf": self.field("csrf")} | form
        return self._follow(
            self.session.post(self.page.url, data, allow_redirects=False, timeout=5)
        )

    def sign_in(self, name: str = "ana", password: str = PASSWORD) -> "Browser":
        return self.send(username=name, password=password)

    def _follow(self, response: requests.Response) -> "Browser":
        self.page = response
        target = response.headers.get("Location", "")
        if target and not target.startswith("http://localhost:8000"):
            return self.get(self.stage.server.url + target)
        return self

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    @property
    def name(self) -> str:
        """The page's `data-page`; `app` when the browser is on its way back."""
        found = re.search('data-page="([a-z-]+)"', self.text)
        return found[1] if found else "app"

    def field(self, name: str) -> str:
        found = re.search(f'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name} on {self.name}"
        return found[1]

    @property
    def back(self) -> dict[str, str]:
        """The query the app is given."""
        assert self.page is not None
        target = self.page.headers["Location"]
        return {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
