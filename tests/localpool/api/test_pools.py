from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localpool.stage import ADMIN, CALLBACK, Stage


def test_a_pool_is_described_as_it_was_made(stage: Stage) -> None:
    stage.build(PoolName="Shoes", UserPoolTier="PLUS", Schema=[{"Name": "shoe"}])
    pool = stage.aws.describe_user_pool(UserPoolId=stage.pool)["UserPool"]
    assert (pool["Name"], pool["UserPoolTier"]) == ("Shoes", "PLUS")
    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert pool["Arn"].endswith(f"userpool/{stage.pool}")
    assert {"sub", "email", "shoe"} <= {each["Name"] for each in pool["SchemaAttributes"]}


def test_a_pool_made_with_mfa_and_sms_offers_sms(stage: Stage) -> None:
    texts: Any = {"SnsCallerArn": "arn:aws:iam::123456789012:role/texts"}
    pool = stage.aws.create_user_pool(PoolName="x", MfaConfiguration="ON", SmsConfiguration=texts)[
        "UserPool"
    ]["Id"]
    config = stage.aws.get_user_pool_mfa_config(UserPoolId=pool)
    assert config["MfaConfiguration"] == "ON"
    assert config["SmsMfaConfiguration"]["SmsConfiguration"] == texts
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SmsMfaConfiguration={}
    )


def test_updating_a_pool_keeps_mfa_only_if_it_says_so(stage: Stage) -> None:
    stage.aws.update_user_pool(UserPoolId=stage.pool, MfaConfiguration="ON")
    config = stage.aws.get_user_pool_mfa_config(UserPoolId=stage.pool)
    assert config["MfaConfiguration"] == "ON"
    bare = stage.aws.create_user_pool(PoolName="x")["UserPool"]["Id"]
    with pytest.raises(ClientError, match="SMS configuration and Auto verification"):
        stage.aws.update_user_pool(UserPoolId=bare, MfaConfiguration="ON")
    texts: Any = {"SnsCallerArn": "arn:aws:iam::123456789012:role/texts"}
    stage.aws.update_user_pool(UserPoolId=bare, MfaConfiguration="ON", SmsConfiguration=texts)
    config = stage.aws.get_user_pool_mfa_config(UserPoolId=bare)
    assert config["SmsMfaConfiguration"]["SmsConfiguration"] == texts


def test_pools_and_clients_are_listed_page_by_page(stage: Stage) -> None:
    seen: list[str] = []
    following: dict[str, str] = {}
    while True:
        answer = stage.aws.list_user_pools(MaxResults=1, **following)
        seen += [pool["Id"] for pool in answer["UserPools"]]
        if "NextToken" not in answer:
            break
        following = {"NextToken": answer["NextToken"]}
    assert stage.pool in seen
    assert len(seen) == len(set(seen))
    stage.add_client()
    answer = stage.aws.list_user_pool_clients(UserPoolId=stage.pool, MaxResults=1)
    assert answer["UserPoolClients"][0]["ClientId"] == stage.client


def test_updating_a_client_resets_what_it_does_not_mention(stage: Stage) -> None:
    where = {"UserPoolId": stage.pool, "ClientId": stage.client}
    stage.aws.update_user_pool_client(**where, AllowedOAuthScopes=[ADMIN])
    client = stage.aws.describe_user_pool_client(**where)["UserPoolClient"]
    assert client["AllowedOAuthScopes"] == [ADMIN]
    assert "CallbackURLs" not in client
    assert client["ClientName"] == "portal"
    stage.aws.update_user_pool_client(**where, CallbackURLs=[CALLBACK])
