"""Provokes each error and shows each behaviour of `FactorRule`."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from localpool.rules import FactorRule
from tests.localpool.rules.proofs import challenged, proves, with_both_on
from tests.localpool.stage import SES, SMS, Stage


@proves(FactorRule.TWO_PREFERRED)
def _(stage: Stage) -> None:
    stage.prefer(with_both_on(stage), sms=(True, True), totp=(True, True))


@proves(FactorRule.PREFERRED_BUT_OFF)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(False, True))


@proves(FactorRule.TOTP_NOT_READY)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), totp=(True, False))


@proves(FactorRule.SMS_NOT_READY)
def _(stage: Stage) -> None:
    stage.person()
    stage.prefer(stage.access(), sms=(True, False))


@proves(FactorRule.EMAIL_NOT_READY)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    stage.person()
    stage.prefer(stage.access(), email=(True, False))


@proves(FactorRule.TOTP_OFF_NEVER_SET_UP)
def _(stage: Stage) -> None:
    stage.prefer(stage.somebody(), totp=(False, False))


@proves(FactorRule.SMS_OFF_NO_PHONE)
def _(stage: Stage) -> None:
    stage.person()
    stage.prefer(stage.access(), sms=(False, False))


@proves(FactorRule.EMAIL_NOT_IN_POOL)
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


@proves(FactorRule.PASSKEY_NOT_IN_POOL)
def _(stage: Stage) -> None:
    _passkey_mfa(stage, stage.somebody(), offered=False)


@proves(FactorRule.PASSKEY_ALONE)
def _(stage: Stage) -> None:
    _passkey_mfa(stage, stage.somebody())


@proves(FactorRule.LAST_UNDER_PASSKEY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    _passkey_mfa(stage, access)
    stage.prefer(access, sms=(False, False))


@proves(FactorRule.REQUIRED_POOL_REFUSES)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.mfa("ON")
    stage.server.switches.set(stage.pool, disable_in_required_pool="refuse")
    stage.prefer(access, sms=(False, False))


@proves(FactorRule.POOL_OFF_REFUSES)
def _(stage: Stage) -> None:
    stage.aws.set_user_pool_mfa_config(UserPoolId=stage.pool, MfaConfiguration="OFF")
    stage.server.switches.set(stage.pool, pool_off_preference="refuse")
    stage.prefer(stage.somebody(), sms=(True, False))


@proves(FactorRule.REQUIRED_POOL_IGNORES)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.mfa("ON")
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (["SMS_MFA"], "SMS_MFA")


@proves(FactorRule.OMITTED_STAYS)
def _(stage: Stage) -> None:
    access = with_both_on(stage)
    stage.prefer(access, totp=(True, True))
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")


@proves(FactorRule.PREFERENCE_MOVES)
def _(stage: Stage) -> None:
    access = with_both_on(stage)
    stage.prefer(access, totp=(True, True))
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "SMS_MFA")
    stage.prefer(access, sms=(True, False), totp=(True, True))
    assert stage.shown(access)[1] == "SOFTWARE_TOKEN_MFA"


@proves(FactorRule.FALSE_CLEARS)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.aws.set_user_mfa_preference(AccessToken=access, SMSMfaSettings={"Enabled": True})
    assert stage.shown(access) == (["SMS_MFA"], None)


@proves(FactorRule.EMPTY_IS_ABSENT)
def _(stage: Stage) -> None:
    access = stage.somebody()
    assert stage.shown(access) == (None, None)
    stage.prefer(access, sms=(True, True))
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (None, None)
    assert "AuthenticationResult" in stage.start()


@proves(FactorRule.UNVERIFIED_PHONE_WORKS)
def _(stage: Stage) -> None:
    stage.person(phone_number="+4915123456789")
    stage.prefer(stage.access(), sms=(True, True))
    assert stage.start()["ChallengeName"] == "SMS_MFA"


@proves(FactorRule.NO_BLOCK_NOTHING)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    stage.prefer(access)
    assert stage.shown(access) == (["SMS_MFA"], "SMS_MFA")


@proves(FactorRule.TOTP_NOT_IN_POOL)
def _(stage: Stage) -> None:
    stage.mfa("OPTIONAL", totp=False)
    stage.aws.associate_software_token(AccessToken=stage.somebody())


@proves(FactorRule.NOTHING_TO_VERIFY)
def _(stage: Stage) -> None:
    stage.aws.verify_software_token(AccessToken=stage.somebody(), UserCode="123456")


@proves(FactorRule.WRONG_CODE_AT_VERIFY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    secret = stage.aws.associate_software_token(AccessToken=access)["SecretCode"]
    stale = stage.app_code(secret)
    stage.server.clock.advance(60)
    stage.aws.verify_software_token(AccessToken=access, UserCode=stale)


@proves(FactorRule.REUSED_AT_VERIFY)
def _(stage: Stage) -> None:
    access = stage.somebody()
    code = stage.app_code(stage.aws.associate_software_token(AccessToken=access)["SecretCode"])
    for _ in range(2):
        stage.aws.verify_software_token(AccessToken=access, UserCode=code)


@proves(FactorRule.TOKEN_OR_SESSION)
def _(stage: Stage) -> None:
    stage.aws.associate_software_token()


@proves(FactorRule.VERIFY_DOES_NOT_TURN_ON)
def _(stage: Stage) -> None:
    access = stage.somebody()
    stage.app(access)
    assert stage.shown(access) == (None, None)
    factors = stage.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    assert factors == ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN"]
    assert "AuthenticationResult" in stage.start()


@proves(FactorRule.LAST_ASSOCIATE_WINS)
def _(stage: Stage) -> None:
    access = stage.somebody()
    first, second = (
        stage.aws.associate_software_token(AccessToken=access)["SecretCode"] for _ in range(2)
    )
    with pytest.raises(ClientError, match="Code mismatch and fail enable"):
        stage.aws.verify_software_token(AccessToken=access, UserCode=stage.app_code(first))
    stage.aws.verify_software_token(AccessToken=access, UserCode=stage.app_code(second))


@proves(FactorRule.ONE_STEP_EITHER_WAY)
def _(stage: Stage) -> None:
    asked = challenged(stage, "SOFTWARE_TOKEN_MFA")
    stage.server.clock.advance(120)
    early = stage.app_code(stage.secrets["ana"])
    stage.server.clock.advance(30)
    stage.answer_code(stage.start(), early)
    late = stage.app_code(stage.secrets["ana"])
    stage.server.clock.advance(-30)
    assert "AuthenticationResult" in stage.answer_code(stage.start(), late)
    assert asked
