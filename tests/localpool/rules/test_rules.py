"""Walks the table of rules: each error is provoked over the wire, each behaviour is shown."""

import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from localpool.rules.rule import Rule
from tests.localpool.stage import PASSWORD, SES, SMS, Browser, Stage
from tests.soft_passkey import SoftPasskey

Play = Callable[[Stage], Any]
PROVOKED: dict[Rule, Play] = {}
SHOWN: dict[Rule, Play] = {}
ELSEWHERE = {Rule.OUR_FAULT, Rule.NOT_JSON, Rule.NO_TOKEN, Rule.NOT_BUILT}  # test_wire
ELSEWHERE |= {Rule.FEDERATED_NOTHING, Rule.COOKIE_SURVIVES}  # test_hosted
ELSEWHERE |= {
    Rule.PASSKEY_SIGN_IN_OFF,
    Rule.PASSKEY_REFUSED,
    Rule.PASSKEY_NOT_ENOUGH,
}  # test_passkeys
ELSEWHERE |= {  # test_devices
    Rule.BAD_SRP_A, Rule.BAD_TIMESTAMP, Rule.TRACKING_OFF, Rule.TRACKING_OFF_PARAMETER,
    Rule.DEVICE_MISSING, Rule.DEVICE_EXISTS, Rule.BAD_DEVICE_VERIFIER, Rule.DEVICE_SKIPS_FACTOR,
    Rule.DEVICE_AFTER_FACTOR, Rule.ONLY_REMEMBERED_LISTED, Rule.REFRESH_NEEDS_DEVICE,
}  # fmt: skip


def provokes(rule: Rule) -> Callable[[Play], Play]:
    def register(play: Play) -> Play:
        PROVOKED[rule] = play
        return play

    return register


def shows(rule: Rule) -> Callable[[Play], Play]:
    def register(play: Play) -> Play:
        SHOWN[rule] = play
        return play

    return register


def test_every_rule_is_proved() -> None:
    assert set(Rule) == PROVOKED.keys() | SHOWN.keys() | ELSEWHERE


@pytest.mark.parametrize("rule", PROVOKED, ids=lambda rule: rule.name.lower())
def test_a_refusal_has_exactly_its_code_and_its_words(rule: Rule, stage: Stage) -> None:
    with pytest.raises(ClientError) as raised:
        PROVOKED[rule](stage)
    error = raised.value.response["Error"]
    words = re.sub(r"\\{\w+\\}", ".+", re.escape(rule.value.message))
    assert error["Code"] == rule.value.code
    assert re.fullmatch(words, error["Message"]), error["Message"]
    model = stage.aws.meta.service_model.operation_model(raised.value.operation_name)
    assert error["Code"] in {shape.name for shape in model.error_shapes}


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.name.lower())
def test_a_behaviour_is_as_the_table_says(rule: Rule, stage: Stage) -> None:
    SHOWN[rule](stage)


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name.lower())
def test_a_rule_says_where_it_comes_from_and_how_sure_it_is(rule: Rule) -> None:
    assert rule.value.source
    assert rule.value.mark in ("DOC", "SEEN", "INFER", "UNKNOWN")


# The wire, pools and app clients


@provokes(Rule.CONSTRAINT)
def _(stage: Stage) -> None:
    stage.aws.verify_software_token(AccessToken=stage.somebody(), UserCode="abcdef")


@provokes(Rule.POOL_MISSING)
def _(stage: Stage) -> None:
    stage.aws.describe_user_pool(UserPoolId="eu-central-1_Nowhere00")


@provokes(Rule.CLIENT_MISSING)
def _(stage: Stage) -> None:
    stage.start(client="nosuchclient")


@provokes(Rule.GROUP_MISSING)
def _(stage: Stage) -> None:
    stage.aws.admin_add_user_to_group(
        UserPoolId=stage.pool, Username=stage.person(), GroupName="nobody"
    )


@provokes(Rule.GROUP_EXISTS)
def _(stage: Stage) -> None:
    for _ in range(2):
        stage.aws.create_group(UserPoolId=stage.pool, GroupName="staff")


@provokes(Rule.DOMAIN_TAKEN)
def _(stage: Stage) -> None:
    for _ in range(2):
        stage.aws.create_user_pool_domain(
            Domain=stage.pool.split("_")[1].lower(), UserPoolId=stage.pool
        )


@provokes(Rule.DOMAIN_MISSING)
def _(stage: Stage) -> None:
    stage.aws.update_user_pool_domain(Domain="nobodys", UserPoolId=stage.pool)


@provokes(Rule.SESSIONS_NOT_TRACKED)
def _(stage: Stage) -> None:
    stage.aws.list_user_sessions(AccessToken=stage.somebody())


def _with_sessions(stage: Stage) -> Any:
    access = stage.somebody()
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )
    return access


@provokes(Rule.SESSION_IS_OWN)
def _(stage: Stage) -> None:
    access = _with_sessions(stage)
    listed = stage.aws.list_user_sessions(AccessToken=access)["Sessions"]
    own = next(each["SessionId"] for each in listed if each["IsCurrentSession"])
    stage.aws.revoke_user_session(AccessToken=access, SessionId=own)


@provokes(Rule.SESSION_MISSING)
def _(stage: Stage) -> None:
    stage.aws.revoke_user_session(
        AccessToken=_with_sessions(stage), SessionId="tkn0000000000000000000000000"
    )


@provokes(Rule.SESSIONS_NEED_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE")
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )


@provokes(Rule.MFA_WITHOUT_SMS)
def _(stage: Stage) -> None:
    stage.aws.create_user_pool(PoolName="x", MfaConfiguration="ON")


@provokes(Rule.OFF_WITH_FACTOR)
def _(stage: Stage) -> None:
    stage.mfa("OFF")


@provokes(Rule.ON_WITHOUT_FACTOR)
def _(stage: Stage) -> None:
    stage.mfa("ON", sms=False, totp=False)


@provokes(Rule.SMS_NOT_CONFIGURED)
def _(stage: Stage) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="ON", SmsMfaConfiguration={}
    )


@provokes(Rule.EMAIL_NEEDS_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE", EmailConfiguration=SES).mfa("ON", email=True)


@provokes(Rule.EMAIL_NEEDS_SES)
def _(stage: Stage) -> None:
    stage.mfa("ON", email=True)


@provokes(Rule.EMAIL_NEEDS_RECOVERY)
def _(stage: Stage) -> None:
    only = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
    stage.build(EmailConfiguration=SES, AccountRecoverySetting=only).mfa("ON", email=True)


@shows(Rule.OFF_WITH_PASSKEYS)
def _(stage: Stage) -> None:
    passkeys: Any = {"RelyingPartyId": "localhost", "UserVerification": "required"}
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="OFF", WebAuthnConfiguration=passkeys
    )
    answer = stage.aws.get_user_pool_mfa_config(UserPoolId=stage.pool)
    assert answer["WebAuthnConfiguration"] == passkeys
    assert "SmsMfaConfiguration" not in answer


@provokes(Rule.BAD_REDIRECT)
def _(stage: Stage) -> None:
    stage.add_client(CallbackURLs=["http://example.com/callback"])


@shows(Rule.UPDATE_REPLACES)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES)
    stage.aws.update_user_pool(UserPoolId=stage.pool)
    pool = stage.aws.describe_user_pool(UserPoolId=stage.pool)["UserPool"]
    assert pool["EmailConfiguration"]["EmailSendingAccount"] == "COGNITO_DEFAULT"
    assert pool["MfaConfiguration"] == "OFF"


# People


@provokes(Rule.USER_MISSING)
def _(stage: Stage) -> None:
    stage.aws.admin_get_user(UserPoolId=stage.pool, Username="nobody")


@provokes(Rule.USER_EXISTS)
def _(stage: Stage) -> None:
    stage.person("ana")
    stage.person("Ana")


@provokes(Rule.ALIAS_EXISTS)
def _(stage: Stage) -> None:
    stage.build(AliasAttributes=["email"])
    stage.person("ana", email="one@example.com", email_verified="true")
    with pytest.raises(ClientError, match="User account already exists"):
        stage.person("ben", email="one@example.com")
    stage.aws.admin_update_user_attributes(
        UserPoolId=stage.pool,
        Username=stage.person("ben"),
        UserAttributes=[{"Name": "email", "Value": "one@example.com"}],
    )


@provokes(Rule.RESEND_CONFIRMED)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(
        UserPoolId=stage.pool, Username=stage.person(), MessageAction="RESEND"
    )


@provokes(Rule.WEAK_PASSWORD)
def _(stage: Stage) -> None:
    stage.person(password="all-lower-case-1!")


@provokes(Rule.BAD_PHONE)
def _(stage: Stage) -> None:
    stage.person(phone_number="0151 23456789")


@provokes(Rule.BAD_EMAIL)
def _(stage: Stage) -> None:
    stage.person(email="no address")


@provokes(Rule.NAME_NOT_EMAIL)
def _(stage: Stage) -> None:
    stage.build(UsernameAttributes=["email"]).person("ana")


@provokes(Rule.NOT_IN_SCHEMA)
def _(stage: Stage) -> None:
    stage.person(**{"custom:shoe": "42"})


@provokes(Rule.BAD_FILTER)
def _(stage: Stage) -> None:
    stage.aws.list_users(UserPoolId=stage.pool, Filter='custom:shoe = "42"')


@provokes(Rule.DISABLED)
def _(stage: Stage) -> None:
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username=stage.person())
    stage.start()


# Sign-in


@provokes(Rule.FLOW_OFF)
def _(stage: Stage) -> None:
    stage.start(client=stage.add_client(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]))


@provokes(Rule.FLOW_NOT_BUILT)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(ClientId=stage.client, AuthFlow="CUSTOM_AUTH")


@provokes(Rule.USER_AUTH_NEEDS_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE")
    stage.person()
    client = stage.add_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    stage.aws.initiate_auth(
        ClientId=client, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ana"}
    )


@provokes(Rule.BAD_MAX_AGE)
def _(stage: Stage) -> None:
    access = stage.somebody()
    client = stage.add_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    stage.aws.initiate_auth(
        ClientId=client,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "ana", "ACCESS_TOKEN": access, "MAX_AGE": "soon"},
    )


@provokes(Rule.PARAMETER_MISSING)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(ClientId=stage.client, AuthFlow="USER_PASSWORD_AUTH")


@provokes(Rule.SECRET_MISSING)
def _(stage: Stage) -> None:
    stage.start(stage.person(), client=stage.add_client(GenerateSecret=True))


@provokes(Rule.SECRET_WRONG)
def _(stage: Stage) -> None:
    stage.aws.initiate_auth(
        ClientId=stage.add_client(GenerateSecret=True),
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": "wrong"},
    )


@provokes(Rule.WRONG_PASSWORD)
def _(stage: Stage) -> None:
    stage.start("nobody", client=stage.add_client(PreventUserExistenceErrors="ENABLED"))


@provokes(Rule.TEMPORARY_EXPIRED)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(
        UserPoolId=stage.pool, Username="ana", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    stage.server.clock.advance(8 * 86400)
    stage.start()


@provokes(Rule.LOCKED_OUT)
def _(stage: Stage) -> None:
    stage.person()
    for _ in range(5):
        with pytest.raises(ClientError, match="Incorrect username or password"):
            stage.start(password="wrong")
    stage.start()


def _asked(stage: Stage, factor: str = "SMS_MFA", minutes: int = 3) -> Any:
    """Ana, asked for this factor."""
    stage.client = stage.add_client(AuthSessionValidity=minutes)
    access = stage.somebody()
    if factor == "SOFTWARE_TOKEN_MFA":
        stage.app(access)
        stage.prefer(access, totp=(True, True))
    else:
        stage.prefer(access, sms=(True, True))
    asked = stage.start()
    assert asked["ChallengeName"] == factor
    return asked


def _both_on(stage: Stage) -> str:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, False))
    return access


@provokes(Rule.WRONG_MESSAGE_CODE)
def _(stage: Stage) -> None:
    stage.answer_code(_asked(stage), "no")


@provokes(Rule.WRONG_TOTP)
def _(stage: Stage) -> None:
    stage.answer_code(_asked(stage, "SOFTWARE_TOKEN_MFA"), "no")


@provokes(Rule.TOTP_REUSED)
def _(stage: Stage) -> None:
    asked = _asked(stage, "SOFTWARE_TOKEN_MFA")
    code = stage.app_code(stage.secrets["ana"])
    stage.answer_code(asked, code)
    stage.answer_code(stage.start(), code)


@provokes(Rule.SESSION_UNKNOWN)
def _(stage: Stage) -> None:
    stage.answer_code(_asked(stage) | {"Session": "x" * 40}, "1")


@provokes(Rule.SESSION_USED)
def _(stage: Stage) -> None:
    asked = _asked(stage)
    for _ in range(2):
        stage.answer_code(asked, stage.last_code())


@provokes(Rule.SESSION_EXPIRED)
def _(stage: Stage) -> None:
    asked = _asked(stage, minutes=5)
    stage.server.clock.advance(5 * 60)
    stage.answer_code(asked, stage.last_code())


@provokes(Rule.CHALLENGE_MISMATCH)
def _(stage: Stage) -> None:
    stage.answer_code(_asked(stage) | {"ChallengeName": "EMAIL_OTP"}, "1")


@provokes(Rule.CHOICE_UNKNOWN)
def _(stage: Stage) -> None:
    _both_on(stage)
    stage.respond(stage.start(), ANSWER="EMAIL_OTP")


@provokes(Rule.SETUP_UNVERIFIED)
def _(stage: Stage) -> None:
    stage.mfa("ON", sms=False)
    stage.person()
    stage.respond(stage.start())


@shows(Rule.PREFERRED_IS_ASKED)
def _(stage: Stage) -> None:
    access = _both_on(stage)
    stage.prefer(access, totp=(True, True))
    assert stage.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    stage.prefer(access, sms=(True, True))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@shows(Rule.ONLY_ONE_IS_ASKED)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, False))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@shows(Rule.MANY_ARE_A_CHOICE)
def _(stage: Stage) -> None:
    _both_on(stage)
    asked = stage.start()
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    choices = asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]
    assert choices == '["SMS_MFA", "SOFTWARE_TOKEN_MFA"]'
    asked = stage.respond(asked, ANSWER="SMS_MFA")
    assert "AccessToken" in stage.answer_code(asked, stage.last_code())["AuthenticationResult"]


@shows(Rule.NOT_OFFERED_NOT_ASKED)
def _(stage: Stage) -> None:
    access = _both_on(stage)
    stage.mfa("OPTIONAL", sms=False)
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access)[1] == "SMS_MFA"
    assert stage.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@shows(Rule.REQUIRED_ENROLS)
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


@shows(Rule.CODE_VERIFIES_CONTACT)
def _(stage: Stage) -> None:
    stage.person(phone_number="+4915123456789")
    stage.prefer(stage.access(), sms=(True, True))
    assert stage.attributes()["phone_number_verified"] == "false"
    asked = stage.start()
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*********6789"
    stage.answer_code(asked, stage.last_code())
    assert stage.attributes()["phone_number_verified"] == "true"


@shows(Rule.WRONG_CODE_KEEPS_SESSION)
def _(stage: Stage) -> None:
    asked = _asked(stage)
    with pytest.raises(ClientError, match="Invalid code"):
        stage.answer_code(asked, "000")
    assert "AuthenticationResult" in stage.answer_code(asked, stage.last_code())


# The preference


@provokes(Rule.TWO_PREFERRED)
def _(stage: Stage) -> None:
    stage.prefer(_both_on(stage), sms=(True, True), totp=(True, True))


@provokes(Rule.PREFERRED_BUT_OFF)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(False, True))


@provokes(Rule.TOTP_NOT_READY)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), totp=(True, False))


@provokes(Rule.SMS_NOT_READY)
def _(stage: Stage) -> None:
    stage.person()
    stage.prefer(stage.access(), sms=(True, False))


@provokes(Rule.EMAIL_NOT_READY)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    stage.person()
    stage.prefer(stage.access(), email=(True, False))


@provokes(Rule.TOTP_OFF_NEVER_SET_UP)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), totp=(False, False))


@provokes(Rule.SMS_OFF_NO_PHONE)
def _(stage: Stage) -> None:
    stage.person()
    stage.prefer(stage.access(), sms=(False, False))


@provokes(Rule.EMAIL_NOT_IN_POOL)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), email=(True, False))


def _passkey_mfa(stage: Stage, access: str, *, offered: bool = True) -> None:
    """Passkeys count as MFA in the pool, and the person turns that on."""
    multi: Any = {
        "RelyingPartyId": "localhost",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    if offered:
        stage.aws.set_user_pool_mfa_config(
            UserPoolId=stage.pool,
            MfaConfiguration="OPTIONAL",
            SmsMfaConfiguration=SMS,
            WebAuthnConfiguration=multi,
        )
    stage.aws.set_user_mfa_preference(AccessToken=access, WebAuthnMfaSettings={"Enabled": True})


@provokes(Rule.PASSKEY_NOT_IN_POOL)
def _(stage: Stage) -> None:
    _passkey_mfa(stage, stage.somebody(), offered=False)


@provokes(Rule.PASSKEY_ALONE)
def _(stage: Stage) -> None:
    _passkey_mfa(stage, stage.somebody())


@provokes(Rule.LAST_UNDER_PASSKEY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    _passkey_mfa(stage, access)
    stage.prefer(access, sms=(False, False))


@provokes(Rule.REQUIRED_POOL_REFUSES)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.mfa("ON")
    stage.server.switches.set(stage.pool, disable_in_required_pool="refuse")
    stage.prefer(access, sms=(False, False))


@provokes(Rule.POOL_OFF_REFUSES)
def _(stage: Stage) -> None:
    stage.aws.set_user_pool_mfa_config(UserPoolId=stage.pool, MfaConfiguration="OFF")
    stage.server.switches.set(stage.pool, pool_off_preference="refuse")
    stage.prefer(stage.somebody(), sms=(True, False))


@shows(Rule.REQUIRED_POOL_IGNORES)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.mfa("ON")
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (["SMS_MFA"], "SMS_MFA")


@shows(Rule.OMITTED_STAYS)
def _(stage: Stage) -> None:
    access = _both_on(stage)
    stage.prefer(access, totp=(True, True))
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")


@shows(Rule.PREFERENCE_MOVES)
def _(stage: Stage) -> None:
    access = _both_on(stage)
    stage.prefer(access, totp=(True, True))
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "SMS_MFA")
    stage.prefer(access, sms=(True, False), totp=(True, True))
    assert stage.shown(access)[1] == "SOFTWARE_TOKEN_MFA"


@shows(Rule.FALSE_CLEARS)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.aws.set_user_mfa_preference(AccessToken=access, SMSMfaSettings={"Enabled": True})
    assert stage.shown(access) == (["SMS_MFA"], None)


@shows(Rule.EMPTY_IS_ABSENT)
def _(stage: Stage) -> None:
    access = stage.somebody()
    assert stage.shown(access) == (None, None)
    stage.prefer(access, sms=(True, True))
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (None, None)
    assert "AuthenticationResult" in stage.start()


@shows(Rule.UNVERIFIED_PHONE_WORKS)
def _(stage: Stage) -> None:
    stage.person(phone_number="+4915123456789")
    stage.prefer(stage.access(), sms=(True, True))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@shows(Rule.NO_BLOCK_NOTHING)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.prefer(access)
    assert stage.shown(access) == (["SMS_MFA"], "SMS_MFA")


# The authenticator app


@provokes(Rule.TOTP_NOT_IN_POOL)
def _(stage: Stage) -> None:
    stage.mfa("OPTIONAL", totp=False)
    stage.aws.associate_software_token(AccessToken=stage.somebody())


@provokes(Rule.NOTHING_TO_VERIFY)
def _(stage: Stage) -> None:
    stage.aws.verify_software_token(AccessToken=stage.somebody(), UserCode="123456")


@provokes(Rule.WRONG_CODE_AT_VERIFY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    secret = stage.aws.associate_software_token(AccessToken=access)["SecretCode"]
    stale = stage.app_code(secret)
    stage.server.clock.advance(60)
    stage.aws.verify_software_token(AccessToken=access, UserCode=stale)


@provokes(Rule.REUSED_AT_VERIFY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    code = stage.app_code(stage.aws.associate_software_token(AccessToken=access)["SecretCode"])
    for _ in range(2):
        stage.aws.verify_software_token(AccessToken=access, UserCode=code)


@provokes(Rule.TOKEN_OR_SESSION)
def _(stage: Stage) -> None:
    stage.aws.associate_software_token()


@shows(Rule.VERIFY_DOES_NOT_TURN_ON)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.app(access)
    assert stage.shown(access) == (None, None)
    factors = stage.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    assert factors == ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN"]
    assert "AuthenticationResult" in stage.start()


@shows(Rule.LAST_ASSOCIATE_WINS)
def _(stage: Stage) -> None:
    access = stage.somebody()
    first, second = (
        stage.aws.associate_software_token(AccessToken=access)["SecretCode"] for _ in range(2)
    )
    with pytest.raises(ClientError, match="Code mismatch and fail enable"):
        stage.aws.verify_software_token(AccessToken=access, UserCode=stage.app_code(first))
    stage.aws.verify_software_token(AccessToken=access, UserCode=stage.app_code(second))


@shows(Rule.ONE_STEP_EITHER_WAY)
def _(stage: Stage) -> None:
    asked = _asked(stage, "SOFTWARE_TOKEN_MFA")
    stage.server.clock.advance(120)
    early = stage.app_code(stage.secrets["ana"])
    stage.server.clock.advance(30)
    stage.answer_code(stage.start(), early)
    late = stage.app_code(stage.secrets["ana"])
    stage.server.clock.advance(-30)
    assert "AuthenticationResult" in stage.answer_code(stage.start(), late)
    assert asked


# Contact points


KEEPS: Any = {"AttributesRequireVerificationBeforeUpdate": ["email", "phone_number"]}


def _change(stage: Stage, access: str, **attributes: str) -> list[Any]:
    answer = stage.aws.update_user_attributes(
        AccessToken=access,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    sent: list[Any] = answer["CodeDeliveryDetailsList"]
    return sent


def _ask_code(stage: Stage, access: str) -> None:
    stage.aws.get_user_attribute_verification_code(AccessToken=access, AttributeName="email")


def _prove(stage: Stage, access: str, code: str) -> None:
    stage.aws.verify_user_attribute(AccessToken=access, AttributeName="email", Code=code)


@provokes(Rule.NOT_WRITABLE)
def _(stage: Stage) -> None:
    stage.person()
    client = stage.add_client(WriteAttributes=["name"])
    _change(stage, stage.tokens(client=client)["AccessToken"], email="new@example.com")


@provokes(Rule.NOTHING_TO_PROVE)
def _(stage: Stage) -> None:
    stage.person()
    _ask_code(stage, stage.access())


@provokes(Rule.TOO_MANY_ATTRIBUTE_TRIES)
def _(stage: Stage) -> None:
    access = stage.somebody()
    for _ in range(5):
        _ask_code(stage, access)
    for _ in range(15):
        with pytest.raises(ClientError, match="Invalid verification code"):
            _prove(stage, access, "x")
    with pytest.raises(ClientError, match="Attempt limit exceeded"):
        _prove(stage, access, "x")
    _ask_code(stage, access)


@provokes(Rule.WRONG_ATTRIBUTE_CODE)
def _(stage: Stage) -> None:
    access = stage.somebody()
    _ask_code(stage, access)
    _prove(stage, access, "x")


@provokes(Rule.ATTRIBUTE_CODE_EXPIRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    with pytest.raises(ClientError, match="please request a code again"):
        _prove(stage, access, "123456")
    _ask_code(stage, access)
    code = stage.last_code()
    stage.server.clock.advance(24 * 60 * 60)
    _prove(stage, stage.access(), code)


@shows(Rule.PENDING_KEEPS_OLD)
def _(stage: Stage) -> None:
    stage.build(UserAttributeUpdateSettings=KEEPS, AutoVerifiedAttributes=["email"])
    access = stage.somebody()
    sent = _change(stage, access, email="new@example.com")
    assert sent == [
        {"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    ]
    held = stage.attributes()
    assert (held["email"], held["email_verified"]) == ("ana@example.com", "true")
    _prove(stage, access, stage.last_code())
    held = stage.attributes()
    assert (held["email"], held["email_verified"]) == ("new@example.com", "true")


@shows(Rule.NEW_VALUE_IS_UNVERIFIED)
def _(stage: Stage) -> None:
    _change(stage, stage.somebody(), email="new@example.com")
    held = stage.attributes()
    assert (held["email"], held["email_verified"]) == ("new@example.com", "false")


@shows(Rule.AUTO_VERIFIED_IS_SENT)
def _(stage: Stage) -> None:
    stage.build(AutoVerifiedAttributes=["email"])
    sent = _change(stage, stage.somebody(), email="new@example.com", phone_number="+4915100000000")
    assert [one["AttributeName"] for one in sent] == ["email"]


# Tokens


@provokes(Rule.ACCESS_INVALID)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.get_user(AccessToken=stage.tokens()["IdToken"])


@provokes(Rule.ACCESS_EXPIRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.server.clock.advance(3600)
    stage.aws.get_user(AccessToken=access)


@provokes(Rule.ACCESS_REVOKED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.aws.global_sign_out(AccessToken=access)
    stage.aws.get_user(AccessToken=access)


@provokes(Rule.SCOPE_MISSING)
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


@provokes(Rule.REFRESH_INVALID)
def _(stage: Stage) -> None:
    _refresh(stage, "not.a.token")


@provokes(Rule.REFRESH_EXPIRED)
def _(stage: Stage) -> None:
    stage.person()
    token = stage.tokens()["RefreshToken"]
    stage.server.clock.advance(30 * 86400)
    _refresh(stage, token)


@provokes(Rule.REFRESH_REVOKED)
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


@provokes(Rule.REFRESH_REUSED)
def _(stage: Stage) -> None:
    token = _rotating(stage)
    for seconds in (0, 5, 6):
        stage.server.clock.advance(seconds)
        answer = stage.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=stage.client)
        assert answer["AuthenticationResult"]["RefreshToken"] != token


@provokes(Rule.ROTATION_NEEDS_OPERATION)
def _(stage: Stage) -> None:
    _refresh(stage, _rotating(stage))


@provokes(Rule.REVOCATION_OFF)
def _(stage: Stage) -> None:
    stage.aws.revoke_token(Token="a.b", ClientId=stage.add_client(EnableTokenRevocation=False))


@provokes(Rule.NOT_A_REFRESH_TOKEN)
def _(stage: Stage) -> None:
    stage.aws.revoke_token(Token=stage.somebody(), ClientId=stage.client)


@shows(Rule.REFRESH_KEEPS_AUTH_TIME)
def _(stage: Stage) -> None:
    def claims(token: str) -> dict[str, Any]:
        return jwt.decode(token, options={"verify_signature": False})

    asked = _asked(stage)
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


# Passkeys


def _passkeys(
    stage: Stage, *, allowed: bool = True, tier: str = "ESSENTIALS", **settings: str
) -> str:
    """A pool whose sign-in policy has WEB_AUTHN; returns an access token."""
    first: Any = ["PASSWORD", "WEB_AUTHN"] if allowed else ["PASSWORD"]
    policy: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": first}}
    stage.build(Policies=policy, UserPoolTier=tier)
    if settings:
        _relying_party(stage, **settings)
    return stage.somebody()


def _relying_party(stage: Stage, **settings: str) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration=SMS,
        WebAuthnConfiguration=settings,
    )


def _begin(stage: Stage, access: str) -> Any:
    return stage.aws.start_web_authn_registration(AccessToken=access)["CredentialCreationOptions"]


def _end(stage: Stage, access: str, credential: Any) -> None:
    stage.aws.complete_web_authn_registration(AccessToken=access, Credential=credential)


@provokes(Rule.PASSKEYS_NOT_ENABLED)
def _(stage: Stage) -> None:
    _begin(stage, _passkeys(stage, allowed=False))


@provokes(Rule.PASSKEYS_NOT_CONFIGURED)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    stage.server.switches.set(stage.pool, relying_party_by_domain="no")
    _begin(stage, access)


@provokes(Rule.TOO_MANY_PASSKEYS)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    for _ in range(20):
        _end(stage, access, SoftPasskey().create(_begin(stage, access)))
    _begin(stage, access)


@provokes(Rule.PASSKEY_UNREADABLE)
def _(stage: Stage) -> None:
    _end(stage, _passkeys(stage), {"id": "x"})


@provokes(Rule.PASSKEY_CHALLENGE_GONE)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    options = _begin(stage, access)
    stage.server.clock.advance(301)
    _end(stage, access, SoftPasskey().create(options))


@provokes(Rule.PASSKEY_OTHER_CLIENT)
def _(stage: Stage) -> None:
    options = _begin(stage, _passkeys(stage))
    other = stage.tokens(client=stage.add_client())["AccessToken"]
    _end(stage, other, SoftPasskey().create(options))


@provokes(Rule.PASSKEY_OTHER_RELYING_PARTY)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    _end(stage, access, SoftPasskey().create(_begin(stage, access), rp_id="elsewhere.example"))


@provokes(Rule.PASSKEY_ORIGIN)
def _(stage: Stage) -> None:
    access = _passkeys(stage, RelyingPartyId="auth.example.com")
    options = _begin(stage, access)
    _end(stage, access, SoftPasskey(origin="https://account.example.com").create(options))


@provokes(Rule.PASSKEY_NOT_SUPPORTED)
def _(stage: Stage) -> None:
    access = _passkeys(stage, RelyingPartyId="localhost", UserVerification="required")
    _end(stage, access, SoftPasskey(verified=False).create(_begin(stage, access)))


@provokes(Rule.PASSKEY_MISSING)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    stage.aws.delete_web_authn_credential(AccessToken=access, CredentialId="x")


@provokes(Rule.PASSKEY_MFA_NEEDS_TIER)
def _(stage: Stage) -> None:
    multi = "MULTI_FACTOR_WITH_USER_VERIFICATION"
    _passkeys(stage, tier="LITE", RelyingPartyId="localhost", FactorConfiguration=multi)


@provokes(Rule.PASSKEY_PUBLIC_SUFFIX)
def _(stage: Stage) -> None:
    _passkeys(stage, RelyingPartyId="co.uk")


# Accounts


def _sign_up(stage: Stage, name: str = "sue", **attributes: str) -> Any:
    given: Any = [{"Name": key, "Value": value} for key, value in attributes.items()]
    return stage.aws.sign_up(
        ClientId=stage.client, Username=name, Password=PASSWORD, UserAttributes=given
    )


def _confirm(stage: Stage, code: str, name: str = "sue") -> None:
    stage.aws.confirm_sign_up(ClientId=stage.client, Username=name, ConfirmationCode=code)


def _forgot(stage: Stage, name: str = "ana") -> Any:
    return stage.aws.forgot_password(ClientId=stage.client, Username=name)["CodeDeliveryDetails"]


@provokes(Rule.SIGN_UP_CLOSED)
def _(stage: Stage) -> None:
    stage.build(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    _sign_up(stage)


@provokes(Rule.NOT_CONFIRMED)
def _(stage: Stage) -> None:
    _sign_up(stage)
    stage.start("sue")


@provokes(Rule.RESET_REQUIRED)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.admin_reset_user_password(UserPoolId=stage.pool, Username="ana")
    stage.start()


@provokes(Rule.ALREADY_CONFIRMED)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.resend_confirmation_code(ClientId=stage.client, Username="ana")


@provokes(Rule.CANNOT_CONFIRM)
def _(stage: Stage) -> None:
    stage.somebody()
    _confirm(stage, "123456", "ana")


@provokes(Rule.NOWHERE_TO_SEND)
def _(stage: Stage) -> None:
    _sign_up(stage)
    stage.aws.resend_confirmation_code(ClientId=stage.client, Username="sue")


@provokes(Rule.RESET_NOT_NOW)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(UserPoolId=stage.pool, Username="finn", MessageAction="SUPPRESS")
    _forgot(stage, "finn")


@provokes(Rule.NO_WAY_TO_RESET)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    stage.prefer(stage.somebody(), sms=(True, False), email=(True, False))
    _forgot(stage)


@provokes(Rule.ADMIN_RESETS)
def _(stage: Stage) -> None:
    only: Any = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    stage.build(AccountRecoverySetting=only).somebody()
    _forgot(stage)


@provokes(Rule.TOO_MANY_ACCOUNT_TRIES)
def _(stage: Stage) -> None:
    stage.somebody()
    for _ in range(6):
        _forgot(stage)


@shows(Rule.FIRST_SIGN_IN_FREE)
def _(stage: Stage) -> None:
    stage.build(AutoVerifiedAttributes=["email"]).mfa("ON", sms=False)
    _sign_up(stage, email="sue@example.com")
    _confirm(stage, stage.last_code("sue"))
    assert "AuthenticationResult" in stage.start("sue")
    assert stage.start("sue")["ChallengeName"] == "MFA_SETUP"


@shows(Rule.RESET_SKIPS_PREFERRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    assert _forgot(stage)["DeliveryMedium"] == "SMS"
    stage.prefer(access, sms=(True, True))
    assert _forgot(stage)["DeliveryMedium"] == "EMAIL"
