"""What a question stands on: pools of its own, people in them, codes of their apps, and the way
back. Only boto3 and HTTP; nothing here knows which pool answers.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyotp
import requests
from botocore.exceptions import ClientError

STEP = 30
NAME = "somebody"
# SES's mailbox simulator: accepts everything and reaches nobody.
ADDRESS = "success@simulator.amazonses.com"
# 555-01xx is kept for fiction; no text is ever asked for.
PHONE = "+12025550123"
PASSWORD = f"Aa1!{secrets.token_urlsafe(18)}"
# The first factors of a pool where people may have passkeys at all.
PASSKEY_SIGN_IN = {
    "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}
}  # fmt: skip
_COUNTS = "MULTI_FACTOR_WITH_USER_VERIFICATION"
_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


class OutOfReach(Exception):
    """The question cannot be put here; the words say what it would take."""


@dataclass
class Ground:
    """The endpoint, the pools that were made, and the pool of the question that is being put.

    `local` is the base URL of a local pool, whose clock can be moved instead of waited for;
    `sms_role` and `ses_identity` are ARNs that let a pool offer texts and mails.
    """

    aws: Any
    local: str | None = None
    sms_role: str | None = None
    ses_identity: str | None = None
    made: list[str] = field(default_factory=list)
    domains: dict[str, str] = field(default_factory=dict)
    pool: str = ""
    client: str = ""

    def domain(self) -> None:
        """A domain with a random prefix; it goes before its pool does."""
        prefix = f"contract-{secrets.token_hex(6)}"
        self.aws.create_user_pool_domain(UserPoolId=self.pool, Domain=prefix)
        self.domains[self.pool] = prefix

    def build(
        self, mode: str = "OPTIONAL", *, sms: bool = False, totp: bool = True,
        email: bool = False, passkeys: str | None = None, passkeys_count: bool = True,
        app: dict[str, Any] | None = None, **settings: Any,
    ) -> "Ground":  # fmt: skip
        """A new pool and app client (`app`: more of its settings). `passkeys` is the relying-party
        id. Errors: OutOfReach without the ARN it takes."""
        if sms:
            settings["SmsConfiguration"] = self._sms()
        if email:
            settings["EmailConfiguration"] = self._ses()
        if passkeys:
            settings["Policies"] = PASSKEY_SIGN_IN
        name = f"contract-{secrets.token_hex(4)}"
        made = self.aws.create_user_pool(PoolName=name, **settings)["UserPool"]["Id"]
        self.made.append(made)
        self.pool = made
        self.client = self.aws.create_user_pool_client(
            UserPoolId=made,
            ClientName=name,
            **({"ExplicitAuthFlows": _FLOWS} | (app or {})),
        )["UserPoolClient"]["ClientId"]
        self.mfa(
            mode, sms=sms, totp=totp, email=email, passkeys=passkeys, passkeys_count=passkeys_count
        )
        return self

    def mfa(
        self, mode: str, *, sms: bool = False, totp: bool = True, email: bool = False,
        passkeys: str | None = None, passkeys_count: bool = True,
    ) -> None:  # fmt: skip
        ask: dict[str, Any] = {"UserPoolId": self.pool, "MfaConfiguration": mode}
        if sms:
            ask["SmsMfaConfiguration"] = {"SmsConfiguration": self._sms()}
        if totp and mode != "OFF":
            ask["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
        if email:
            ask["EmailMfaConfiguration"] = {}
        if passkeys:
            ask["WebAuthnConfiguration"] = {
                "RelyingPartyId": passkeys,
                "UserVerification": "required",
                "FactorConfiguration": _COUNTS if passkeys_count else "SINGLE_FACTOR",
            }
        self.aws.set_user_pool_mfa_config(**ask)

    def _sms(self) -> dict[str, str]:
        if not self.sms_role:
            raise OutOfReach("give SMS_ROLE_ARN: a role that Cognito may use to publish to SNS")
        return {"SnsCallerArn": self.sms_role, "ExternalId": "contract"}

    def _ses(self) -> dict[str, str]:
        if not self.ses_identity:
            raise OutOfReach("give SES_IDENTITY_ARN: a verified SES identity")
        return {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": self.ses_identity,
            "From": f"contract@{self.ses_identity.rpartition('/')[2]}",
        }

    def person(self, name: str = NAME, **attributes: str) -> str:
        """Somebody with a password, made without a message; their access token, if the sign-in
        asks nothing."""
        self.aws.admin_create_user(
            UserPoolId=self.pool,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        self.aws.admin_set_user_password(
            UserPoolId=self.pool, Username=name, Password=PASSWORD, Permanent=True
        )
        answer = self.sign_in(name).get("AuthenticationResult", {})
        token: str = answer.get("AccessToken", "")
        return token

    def sign_in(self, name: str = NAME, **more: str) -> Any:
        return self.aws.initiate_auth(
            ClientId=self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD} | more,
        )

    def answer(self, asked: Any, **answers: str) -> Any:
        return self.aws.respond_to_auth_challenge(
            ClientId=self.client,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": NAME} | answers,
        )

    def fresh_code(self, secret: str) -> str:
        """The app's code of a step that nobody has used: up to 30 s are waited for."""
        if self.local:
            self._local_time(STEP)
        else:
            time.sleep(STEP - time.time() % STEP + 1)
        return pyotp.TOTP(secret).at(self.now())

    def now(self) -> int:
        return self._local_time(0) if self.local else int(time.time())

    def _local_time(self, forward: int) -> int:
        """Move the local pool's clock and read it, in seconds since 1970."""
        moved = requests.post(f"{self.local}/local/clock", json={"advance": forward}, timeout=10)
        return int(datetime.fromisoformat(moved.json()["now"]).timestamp())

    def wrong_code(self, secret: str) -> str:
        """Six digits that are right in none of the steps around now."""
        totp, now = pyotp.TOTP(secret), self.now()
        right = {totp.at(now + STEP * step) for step in range(-3, 4)}
        return next(code for code in ("000000", "111111", *map(str, range(200000, 200009)))
                    if code not in right)  # fmt: skip

    def app(self, access: str) -> str:
        """An authenticator app, set up and on; its secret."""
        secret: str = self.aws.associate_software_token(AccessToken=access)["SecretCode"]
        self.aws.verify_software_token(AccessToken=access, UserCode=self.fresh_code(secret))
        return secret

    def shown(self, access: str) -> tuple[list[str], str | None]:
        user = self.aws.get_user(AccessToken=access)
        return user.get("UserMFASettingList", []), user.get("PreferredMfaSetting")

    def prefer(self, access: str, **blocks: Any) -> Any:
        return self.aws.set_user_mfa_preference(AccessToken=access, **blocks)

    def clear(self) -> list[str]:
        """Delete the pools of this run by their ids; those that would not go."""
        for pool in list(self.made):
            try:
                if pool in self.domains:
                    # A pool that has a domain may not be deleted.
                    self.aws.delete_user_pool_domain(UserPoolId=pool, Domain=self.domains[pool])
                    del self.domains[pool]
                self.aws.delete_user_pool(UserPoolId=pool)
            except ClientError as refused:
                if refused.response["Error"]["Code"] != "ResourceNotFoundException":
                    continue
            self.made.remove(pool)
        return list(self.made)


def block(enabled: bool, preferred: bool | None = None) -> dict[str, bool]:
    return {"Enabled": enabled} | ({} if preferred is None else {"PreferredMfa": preferred})


@contextmanager
def cleared(ground: Ground, complain: Callable[[str], None]) -> Iterator[None]:
    """Whatever ends the work, Ctrl-C too: the pools of this run are deleted, or named."""
    try:
        yield
    finally:
        for pool in ground.clear():
            complain(f"Could not delete the pool {pool}. Delete it by hand.")
