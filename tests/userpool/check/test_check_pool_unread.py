"""`manage.py check_pool`: unreadable pools, settings that differ, the process, the page."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import botocore.session
import pytest
from django.core.checks import run_checks

from localpool.wire.faults import Fault
from portal.checks import DIFFERENT, ID_OF_FINDING, NOT_READ
from tests import aws_cli
from tests.doctor import Doctor
from userpool.check.fixes import CARRIED_OVER
from userpool.check.service import DIFFERENCE

DOC = Path(__file__).parents[3] / "docs/check-pool.md"

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


def test_the_exit_code_is_2_when_nothing_can_be_read(doctor: Doctor) -> None:
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


def test_a_pool_that_does_not_answer_is_to_be_read_again(doctor: Doctor) -> None:
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


def test_settings_without_the_pools_own_names_of_levels_differ(doctor: Doctor) -> None:
    doctor.settings.COGNITO_MFA = "OPTIONAL"
    doctor.settings.COGNITO_MFA_FACTORS = ("totp", "sms")
    doctor.settings.COGNITO_KEEPS_UNTIL_VERIFIED = ("phone", "email")
    doctor.change_pool(AcrConfiguration={"Level1": {"AcrValue": "basic"}})
    names = [f"urn:cognito:loa:{level}" for level in (2, 3, 4)]
    pool = " ".join(["basic", *names])
    found = doctor.findings()[DIFFERENCE]["why"]
    assert found.startswith("COGNITO_ACR_NAMES says urn:cognito:loa:1 ")
    assert found.endswith(f"the pool says {pool}.")
    doctor.settings.COGNITO_ACR_NAMES = tuple(pool.split())
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
