"""Provokes each error and shows each behaviour of tokens (`SignInRule`)."""

from typing import Any

import jwt
import requests

from localpool.rules import SignInRule
from tests.localpool.rules.proofs import challenged, proves
from tests.localpool.stage import Browser, Stage


@proves(SignInRule.ACCESS_INVALID)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.get_user(AccessToken=stage.tokens()["IdToken"])


@proves(SignInRule.ACCESS_EXPIRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.server.clock.advance(3600)
    stage.aws.get_user(AccessToken=access)


@proves(SignInRule.ACCESS_REVOKED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.aws.global_sign_out(AccessToken=access)
    stage.aws.get_user(AccessToken=access)


@proves(SignInRule.SCOPE_MISSING)
def _(stage: Stage) -> None:
    stage.somebody()
    with requests.Session() as session:
        back = Browser(stage, session).go(scope="openid").sign_in().back
    access = stage.exchange(back["code"]).json()["access_token"]
    stage.aws.get_user(AccessToken=access)


def _refresh(stage: Stage, token: str) -> Any:
    return stage.aws.initiate_auth(
        ClientId=stage.client,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token},
    )


@proves(SignInRule.REFRESH_INVALID)
def _(stage: Stage) -> None:
    _refresh(stage, "not.a.token")


@proves(SignInRule.REFRESH_EXPIRED)
def _(stage: Stage) -> None:
    stage.person()
    token = stage.tokens()["RefreshToken"]
    stage.server.clock.advance(30 * 86400)
    _refresh(stage, token)


@proves(SignInRule.REFRESH_REVOKED)
def _(stage: Stage) -> None:
    stage.person()
    token = stage.tokens()["RefreshToken"]
    stage.aws.revoke_token(Token=token, ClientId=stage.client)
    _refresh(stage, token)


def _rotating(stage: Stage, grace: int = 10) -> str:
    rotation: Any = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
    stage.client = stage.add_client(RefreshTokenRotation=rotation)
    stage.person()
    token: str = stage.tokens()["RefreshToken"]
    return token


@proves(SignInRule.REFRESH_REUSED)
def _(stage: Stage) -> None:
    token = _rotating(stage)
    for seconds in (0, 5, 6):
        stage.server.clock.advance(seconds)
        answer = stage.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=stage.client)
        assert answer["AuthenticationResult"]["RefreshToken"] != token


@proves(SignInRule.ROTATION_NEEDS_OPERATION)
def _(stage: Stage) -> None:
    _refresh(stage, _rotating(stage))


@proves(SignInRule.REVOCATION_OFF)
def _(stage: Stage) -> None:
    stage.aws.revoke_token(Token="a.b", ClientId=stage.add_client(EnableTokenRevocation=False))


@proves(SignInRule.NOT_A_REFRESH_TOKEN)
def _(stage: Stage) -> None:
    stage.aws.revoke_token(Token=stage.somebody(), ClientId=stage.client)


@proves(SignInRule.REFRESH_KEEPS_AUTH_TIME)
def _(stage: Stage) -> None:
    def claims(token: str) -> dict[str, Any]:
        return jwt.decode(token, options={"verify_signature": False})

    asked = challenged(stage)
    first = stage.answer_code(asked, stage.last_code())["AuthenticationResult"]
    stage.server.clock.advance(600)
    second = _refresh(stage, first["RefreshToken"])["AuthenticationResult"]
    before, after = claims(first["IdToken"]), claims(second["IdToken"])
    assert after["iat"] >= before["iat"] + 600
    for claim in ("auth_time", "acr", "amr", "origin_jti", "event_id"):
        assert before[claim] == after[claim]
    assert before["amr"] == ["pwd", "sms", "mfa"]
    assert before["acr"] == "urn:cognito:loa:3"
    assert "RefreshToken" not in second
