import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from localpool import PoolServer
from localpool.api.registry import OPERATIONS
from localpool.rules import PoolRule
from tests.localpool.stage import ADMIN, Stage
from tests.soft_passkey import SoftPasskey

pytestmark = pytest.mark.real_socket

BUILT = {
    "CreateUserPool", "DescribeUserPool", "UpdateUserPool", "ListUserPools",
    "CreateUserPoolClient", "DescribeUserPoolClient", "UpdateUserPoolClient",
    "ListUserPoolClients", "GetUserPoolMfaConfig", "SetUserPoolMfaConfig",
    "AdminCreateUser", "AdminSetUserPassword", "AdminGetUser", "AdminUpdateUserAttributes",
    "AdminDeleteUser", "AdminEnableUser", "AdminDisableUser", "ListUsers",
    "CreateGroup", "ListGroups", "AdminAddUserToGroup", "AdminRemoveUserFromGroup",
    "AdminSetUserMFAPreference", "AdminDeleteSoftwareToken", "AdminUserGlobalSignOut",
    "InitiateAuth", "RespondToAuthChallenge", "GetUser", "GetUserAuthFactors",
    "SetUserMFAPreference", "AssociateSoftwareToken", "VerifySoftwareToken", "GlobalSignOut",
    "RevokeToken", "GetTokensFromRefreshToken",
    "UpdateUserAttributes", "DeleteUserAttributes", "AdminDeleteUserAttributes",
    "GetUserAttributeVerificationCode", "VerifyUserAttribute",
    # Passkeys
    "StartWebAuthnRegistration", "CompleteWebAuthnRegistration", "ListWebAuthnCredentials",
    "DeleteWebAuthnCredential",
}  # fmt: skip
BUILT |= (
    DEVICES := {  # test_devices calls these
        "AdminInitiateAuth", "AdminRespondToAuthChallenge", "ConfirmDevice", "ListDevices",
        "GetDevice", "ForgetDevice", "UpdateDeviceStatus", "AdminListDevices", "AdminGetDevice",
        "AdminForgetDevice", "AdminUpdateDeviceStatus",
    }
)  # fmt: skip
BUILT |= (
    SERVICES := {  # test_domains calls these
        "CreateUserPoolDomain", "DescribeUserPoolDomain", "UpdateUserPoolDomain",
        "DeleteUserPoolDomain", "GetUserPoolSessionConfiguration",
        "SetUserPoolSessionConfiguration", "GetUserPoolClientSessionConfiguration",
    }
)  # fmt: skip
BUILT |= (SESSIONS := {"ListUserSessions", "RevokeUserSession"})  # test_sessions calls these
BUILT |= (
    ACCOUNTS := {  # test_accounts and tests.contract call these
        "SignUp", "ConfirmSignUp", "AdminConfirmSignUp", "ResendConfirmationCode",
        "ForgotPassword", "ConfirmForgotPassword", "ChangePassword", "AdminResetUserPassword",
        "DeleteUserPool", "DeleteUserPoolClient",
    }
)  # fmt: skip


def call(server: PoolServer, name: str, body: str = "{}", **headers: str) -> requests.Response:
    common = {
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{name}",
        "Content-Type": "application/x-amz-json-1.1",
    }
    return requests.post(f"{server.url}/", body, headers=common | headers, timeout=5)


def test_every_listed_operation_is_built_and_in_the_model(stage: Stage) -> None:
    assert OPERATIONS.keys() == BUILT
    assert set(stage.aws.meta.service_model.operation_names) >= BUILT


def test_an_operation_that_is_not_built_answers_with_its_name(stage: Stage) -> None:
    with pytest.raises(ClientError) as raised:
        stage.aws.delete_user(AccessToken="x")
    assert raised.value.response["Error"] == {
        "Code": PoolRule.NOT_BUILT.value.code,
        "Message": "DeleteUser is not built in this local pool",
    }


def test_a_signed_operation_needs_an_authorization_header(server: PoolServer) -> None:
    answer = call(server, "ListUserPools", '{"MaxResults": 1}')
    assert (answer.status_code, answer.json()["__type"]) == (400, PoolRule.NO_TOKEN.value.code)
    assert call(server, "ListUserPools", '{"MaxResults": 1}', Authorization="any").ok


def test_an_operation_of_the_person_needs_no_signature(server: PoolServer) -> None:
    answer = call(server, "GetUser", '{"AccessToken": "x"}')
    assert answer.json() == {"__type": "NotAuthorizedException", "message": "Invalid Access Token"}
    assert answer.headers["x-amzn-errortype"] == "NotAuthorizedException:"
    assert answer.headers["x-amzn-RequestId"]


@pytest.mark.parametrize("body", ["{", "[]", '{"AccessToken": 5}', '{"AccessToken": true}'])
def test_a_body_of_another_type_cannot_be_read(server: PoolServer, body: str) -> None:
    answer = call(server, "GetUser", body)
    assert (answer.status_code, answer.json()["__type"]) == (400, PoolRule.NOT_JSON.value.code)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("GetUser", {}, "Value null at 'accessToken' {} not be null"),
        ("VerifySoftwareToken", {"UserCode": "12345"},
         "Value at 'userCode' {} have length greater than or equal to 6"),
        ("VerifySoftwareToken", {"UserCode": "1234567"}, "{} have length less than or equal to 6"),
        ("VerifySoftwareToken", {"UserCode": "\uff11\uff12\uff13\uff14\uff15\uff16"},
         "{} satisfy regular expression pattern: [0-9]+"),
        ("InitiateAuth", {"ClientId": "x", "AuthFlow": "NONE"},
         "Value 'NONE' at 'authFlow' {} satisfy enum value set: [USER_SRP_AUTH, "),
        ("ListUserPools", {"MaxResults": 61},
         "Value '61' at 'maxResults' {} have value less than or equal to 60"),
        ("ListUserPools", {"MaxResults": 0}, "{} have value greater than or equal to 1"),
        ("AdminCreateUser", {"UserPoolId": "a_1", "Username": "a b"}, "Value at 'username' {} "),
        ("AdminCreateUser", {"UserPoolId": "a_1", "Username": "x", "UserAttributes": [{}]},
         "Value null at 'userAttributes.1.member.name' {} not be null"),
    ],
)  # fmt: skip
def test_a_constraint_of_the_model_is_named_as_cognito_names_it(
    server: PoolServer, name: str, body: dict[str, Any], words: str
) -> None:
    answer = call(server, name, json.dumps(body), Authorization="any").json()
    assert answer["__type"] == "InvalidParameterException"
    assert answer["message"].startswith("1 validation error detected: ")
    assert words.format("failed to satisfy constraint: Member must") in answer["message"]


def test_several_violations_are_told_at_once(server: PoolServer) -> None:
    message = call(server, "InitiateAuth").json()["message"]
    assert message.startswith("2 validation errors detected: Value null at 'authFlow'")


def test_a_member_that_is_null_or_unknown_is_as_if_it_were_not_there(server: PoolServer) -> None:
    body = {"MaxResults": 1, "NextToken": None, "Colour": "red"}
    assert call(server, "ListUserPools", json.dumps(body), Authorization="any").ok


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(BUILT)), body=_anything)
def test_nothing_that_is_sent_breaks_the_pool(server: PoolServer, name: str, body: Any) -> None:
    answer = call(server, name, json.dumps(body), Authorization="any")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or answer.json()["__type"]


def test_an_answer_that_does_not_fit_the_model_is_our_bug_and_is_logged(
    server: PoolServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in ({"Username": "x y"}, {"Username": 5}, {"Shoe": 42}):
        monkeypatch.setitem(OPERATIONS, "GetUser", lambda *_, wrong=wrong: wrong)
        with caplog.at_level(logging.ERROR, "localpool"):
            answer = call(server, "GetUser", '{"AccessToken": "x"}')
        assert answer.status_code == 500
        assert answer.json()["__type"] == PoolRule.OUR_FAULT.value.code
        assert "does not fit the model" in caplog.text


def test_a_crash_is_an_internal_error_and_is_logged(
    server: PoolServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(OPERATIONS, "GetUser", lambda *_: 1 / 0)
    answer = call(server, "GetUser", '{"AccessToken": "x"}')
    assert (answer.status_code, answer.json()["__type"]) == (500, "InternalErrorException")
    assert "ZeroDivisionError" in caplog.text


def test_connections_stay_open_from_call_to_call(server: PoolServer) -> None:
    with requests.Session() as session:
        for _ in range(3):
            answer = session.get(f"{server.url}/outbox.json", timeout=5)
            assert answer.headers.get("Connection") != "close"
        pools = session.get_adapter(server.url).poolmanager.pools  # type: ignore[attr-defined]
        assert [pools[key].num_connections for key in pools.keys()] == [1]  # noqa: SIM118


def test_calls_are_recorded_with_whom_they_are_about(stage: Stage) -> None:
    stage.server.calls.clear()
    access = stage.somebody()
    stage.aws.get_user(AccessToken=access)
    with pytest.raises(ClientError):
        stage.start(password="wrong")
    calls = stage.server.calls
    assert calls.names() == [
        "AdminCreateUser", "AdminSetUserPassword", "InitiateAuth", "GetUser", "InitiateAuth",
    ]  # fmt: skip
    call = calls.of("GetUser", pool_id=stage.pool)[0]
    assert (call.pool_id, call.client_id, call.username) == (stage.pool, stage.client, "ana")
    assert call.started <= call.ended
    assert (call.status, call.error) == (200, None)
    assert (calls[-1].status, calls[-1].error) == (400, "NotAuthorizedException")
    assert calls.names("eu-central-1_Another00") == []
    calls.clear()
    assert len(calls) == 0


def _passkey(stage: Stage, access: str) -> None:
    policy: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    stage.aws.update_user_pool(UserPoolId=stage.pool, Policies=policy)
    stage.mfa("OPTIONAL")
    options = stage.aws.start_web_authn_registration(AccessToken=access)
    passkey = SoftPasskey()
    credential = passkey.create(options["CredentialCreationOptions"])
    stage.aws.complete_web_authn_registration(AccessToken=access, Credential=credential)
    stage.aws.list_web_authn_credentials(AccessToken=access)
    stage.aws.delete_web_authn_credential(AccessToken=access, CredentialId=passkey.id)


def test_every_operation_gives_an_answer_that_fits_the_model(stage: Stage) -> None:
    """The wire checks each answer, so it is enough that one good call of each gets through."""
    stage.server.calls.clear()
    aws = stage.build().aws
    where = {"UserPoolId": stage.pool}
    access = stage.somebody()
    who: Any = where | {"Username": "ana"}
    aws.describe_user_pool(**where)
    aws.list_user_pools(MaxResults=60)
    aws.describe_user_pool_client(**where, ClientId=stage.client)
    aws.list_user_pool_clients(**where)
    aws.get_user_pool_mfa_config(**where)
    aws.create_group(**where, GroupName="staff", Description="Helpdesk", Precedence=1)
    aws.list_groups(**where)
    aws.admin_add_user_to_group(**who, GroupName="staff")
    aws.admin_remove_user_from_group(**who, GroupName="staff")
    aws.admin_get_user(**who)
    aws.list_users(**where)
    aws.get_user(AccessToken=access)
    aws.get_user_auth_factors(AccessToken=access)
    _passkey(stage, access)
    stage.app(access)
    stage.prefer(access, sms=(True, True))
    aws.admin_set_user_mfa_preference(**who, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    asked = stage.start()
    tokens = stage.answer_code(asked, stage.last_code())["AuthenticationResult"]
    aws.get_tokens_from_refresh_token(RefreshToken=tokens["RefreshToken"], ClientId=stage.client)
    aws.revoke_token(Token=tokens["RefreshToken"], ClientId=stage.client)
    email = [{"Name": "email", "Value": "new@example.com"}]
    aws.update_user_attributes(AccessToken=access, UserAttributes=email)
    aws.get_user_attribute_verification_code(AccessToken=access, AttributeName="email")
    aws.verify_user_attribute(AccessToken=access, AttributeName="email", Code=stage.last_code())
    aws.delete_user_attributes(AccessToken=access, UserAttributeNames=["email"])
    aws.admin_delete_user_attributes(**who, UserAttributeNames=["name"])
    aws.global_sign_out(AccessToken=access)
    aws.admin_update_user_attributes(**who, UserAttributes=[{"Name": "name", "Value": "Ana"}])
    aws.admin_delete_software_token(**who)
    aws.admin_user_global_sign_out(**who)
    aws.admin_disable_user(**who)
    aws.admin_enable_user(**who)
    aws.admin_delete_user(**who)
    aws.update_user_pool_client(**where, ClientId=stage.client, AllowedOAuthScopes=[ADMIN])
    aws.update_user_pool(**where)
    assert (
        set(stage.server.calls.names()) - {"/"} >= BUILT - DEVICES - ACCOUNTS - SERVICES - SESSIONS
    )


def test_many_callers_at_once_each_get_their_own_answer(stage: Stage) -> None:
    people = {name: stage.somebody(name) for name in ("ana", "ben", "chloe", "dinesh")}
    stage.server.calls.clear()

    def who(name: str) -> bool:
        answer = call(stage.server, "GetUser", json.dumps({"AccessToken": people[name]}))
        return bool(answer.json()["Username"] == name)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(who, list(people) * 20))
    calls = stage.server.calls.of("GetUser", pool_id=stage.pool)
    assert Counter(each.username for each in calls) == dict.fromkeys(people, 20)
