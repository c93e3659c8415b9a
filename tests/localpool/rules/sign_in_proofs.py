"""Provokes each error and shows each behaviour of `SignInRule`."""

import pytest
from botocore.exceptions import ClientError

from localpool.rules import SignInRule
from tests.localpool.rules.proofs import challenged, proves, with_both_on
from tests.localpool.stage import PASSWORD, Stage


@proves(SignInRule.FLOW_OFF)
def _(stage: Stage) -> None:
    stage.start(client=stage.add_client(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]))


@proves(SignInRule.FLOW_NOT_BUILT)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(ClientId=stage.client, AuthFlow="CUSTOM_AUTH")


@proves(SignInRule.USER_AUTH_NEEDS_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE")
    stage.person()
    client = stage.add_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    stage.aws.initiate_auth(
        ClientId=client, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ana"}
    )


@proves(SignInRule.BAD_MAX_AGE)
def _(stage: Stage) -> None:
    access = stage.somebody()
    client = stage.add_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    stage.aws.initiate_auth(
        ClientId=client,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "ana", "ACCESS_TOKEN": access, "MAX_AGE": "soon"},
    )


@proves(SignInRule.PARAMETER_MISSING)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(ClientId=stage.client, AuthFlow="USER_PASSWORD_AUTH")


@proves(SignInRule.SECRET_MISSING)
def _(stage: Stage) -> None:
    stage.start(stage.person(), client=stage.add_client(GenerateSecret=True))


@proves(SignInRule.SECRET_WRONG)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(
        ClientId=stage.add_client(GenerateSecret=True),
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": "wrong"},
    )


@proves(SignInRule.WRONG_PASSWORD)
def _(stage: Stage) -> None:
    stage.start("nobody", client=stage.add_client(PreventUserExistenceErrors="ENABLED"))


@proves(SignInRule.TEMPORARY_EXPIRED)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(
        UserPoolId=stage.pool, Username="ana", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    stage.server.clock.advance(8 * 86400)
    stage.start()


@proves(SignInRule.LOCKED_OUT)
def _(stage: Stage) -> None:
    stage.person()
    for _ in range(5):
        with pytest.raises(ClientError, match="Incorrect username or password"):
            stage.start(password="wrong")
    stage.start()


@proves(SignInRule.WRONG_MESSAGE_CODE)
def _(stage: Stage) -> None:
    stage.answer_code(challenged(stage), "no")


@proves(SignInRule.WRONG_TOTP)
def _(stage: Stage) -> None:
    stage.answer_code(challenged(stage, "SOFTWARE_TOKEN_MFA"), "no")


@proves(SignInRule.TOTP_REUSED)
def _(stage: Stage) -> None:
    asked = challenged(stage, "SOFTWARE_TOKEN_MFA")
    code = stage.app_code(stage.secrets["ana"])
    stage.answer_code(asked, code)
    stage.answer_code(stage.start(), code)


@proves(SignInRule.SESSION_UNKNOWN)
def _(stage: Stage) -> None:
    stage.answer_code(challenged(stage) | {"Session": "x" * 40}, "1")


@proves(SignInRule.SESSION_USED)
def _(stage: Stage) -> None:
    asked = challenged(stage)
    for _ in range(2):
        stage.answer_code(asked, stage.last_code())


@proves(SignInRule.SESSION_EXPIRED)
def _(stage: Stage) -> None:
    asked = challenged(stage, minutes=5)
    stage.server.clock.advance(5 * 60)
    stage.answer_code(asked, stage.last_code())


@proves(SignInRule.CHALLENGE_MISMATCH)
def _(stage: Stage) -> None:
    stage.answer_code(challenged(stage) | {"ChallengeName": "EMAIL_OTP"}, "1")


@proves(SignInRule.CHOICE_UNKNOWN)
def _(stage: Stage) -> None:
    with_both_on(stage)
    stage.respond(stage.start(), ANSWER="EMAIL_OTP")


@proves(SignInRule.SETUP_UNVERIFIED)
def _(stage: Stage) -> None:
    stage.mfa("ON", sms=False)
    stage.person()
    stage.respond(stage.start())


@proves(SignInRule.PREFERRED_IS_ASKED)
def _(stage: Stage) -> None:
    access = with_both_on(stage)
    stage.prefer(access, totp=(True, True))
    assert stage.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    stage.prefer(access, sms=(True, True))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@proves(SignInRule.ONLY_ONE_IS_ASKED)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, False))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@proves(SignInRule.MANY_ARE_A_CHOICE)
def _(stage: Stage) -> None:
    with_both_on(stage)
    asked = stage.start()
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    choices = asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]
    assert choices == '["SMS_MFA", "SOFTWARE_TOKEN_MFA"]'
    asked = stage.respond(asked, ANSWER="SMS_MFA")
    assert "AccessToken" in stage.answer_code(asked, stage.last_code())["AuthenticationResult"]


@proves(SignInRule.NOT_OFFERED_NOT_ASKED)
def _(stage: Stage) -> None:
    access = with_both_on(stage)
    stage.mfa("OPTIONAL", sms=False)
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access)[1] == "SMS_MFA"
    assert stage.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@proves(SignInRule.REQUIRED_ENROLS)
def _(stage: Stage) -> None:
    stage.mfa("ON", sms=False)
    stage.person()
    asked = stage.start()
    assert asked["ChallengeParameters"]["MFAS_CAN_SETUP"] == '["SOFTWARE_TOKEN_MFA"]'
    associated = stage.aws.associate_software_token(Session=asked["Session"])
    code = stage.app_code(associated["SecretCode"])
    verified = stage.aws.verify_software_token(Session=associated["Session"], UserCode=code)
    done = stage.respond(asked | {"Session": verified["Session"]})
    access = done["AuthenticationResult"]["AccessToken"]
    assert stage.shown(access)[0] == ["SOFTWARE_TOKEN_MFA"]


@proves(SignInRule.CODE_VERIFIES_CONTACT)
def _(stage: Stage) -> None:
    stage.person(phone_number="+4915123456789")
    stage.prefer(stage.access(), sms=(True, True))
    assert stage.attributes()["phone_number_verified"] == "false"
    asked = stage.start()
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*********6789"
    stage.answer_code(asked, stage.last_code())
    assert stage.attributes()["phone_number_verified"] == "true"


@proves(SignInRule.WRONG_CODE_KEEPS_SESSION)
def _(stage: Stage) -> None:
    asked = challenged(stage)
    with pytest.raises(ClientError, match="Invalid code"):
        stage.answer_code(asked, "000")
    assert "AuthenticationResult" in stage.answer_code(asked, stage.last_code())
