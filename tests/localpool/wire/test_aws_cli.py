"""The AWS CLI, as it comes, does the job with nothing but `--endpoint-url`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import aws_cli
from tests.localpool.stage import PASSWORD, Stage

Cli = Callable[..., Any]


@pytest.fixture
def cli(stage: Stage, tmp_path: Path) -> Cli:
    def run(operation: str, *arguments: str) -> Any:
        done = aws_cli.run(operation, *arguments, url=stage.server.url, home=tmp_path)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return run


def test_the_aws_cli_makes_a_person_sets_a_preference_and_is_asked(stage: Stage, cli: Cli) -> None:
    who = ["--user-pool-id", stage.pool, "--username", "ana"]
    attributes = ["--user-attributes", "Name=phone_number,Value=+4915123456789"]
    made = cli("admin-create-user", *who, *attributes, "--message-action", "SUPPRESS")
    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    cli("admin-set-user-password", *who, "--password", PASSWORD, "--permanent")
    sign_in = [
        "initiate-auth", "--client-id", stage.client, "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", f"USERNAME=ana,PASSWORD={PASSWORD}",
    ]  # fmt: skip
    access = cli(*sign_in)["AuthenticationResult"]["AccessToken"]
    cli(
        "set-user-mfa-preference", "--access-token", access,
        "--sms-mfa-settings", "Enabled=true,PreferredMfa=true",
    )  # fmt: skip
    user = cli("get-user", "--access-token", access)
    assert user["PreferredMfaSetting"] == "SMS_MFA"
    asked = cli(*sign_in)
    assert asked["ChallengeName"] == "SMS_MFA"
    done = cli(
        "respond-to-auth-challenge", "--client-id", stage.client,
        "--challenge-name", "SMS_MFA", "--session", asked["Session"],
        "--challenge-responses", f"USERNAME=ana,SMS_MFA_CODE={stage.last_code()}",
    )  # fmt: skip
    assert "AccessToken" in done["AuthenticationResult"]
