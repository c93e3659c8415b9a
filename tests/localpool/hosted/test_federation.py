import pytest
from botocore.exceptions import ClientError

from tests.localpool.hosted.claims import claims_of
from tests.localpool.stage import Browser, Stage


def test_somebody_from_another_provider_is_never_asked_for_mfa(
    stage: Stage, browser: Browser
) -> None:
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    assert "Continue with ExampleCorp" in browser.go().text
    assert browser.go(identity_provider="ExampleCorp").name == "federation"
    assert "Invalid email address format." in browser.send(email="").text
    assert "Invalid email address format." in browser.send(email="no address").text
    claims = claims_of(stage, browser.send(email="zoe@example.com").back)
    assert claims["cognito:username"] == "examplecorp_zoe@example.com"
    assert claims["identities"][0]["providerName"] == "ExampleCorp"
    assert claims["amr"] == ["fed"]
    user = stage.aws.admin_get_user(UserPoolId=stage.pool, Username="examplecorp_zoe@example.com")
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"


def test_a_federated_persons_preference_changes_nothing(stage: Stage, browser: Browser) -> None:
    stage.server.add_identity_provider(stage.pool, "ExampleCorp")
    browser.go(identity_provider="ExampleCorp")
    answer = stage.exchange(browser.send(email="zoe@example.com").back["code"])
    access = answer.json()["access_token"]
    stage.prefer(access, sms=(True, True))
    assert stage.shown(access) == (None, None)
    with pytest.raises(ClientError, match="User does not exist"):
        stage.start("examplecorp_zoe@example.com")
    again = browser.go(identity_provider="ExampleCorp", prompt="login")
    assert "code" in again.send(email="zoe@example.com").back
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="examplecorp_zoe@example.com")
    again = browser.go(identity_provider="ExampleCorp")
    assert "User is disabled." in again.send(email="zoe@example.com").text


def test_a_provider_the_pool_does_not_have_has_no_page(browser: Browser) -> None:
    assert browser.go("/federation", identity_provider="Nobody").name == "error"
    assert browser.go("/federation", client_id="x").name == "error"
    assert browser.go(identity_provider="Nobody").name == "login"
