"""Choice-based sign-in over the wire: each first factor, MFA after it, and stepping up."""

import json
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError

from tests.localpool.stage import PASSWORD, SES, SMS, Stage
from tests.soft_passkey import SoftPasskey

ALL = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
LOA = "urn:cognito:loa"


@pytest.fixture
def access(stage: Stage) -> str:
    """Of somebody in a pool that takes every first factor."""
    policy: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": ALL}}
    stage.build(Policies=policy, EmailConfiguration=SES)
    stage.mfa("OPTIONAL", email=True)
    stage.client = stage.add_client(
        ExplicitAuthFlows=[
            "ALLOW_USER_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ]
    )
    return stage.somebody()


def begin(stage: Stage, **parameters: str) -> Any:
    return stage.aws.initiate_auth(
        ClientId=stage.client, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ana"} | parameters
    )


def claims(answer: Any) -> tuple[str, list[str]]:
    token = answer["AuthenticationResult"]["AccessToken"]
    read = jwt.decode(token, options={"verify_signature": False})
    return read["acr"].removeprefix(f"{LOA}:"), read["amr"]


def refusal(raised: pytest.ExceptionInfo[ClientError]) -> str:
    return str(raised.value.response["Error"]["Code"])


def test_the_first_factors_of_a_user_are_offered(stage: Stage, access: str) -> None:
    asked = begin(stage)
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    # No passkey yet, so none is offered.
    assert asked["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]
    stage.mfa("ON", email=True)
    assert begin(stage)["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]
    assert access


@pytest.mark.usefixtures("access")
def test_a_password_is_given_at_once_when_it_is_chosen_or_when_it_is_asked_for(
    stage: Stage,
) -> None:
    at_once = begin(stage, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert claims(at_once) == ("1", ["pwd"])
    chosen = stage.respond(begin(stage), ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert claims(chosen) == ("1", ["pwd"])
    asked = begin(stage, PREFERRED_CHALLENGE="PASSWORD")
    assert asked["ChallengeName"] == "PASSWORD"
    with pytest.raises(ClientError) as raised:
        stage.respond(asked, PASSWORD="Wrong-Horse-1!")
    assert refusal(raised) == "NotAuthorizedException"
    assert claims(stage.respond(asked, PASSWORD=PASSWORD)) == ("1", ["pwd"])


def test_mfa_follows_the_password(stage: Stage, access: str) -> None:
    stage.prefer(access, sms=(True, True))
    asked = begin(stage, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert asked["ChallengeName"] == "SMS_MFA"
    answer = stage.answer_code(asked, stage.last_code())
    assert claims(answer) == ("3", ["pwd", "sms", "mfa"])


@pytest.mark.usefixtures("access")
@pytest.mark.parametrize(
    ("factor", "answer", "method"),
    [("EMAIL_OTP", "EMAIL_OTP_CODE", "email_otp"), ("SMS_OTP", "SMS_OTP_CODE", "sms")],
)
def test_a_code_of_eight_digits_alone_is_level_two(
    stage: Stage, factor: str, answer: str, method: str
) -> None:
    asked = stage.respond(begin(stage), ANSWER=factor)
    assert asked["ChallengeName"] == factor
    code = stage.last_code()
    assert len(code) == 8
    with pytest.raises(ClientError) as raised:
        stage.respond(asked, **{answer: "00000000" if code != "00000000" else "11111111"})
    assert refusal(raised) == "CodeMismatchException"
    assert claims(stage.respond(asked, **{answer: code})) == ("2", [method])


def test_a_passkey_signs_in(stage: Stage, access: str) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration=SMS,
        WebAuthnConfiguration={"RelyingPartyId": "localhost"},
    )
    passkey = SoftPasskey()
    options = stage.aws.start_web_authn_registration(AccessToken=access)
    stage.aws.complete_web_authn_registration(
        AccessToken=access, Credential=passkey.create(options["CredentialCreationOptions"])
    )
    asked = begin(stage, PREFERRED_CHALLENGE="WEB_AUTHN")
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    with pytest.raises(ClientError) as raised:
        stage.respond(asked, CREDENTIAL=json.dumps(passkey.get(options, broken=True)))
    assert refusal(raised) == "NotAuthorizedException"
    asked = begin(stage, PREFERRED_CHALLENGE="WEB_AUTHN")
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    answer = stage.respond(asked, CREDENTIAL=json.dumps(passkey.get(options)))
    assert claims(answer) == ("3", ["swk"])


@pytest.mark.parametrize(("plays", "then"), [("refuse", ""), ("ask", "SMS_MFA")])
def test_a_passkey_that_does_not_satisfy_mfa_is_refused_or_mfa_follows(
    stage: Stage, access: str, plays: str, then: str
) -> None:
    passkey = SoftPasskey()
    options = stage.aws.start_web_authn_registration(AccessToken=access)
    stage.aws.complete_web_authn_registration(
        AccessToken=access, Credential=passkey.create(options["CredentialCreationOptions"])
    )
    stage.prefer(access, sms=(True, True))
    asked = begin(stage, PREFERRED_CHALLENGE="WEB_AUTHN")
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    credential = json.dumps(passkey.get(options))
    stage.server.switches.set(stage.pool, passkey_before_mfa=plays)
    if then:
        assert stage.respond(asked, CREDENTIAL=credential)["ChallengeName"] == then
        return
    with pytest.raises(ClientError) as raised:
        stage.respond(asked, CREDENTIAL=credential)
    assert refusal(raised) == "NotAuthorizedException"


def test_an_unknown_choice_is_refused(stage: Stage, access: str) -> None:
    with pytest.raises(ClientError) as raised:
        stage.respond(begin(stage), ANSWER="WEB_AUTHN")
    assert refusal(raised) == "InvalidParameterException"
    assert access


def test_stepping_up_asks_only_what_is_missing(stage: Stage, access: str) -> None:
    stage.app(access)
    asked = begin(stage, ACCESS_TOKEN=access, TARGET_ACR_VALUES=f"{LOA}:4")
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = stage.answer_code(asked, stage.app_code(stage.secrets["ana"]))
    assert claims(answer) == ("4", ["pwd", "otp", "mfa"])
    enough = answer["AuthenticationResult"]["AccessToken"]
    again = begin(stage, ACCESS_TOKEN=enough, TARGET_ACR_VALUES=f"{LOA}:4")
    assert claims(again)[0] == "4"


def test_a_sign_in_that_is_too_old_begins_from_scratch(stage: Stage, access: str) -> None:
    stage.app(access)
    stage.server.clock.advance(600)
    wanted = {"ACCESS_TOKEN": access, "TARGET_ACR_VALUES": f"{LOA}:4"}
    assert begin(stage, **wanted, MAX_AGE="900")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert begin(stage, **wanted, MAX_AGE="300")["ChallengeName"] == "SELECT_CHALLENGE"


def test_stepping_up_needs_the_users_own_token(stage: Stage, access: str) -> None:
    stage.person("ben")
    with pytest.raises(ClientError) as raised:
        stage.aws.initiate_auth(
            ClientId=stage.client,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": "ben", "ACCESS_TOKEN": access},
        )
    assert refusal(raised) == "NotAuthorizedException"
