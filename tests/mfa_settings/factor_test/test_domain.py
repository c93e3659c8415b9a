"""Which factors can be tested, how long an app makes it wait, and what a sign-in has shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mfa_settings.factor_test.domain import (
    SideSignInResult,
    Verdict,
    WayToTest,
    levels_to_ask_for,
    time_until_next_code,
    verdict_of,
    way_to_test,
    worth_testing,
)
from mfa_settings.factor_test.words import result_notice
from mfa_settings.preference.domain.rules import PreferenceChange
from signin.assurance import factors_used
from signin.domain import Failure
from userpool.policy import Mode, PasskeyConfig, Policy, Tier
from userpool.values import Factor, Preference, Status

APP, TEXT, EMAIL, PASSKEY = Factor.TOTP, Factor.SMS, Factor.EMAIL, Factor.PASSKEY
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALL = frozenset(Factor)
POOL = Policy(Mode.OPTIONAL, ALL, tier=Tier.ESSENTIALS, passkeys=PasskeyConfig("x.example", True))


def somebody(*on: Factor, first: Factor | None = None, ready: frozenset[Factor] = ALL) -> Status:
    return Status("ana", Preference(frozenset(on), first), ready=ready, reachable=ready)


@pytest.mark.parametrize(
    ("factor", "status", "policy", "expected"),
    [
        (APP, somebody(APP, first=APP), POOL, WayToTest.ASKED),
        (TEXT, somebody(TEXT), POOL, WayToTest.ASKED),
        (EMAIL, somebody(EMAIL, TEXT), POOL, WayToTest.CHOOSE),
        (APP, somebody(APP, TEXT, first=TEXT), POOL, WayToTest.BY_LEVEL),
        (
            APP,
            somebody(APP, TEXT, first=TEXT),
            replace(POOL, tier=Tier.LITE),
            WayToTest.ANOTHER_FIRST,
        ),
        (TEXT, somebody(APP, TEXT, first=APP), POOL, WayToTest.ANOTHER_FIRST),
        (APP, somebody(), POOL, WayToTest.OFF),
        (APP, somebody(ready=frozenset()), POOL, WayToTest.NOT_SET_UP),
        (TEXT, somebody(TEXT), replace(POOL, offered=frozenset({APP})), WayToTest.NOT_ASKED),
        (PASSKEY, somebody(PASSKEY, APP, first=APP), POOL, WayToTest.BUTTON),
        (PASSKEY, somebody(), POOL, WayToTest.BUTTON),
        (PASSKEY, somebody(APP, first=APP), POOL, WayToTest.OFF),
        (PASSKEY, somebody(), replace(POOL, passkeys=None), WayToTest.NOT_ASKED),
        (
            APP,
            replace(somebody(APP, first=APP), identity_provider="Okta"),
            POOL,
            WayToTest.ELSEWHERE,
        ),
    ],
    ids=[
        "first",
        "only-one",
        "one-of-several",
        "app-behind-another",
        "app-behind-another-on-lite",
        "text-behind-another",
        "off",
        "not-set-up",
        "no-longer-asked",
        "passkey-on",
        "passkey-and-nothing-on",
        "passkey-off-beside-another",
        "no-passkeys-in-the-pool",
        "another-organisation",
    ],
)
def test_whether_and_how_a_factor_can_be_tested(
    factor: Factor, status: Status, policy: Policy, expected: WayToTest
) -> None:
    assert way_to_test(factor, status=status, policy=policy) is expected


def test_a_level_is_asked_for_only_where_nothing_else_gets_to_the_app() -> None:
    asked = {way: levels_to_ask_for(way, POOL) for way in WayToTest}
    assert asked.pop(WayToTest.BY_LEVEL) == ("urn:cognito:loa:4",)
    assert set(asked.values()) == {()}


@pytest.mark.parametrize(
    ("used_at", "seconds"),
    [([], 0), ([-31], 0), ([-30], 0), ([-29], 1), ([-40, -10], 20), ([0], 30), ([5], 35)],
    ids=str,
)
def test_a_test_waits_until_the_app_shows_an_unused_code(used_at: list[int], seconds: int) -> None:
    moments = [NOON + timedelta(seconds=each) for each in used_at]
    assert time_until_next_code(moments, now=NOON) == timedelta(seconds=seconds)


BACK = SideSignInResult(
    started_at=NOON,
    own_auth_time=NOON - timedelta(minutes=3),
    same_person=True,
    auth_time=NOON + timedelta(seconds=20),
    amr=("pwd", "otp", "mfa"),
)


@pytest.mark.parametrize(
    ("factor", "amr"),
    [
        (APP, ("pwd", "otp", "mfa")),
        (TEXT, ("pwd", "sms", "mfa")),
        (EMAIL, ("email_otp", "pwd", "mfa")),
        (PASSKEY, ("swk",)),
        (PASSKEY, ("hwk",)),
    ],
    ids=["app", "text", "email", "passkey-of-the-device", "security-key"],
)
def test_only_its_own_method_proves_a_factor(factor: Factor, amr: tuple[str, ...]) -> None:
    assert verdict_of(factor, replace(BACK, amr=amr)) is Verdict.WORKED
    assert factors_used(amr) == {factor}
    for other in ALL - {factor}:
        assert verdict_of(other, replace(BACK, amr=amr)) is Verdict.NOT_ASKED


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (replace(BACK, failure=Failure.CANCELLED), Verdict.CANCELLED),
        (replace(BACK, failure=Failure.REFUSED), Verdict.CANCELLED),
        (replace(BACK, failure=Failure.NOT_VERIFIED), Verdict.FAILED),
        (replace(BACK, auth_time=None), Verdict.FAILED),
        (replace(BACK, same_person=False), Verdict.SOMEBODY_ELSE),
        (replace(BACK, auth_time=NOON - timedelta(seconds=61)), Verdict.OLD_SIGN_IN),
        (replace(BACK, auth_time=NOON - timedelta(seconds=59)), Verdict.WORKED),
        (
            replace(BACK, own_auth_time=NOON, auth_time=NOON),
            Verdict.OLD_SIGN_IN,
        ),
        (replace(BACK, amr=()), Verdict.NOT_SAID),
        (replace(BACK, amr=("pwd",)), Verdict.NOT_ASKED),
        (replace(BACK, amr=("mfa",)), Verdict.NOT_ASKED),
        (replace(BACK, same_person=False, amr=()), Verdict.SOMEBODY_ELSE),
    ],
    ids=[
        "cancelled",
        "refused",
        "not-verified",
        "nothing-said",
        "somebody-else",
        "before-the-start",
        "clocks-apart",
        "the-portals-own-sign-in",
        "methods-not-said",
        "password-alone",
        "unnamed-methods",
        "somebody-else-on-lite",
    ],
)
def test_the_claims_of_the_sign_in_alone_decide_the_verdict(
    back: SideSignInResult, expected: Verdict
) -> None:
    assert verdict_of(APP, back) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "SOFTWARE_TOKEN_MFA*", APP),
        ("SOFTWARE_TOKEN_MFA*", "SOFTWARE_TOKEN_MFA,SMS_MFA*", TEXT),
        ("SMS_MFA*", "SOFTWARE_TOKEN_MFA,SMS_MFA", APP),
        ("SMS_MFA*", "SOFTWARE_TOKEN_MFA,SMS_MFA*", APP),
        ("SOFTWARE_TOKEN_MFA*", "SOFTWARE_TOKEN_MFA*,SMS_MFA", None),
        ("SOFTWARE_TOKEN_MFA*,SMS_MFA", "SMS_MFA*", TEXT),
        ("SMS_MFA*", "", None),
    ],
    ids=str,
)
def test_which_factor_a_change_makes_worth_testing(
    before: str, after: str, expected: Factor | None
) -> None:
    change = PreferenceChange(Preference.parse(before), Preference.parse(after))
    status = Status("ana", change.after, ready=ALL, reachable=ALL)
    assert worth_testing(change, status=status, policy=POOL) is expected


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("factor", list(Factor))
@pytest.mark.parametrize("way", list(WayToTest))
def test_every_verdict_has_a_title_and_sentences(
    verdict: Verdict, factor: Factor, way: WayToTest
) -> None:
    for amr in (["pwd"], ["pwd", "sms", "mfa"], ["swk"]):
        notice = result_notice(verdict, factor=factor, amr=amr, way=way)
        assert notice.title
        assert all(str(sentence).endswith(".") for sentence in notice.sentences)
        assert notice.sentences
