from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localpool.stage import PASSWORD, SES, Stage


def test_an_invitation_carries_a_temporary_password_that_must_be_changed(stage: Stage) -> None:
    made = stage.aws.admin_create_user(
        UserPoolId=stage.pool,
        Username="finn",
        UserAttributes=[{"Name": "email", "Value": "finn@example.com"}],
        DesiredDeliveryMediums=["EMAIL"],
    )["User"]
    assert made["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    asked = stage.start("finn", stage.last_code("finn"))
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert "finn@example.com" in asked["ChallengeParameters"]["userAttributes"]
    with pytest.raises(ClientError, match="Password not long enough"):
        stage.respond(asked, "finn", NEW_PASSWORD="Short1!")
    assert "AuthenticationResult" in stage.respond(asked, "finn", NEW_PASSWORD=PASSWORD)
    assert "AuthenticationResult" in stage.start("finn")


def test_an_invitation_can_be_sent_again_to_somebody_who_exists(stage: Stage) -> None:
    common: Any = {"UserPoolId": stage.pool, "Username": "finn", "TemporaryPassword": PASSWORD}
    with pytest.raises(ClientError, match="User does not exist"):
        stage.aws.admin_create_user(**common, MessageAction="RESEND")
    phone = [{"Name": "phone_number", "Value": "+4915123456789"}]
    stage.aws.admin_create_user(**common, UserAttributes=phone)
    stage.aws.admin_create_user(**common, MessageAction="RESEND")
    sent = stage.server.outbox(stage.pool, "finn")["messages"]
    assert [(m["channel"], m["purpose"], m["code"]) for m in sent] == [
        ("sms", "invitation", PASSWORD)
    ] * 2


def test_a_password_set_by_an_administrator_may_be_temporary(stage: Stage) -> None:
    stage.person()
    stage.aws.admin_set_user_password(
        UserPoolId=stage.pool, Username="ana", Password=PASSWORD, Permanent=False
    )
    assert stage.start()["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_new_phone_number_is_unverified_and_an_empty_value_removes(stage: Stage) -> None:
    stage.somebody()

    def change(name: str, value: str) -> None:
        stage.aws.admin_update_user_attributes(
            UserPoolId=stage.pool, Username="ana", UserAttributes=[{"Name": name, "Value": value}]
        )

    change("phone_number", "+4915100000000")
    assert stage.attributes()["phone_number_verified"] == "false"
    change("phone_number_verified", "true")
    assert stage.attributes()["phone_number_verified"] == "true"
    change("phone_number", "")
    assert {"phone_number", "phone_number_verified"}.isdisjoint(stage.attributes())


@pytest.mark.parametrize("setting", ["AliasAttributes", "UsernameAttributes"])
def test_people_sign_in_by_an_alias(stage: Stage, setting: str) -> None:
    stage.build(**{setting: ["email"]})
    name = "ana@example.com" if setting == "UsernameAttributes" else "ana"
    stage.person(name, email="ana@example.com", email_verified="true")
    assert "AuthenticationResult" in stage.start("ana@example.com")
    found = stage.aws.admin_get_user(UserPoolId=stage.pool, Username="ana@example.com")
    sub = stage.attributes("ana@example.com")["sub"]
    assert found["Username"] == (sub if setting == "UsernameAttributes" else "ana")
    assert stage.attributes(sub)["sub"] == sub


def test_an_unverified_address_is_no_alias(stage: Stage) -> None:
    stage.build(AliasAttributes=["email"]).person(email="ana@example.com")
    with pytest.raises(ClientError, match="User does not exist"):
        stage.start("ana@example.com")


def test_usernames_differ_in_case_only_where_the_pool_says_so(stage: Stage) -> None:
    stage.build(UsernameConfiguration={"CaseSensitive": True}).person("ana")
    stage.person("Ana")
    with pytest.raises(ClientError, match="User does not exist"):
        stage.start("ANA")


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('username = "ana"', ["ana"]),
        ('username ^= "b"', ["ben", "bo\"b"]),
        ('"email" = "ana@example.com"', ["ana"]),
        ('status = "Disabled"', ["ben"]),
        ('cognito:user_status = "CONFIRMED"', ["ana", "ben", "bo\"b"]),
        ('username = "bo\\"b"', ["bo\"b"]),
        ('name = "Nobody"', []),
    ],
)  # fmt: skip
def test_people_are_found_by_a_filter(stage: Stage, condition: str, names: list[str]) -> None:
    for name in ("ana", "ben", 'bo"b'):
        stage.person(name, email=f"{name[:3].strip(chr(34))}@example.com")
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="ben")
    found = stage.aws.list_users(UserPoolId=stage.pool, Filter=condition)["Users"]
    assert [user["Username"] for user in found] == names


def test_people_are_listed_page_by_page_with_the_attributes_asked_for(stage: Stage) -> None:
    for name in ("ana", "ben", "chloe"):
        stage.person(name, email=f"{name}@example.com")
    pages = stage.aws.get_paginator("list_users").paginate(
        UserPoolId=stage.pool, Limit=2, AttributesToGet=["email"]
    )
    users = [user for page in pages for user in page["Users"]]
    assert [user["Username"] for user in users] == ["ana", "ben", "chloe"]
    assert [a["Name"] for user in users for a in user["Attributes"]] == ["email"] * 3


def test_groups_are_in_the_tokens(stage: Stage) -> None:
    import jwt

    stage.person()
    who: Any = {"UserPoolId": stage.pool, "Username": "ana", "GroupName": "staff"}
    stage.aws.create_group(UserPoolId=stage.pool, GroupName="staff", Description="Helpdesk")
    stage.aws.admin_add_user_to_group(**who)
    stage.aws.admin_add_user_to_group(**who)
    claims = jwt.decode(stage.access(), options={"verify_signature": False})
    assert claims["cognito:groups"] == ["staff"]
    stage.aws.admin_remove_user_from_group(**who)
    claims = jwt.decode(stage.access(), options={"verify_signature": False})
    assert "cognito:groups" not in claims


def test_a_disabled_person_is_signed_out_and_comes_back_when_enabled(stage: Stage) -> None:
    access = stage.somebody()
    who = {"UserPoolId": stage.pool, "Username": "ana"}
    stage.aws.admin_disable_user(**who)
    with pytest.raises(ClientError, match="User is disabled"):
        stage.aws.get_user(AccessToken=access)
    stage.aws.admin_enable_user(**who)
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        stage.aws.get_user(AccessToken=access)
    stage.access()


def test_the_token_of_a_deleted_user_is_refused(stage: Stage) -> None:
    stage.somebody()
    tokens = stage.tokens()
    asked_before = tokens["AccessToken"]
    stage.aws.admin_delete_user(UserPoolId=stage.pool, Username="ana")
    with pytest.raises(ClientError, match="User does not exist"):
        stage.aws.get_user(AccessToken=asked_before)
    with pytest.raises(ClientError, match="User does not exist"):
        stage.aws.get_tokens_from_refresh_token(
            RefreshToken=tokens["RefreshToken"], ClientId=stage.client
        )


def test_the_other_factor_is_asked_after_an_administrator_deletes_the_token(stage: Stage) -> None:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, True))
    stage.aws.admin_delete_software_token(UserPoolId=stage.pool, Username="ana")
    assert stage.shown(access) == (["SMS_MFA"], None)
    assert stage.start()["ChallengeName"] == "SMS_MFA"


def test_an_administrator_can_turn_a_factor_on_but_not_enrol_an_app(stage: Stage) -> None:
    access = stage.somebody()
    who: Any = {"UserPoolId": stage.pool, "Username": "ana"}
    on: Any = {"Enabled": True, "PreferredMfa": True}
    stage.aws.admin_set_user_mfa_preference(**who, SMSMfaSettings=on)
    assert stage.shown(access) == (["SMS_MFA"], "SMS_MFA")
    with pytest.raises(ClientError, match="delivery config set to turn on SOFTWARE_TOKEN_MFA"):
        stage.aws.admin_set_user_mfa_preference(**who, SoftwareTokenMfaSettings=on)


def test_email_can_be_a_factor_where_the_pool_offers_it(stage: Stage) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    access = stage.somebody()
    stage.prefer(access, email=(True, True))
    assert stage.shown(access) == (["EMAIL_OTP"], "EMAIL_OTP")
    asked = stage.start()
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    mail = stage.server.outbox(stage.pool, "ana")["messages"][0]
    assert (mail["channel"], mail["to"]) == ("email", "ana@example.com")
    assert mail["subject"] == "Your authentication code"
    assert mail["code"] in mail["text"]
    assert len(mail["code"]) == 6
    assert "AuthenticationResult" in stage.answer_code(asked, mail["code"])
