"""A person with all they hold: password, keys in their app, phones, mailboxes, passkeys.

They sign in really, through the API or managed login, and can do only what these things can.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, Self

import pyotp
from botocore.exceptions import ClientError

from tests.people import STEP, Person, Pool
from tests.soft_passkey import SoftPasskey

TEXT, APP, EMAIL, PASSKEY = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "WEB_AUTHN"
BLOCK = {TEXT: "SMSMfaSettings", APP: "SoftwareTokenMfaSettings", EMAIL: "EmailMfaSettings"}
_CODE_OF = {
    TEXT: "SMS_MFA_CODE",
    APP: "SOFTWARE_TOKEN_MFA_CODE",
    EMAIL: "EMAIL_OTP_CODE",
}
_IN_MESSAGES = {"EMAIL_MFA": EMAIL}


class Holder(Person):
    """`keys` are all that were ever scanned, newest last; `spent` the codes that were used."""

    def __init__(self, pool: Pool, username: str, subject: str) -> None:
        super().__init__(pool, username, subject)
        self.keys: list[str] = []
        self.contacts: set[str] = set()
        self.passkeys: list[SoftPasskey] = []
        self.spent: set[tuple[str, int]] = set()
        self.time: Any = None
        self.is_looking = False
        # Of several choices this one, if it is among them.
        self.wants = ""

    def owns(self, *contacts: str) -> None:
        self.contacts |= set(contacts)

    def memory(self) -> dict[str, Any]:
        """Everything of it that can be pickled; `remembering` is its inverse."""
        return {
            "subject": self.subject,
            "keys": self.keys,
            "contacts": self.contacts,
            "spent": self.spent,
            "passkeys": self.passkeys,
        }

    def remembering(self, memory: Mapping[str, Any]) -> Self:
        self.keys, self.contacts = memory["keys"], memory["contacts"]
        self.spent = memory["spent"]
        self.passkeys = memory["passkeys"]
        return self

    # --- their things ---

    def connect_app(self, access_token: str) -> None:
        key = self.pool.admin.associate_software_token(AccessToken=access_token)["SecretCode"]
        self.keys.append(key)
        self.pool.admin.verify_software_token(AccessToken=access_token, UserCode=self.code_of_app())

    def add_passkey(self, access_token: str) -> None:
        options = self.pool.admin.start_web_authn_registration(AccessToken=access_token)
        passkey = SoftPasskey()
        credential = passkey.create(options["CredentialCreationOptions"])
        self.pool.admin.complete_web_authn_registration(
            AccessToken=access_token, Credential=credential
        )
        self.passkeys.append(passkey)

    def code_of_app(self, key: str = "") -> str:
        """A code that was not used before; when the three that Cognito takes are, time passes."""
        key = key or self._working_key()
        if self.is_looking:
            return self._code_without_waiting(key)
        while True:
            now = int(time.time()) // STEP
            for step in (now, now + 1, now - 1):
                if (key, step) not in self.spent:
                    self.spent.add((key, step))
                    return pyotp.TOTP(key).at(step * STEP)
            self.time.shift(STEP)

    def _code_without_waiting(self, key: str) -> str:
        """The pool takes it a second time: what is only looked at takes no time."""
        user = self.pool.server.state.pools[self.pool.config.pool_id].users[self.subject]
        if user.token:
            user.token.used_steps.clear()
        return pyotp.TOTP(key).at(int(time.time()))

    def wrong_code_of_app(self, key: str) -> str:
        near = {pyotp.TOTP(key).at((int(time.time()) // STEP + n) * STEP) for n in range(-40, 41)}
        return next(code for code in ("000000", "123456", "654321") if code not in near)

    def _working_key(self) -> str:
        """People try one after the other; five wrong codes would lock them out of this test."""
        user = self.pool.server.state.pools[self.pool.config.pool_id].users[self.subject]
        works = user.token.secret if user.token else ""
        return works if works in self.keys else (self.keys or ["A" * 32])[-1]

    def code_sent(self, purpose: str = "mfa") -> str | None:
        """The newest one, if it came to a phone or mailbox of theirs."""
        messages = self.pool.server.state.pools[self.pool.config.pool_id].messages
        sent = [m for m in messages if m.username == self.username and m.purpose == purpose]
        return sent[-1].code if sent and sent[-1].to in self.contacts else None

    # --- signing in, through the API ---

    def get_in(self, challenge: dict[str, Any]) -> str | None:
        """Answer what is asked with what they hold; an access token if that is enough."""
        name = challenge.get("ChallengeName")
        if name is None:
            token: str = challenge["AuthenticationResult"]["AccessToken"]
            return token
        if name == "SELECT_MFA_TYPE":
            ways = (self.choose(choice) for choice in choices_of(challenge))
            return next((token for token in ways if token), None)
        if name == "MFA_SETUP":
            return self._enrol(challenge)
        code = self.code_of_app() if name == APP else self.code_sent()
        return self._answer_with(challenge, {_CODE_OF[name]: code}) if code else None

    def choose(self, choice: str) -> str | None:
        """A sign-in that takes this one of those it may choose from."""
        challenge = self.challenge()
        answer = self._respond(challenge, {"ANSWER": choice})
        return self.get_in(answer) if answer else None

    def _answer_with(self, challenge: dict[str, Any], answers: dict[str, str]) -> str | None:
        answer = self._respond(challenge, answers)
        return self.get_in(answer) if answer else None

    def _respond(self, challenge: dict[str, Any], answers: dict[str, str]) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = self.pool.admin.respond_to_auth_challenge(
                ClientId=self.pool.config.client_id,
                ChallengeName=challenge["ChallengeName"],
                Session=challenge["Session"],
                ChallengeResponses={"USERNAME": self.username, **answers},
            )
        except ClientError:
            return None
        return answer

    def _enrol(self, challenge: dict[str, Any]) -> str | None:
        """Where a sign-in asks for it, everybody can set up an app."""
        if APP not in challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]:
            return None
        begun = self.pool.admin.associate_software_token(Session=challenge["Session"])
        key = begun["SecretCode"]
        if not self.is_looking:
            self.keys.append(key)
        verified = self.pool.admin.verify_software_token(
            Session=begun["Session"], UserCode=self.code_of_app(key)
        )
        return self._answer_with(challenge | {"Session": verified["Session"]}, {})

    def passkey_is_enough(self) -> bool:
        return any(self._by_passkey(each) for each in self.passkeys)

    def _by_passkey(self, passkey: SoftPasskey) -> bool:
        challenge = self.pool.admin.initiate_auth(
            AuthFlow="USER_AUTH",
            ClientId=self.pool.config.client_id,
            AuthParameters={"USERNAME": self.username, "PREFERRED_CHALLENGE": PASSKEY},
        )
        if challenge.get("ChallengeName") != PASSKEY:
            return False
        options = json.loads(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
        passkey.origin = self.pool.server.url
        answer = self._respond(challenge, {"CREDENTIAL": json.dumps(passkey.get(options))})
        return bool(answer and "AuthenticationResult" in answer)

    # --- signing in, through managed login ---

    def _answer(self, page: str) -> dict[str, str]:
        if page == "choose":
            return {"answer": self._choice()}
        if page == "mfa-totp":
            return {"code": self.code_of_app()}
        if page in {"mfa-sms", "mfa-email"}:
            return {"code": self.code_sent() or ""}
        return super()._answer(page)

    def _choice(self) -> str:
        """The one they want, or the first of the choices that is theirs to answer."""
        state = self.pool.server.state.pools[self.pool.config.pool_id]
        choices: list[str] = list(state.challenges.values())[-1].choices
        has = state.users[self.subject].attributes
        theirs = {
            APP: self._working_key() in self.keys,
            TEXT: has.get("phone_number") in self.contacts,
            EMAIL: has.get("email") in self.contacts,
        }
        able = [choice for choice in choices if theirs[factor_of(choice)]]
        return next((c for c in able if factor_of(c) == self.wants), [*able, choices[0]][0])


def choices_of(challenge: dict[str, Any]) -> list[str]:
    found: list[str] = json.loads(challenge["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    return found


def factor_of(choice: str) -> str:
    return _IN_MESSAGES.get(choice, choice)
