"""SRP sign-in and remembered devices, spoken by pycognito as it speaks to real pools."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from pycognito import aws_srp
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from tests.localpool.stage import PASSWORD, Stage

# pycognito writes its timestamps with datetime.utcnow, which Python is about to give up.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

# It has no types.
AWSSRP: Any = aws_srp.AWSSRP
generate_hash_device: Any = aws_srp.generate_hash_device

INSTEAD = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
ON_PROMPT = INSTEAD | {"DeviceOnlyRememberedOnUserPrompt": True}
SRP = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.fixture
def tracked(stage: Stage) -> Stage:
    return build(stage, DeviceConfiguration=INSTEAD)


def build(stage: Stage, **pool: Any) -> Stage:
    stage.build(**pool)
    stage.client = stage.add_client(ExplicitAuthFlows=[*SRP, "ALLOW_ADMIN_USER_PASSWORD_AUTH"])
    return stage


def srp(stage: Stage, name: str = "ana", password: str = PASSWORD, **device: Any) -> Any:
    """Tokens or the next challenge of a sign-in by SRP."""
    client = AWSSRP(
        username=name, password=password, pool_id=stage.pool, client_id=stage.client,
        client=stage.aws, **device,
    )  # fmt: skip
    return client.authenticate_user()


def remember(stage: Stage, tokens: Any, name: str = "Ana's phone") -> dict[str, str]:
    """ConfirmDevice with a secret of its own; what the device then signs in with."""
    new = tokens["AuthenticationResult"]["NewDeviceMetadata"]
    secret, verifier = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
    stage.aws.confirm_device(
        AccessToken=tokens["AuthenticationResult"]["AccessToken"], DeviceKey=new["DeviceKey"],
        DeviceSecretVerifierConfig=verifier, DeviceName=name,
    )  # fmt: skip
    return {
        "device_key": new["DeviceKey"],
        "device_group_key": new["DeviceGroupKey"],
        "device_password": secret,
    }


def with_app(stage: Stage) -> str:
    access = stage.somebody()
    secret = stage.app(access)
    stage.prefer(access, totp=(True, True))
    return secret


def signed_in_with_app(stage: Stage, secret: str, **device: Any) -> Any:
    with pytest.raises(SoftwareTokenMFAChallengeException) as asked:
        srp(stage, **device)
    challenge: Any = asked.value
    return stage.answer_code(challenge.get_tokens(), stage.app_code(secret))


def listed(stage: Stage, access: str) -> list[str]:
    return [one["DeviceKey"] for one in stage.aws.list_devices(AccessToken=access)["Devices"]]


def test_a_password_is_proven_without_being_sent(stage: Stage) -> None:
    build(stage).person()
    assert srp(stage)["AuthenticationResult"]["AccessToken"]
    assert "NewDeviceMetadata" not in srp(stage)["AuthenticationResult"]


@pytest.mark.parametrize("times", range(8))
def test_leading_zeros_and_high_bits_make_no_difference(stage: Stage, times: int) -> None:
    build(stage).person(password=f"{PASSWORD}{times}")
    assert srp(stage, password=f"{PASSWORD}{times}")["AuthenticationResult"]


def test_a_wrong_password_is_refused(stage: Stage) -> None:
    build(stage).person()
    with pytest.raises(ClientError, match="Incorrect username or password"):
        srp(stage, password="Wrong-Horse-1!")


def test_a_name_nobody_has_is_told_or_hidden(stage: Stage) -> None:
    build(stage)
    with pytest.raises(ClientError, match="User does not exist"):
        srp(stage, "nobody")
    stage.client = stage.add_client(ExplicitAuthFlows=SRP, PreventUserExistenceErrors="ENABLED")
    with pytest.raises(ClientError, match="Incorrect username or password"):
        srp(stage, "nobody")


def test_a_client_without_the_srp_flow_is_refused(stage: Stage) -> None:
    stage.person()
    with pytest.raises(ClientError, match="not enabled for this client"):
        srp(stage)


def test_an_srp_value_of_zero_is_refused(stage: Stage) -> None:
    build(stage).person()
    with pytest.raises(ClientError, match="SRP_A"):
        stage.aws.initiate_auth(
            ClientId=stage.client, AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": "ana", "SRP_A": "00"},
        )  # fmt: skip


def test_a_back_end_signs_people_in(stage: Stage) -> None:
    build(stage).person()
    done = stage.aws.admin_initiate_auth(
        UserPoolId=stage.pool, ClientId=stage.client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
    )  # fmt: skip
    assert done["AuthenticationResult"]["AccessToken"]


def test_a_back_end_answers_for_people(stage: Stage) -> None:
    secret = with_app(build(stage))
    where: Any = {"UserPoolId": stage.pool, "ClientId": stage.client}
    asked = stage.aws.admin_initiate_auth(
        **where, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
    )  # fmt: skip
    done = stage.aws.admin_respond_to_auth_challenge(
        **where, ChallengeName=asked["ChallengeName"], Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": stage.app_code(secret)},
    )  # fmt: skip
    assert done["AuthenticationResult"]["AccessToken"]


def test_every_answer_of_a_client_with_a_secret_needs_its_hash(tracked: Stage) -> None:
    tracked.person()
    made = tracked.aws.create_user_pool_client(
        UserPoolId=tracked.pool, ClientName="secret", GenerateSecret=True, ExplicitAuthFlows=SRP
    )["UserPoolClient"]
    tracked.client = made["ClientId"]
    assert srp(tracked, client_secret=made["ClientSecret"])["AuthenticationResult"]
    with pytest.raises(ClientError, match="SECRET_HASH was not received"):
        srp(tracked)


def test_a_remembered_device_is_asked_instead_of_a_factor(tracked: Stage) -> None:
    secret = with_app(tracked)
    device = remember(tracked, signed_in_with_app(tracked, secret))
    again = srp(tracked, **device)["AuthenticationResult"]
    assert "NewDeviceMetadata" not in again
    assert listed(tracked, again["AccessToken"]) == [device["device_key"]]


@pytest.mark.parametrize(("value", "refused"), [("refuse", True), ("ignore", False)])
def test_a_forgotten_device_is_new_again(tracked: Stage, value: str, refused: bool) -> None:
    tracked.server.switches.set(tracked.pool, unknown_device_key=value)
    secret = with_app(tracked)
    tokens = signed_in_with_app(tracked, secret)
    device = remember(tracked, tokens)
    access = tokens["AuthenticationResult"]["AccessToken"]
    tracked.aws.forget_device(AccessToken=access, DeviceKey=device["device_key"])
    assert listed(tracked, access) == []
    if refused:
        with pytest.raises(ClientError, match="Device does not exist"):
            srp(tracked, **device)
        device = {}
    assert signed_in_with_app(tracked, secret, **device)["AuthenticationResult"]


def test_a_wrong_device_secret_is_refused(tracked: Stage) -> None:
    tracked.person()
    device = remember(tracked, srp(tracked))
    with pytest.raises(ClientError, match="Incorrect username or password"):
        srp(tracked, **(device | {"device_password": "another"}))


def test_a_device_may_be_asked_after_the_factor(stage: Stage) -> None:
    build(stage, DeviceConfiguration={"ChallengeRequiredOnNewDevice": False})
    secret = with_app(stage)
    device = remember(stage, signed_in_with_app(stage, secret))
    assert signed_in_with_app(stage, secret, **device)["ChallengeName"] == "DEVICE_SRP_AUTH"


def test_on_prompt_a_device_is_remembered_when_the_person_says_so(stage: Stage) -> None:
    build(stage, DeviceConfiguration=ON_PROMPT)
    secret = with_app(stage)
    tokens = signed_in_with_app(stage, secret)
    device = remember(stage, tokens)
    access, key = tokens["AuthenticationResult"]["AccessToken"], device["device_key"]
    assert listed(stage, access) == []
    with pytest.raises(ClientError, match="Device does not exist"):
        stage.aws.get_device(AccessToken=access, DeviceKey=key)
    assert signed_in_with_app(stage, secret, **device)["AuthenticationResult"]
    stage.aws.update_device_status(
        AccessToken=access, DeviceKey=key, DeviceRememberedStatus="remembered"
    )
    assert listed(stage, access) == [key]
    assert srp(stage, **device)["AuthenticationResult"]


def test_a_device_has_content_and_administrators_see_it(tracked: Stage) -> None:
    tracked.person()
    tokens = srp(tracked)
    key = remember(tracked, tokens, "Ana's phone")["device_key"]
    who: Any = {"UserPoolId": tracked.pool, "Username": "ana"}
    mine = tracked.aws.get_device(
        AccessToken=tokens["AuthenticationResult"]["AccessToken"], DeviceKey=key
    )["Device"]
    theirs = tracked.aws.admin_get_device(**who, DeviceKey=key)["Device"]
    assert mine == theirs
    content = {item["Name"]: item["Value"] for item in mine["DeviceAttributes"]}
    assert content["device_name"] == "Ana's phone"
    assert content["last_ip_used"] == "127.0.0.1"
    assert content["dev:device_remembered_status"] == "remembered"
    tracked.aws.admin_update_device_status(
        **who, DeviceKey=key, DeviceRememberedStatus="not_remembered"
    )
    assert len(tracked.aws.admin_list_devices(**who)["Devices"]) == 1
    assert listed(tracked, tokens["AuthenticationResult"]["AccessToken"]) == []
    tracked.aws.admin_forget_device(**who, DeviceKey=key)
    assert tracked.aws.admin_list_devices(**who)["Devices"] == []


def test_devices_come_in_pages(tracked: Stage) -> None:
    tracked.person()
    keys = [remember(tracked, srp(tracked))["device_key"] for _ in range(3)]
    access = tracked.access()
    first = tracked.aws.list_devices(AccessToken=access, Limit=2)
    rest = tracked.aws.list_devices(
        AccessToken=access, Limit=2, PaginationToken=first["PaginationToken"]
    )
    shown = [one["DeviceKey"] for one in first["Devices"] + rest["Devices"]]
    assert sorted(shown) == sorted(keys)
    assert "PaginationToken" not in rest


def test_a_device_is_confirmed_once_and_by_its_own_tokens(tracked: Stage) -> None:
    tracked.person()
    tokens = srp(tracked)
    remember(tracked, tokens)
    with pytest.raises(ClientError, match="already exists"):
        remember(tracked, tokens)
    others = srp(tracked)
    others["AuthenticationResult"]["AccessToken"] = tracked.access()
    with pytest.raises(ClientError, match="Device does not exist"):
        remember(tracked, others)


@pytest.mark.parametrize(
    "code", ["InvalidUserPoolConfigurationException", "InvalidParameterException"]
)
def test_a_pool_that_tracks_no_devices_says_so(stage: Stage, code: str) -> None:
    stage.server.switches.set(stage.pool, tracking_off_code=code)
    stage.person()
    with pytest.raises(ClientError, match="Device tracking not currently enabled") as refused:
        stage.aws.list_devices(AccessToken=stage.access())
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(("value", "new"), [("yes", True), ("no", False)])
def test_a_sign_in_without_srp_may_give_no_device_keys(
    tracked: Stage, value: str, new: bool
) -> None:
    tracked.server.switches.set(tracked.pool, device_keys_without_srp=value)
    tracked.person()
    assert ("NewDeviceMetadata" in tracked.tokens()) is new


def test_a_refresh_names_its_device(tracked: Stage) -> None:
    tracked.person()
    tokens = srp(tracked)
    device = remember(tracked, tokens)

    def refresh(**more: str) -> Any:
        token = tokens["AuthenticationResult"]["RefreshToken"]
        return tracked.aws.initiate_auth(
            ClientId=tracked.client, AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token} | more,
        )  # fmt: skip

    with pytest.raises(ClientError, match="Invalid Refresh Token"):
        refresh()
    assert refresh(DEVICE_KEY=device["device_key"])["AuthenticationResult"]["AccessToken"]


def test_malformed_srp_answers_are_refused(tracked: Stage) -> None:
    tracked.person()
    tokens = srp(tracked)
    new = tokens["AuthenticationResult"]["NewDeviceMetadata"]
    with pytest.raises(ClientError, match="Invalid device secret verifier config"):
        tracked.aws.confirm_device(
            AccessToken=tokens["AuthenticationResult"]["AccessToken"], DeviceKey=new["DeviceKey"],
            DeviceSecretVerifierConfig={"PasswordVerifier": "?", "Salt": "?"},
        )  # fmt: skip
    asked = tracked.aws.initiate_auth(
        ClientId=tracked.client, AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": "ana", "SRP_A": "2f"},
    )  # fmt: skip
    block = asked["ChallengeParameters"]["SECRET_BLOCK"]
    with pytest.raises(ClientError, match="TIMESTAMP format should be"):
        tracked.aws.respond_to_auth_challenge(
            ClientId=tracked.client, ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={
                "USERNAME": "ana", "PASSWORD_CLAIM_SECRET_BLOCK": block,
                "PASSWORD_CLAIM_SIGNATURE": "eA==", "TIMESTAMP": "2026-11-24",
            },
        )  # fmt: skip
