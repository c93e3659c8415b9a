"""The policy that the portal reads from a pool, or from the settings in its place."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from localpool.wire.faults import Fault
from tests.people import Pool
from userpool import service
from userpool.facts import PoolFacts, policy_of
from userpool.policy import STANDARD_ACR_NAMES, DeviceTracking, Mode, Obstacle, Tier
from userpool.service import facts_of_settings, read_facts, read_policy
from userpool.values import Attribute, Factor

EMAIL_POOL = PoolFacts("OPTIONAL", frozenset({"EMAIL_OTP", "SOFTWARE_TOKEN_MFA"}))


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        (replace(EMAIL_POOL, tier="LITE"), Obstacle.TIER),
        (replace(EMAIL_POOL, sends_own_email=False), Obstacle.OWN_SENDER_MISSING),
        (replace(EMAIL_POOL, recovery=("verified_email",)), Obstacle.RECOVERY_BY_EMAIL_ONLY),
        (replace(EMAIL_POOL, tier="ESSENTIALS", recovery=("verified_email", "admin_only")), None),
        (EMAIL_POOL, None),
    ],
)
def test_email_is_offered_only_where_the_pool_can_send_it(
    facts: PoolFacts, obstacle: Obstacle | None
) -> None:
    policy = policy_of(facts)
    assert policy.obstacles.get(Factor.EMAIL) is obstacle
    assert (Factor.EMAIL in policy.offered) is (obstacle is None)
    assert Factor.TOTP in policy.offered


def test_passkeys_need_more_than_the_lite_plan() -> None:
    facts = PoolFacts(
        "OPTIONAL", frozenset({"SMS_MFA", "WEB_AUTHN"}), relying_party_id="auth.example.com"
    )
    passkeys = policy_of(facts).passkeys
    assert passkeys
    assert (passkeys.relying_party_id, passkeys.counts_as_factor) == ("auth.example.com", True)
    lite = policy_of(replace(facts, tier="LITE"))
    assert lite.passkeys is None
    assert lite.offered == {Factor.SMS}


@pytest.mark.parametrize(
    ("recovery", "reset_channels"),
    [
        (None, None),
        ((), frozenset(Attribute)),
        (("verified_email", "verified_phone_number"), frozenset(Attribute)),
        (("verified_phone_number",), frozenset({Attribute.PHONE})),
        (("admin_only",), frozenset[Attribute]()),
    ],
)
def test_the_pools_recovery_tells_which_attributes_reset_a_password(
    recovery: tuple[str, ...] | None, reset_channels: frozenset[Attribute] | None
) -> None:
    assert policy_of(replace(EMAIL_POOL, recovery=recovery)).reset_channels == reset_channels


def test_risk_is_asked_about_only_where_mfa_is_optional() -> None:
    assert policy_of(replace(EMAIL_POOL, adaptive=True)).adaptive
    assert not policy_of(replace(EMAIL_POOL, adaptive=True, mode="ON")).adaptive


names = st.frozensets(st.sampled_from(["SMS_MFA", "EMAIL_OTP", "WEB_AUTHN", "CARRIER_PIGEON"]))


@given(
    facts=st.builds(
        PoolFacts,
        mode=st.sampled_from(list(Mode)).map(str),
        switched_on=names,
        relying_party_id=st.none() | st.just("auth.example.com"),
        tier=st.sampled_from(["", "LITE", "ESSENTIALS", "PLUS", "TITANIUM"]),
        recovery=st.none() | st.lists(st.sampled_from(["verified_email", "by_owl"])).map(tuple),
        devices_known=st.booleans(),
        device_prompt=st.none() | st.booleans(),
    )
)
def test_no_pool_offers_what_it_can_not_do(facts: PoolFacts) -> None:
    policy = policy_of(facts)
    assert not policy.offered & set(policy.obstacles)
    assert policy.mode is not Mode.OFF or not (policy.offered or policy.obstacles)
    assert Factor.PASSKEY not in policy.offered or policy.passkeys


def configure(pool: Pool, **settings: object) -> None:
    """UpdateUserPool replaces everything, so what the pool was made with is said again."""
    described = pool.admin.describe_user_pool(UserPoolId=pool.config.pool_id)["UserPool"]
    kept = {k: described[k] for k in ("SmsConfiguration", "EmailConfiguration")}
    pool.admin.update_user_pool(
        UserPoolId=pool.config.pool_id, MfaConfiguration="OPTIONAL", **kept, **settings
    )
    cache.clear()


@pytest.mark.django_db
def test_the_pool_is_asked_for_all_that_matters_to_its_people(pool: Pool) -> None:
    configure(
        pool,
        UserPoolTier="PLUS",
        AutoVerifiedAttributes=["email"],
        UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        AccountRecoverySetting={
            "RecoveryMechanisms": [
                {"Name": "verified_phone_number", "Priority": 2},
                {"Name": "verified_email", "Priority": 1},
            ]
        },
        DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": True},
    )
    facts = read_facts()
    assert facts.recovery == ("verified_email", "verified_phone_number")
    policy = read_policy()
    assert policy.tier is Tier.PLUS
    assert policy.verified_by_itself == {Attribute.EMAIL}
    assert policy.verified_before_update == {Attribute.EMAIL}
    assert policy.devices is DeviceTracking.ASK
    configure(pool, DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
    assert read_policy().devices is DeviceTracking.ALWAYS
    configure(pool)
    assert read_policy().devices is DeviceTracking.OFF


@pytest.mark.django_db
def test_the_policy_is_built_once_and_then_read_from_the_cache(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = read_policy()
    monkeypatch.setattr(service, "policy_of", None)
    pool.server.calls.clear()
    assert read_policy() == policy
    assert pool.server.calls.names() == []


@pytest.mark.django_db
def test_the_pool_names_the_levels_of_a_sign_in(pool: Pool) -> None:
    assert read_policy().acr_names == STANDARD_ACR_NAMES
    configure(pool, AcrConfiguration={"Level4": {"AcrValue": "strong"}})
    assert read_policy().acr_names == {**STANDARD_ACR_NAMES, 4: "strong"}


@pytest.mark.django_db
def test_a_role_that_may_not_describe_the_pool_still_serves(pool: Pool) -> None:
    pool.server.faults.add(
        Fault("DescribeUserPool", answer="error", status=400, code="AccessDeniedException")
    )
    policy = read_policy()
    assert policy.offered == {Factor.SMS, Factor.TOTP}
    assert (policy.tier, policy.reset_channels, policy.devices) == (None, None, None)


@pytest.mark.django_db
def test_settings_say_the_same_as_the_pool_would(settings: Settings, pool: Pool) -> None:
    settings.COGNITO_MFA = "OPTIONAL"
    settings.COGNITO_MFA_FACTORS = ("totp", "email", "passkey")
    settings.COGNITO_TIER = "ESSENTIALS"
    settings.COGNITO_RECOVERY = ("phone", "admin_only")
    settings.COGNITO_KEEPS_UNTIL_VERIFIED = ("phone",)
    settings.COGNITO_PASSKEYS_RP_ID = "auth.example.com"
    settings.COGNITO_DEVICES = "always"
    settings.COGNITO_MFA_BY_RISK = True
    assert read_policy().acr_names == STANDARD_ACR_NAMES
    settings.COGNITO_ACR_NAMES = ("one", "two", "three", "four")
    pool.server.calls.clear()
    policy = read_policy()
    assert pool.server.calls.names() == []
    assert policy.offered == {Factor.TOTP, Factor.EMAIL, Factor.PASSKEY}
    assert policy.reset_channels == frozenset({Attribute.PHONE})
    assert policy.verified_before_update == {Attribute.PHONE}
    assert policy.devices is DeviceTracking.ALWAYS
    assert policy.adaptive
    assert policy.acr_names == {1: "one", 2: "two", 3: "three", 4: "four"}
    assert facts_of_settings().recovery == ("verified_phone_number", "admin_only")
