"""Each open question, played both ways over the wire."""

from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from localpool import Switch
from tests.localpool.stage import SES, SMS, Browser, Stage


def _set(stage: Stage, **positions: str) -> None:
    stage.server.switches.set(stage.pool, **positions)


@pytest.mark.parametrize(("value", "asked"), [("keep", "SOFTWARE_TOKEN_MFA"), ("drop", None)])
def test_an_app_that_is_never_verified_may_end_the_old_one(
    stage: Stage, value: str, asked: str | None
) -> None:
    _set(stage, associate_over_verified=value)
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, totp=(True, True))
    stage.aws.associate_software_token(AccessToken=access)
    assert stage.shown(access) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")
    assert stage.start().get("ChallengeName") == asked


@pytest.mark.parametrize(("value", "listed"), [("listed", ["SMS_MFA"]), ("empty", None)])
def test_a_required_pool_may_list_no_factors(stage: Stage, value: str, listed: Any) -> None:
    _set(stage, setting_list_in_required_pool=value)
    access = stage.somebody()
    stage.mfa("ON")
    assert stage.shown(access)[0] == listed
    assert stage.start()["ChallengeName"] == "SMS_MFA"


def test_turning_off_a_factor_never_set_up_is_refused_or_accepted(stage: Stage) -> None:
    access = stage.somebody()
    with pytest.raises(ClientError, match="User has not set up software token mfa"):
        stage.prefer(access, totp=(False, False))
    _set(stage, off_block_never_set_up="accept")
    stage.prefer(access, totp=(False, False))


@pytest.mark.parametrize("value", ["EMAIL_OTP", "EMAIL_MFA"])
def test_a_choice_names_email_in_either_way(stage: Stage, value: str) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    _set(stage, email_answer=value)
    stage.prefer(stage.somebody(), sms=(True, False), email=(True, False))
    asked = stage.start()
    assert value in asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]
    other = ({"EMAIL_OTP", "EMAIL_MFA"} - {value}).pop()
    with pytest.raises(ClientError, match="not one of the factors"):
        stage.respond(asked, ANSWER=other)
    assert stage.respond(asked, ANSWER=value)["ChallengeName"] == "EMAIL_OTP"


@pytest.mark.parametrize("value", ["EMAIL_OTP", "EMAIL_MFA"])
def test_the_pages_choose_email_under_either_name(
    stage: Stage, browser: Browser, value: str
) -> None:
    stage.build(EmailConfiguration=SES).mfa("OPTIONAL", email=True)
    _set(stage, email_answer=value)
    stage.prefer(stage.somebody(), sms=(True, False), email=(True, False))
    assert browser.go().sign_in().name == "choose"
    assert browser.send(answer="EMAIL_OTP").name == "mfa-email"


@pytest.mark.parametrize(
    ("value", "asked"), [("choose", "SELECT_MFA_TYPE"), ("first", "SMS_MFA"), ("nothing", None)]
)
def test_two_factors_and_no_preference_are_a_choice_the_first_or_none(
    stage: Stage, value: str, asked: str | None
) -> None:
    _set(stage, none_preferred=value)
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, False))
    assert stage.start().get("ChallengeName") == asked


@pytest.mark.parametrize(("value", "asked"), [("not-asked", None), ("asked", "SOFTWARE_TOKEN_MFA")])
def test_an_app_that_is_off_may_be_asked(stage: Stage, value: str, asked: str | None) -> None:
    _set(stage, registered_but_off=value)
    stage.app(stage.somebody())
    assert stage.start().get("ChallengeName") == asked


@pytest.mark.parametrize(("value", "listed"), [("partial", ["SMS_MFA"]), ("atomic", None)])
def test_a_bad_block_may_undo_the_good_ones(stage: Stage, value: str, listed: Any) -> None:
    _set(stage, bad_block_among_good=value)
    access = stage.somebody()
    with pytest.raises(ClientError, match="delivery config"):
        stage.prefer(access, sms=(True, False), totp=(True, False))
    assert stage.shown(access)[0] == listed


def test_a_pool_without_mfa_may_refuse_a_preference(stage: Stage) -> None:
    access = stage.somebody()
    stage.aws.set_user_pool_mfa_config(UserPoolId=stage.pool, MfaConfiguration="OFF")
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access)[1] == "SMS_MFA"
    assert "AuthenticationResult" in stage.start()


def test_the_last_factor_beside_a_passkey_may_be_turned_off(stage: Stage) -> None:
    _set(stage, last_factor_off_under_passkey="accept")
    access = stage.somebody()
    multi: Any = {
        "RelyingPartyId": "localhost",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="OPTIONAL", SmsMfaConfiguration=SMS,
        WebAuthnConfiguration=multi,
    )  # fmt: skip
    stage.prefer(access, sms=(True, True))
    stage.aws.set_user_mfa_preference(AccessToken=access, WebAuthnMfaSettings={"Enabled": True})
    stage.prefer(access, sms=(False, False))
    assert stage.shown(access) == (None, None)


@pytest.mark.parametrize(("value", "listed"), [("yes", True), ("no", False)])
def test_the_auth_factors_may_omit_the_software_token(
    stage: Stage, value: str, listed: bool
) -> None:
    _set(stage, software_token_in_auth_factors=value)
    access = stage.somebody()
    stage.app(access)
    factors = stage.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    assert ("SOFTWARE_TOKEN" in factors) is listed


@pytest.mark.parametrize(("value", "listed"), [("yes", ["SOFTWARE_TOKEN_MFA"]), ("no", None)])
def test_mfa_setup_may_turn_the_factor_on(stage: Stage, value: str, listed: Any) -> None:
    _set(stage, mfa_setup_turns_on=value)
    stage.mfa("ON", sms=False)
    stage.person()
    asked = stage.start()
    associated = stage.aws.associate_software_token(Session=asked["Session"])
    verified = stage.aws.verify_software_token(
        Session=associated["Session"], UserCode=stage.app_code(associated["SecretCode"])
    )
    access = stage.respond(asked | {"Session": verified["Session"]})["AuthenticationResult"][
        "AccessToken"
    ]
    stage.mfa("OPTIONAL")
    assert stage.shown(access)[0] == listed


@pytest.mark.parametrize(("value", "listed"), [("removed", None), ("left", ["SOFTWARE_TOKEN_MFA"])])
def test_a_deleted_token_may_stay_in_the_setting_list(
    stage: Stage, value: str, listed: Any
) -> None:
    _set(stage, deleted_token_in_list=value)
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, totp=(True, True))
    asked = stage.start()
    stage.aws.admin_delete_software_token(UserPoolId=stage.pool, Username="ana")
    assert stage.shown(access)[0] == listed
    assert "AuthenticationResult" in stage.start()
    with pytest.raises(ClientError, match="Code mismatch"):
        stage.answer_code(asked, "000000")


def test_a_wrong_code_at_verify_is_an_exception_or_a_status(stage: Stage) -> None:
    _set(stage, wrong_code_at_verify="status-error")
    access = stage.somebody()
    stage.aws.associate_software_token(AccessToken=access)
    answer = stage.aws.verify_software_token(AccessToken=access, UserCode="000000")
    assert answer["Status"] == "ERROR"


@pytest.mark.parametrize("value", Switch.wrong_totp_text.value.values)
def test_a_wrong_authenticator_code_has_either_message(stage: Stage, value: str) -> None:
    _set(stage, wrong_totp_text=value)
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, totp=(True, True))
    with pytest.raises(ClientError, match=value):
        stage.answer_code(stage.start(), "no")


def test_a_wrong_code_may_spend_the_session(stage: Stage) -> None:
    _set(stage, wrong_code_keeps_session="no")
    stage.prefer(stage.somebody(), sms=(True, True))
    asked = stage.start()
    with pytest.raises(ClientError, match="Invalid code"):
        stage.answer_code(asked, "000")
    with pytest.raises(ClientError, match="session can only be used once"):
        stage.answer_code(asked, stage.last_code())


def test_there_may_be_no_lock_out(stage: Stage) -> None:
    _set(stage, lock_out="no")
    stage.person()
    for _ in range(8):
        with pytest.raises(ClientError, match="Incorrect username or password"):
            stage.start(password="wrong")
    stage.start()


@pytest.mark.parametrize(("value", "status"), [("yes", 400), ("no", 200)])
def test_a_wrong_verifier_may_leave_the_code_good(
    stage: Stage, browser: Browser, value: str, status: int
) -> None:
    _set(stage, wrong_verifier_spends_code=value)
    stage.somebody()
    challenge = "mg3QoZgnRJxQy_jYdfW7D8wJkoziCuM8Yhos7PwVvsI"
    code = browser.go(code_challenge=challenge, code_challenge_method="S256").sign_in().back["code"]
    assert stage.exchange(code, code_verifier="wrong").status_code == 400
    answer = stage.exchange(code, code_verifier="a-verifier-of-at-least-forty-three-characters")
    assert answer.status_code == status


def test_every_switch_has_a_question_a_source_and_two_values() -> None:
    for switch in Switch:
        assert len(switch.value.values) >= 2
        assert switch.value.asks
        assert switch.value.source


def test_switches_are_read_and_set_over_http(stage: Stage) -> None:
    url = f"{stage.server.url}/local/switches"
    mine = {"pool_id": stage.pool}
    before = requests.get(url, mine, timeout=5).json()["none_preferred"]
    assert (before["value"], before["values"]) == ("choose", ["choose", "first", "nothing"])
    answer = requests.put(url, json={"none_preferred": "first"}, params=mine, timeout=5)
    assert answer.json()["none_preferred"] == "first"
    everywhere = requests.get(url, timeout=5).json()["none_preferred"]["value"]
    assert everywhere == "choose"


@pytest.mark.parametrize("body", [{"nothing_known": "x"}, {"none_preferred": "never"}, []])
def test_a_switch_that_does_not_exist_is_refused(stage: Stage, body: Any) -> None:
    answer = requests.put(f"{stage.server.url}/local/switches", json=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_switch_can_be_set_for_a_while(stage: Stage) -> None:
    switches = stage.server.switches
    with switches.played(lock_out="no"):
        assert switches.get(Switch.lock_out, stage.pool) == "no"
    assert switches.get(Switch.lock_out, stage.pool) == "yes"


@pytest.mark.parametrize("value", ["update", "verify"])
@pytest.mark.parametrize("kept", [True, False])
def test_a_contact_that_is_taken_is_refused_at_the_update_or_at_its_code(
    stage: Stage, value: str, kept: bool
) -> None:
    settings: Any = {"AttributesRequireVerificationBeforeUpdate": ["email"]} if kept else {}
    stage.build(
        AliasAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UserAttributeUpdateSettings=settings,
    )
    _set(stage, alias_taken=value)
    stage.somebody("ben")
    access = stage.somebody("ana")
    wish: Any = [{"Name": "email", "Value": "ben@example.com"}]
    if value == "update":
        with pytest.raises(ClientError, match="An account with the email already exists"):
            stage.aws.update_user_attributes(AccessToken=access, UserAttributes=wish)
        return
    stage.aws.update_user_attributes(AccessToken=access, UserAttributes=wish)
    with pytest.raises(ClientError, match="An account with the email already exists"):
        stage.aws.verify_user_attribute(
            AccessToken=access, AttributeName="email", Code=stage.last_code()
        )


@pytest.mark.parametrize(("value", "asked"), [("yes", "SELECT_MFA_TYPE"), ("no", "SMS_MFA")])
def test_the_recovery_channel_may_be_no_choice_in_a_required_pool(
    stage: Stage, value: str, asked: str
) -> None:
    ways: Any = [
        {"Name": "verified_email", "Priority": 1},
        {"Name": "verified_phone_number", "Priority": 2},
    ]
    recovery = {"RecoveryMechanisms": ways}
    stage.build(EmailConfiguration=SES, AccountRecoverySetting=recovery)
    _set(stage, recovery_channel_asked=value)
    stage.somebody()
    stage.mfa("ON", totp=False, email=True)
    assert stage.start()["ChallengeName"] == asked
