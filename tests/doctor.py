"""A pool in which all is well, ways to spoil it, and what check_pool says of it."""

import io
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests import aws_cli
from tests.people import SMS, Pool
from userpool.check.fixes import CARRIED_OVER

KEPT = {"AttributesRequireVerificationBeforeUpdate": ["phone_number", "email"]}


class Doctor:
    """A pool in which all is well, and ways to spoil it."""

    def __init__(self, pool: Pool, settings: Settings, home: Path) -> None:
        self.pool, self.settings, self.home = pool, settings, home
        self.id = pool.config.pool_id
        self.prefix = self.id.split("_")[1].lower()
        self.settings.COGNITO = replace(
            pool.config, domain=f"https://{self.prefix}.auth.eu-central-1.amazoncognito.com"
        )
        pool.admin.create_user_pool_domain(
            Domain=self.prefix, UserPoolId=self.id, ManagedLoginVersion=2
        )
        self.change_pool(
            UserAttributeUpdateSettings=KEPT, AutoVerifiedAttributes=["phone_number", "email"]
        )
        self.callback_url = f"{settings.PORTAL_URL}/sign-in/callback/"
        self.change_client(
            PreventUserExistenceErrors="ENABLED",
            CallbackURLs=[self.callback_url, f"{settings.PORTAL_URL}/passkeys/back/"],
        )

    def change_pool(self, **members: Any) -> None:
        present = self.pool.admin.describe_user_pool(UserPoolId=self.id)["UserPool"]
        carried = {n: present[n] for n in CARRIED_OVER["UpdateUserPool"] if n in present}
        self.pool.admin.update_user_pool(UserPoolId=self.id, **(carried | members))

    def change_client(self, **members: Any) -> None:
        client_id = self.pool.config.client_id
        present = self.pool.admin.describe_user_pool_client(UserPoolId=self.id, ClientId=client_id)[
            "UserPoolClient"
        ]
        carried = {n: present[n] for n in CARRIED_OVER["UpdateUserPoolClient"] if n in present}
        self.pool.admin.update_user_pool_client(
            UserPoolId=self.id, ClientId=client_id, **(carried | members)
        )

    def passkeys(self, relying_party_id: str) -> None:
        self.pool.admin.set_user_pool_mfa_config(
            UserPoolId=self.id, MfaConfiguration="OPTIONAL", SmsMfaConfiguration=SMS,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={"RelyingPartyId": relying_party_id},
        )  # fmt: skip

    def forget_domain(self) -> None:
        self.pool.admin.delete_user_pool_domain(Domain=self.prefix, UserPoolId=self.id)

    def run(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("check_pool", *arguments, stdout=out)
        except SystemExit as leaving:
            return int(str(leaving.code)), out.getvalue()
        return 0, out.getvalue()

    def findings(self) -> dict[str, dict[str, str]]:
        _, out = self.run("--json")
        return {finding["id"]: finding for finding in json.loads(out)["findings"]}

    def not_well(self) -> dict[str, str]:
        return {name: f["level"] for name, f in self.findings().items() if f["level"] != "OK"}

    def follow(self, line: str) -> None:
        """Run a line of the AWS CLI, as it was printed."""
        program, service, operation, *arguments = shlex.split(line)
        assert (program, service) == ("aws", "cognito-idp")
        done = aws_cli.run_again(operation, *arguments, url=self.pool.server.url, home=self.home)
        assert done.returncode == 0, done.stderr
