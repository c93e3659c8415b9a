"""A pool's domain and sessions, and that its settings come back as they were given."""

from tests.localpool.stage import SES, Stage


def test_a_domain_is_described_until_it_is_deleted(stage: Stage) -> None:
    name = stage.pool.split("_")[1].lower()
    stage.aws.create_user_pool_domain(Domain=name, UserPoolId=stage.pool, ManagedLoginVersion=1)
    stage.aws.update_user_pool_domain(Domain=name, UserPoolId=stage.pool, ManagedLoginVersion=2)
    described = stage.aws.describe_user_pool_domain(Domain=name)["DomainDescription"]
    assert (described["UserPoolId"], described["ManagedLoginVersion"]) == (stage.pool, 2)
    assert stage.aws.describe_user_pool(UserPoolId=stage.pool)["UserPool"]["Domain"] == name
    stage.aws.delete_user_pool_domain(Domain=name, UserPoolId=stage.pool)
    assert stage.aws.describe_user_pool_domain(Domain=name)["DomainDescription"] == {}


def test_sessions_are_not_tracked_until_the_pool_is_configured(stage: Stage) -> None:
    read = stage.aws.get_user_pool_session_configuration
    assert read(UserPoolId=stage.pool)["UserSessionTracking"] == "DISABLED"
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )
    assert read(UserPoolId=stage.pool)["TokenSession"] == {"MaxPerUser": 5}
    of_client = stage.aws.get_user_pool_client_session_configuration(
        UserPoolId=stage.pool, ClientId=stage.client
    )
    assert of_client["SSOSession"] == {"MaxValidityMinutes": 60}


def test_a_pool_is_described_with_the_settings_of_its_creation(stage: Stage) -> None:
    given = {
        "UserPoolTier": "PLUS",
        "DeviceConfiguration": {"DeviceOnlyRememberedOnUserPrompt": True},
        "UserAttributeUpdateSettings": {
            "AttributesRequireVerificationBeforeUpdate": ["phone_number"]
        },
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        "EmailConfiguration": SES,
    }
    stage.build(**given)
    described = stage.aws.describe_user_pool(UserPoolId=stage.pool)["UserPool"]
    assert {name: described[name] for name in given} == given
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool, MfaConfiguration="OFF",
        WebAuthnConfiguration={"RelyingPartyId": "example.com"},
    )  # fmt: skip
    mfa = stage.aws.get_user_pool_mfa_config(UserPoolId=stage.pool)
    assert mfa["WebAuthnConfiguration"]["RelyingPartyId"] == "example.com"
