"""Provokes each error and shows each behaviour of `UserRule`."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from localpool.rules import UserRule
from tests.localpool.rules.proofs import proves
from tests.localpool.stage import PASSWORD, SES, Stage


@proves(UserRule.USER_MISSING)
def _(stage: Stage) -> None:
    stage.aws.admin_get_user(UserPoolId=stage.pool, Username="nobody")


@proves(UserRule.USER_EXISTS)
def _(stage: Stage) -> None:
    stage.person("ana")
    stage.person("Ana")


@proves(UserRule.ALIAS_EXISTS)
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


@proves(UserRule.RESEND_CONFIRMED)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(
        UserPoolId=stage.pool, Username=stage.person(), MessageAction="RESEND"
    )


@proves(UserRule.WEAK_PASSWORD)
def _(stage: Stage) -> None:
    stage.person(password="all-lower-case-1!")


@proves(UserRule.BAD_PHONE)
def _(stage: Stage) -> None:
    stage.person(phone_number="0151 23456789")


@proves(UserRule.BAD_EMAIL)
def _(stage: Stage) -> None:
    stage.person(email="no address")


@proves(UserRule.NAME_NOT_EMAIL)
def _(stage: Stage) -> None:
    stage.build(UsernameAttributes=["email"]).person("ana")


@proves(UserRule.NOT_IN_SCHEMA)
def _(stage: Stage) -> None:
    stage.person(**{"custom:shoe": "42"})


@proves(UserRule.BAD_FILTER)
def _(stage: Stage) -> None:
    stage.aws.list_users(UserPoolId=stage.pool, Filter='custom:shoe = "42"')


@proves(UserRule.DISABLED)
def _(stage: Stage) -> None:
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username=stage.person())
    stage.start()


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


@proves(UserRule.NOT_WRITABLE)
def _(stage: Stage) -> None:
    stage.person()
    client = stage.add_client(WriteAttributes=["name"])
    _change(stage, stage.tokens(client=client)["AccessToken"], email="new@example.com")


@proves(UserRule.NOTHING_TO_PROVE)
def _(stage: Stage) -> None:
    stage.person()
    _ask_code(stage, stage.access())


@proves(UserRule.TOO_MANY_ATTRIBUTE_TRIES)
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


@proves(UserRule.WRONG_ATTRIBUTE_CODE)
def _(stage: Stage) -> None:
    access = stage.somebody()
    _ask_code(stage, access)
    _prove(stage, access, "x")


@proves(UserRule.ATTRIBUTE_CODE_EXPIRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    with pytest.raises(ClientError, match="please request a code again"):
        _prove(stage, access, "123456")
    _ask_code(stage, access)
    code = stage.last_code()
    stage.server.clock.advance(24 * 60 * 60)
    _prove(stage, stage.access(), code)


@proves(UserRule.PENDING_KEEPS_OLD)
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


@proves(UserRule.NEW_VALUE_IS_UNVERIFIED)
def _(stage: Stage) -> None:
    _change(stage, stage.somebody(), email="new@example.com")
    held = stage.attributes()
    assert (held["email"], held["email_verified"]) == ("new@example.com", "false")


@proves(UserRule.AUTO_VERIFIED_IS_SENT)
def _(stage: Stage) -> None:
    stage.build(AutoVerifiedAttributes=["email"])
    sent = _change(stage, stage.somebody(), email="new@example.com", phone_number="+4915100000000")
    assert [one["AttributeName"] for one in sent] == ["email"]


def _sign_up(stage: Stage, name: str = "sue", **attributes: str) -> Any:
    given: Any = [{"Name": key, "Value": value} for key, value in attributes.items()]
    return stage.aws.sign_up(
        ClientId=stage.client, Username=name, Password=PASSWORD, UserAttributes=given
    )


def _confirm(stage: Stage, code: str, name: str = "sue") -> None:
    stage.aws.confirm_sign_up(ClientId=stage.client, Username=name, ConfirmationCode=code)


def _forgot(stage: Stage, name: str = "ana") -> Any:
    return stage.aws.forgot_password(ClientId=stage.client, Username=name)["CodeDeliveryDetails"]


@proves(UserRule.SIGN_UP_CLOSED)
def _(stage: Stage) -> None:
    stage.build(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    _sign_up(stage)


@proves(UserRule.NOT_CONFIRMED)
def _(stage: Stage) -> None:
    _sign_up(stage)
    stage.start("sue")


@proves(UserRule.RESET_REQUIRED)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.admin_reset_user_password(UserPoolId=stage.pool, Username="ana")
    stage.start()


@proves(UserRule.ALREADY_CONFIRMED)
def _(stage: Stage) -> None:
    stage.somebody()
    stage.aws.resend_confirmation_code(ClientId=stage.client, Username="ana")


@proves(UserRule.CANNOT_CONFIRM)
def _(stage: Stage) -> None:
    stage.somebody()
    _confirm(stage, "123456", "ana")


@proves(UserRule.NOWHERE_TO_SEND)
def _(stage: Stage) -> None:
    _sign_up(stage)
    stage.aws.resend_confirmation_code(ClientId=stage.client, Username="sue")


@proves(UserRule.RESET_NOT_NOW)
def _(stage: Stage) -> None:
    stage.aws.admin_create_user(UserPoolId=stage.pool, Username="finn", MessageAction="SUPPRESS")
    _forgot(stage, "finn")


@proves(UserRule.NO_WAY_TO_RESET)
def _(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    stage.prefer(stage.somebody(), sms=(True, False), email=(True, False))
    _forgot(stage)


@proves(UserRule.ADMIN_RESETS)
def _(stage: Stage) -> None:
    only: Any = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    stage.build(AccountRecoverySetting=only).somebody()
    _forgot(stage)


@proves(UserRule.TOO_MANY_ACCOUNT_TRIES)
def _(stage: Stage) -> None:
    stage.somebody()
    for _ in range(6):
        _forgot(stage)


@proves(UserRule.FIRST_SIGN_IN_FREE)
def _(stage: Stage) -> None:
    stage.build(AutoVerifiedAttributes=["email"]).mfa("ON", sms=False)
    _sign_up(stage, email="sue@example.com")
    _confirm(stage, stage.last_code("sue"))
    assert "AuthenticationResult" in stage.start("sue")
    assert stage.start("sue")["ChallengeName"] == "MFA_SETUP"


@proves(UserRule.RESET_SKIPS_PREFERRED)
def _(stage: Stage) -> None:
    access = stage.somebody()
    assert _forgot(stage)["DeliveryMedium"] == "SMS"
    stage.prefer(access, sms=(True, True))
    assert _forgot(stage)["DeliveryMedium"] == "EMAIL"
