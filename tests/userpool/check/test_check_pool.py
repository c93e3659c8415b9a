"""`manage.py check_pool` finds what is wrong, and each line that it prints mends it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.doctor import Doctor
from userpool.check.findings import Level, PoolSnapshot, PortalConfig, findings
from userpool.check.pool_checks import CHECKS as POOL_CHECKS
from userpool.facts import PoolFacts

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


def test_a_pool_in_which_all_is_well_has_no_findings_and_no_lines(doctor: Doctor) -> None:
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


def test_passkeys_without_a_named_relying_party_belong_to_the_domain(
    doctor: Doctor,
) -> None:
    doctor.change_pool(
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    )
    assert doctor.not_well() == LINK_MODE


def test_the_levels_of_a_sign_in_are_told_as_the_pool_names_them(doctor: Doctor) -> None:
    assert "standard names" in doctor.findings()["tokens.levels"]["what"]
    doctor.change_pool(AcrConfiguration={"Level4": {"AcrValue": "strong"}})
    assert doctor.findings()["tokens.levels"]["what"].endswith("Level4 strong.")
    doctor.change_pool(UserPoolTier="LITE")
    assert "only its time counts" in doctor.findings()["tokens.levels"]["what"]


@pytest.mark.parametrize(
    ("sender", "level"),
    [
        ({}, Level.BLOCKER),
        ({"SnsCallerArn": "arn:aws:iam::123456789012:role/sns"}, Level.OK),
        ({"EumsSms": {"CallerArn": "arn:aws:iam::123456789012:role/eums"}}, Level.OK),
    ],
)
def test_text_messages_need_a_role_that_lets_cognito_send_them(
    sender: dict[str, Any], level: Level
) -> None:
    portal = PortalConfig("r", "p", "c", "https://a.example", "https://b.example", "", "")
    answers = {
        "GetUserPoolMfaConfig": {
            "MfaConfiguration": "ON",
            "SmsMfaConfiguration": {"SmsConfiguration": sender},
        },
        "DescribeUserPool": {},
    }
    facts = PoolFacts("ON", frozenset({"SMS_MFA"}))
    snapshot = PoolSnapshot(portal, facts, answers)
    found = {finding.id: finding for finding in findings(snapshot, POOL_CHECKS)}
    assert found["factor.sms"].level is level
