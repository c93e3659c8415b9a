"""Provokes each error and shows each behaviour of `PoolRule`."""

from typing import Any

from localpool.rules import PoolRule
from tests.localpool.rules.proofs import proves
from tests.localpool.stage import SES, Stage


@proves(PoolRule.CONSTRAINT)
def _(stage: Stage) -> None:
    stage.aws.verify_software_token(AccessToken=stage.somebody(), UserCode="abcdef")


@proves(PoolRule.POOL_MISSING)
def _(stage: Stage) -> None:
    stage.aws.describe_user_pool(UserPoolId="eu-central-1_Nowhere00")


@proves(PoolRule.CLIENT_MISSING)
def _(stage: Stage) -> None:
    stage.start(client="nosuchclient")


@proves(PoolRule.GROUP_MISSING)
def _(stage: Stage) -> None:
    stage.aws.admin_add_user_to_group(
        UserPoolId=stage.pool, Username=stage.person(), GroupName="nobody"
    )


@proves(PoolRule.GROUP_EXISTS)
def _(stage: Stage) -> None:
    for _ in range(2):
        stage.aws.create_group(UserPoolId=stage.pool, GroupName="staff")


@proves(PoolRule.DOMAIN_TAKEN)
def _(stage: Stage) -> None:
    for _ in range(2):
        stage.aws.create_user_pool_domain(
            Domain=stage.pool.split("_")[1].lower(), UserPoolId=stage.pool
        )


@proves(PoolRule.DOMAIN_MISSING)
def _(stage: Stage) -> None:
    stage.aws.update_user_pool_domain(Domain="nobodys", UserPoolId=stage.pool)


@proves(PoolRule.SESSIONS_NOT_TRACKED)
def _(stage: Stage) -> None:
    stage.aws.list_user_sessions(AccessToken=stage.somebody())


def _with_sessions(stage: Stage) -> Any:
    access = stage.somebody()
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )
    return access


@proves(PoolRule.SESSION_IS_OWN)
def _(stage: Stage) -> None:
    access = _with_sessions(stage)
    listed = stage.aws.list_user_sessions(AccessToken=access)["Sessions"]
    own = next(each["SessionId"] for each in listed if each["IsCurrentSession"])
    stage.aws.revoke_user_session(AccessToken=access, SessionId=own)


@proves(PoolRule.SESSION_MISSING)
def _(stage: Stage) -> None:
    stage.aws.revoke_user_session(
        AccessToken=_with_sessions(stage), SessionId="tkn0000000000000000000000000"
    )


@proves(PoolRule.SESSIONS_NEED_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE")
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )


@proves(PoolRule.MFA_WITHOUT_SMS)
def _(stage: Stage) -> None:
    stage.aws.create_user_pool(PoolName="x", MfaConfiguration="ON")


@proves(PoolRule.OFF_WITH_FACTOR)
def _(stage: Stage) -> None:
    stage.mfa("OFF")


@proves(PoolRule.ON_WITHOUT_FACTOR)
def _(stage: Stage) -> None:
    stage.mfa("ON", sms=False, totp=False)


@proves(PoolRule.SMS_NOT_CONFIGURED)
def _(stage: Stage) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="ON", SmsMfaConfiguration={}
    )


@proves(PoolRule.EMAIL_NEEDS_TIER)
def _(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE", EmailConfiguration=SES).mfa("ON", email=True)


@proves(PoolRule.EMAIL_NEEDS_SES)
def _(stage: Stage) -> None:
    stage.mfa("ON", email=True)


@proves(PoolRule.EMAIL_NEEDS_RECOVERY)
def _(stage: Stage) -> None:
    only = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
    stage.build(EmailConfiguration=SES, AccountRecoverySetting=only).mfa("ON", email=True)


@proves(PoolRule.OFF_WITH_PASSKEYS)
def _(stage: Stage) -> None:
    passkeys: Any = {"RelyingPartyId": "localhost", "UserVerification": "required"}
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="OFF", WebAuthnConfiguration=passkeys
    )
    answer = stage.aws.get_user_pool_mfa_config(UserPoolId=stage.pool)
    assert answer["WebAuthnConfiguration"] == passkeys
    assert "SmsMfaConfiguration" not in answer


@proves(PoolRule.BAD_REDIRECT)
def _(stage: Stage) -> None:
    stage.add_client(CallbackURLs=["http://example.com/callback"])


@proves(PoolRule.UPDATE_REPLACES)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES)
    stage.aws.update_user_pool(UserPoolId=stage.pool)
    pool = stage.aws.describe_user_pool(UserPoolId=stage.pool)["UserPool"]
    assert pool["EmailConfiguration"]["EmailSendingAccount"] == "COGNITO_DEFAULT"
    assert pool["MfaConfiguration"] == "OFF"
