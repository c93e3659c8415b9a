"""Signing up and forgotten passwords, through the API and through the pages."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localpool.stage import PASSWORD, Browser, Stage

NEW = "Other-Horse-2!"
SUE = {"username": "sue", "email": "sue@example.com", "phone_number": ""}


@pytest.fixture
def open_pool(stage: Stage) -> Stage:
    return stage.build(AutoVerifiedAttributes=["email"])


def status(stage: Stage, name: str) -> str:
    found: str = stage.aws.admin_get_user(UserPoolId=stage.pool, Username=name)["UserStatus"]
    return found


def test_a_person_signs_up_on_the_pages(open_pool: Stage, browser: Browser) -> None:
    assert 'href="/signup?' in browser.go().text
    assert browser.go("/signup").name == "sign-up"
    page = browser.send(**SUE, password="weak")
    assert "Password did not conform with policy" in page.text
    assert 'value="sue@example.com"' in page.text
    assert browser.send(**SUE, password=PASSWORD).name == "confirm"
    assert status(open_pool, "sue") == "UNCONFIRMED"
    assert "Invalid verification code" in browser.send(username="sue", code="000").text
    assert browser.send(username="sue", code=open_pool.last_code("sue")).name == "login"
    assert open_pool.attributes("sue")["email_verified"] == "true"
    assert browser.sign_in("sue").name == "app"


def test_an_unconfirmed_person_is_led_to_the_confirmation(
    open_pool: Stage, browser: Browser
) -> None:
    browser.go("/signup").send(**SUE, password=PASSWORD)
    page = browser.go().sign_in("sue")
    assert page.name == "confirm"
    assert 'value="sue"' in page.text
    assert browser.go("/resendcode").send(username="sue").name == "confirm"
    assert browser.send(username="sue", code=open_pool.last_code("sue")).name == "login"


def test_a_forgotten_password_is_replaced_on_the_pages(stage: Stage, browser: Browser) -> None:
    stage.somebody()
    assert browser.go("/forgotPassword").send(username="ana").name == "confirm-forgot"
    code = stage.last_code()
    assert browser.send(username="ana", code=code, password="weak").name == "confirm-forgot"
    assert browser.send(username="ana", code=code, password=NEW).name == "login"
    assert browser.sign_in("ana", NEW).name == "app"


def test_an_unknown_name_looks_like_a_known_one(browser: Browser) -> None:
    assert browser.go("/forgotPassword").send(username="nobody").name == "confirm-forgot"
    page = browser.send(username="nobody", code="123456", password=NEW)
    assert "Invalid code provided" in page.text


def test_a_person_whose_password_was_reset_is_led_to_a_new_one(
    stage: Stage, browser: Browser
) -> None:
    stage.somebody()
    stage.aws.admin_reset_user_password(UserPoolId=stage.pool, Username="ana")
    assert status(stage, "ana") == "RESET_REQUIRED"
    assert browser.go().sign_in().name == "forgot"
    assert browser.send(username="ana").name == "confirm-forgot"
    browser.send(username="ana", code=stage.last_code(), password=NEW)
    assert status(stage, "ana") == "CONFIRMED"
    assert browser.sign_in("ana", NEW).name == "app"


def test_a_form_from_elsewhere_is_refused(browser: Browser) -> None:
    browser.go("/forgotPassword")
    assert browser.send(csrf="forged", username="ana").name == "error"


def test_the_api_resets_a_password(stage: Stage) -> None:
    stage.somebody()
    stage.aws.forgot_password(ClientId=stage.client, Username="ana")
    answer: Any = {"ClientId": stage.client, "Username": "ana", "Password": NEW}
    with pytest.raises(ClientError, match="CodeMismatchException"):
        stage.aws.confirm_forgot_password(**answer, ConfirmationCode="000")
    stage.aws.confirm_forgot_password(**answer, ConfirmationCode=stage.last_code())
    assert "AuthenticationResult" in stage.start("ana", NEW)


def test_the_api_tells_or_hides_an_unknown_name(stage: Stage) -> None:
    with pytest.raises(ClientError, match="UserNotFoundException"):
        stage.aws.forgot_password(ClientId=stage.client, Username="nobody")
    hiding = stage.add_client(PreventUserExistenceErrors="ENABLED")
    sent = stage.aws.forgot_password(ClientId=hiding, Username="nobody")["CodeDeliveryDetails"]
    assert sent["Destination"] == "n***@e***"
    with pytest.raises(ClientError, match="ExpiredCodeException"):
        stage.aws.confirm_forgot_password(
            ClientId=hiding, Username="nobody", Password=NEW, ConfirmationCode="123456"
        )


def test_recovery_goes_by_priority(stage: Stage) -> None:
    ways: Any = [
        {"Name": "verified_phone_number", "Priority": 2},
        {"Name": "verified_email", "Priority": 1},
    ]
    stage.build(AccountRecoverySetting={"RecoveryMechanisms": ways}).somebody()
    sent = stage.aws.forgot_password(ClientId=stage.client, Username="ana")
    assert sent["CodeDeliveryDetails"]["AttributeName"] == "email"


def test_a_changed_password_needs_the_old_one_and_has_a_limit(stage: Stage) -> None:
    ask: Any = {"AccessToken": stage.somebody(), "ProposedPassword": NEW}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        stage.aws.change_password(**ask, PreviousPassword="wrong")
    stage.aws.change_password(**ask, PreviousPassword=PASSWORD)
    for _ in range(3):
        stage.aws.change_password(**ask, PreviousPassword=NEW)
    with pytest.raises(ClientError, match="LimitExceededException"):
        stage.aws.change_password(**ask, PreviousPassword=NEW)


def test_an_admin_confirms_somebody_who_signed_up(open_pool: Stage) -> None:
    open_pool.aws.sign_up(ClientId=open_pool.client, Username="sue", Password=PASSWORD)
    open_pool.aws.admin_confirm_sign_up(UserPoolId=open_pool.pool, Username="sue")
    assert status(open_pool, "sue") == "CONFIRMED"


def test_a_renamed_person_keeps_the_username(stage: Stage) -> None:
    stage.build(AliasAttributes=["preferred_username"]).person("ana")
    stage.aws.admin_update_user_attributes(
        UserPoolId=stage.pool, Username="ana",
        UserAttributes=[{"Name": "preferred_username", "Value": "anna"}],
    )  # fmt: skip
    access = stage.access("anna")
    assert stage.aws.get_user(AccessToken=access)["Username"] == "ana"


def test_the_access_token_of_a_deleted_user_is_refused(stage: Stage) -> None:
    access = stage.somebody()
    stage.aws.admin_delete_user(UserPoolId=stage.pool, Username="ana")
    with pytest.raises(ClientError, match="UserNotFoundException"):
        stage.aws.get_user(AccessToken=access)
