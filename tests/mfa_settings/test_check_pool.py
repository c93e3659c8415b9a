"""`manage.py check_pool`: what it finds, and that each line it prints mends what it says."""

import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django.fixtures import Settings

from localpool.faults import Fault
from mfa_settings.pool.checking import DIFFERENCE
from mfa_settings.pool.findings import Level, Portal, Seen, findings
from mfa_settings.pool.fixes import CARRIED_OVER
from mfa_settings.pool.pool_checks import CHECKS as POOL_CHECKS
from portal.checks import DIFFERENT, ID_OF_FINDING, NOT_READ
from tests import aws_cli
from tests.people import SMS, Pool

DOC = Path(__file__).parents[2] / "docs/check-pool.md"
KEPT = {"AttributesRequireVerificationBeforeUpdate": ["phone_number", "email"]}
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com",
}


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
        done = aws_cli.run(operation, *arguments, url=self.pool.server.url, home=self.home)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def doctor(pool: Pool, settings: Settings, tmp_path: Path) -> Doctor:
    return Doctor(pool, settings, tmp_path)


Spoil = Callable[[Doctor], object]
LINES: dict[str, tuple[Level, Spoil]] = {
    "client.scopes": (
        Level.BLOCKER, lambda d: d.change_client(AllowedOAuthScopes=["openid", "email"])
    ),
    "client.code-grant": (Level.BLOCKER, lambda d: d.change_client(AllowedOAuthFlows=["implicit"])),
    "client.callback-url": (
        Level.BLOCKER, lambda d: d.change_client(CallbackURLs=["https://elsewhere.example/"])
    ),
    "client.sign-out-url": (Level.BLOCKER, lambda d: d.change_client(LogoutURLs=[])),
    "client.providers": (
        Level.BLOCKER, lambda d: d.change_client(SupportedIdentityProviders=[])
    ),
    "client.revocation": (Level.BLOCKER, lambda d: d.change_client(EnableTokenRevocation=False)),
    "client.rotation": (
        Level.WARNING, lambda d: d.change_client(RefreshTokenRotation={"Feature": "ENABLED"})
    ),
    "client.readable-attributes": (
        Level.WARNING, lambda d: d.change_client(ReadAttributes=["email", "name"])
    ),
    "client.writable-attributes": (
        Level.WARNING, lambda d: d.change_client(WriteAttributes=["name"])
    ),
    "client.existence-errors": (
        Level.WARNING, lambda d: d.change_client(PreventUserExistenceErrors="LEGACY")
    ),
    "domain.exists": (Level.BLOCKER, lambda d: d.forget_domain()),
    "domain.managed-login": (
        Level.WARNING,
        lambda d: d.pool.admin.update_user_pool_domain(
            Domain=d.prefix, UserPoolId=d.id, ManagedLoginVersion=1
        ),
    ),
    "contact.kept-until-verified": (
        Level.BLOCKER,
        lambda d: d.change_pool(UserAttributeUpdateSettings={}, AutoVerifiedAttributes=[]),
    ),
    "factor.email": (Level.BLOCKER, lambda d: _email_without_own_sender(d)),
    "passkeys.relying-party": (Level.BLOCKER, lambda d: d.passkeys("old.example.com")),
    "passkeys.way-back": (Level.WARNING, lambda d: _no_way_back(d)),
}  # fmt: skip


# Mended, passkeys belong to managed login's name, and the portal shows the way there.
LINK_MODE = {"passkeys.relying-party": "WARNING"}


def _no_way_back(doctor: Doctor) -> None:
    doctor.passkeys(f"{doctor.prefix}.auth.eu-central-1.amazoncognito.com")
    doctor.change_client(CallbackURLs=[doctor.callback_url])


def _email_without_own_sender(doctor: Doctor) -> None:
    doctor.pool.set_mfa("OPTIONAL", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    doctor.change_pool(EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT"})


def test_a_pool_in_which_all_is_well(doctor: Doctor) -> None:
    assert doctor.not_well() == {}
    code, out = doctor.run()
    assert code == 0
    assert "aws cognito-idp" not in out


@pytest.mark.parametrize("name", LINES)
def test_the_line_mends_what_was_found_and_nothing_else(doctor: Doctor, name: str) -> None:
    level, spoil = LINES[name]
    spoil(doctor)
    found = doctor.findings()[name]
    assert found["level"] == level
    code, out = doctor.run()
    assert code == (1 if level is Level.BLOCKER else 0)
    assert found["fix"] in out
    doctor.follow(found["fix"])
    assert doctor.not_well() == (LINK_MODE if name.startswith("passkeys.") else {})


def test_all_lines_in_a_row_do_not_undo_one_another(doctor: Doctor) -> None:
    together = [n for n in LINES if n not in {"factor.email", "domain.managed-login"}]
    for name in together:
        if name != "passkeys.way-back":  # Missing with the callback URL already.
            LINES[name][1](doctor)
    found = doctor.findings()
    assert all(found[name]["level"] != "OK" for name in together)
    lines = dict.fromkeys(found[name]["fix"] for name in together)
    assert len(lines) == 4  # one for each operation
    for line in lines:
        doctor.follow(line)
    assert doctor.not_well() == LINK_MODE


def test_recovery_by_email_only_is_mended_where_email_is_a_factor(doctor: Doctor) -> None:
    doctor.pool.set_mfa("OPTIONAL", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    only = [{"Priority": 1, "Name": "verified_email"}]
    doctor.change_pool(AccountRecoverySetting={"RecoveryMechanisms": only})
    found = doctor.findings()["factor.email"]
    assert found["level"] == "BLOCKER"
    doctor.follow(found["fix"])
    assert doctor.not_well() == {}


ADVICE: dict[str, tuple[Level, Spoil]] = {
    "mfa.mode": (Level.WARNING, lambda d: d.pool.set_mfa("OFF")),
    "plan": (Level.WARNING, lambda d: d.change_pool(UserPoolTier="LITE")),
    "recovery": (
        Level.WARNING,
        lambda d: d.change_pool(
            AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}
        ),
    ),
    "passkeys.relying-party": (
        Level.WARNING,
        lambda d: d.passkeys(f"{d.prefix}.auth.eu-central-1.amazoncognito.com"),
    ),
    "mfa.by-risk": (Level.WARNING, lambda d: _risk_in_a_required_pool(d)),
    "tokens.issuer": (
        Level.BLOCKER,
        lambda d: d.change_pool(IssuerConfiguration={"Type": "UPDATED"}),
    ),
    "client.code-grant": (
        Level.BLOCKER,
        lambda d: d.change_client(AllowedOAuthFlows=["client_credentials"]),
    ),
    "client.secret": (
        Level.BLOCKER,
        lambda d: setattr(
            d.settings, "COGNITO", replace(d.settings.COGNITO, client_secret="another")
        ),
    ),
    "domain.exists": (Level.BLOCKER, lambda d: _domain_of_another_pool(d)),
}


def _risk_in_a_required_pool(doctor: Doctor) -> None:
    doctor.pool.set_mfa("ON", "SOFTWARE_TOKEN_MFA")
    doctor.settings.COGNITO_MFA_BY_RISK = True


def _domain_of_another_pool(doctor: Doctor) -> None:
    doctor.forget_domain()
    other = doctor.pool.admin.create_user_pool(PoolName="other")["UserPool"]["Id"]
    doctor.pool.admin.create_user_pool_domain(Domain=doctor.prefix, UserPoolId=other)


@pytest.mark.parametrize("name", ADVICE)
def test_what_no_line_can_mend_is_told_with_what_to_do(doctor: Doctor, name: str) -> None:
    level, spoil = ADVICE[name]
    spoil(doctor)
    found = doctor.findings()[name]
    assert found["level"] == level
    assert found["fix"]
    assert not found["fix"].startswith("aws ")


def test_risk_needs_a_plan_and_a_protection_that_is_on(doctor: Doctor) -> None:
    doctor.settings.COGNITO_MFA_BY_RISK = True
    assert doctor.findings()["mfa.by-risk"]["level"] == "WARNING"
    doctor.change_pool(UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
    assert doctor.findings()["mfa.by-risk"]["level"] == "OK"


def test_passkeys_of_a_pool_that_names_no_relying_party(doctor: Doctor) -> None:
    doctor.change_pool(
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    )
    assert doctor.not_well() == LINK_MODE


@pytest.mark.parametrize(
    ("sender", "level"),
    [
        ({}, Level.BLOCKER),
        ({"SnsCallerArn": "arn:aws:iam::123456789012:role/sns"}, Level.OK),
        ({"EumsSms": {"CallerArn": "arn:aws:iam::123456789012:role/eums"}}, Level.OK),
    ],
)
def test_who_sends_text_messages(sender: dict[str, Any], level: Level) -> None:
    portal = Portal("r", "p", "c", "https://a.example", "https://b.example", "", "")
    answers = {
        "GetUserPoolMfaConfig": {
            "MfaConfiguration": "ON",
            "SmsMfaConfiguration": {"SmsConfiguration": sender},
        },
        "DescribeUserPool": {},
    }
    found = {finding.id: finding for finding in findings(Seen(portal, answers), POOL_CHECKS)}
    assert found["factor.sms"].level is level


# --- what can't be read ---


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "GetUserPoolMfaConfig",
        "DescribeUserPoolDomain",
        "GetUserPoolSessionConfiguration",
    ],
)
def test_what_may_not_be_read_is_said_with_the_permission(doctor: Doctor, operation: str) -> None:
    doctor.pool.server.faults.add(
        Fault(operation, answer="error", code="AccessDeniedException", status=400, times=None)
    )
    unknown = [f for f in doctor.findings().values() if f["level"] == "UNKNOWN"]
    assert unknown
    assert all(f"cognito-idp:{operation}" in f["fix"] for f in unknown)
    assert doctor.run()[0] == 0


def test_a_pool_of_which_nothing_can_be_read(doctor: Doctor) -> None:
    doctor.pool.server.faults.add(
        Fault("*", answer="error", code="AccessDeniedException", status=400, times=None)
    )
    code, out = doctor.run()
    assert code == 2
    assert "AccessDeniedException" in out


def test_a_client_that_is_not_there_is_a_blocker(doctor: Doctor) -> None:
    doctor.settings.COGNITO = replace(doctor.settings.COGNITO, client_id="nobodys")
    code, out = doctor.run()
    assert code == 1
    assert "look at COGNITO_REGION, COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID" in out


def test_a_pool_that_does_not_answer(doctor: Doctor) -> None:
    doctor.settings.COGNITO = replace(
        doctor.settings.COGNITO, endpoint_url="http://127.0.0.1:9", domain="http://localhost:9"
    )
    code, out = doctor.run()
    assert code == 2
    assert "Run this again" in out


def test_the_secret_is_never_shown(doctor: Doctor) -> None:
    made = doctor.pool.admin.create_user_pool_client(
        UserPoolId=doctor.id, ClientName="with a secret", GenerateSecret=True
    )["UserPoolClient"]
    doctor.settings.COGNITO = replace(
        doctor.settings.COGNITO, client_id=made["ClientId"], client_secret=made["ClientSecret"]
    )
    assert doctor.findings()["client.secret"]["level"] == "OK"
    for arguments in ((), ("--json",)):
        assert made["ClientSecret"] not in doctor.run(*arguments)[1]


def test_a_local_pool_needs_no_domain(doctor: Doctor) -> None:
    doctor.settings.COGNITO = doctor.pool.config
    assert doctor.findings()["domain.exists"]["level"] == "OK"


# --- the settings ---


def test_settings_that_say_something_else_are_found(doctor: Doctor) -> None:
    doctor.settings.COGNITO_MFA = "ON"
    doctor.settings.COGNITO_MFA_FACTORS = ("totp", "sms")
    doctor.settings.COGNITO_KEEPS_UNTIL_VERIFIED = ("phone", "email")
    found = doctor.findings()[DIFFERENCE]
    assert found["level"] == "WARNING"
    assert "COGNITO_MFA says ON, the pool says OPTIONAL" in found["why"]
    messages = run_checks(tags=["pool"], include_deployment_checks=True)
    assert [m.msg for m in messages if m.id == DIFFERENT] == [
        "COGNITO_MFA says ON, the pool says OPTIONAL."
    ]
    assert not [m for m in run_checks(tags=["pool"]) if m.id == DIFFERENT]
    doctor.settings.COGNITO_MFA = "OPTIONAL"
    assert doctor.findings()[DIFFERENCE]["level"] == "OK"


def test_a_pool_that_cannot_be_read_is_no_difference(doctor: Doctor) -> None:
    doctor.settings.COGNITO_MFA = "OPTIONAL"
    doctor.settings.COGNITO_MFA_FACTORS = ("totp", "sms")
    doctor.pool.server.faults.add(
        Fault(
            "GetUserPoolMfaConfig", answer="error", code="AccessDeniedException", status=400,
            times=None,
        )
    )  # fmt: skip
    assert doctor.findings()[DIFFERENCE]["level"] == "UNKNOWN"
    messages = run_checks(tags=["pool"], include_deployment_checks=True)
    assert NOT_READ in [m.id for m in messages]


def test_the_settings_alone_are_checked_without_the_network(doctor: Doctor) -> None:
    doctor.pool.server.calls.clear()
    assert run_checks(tags=["pool"]) == []
    doctor.settings.COGNITO_MFA = "ON"
    doctor.settings.COGNITO_MFA_FACTORS = ("sms", "email")
    doctor.settings.COGNITO_TIER = "LITE"
    doctor.settings.COGNITO_PASSKEYS_RP_ID = "elsewhere.example"
    doctor.settings.COGNITO_MFA_BY_RISK = True
    found = {message.id for message in run_checks(tags=["pool"])}
    names = ("factor.email", "contact.kept-until-verified", "plan", "mfa.by-risk")
    assert {ID_OF_FINDING[name] for name in names} <= found
    assert ID_OF_FINDING["passkeys.relying-party"] in found
    assert len(doctor.pool.server.calls) == 0


def test_without_credentials_the_comparison_says_that_it_did_not_happen(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.checks.has_credentials", lambda: False)
    assert NOT_READ not in [m.id for m in run_checks(include_deployment_checks=True)]
    doctor.settings.COGNITO_MFA = "OFF"
    assert NOT_READ in [m.id for m in run_checks(include_deployment_checks=True)]


# --- as a program ---


@pytest.mark.parametrize(("scopes", "code"), [(["openid"], 1), (None, 0)])
def test_a_process_leaves_with_the_exit_code(
    doctor: Doctor, scopes: list[str] | None, code: int, tmp_path: Path
) -> None:
    if scopes:
        doctor.change_client(AllowedOAuthScopes=scopes)
    pool = doctor.pool.config
    done = subprocess.run(
        [sys.executable, "manage.py", "check_pool", "--json"],
        env={
            **aws_cli.environment(tmp_path),
            "PORTAL_URL": doctor.settings.PORTAL_URL,
            "PORTAL_SECRET_KEY": "of-this-test",
            "PORTAL_TOKEN_KEYS": "b2YtdGhpcy10ZXN0LW9mLXRoaXMtdGVzdC1vZi10ISE=",
            "PORTAL_DATABASE": str(tmp_path / "none.sqlite3"),
            "COGNITO_REGION": pool.region,
            "COGNITO_USER_POOL_ID": pool.pool_id,
            "COGNITO_CLIENT_ID": pool.client_id,
            "COGNITO_DOMAIN": pool.domain,
            "COGNITO_ENDPOINT_URL": pool.endpoint_url,
        },
        cwd=DOC.parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    levels = {f["id"]: f["level"] for f in json.loads(done.stdout)["findings"]}
    assert levels["client.scopes"] == ("BLOCKER" if scopes else "OK")


# --- what must stay true ---


def test_the_page_lists_every_finding(doctor: Doctor) -> None:
    names = {*doctor.findings(), DIFFERENCE}
    assert set(re.findall(r"^\| `([a-z.-]+)`", DOC.read_text(), re.M)) == names
    for name, number in ID_OF_FINDING.items():
        assert re.search(rf"^\| `{re.escape(name)}`.*`{number}`", DOC.read_text(), re.M)


@pytest.mark.parametrize("operation", CARRIED_OVER)
def test_every_member_that_an_update_would_reset_is_carried_over(operation: str) -> None:
    model = botocore.session.Session().get_service_model("cognito-idp")
    shape = model.operation_model(operation).input_shape
    assert shape is not None
    named_by_the_line = {"UserPoolId", "ClientId", "PoolName"}
    assert set(shape.members) - named_by_the_line == set(CARRIED_OVER[operation])
