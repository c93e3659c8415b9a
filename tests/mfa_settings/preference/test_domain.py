"""The rules, for every preference, status and policy that hypothesis can think of."""

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mfa_settings.preference.domain.factor_views import FactorState, factor_views
from mfa_settings.preference.domain.password_reset import reset_channels
from mfa_settings.preference.domain.rules import (
    PreferenceChange,
    Refused,
    Rule,
    Violation,
    plan,
    with_implied_preference,
)
from mfa_settings.preference.words.sentences import violation_sentence
from tests.mfa_settings.strategies import (
    held_preferences,
    likely_wishes,
    policies,
    preferences,
    statuses,
)
from userpool.next_sign_in import Asked, effective_preference, next_sign_in_with
from userpool.policy import Mode, Policy
from userpool.values import Attribute, Factor, Preference, Status

APP, TEXT, EMAIL, PASSKEY = Factor.TOTP, Factor.SMS, Factor.EMAIL, Factor.PASSKEY
EVERYTHING = frozenset(Factor)
OPTIONAL = Policy(Mode.OPTIONAL, EVERYTHING)
REQUIRED = Policy(Mode.ON, EVERYTHING)


def on(*factors: Factor, first: Factor | None = None) -> Preference:
    return Preference(frozenset(factors), first)


def person(preference: Preference, *ready: Factor, identity_provider: str = "") -> Status:
    return Status(
        "ana",
        preference,
        ready=frozenset(ready),
        reachable=frozenset(ready),
        identity_provider=identity_provider,
    )


def rules_against(wanted: Preference, status: Status, policy: Policy) -> list[Violation]:
    planned = plan(wanted=wanted, status=status, policy=policy)
    assert isinstance(planned, Refused)
    return list(planned.violations)


# --- the rules, one by one ---


def test_a_person_of_another_identity_provider_can_change_nothing() -> None:
    status = person(on(), APP, identity_provider="ExampleCorp")
    assert rules_against(on(APP, first=APP), status, OPTIONAL) == [
        Violation(Rule.MANAGED_ELSEWHERE)
    ]


def test_a_factor_that_the_pool_does_not_offer_can_not_be_turned_on() -> None:
    policy = Policy(Mode.OPTIONAL, frozenset({TEXT}))
    assert rules_against(on(APP), person(on(), APP), policy) == [Violation(Rule.NOT_OFFERED, APP)]


def test_a_factor_that_the_pool_does_not_offer_can_not_become_the_preferred_one() -> None:
    policy = Policy(Mode.OPTIONAL, frozenset({APP}))
    status = person(on(APP, TEXT, first=APP), APP, TEXT)
    assert rules_against(on(APP, TEXT, first=TEXT), status, policy) == [
        Violation(Rule.NOT_OFFERED, TEXT)
    ]


def test_a_factor_that_the_pool_no_longer_offers_can_be_turned_off() -> None:
    policy = Policy(Mode.OPTIONAL, frozenset({APP}))
    status = person(on(APP, TEXT, first=TEXT), APP, TEXT)
    assert isinstance(
        plan(wanted=on(APP, first=APP), status=status, policy=policy), PreferenceChange
    )


def test_a_factor_that_is_not_ready_can_not_be_turned_on() -> None:
    assert rules_against(on(TEXT), person(on()), OPTIONAL) == [Violation(Rule.NOT_READY, TEXT)]


def test_a_factor_that_is_off_can_not_be_preferred() -> None:
    status = person(on(TEXT, first=TEXT), APP, TEXT)
    assert rules_against(on(TEXT, first=APP), status, OPTIONAL) == [
        Violation(Rule.PREFERRED_IS_OFF, APP)
    ]


def test_a_passkey_can_not_be_preferred() -> None:
    status = person(on(APP, PASSKEY), APP, PASSKEY)
    assert rules_against(on(APP, PASSKEY, first=PASSKEY), status, OPTIONAL) == [
        Violation(Rule.NOT_PREFERABLE, PASSKEY)
    ]


def test_a_passkey_can_not_be_the_only_factor() -> None:
    status = person(on(APP, PASSKEY, first=APP), APP, PASSKEY)
    assert rules_against(on(PASSKEY), status, OPTIONAL) == [Violation(Rule.PASSKEY_ALONE)]


def test_the_last_factor_of_a_required_pool_stays_on() -> None:
    status = person(on(APP, first=APP), APP)
    assert rules_against(on(), status, REQUIRED) == [
        Violation(Rule.LAST_FACTOR_STAYS),
        Violation(Rule.REQUIRED_STAYS_ON, APP),
    ]


def test_a_required_pool_allows_no_switch_to_move() -> None:
    status = person(on(APP, TEXT, first=APP), APP, TEXT)
    assert rules_against(on(APP, first=APP), status, REQUIRED) == [
        Violation(Rule.REQUIRED_STAYS_ON, TEXT)
    ]


def test_a_required_pool_allows_the_preference_to_move() -> None:
    status = person(on(APP, TEXT, first=APP), APP, TEXT)
    planned = plan(wanted=on(APP, TEXT, first=TEXT), status=status, policy=REQUIRED)
    assert isinstance(planned, PreferenceChange)
    assert planned.settings(EVERYTHING) == {TEXT: (True, True), APP: (True, False)}


def test_every_broken_rule_is_named_at_once() -> None:
    policy = Policy(Mode.OPTIONAL, frozenset({TEXT}))
    assert rules_against(on(APP, TEXT, first=EMAIL), person(on()), policy) == [
        Violation(Rule.NOT_OFFERED, APP),
        Violation(Rule.NOT_OFFERED, EMAIL),
        Violation(Rule.NOT_READY, APP),
        Violation(Rule.NOT_READY, TEXT),
        Violation(Rule.NOT_READY, EMAIL),
        Violation(Rule.PREFERRED_IS_OFF, EMAIL),
    ]


def test_a_required_pool_counts_every_ready_factor_as_on_even_if_getuser_lists_none() -> None:
    status = person(on(), APP, TEXT, PASSKEY)
    assert effective_preference(status, REQUIRED) == on(APP, TEXT)
    assert effective_preference(status, OPTIONAL) == on()


def test_a_pool_whose_mfa_is_off_offers_nothing() -> None:
    assert Policy(Mode.OFF, EVERYTHING).offered == frozenset()


def test_one_factor_that_is_on_can_not_lose_its_preference() -> None:
    status = person(on(APP, first=APP), APP, TEXT)
    assert rules_against(on(APP), status, OPTIONAL) == [Violation(Rule.CHOICE_NEEDS_TWO)]


def test_an_unproved_number_is_not_asked_first_even_where_text_messages_are_on() -> None:
    status = person(on(APP, TEXT, first=APP), APP)
    unproved = [Violation(Rule.NOT_READY, TEXT)]
    assert rules_against(on(APP, TEXT, first=TEXT), status, OPTIONAL) == unproved
    # Left alone it would be asked for as well, so the app stays until it is off or proved.
    assert rules_against(on(TEXT, first=TEXT), status, OPTIONAL) == unproved
    app = next(view for view in factor_views(status, OPTIONAL) if view.factor is APP)
    assert app.locked_by == unproved[0]


def test_a_factor_that_the_pool_would_refuse_gives_up_its_preference_without_a_block() -> None:
    change = PreferenceChange(on(APP, TEXT, first=TEXT), on(APP, TEXT, first=APP))
    assert change.settings(frozenset({APP})) == {APP: (True, True)}
    # Where no other block would move the preference, its own has to.
    to_each_time = PreferenceChange(on(APP, TEXT, first=TEXT), on(APP, TEXT))
    assert to_each_time.settings(frozenset({APP})) == {TEXT: (True, False)}


# --- the rules, all together ---


@given(wish=likely_wishes())
def test_an_allowed_change_keeps_every_promise(
    wish: tuple[Preference, Status, Policy],
) -> None:
    wanted, status, policy = wish
    planned = plan(wanted=wanted, status=status, policy=policy)
    assume(isinstance(planned, PreferenceChange) and not planned.is_empty)
    assert isinstance(planned, PreferenceChange)
    after = planned.after
    assert not status.identity_provider
    assert after.preferred is None or after.preferred in after.enabled - {PASSKEY}
    assert planned.turned_on <= status.ready & policy.offered
    assert after.enabled != {PASSKEY}
    if policy.mode is Mode.ON:
        assert not planned.turned_off
    before = planned.before
    if before.enabled and policy.mode is Mode.ON:
        assert after.enabled


@given(wish=likely_wishes())
@example(
    # Where MFA is required an app counts that was never set, and no other block moves.
    wish=(
        Preference(frozenset({Factor.TOTP, PASSKEY})),
        Status(
            "ana",
            Preference(),
            ready=frozenset({Factor.TOTP, PASSKEY}),
            reachable=frozenset({Factor.TOTP}),
        ),
        Policy(Mode.ON, EVERYTHING),
    )
)
def test_only_pairs_that_change_are_sent_and_they_lead_to_what_was_wanted(
    wish: tuple[Preference, Status, Policy],
) -> None:
    wanted, status, policy = wish
    planned = plan(wanted=wanted, status=status, policy=policy)
    assume(isinstance(planned, PreferenceChange))
    assert isinstance(planned, PreferenceChange)
    before, settings = planned.before, planned.settings(EVERYTHING)
    assert bool(settings) is not planned.is_empty
    held = {f: (f in before.enabled, f is before.preferred) for f in Factor}
    unmoved = [factor for factor, pair in settings.items() if held[factor] == pair]
    # A passkey that is turned on takes one block along: Cognito wants another factor beside it.
    assert len(unmoved) <= (PASSKEY in planned.turned_on)
    held |= settings
    assert {f for f, (enabled, _) in held.items() if enabled} == planned.after.enabled
    assert [f for f, (_, first) in held.items() if first] == [
        f for f in [planned.after.preferred] if f
    ]


@given(wish=likely_wishes())
def test_no_call_ever_prefers_two_factors(
    wish: tuple[Preference, Status, Policy],
) -> None:
    wanted, status, policy = wish
    planned = plan(wanted=wanted, status=status, policy=policy)
    assume(isinstance(planned, PreferenceChange))
    assert isinstance(planned, PreferenceChange)
    assert sum(first for _, first in planned.settings(EVERYTHING).values()) <= 1


@given(status=statuses, policy=policies)
def test_wanting_what_is_so_is_never_refused(status: Status, policy: Policy) -> None:
    planned = plan(wanted=effective_preference(status, policy), status=status, policy=policy)
    assert isinstance(planned, PreferenceChange)
    assert planned.is_empty


@given(status=statuses, policy=policies)
def test_a_switch_that_is_not_locked_can_be_moved(status: Status, policy: Policy) -> None:
    now = effective_preference(status, policy)
    for view in factor_views(status, policy):
        wanted = with_implied_preference(
            wanted=Preference(now.enabled ^ {view.factor}, now.preferred), now=now, policy=policy
        )
        if wanted.preferred and wanted.preferred not in wanted.enabled:
            wanted = Preference(wanted.enabled, None)
        if wanted.enabled == {PASSKEY}:
            continue
        planned = plan(wanted=wanted, status=status, policy=policy)
        assert isinstance(planned, PreferenceChange) is (view.locked_by is None)


@given(status=statuses, policy=policies)
def test_every_factor_that_is_on_is_shown(status: Status, policy: Policy) -> None:
    shown = {view.factor for view in factor_views(status, policy)}
    assert shown >= effective_preference(status, policy).enabled | policy.offered


@given(preference=held_preferences)
def test_a_preference_survives_being_written_down(preference: Preference) -> None:
    assert Preference.parse(str(preference)) == preference


@given(text=st.text(alphabet="SMOFTWARE_KNL,* ", max_size=40))
def test_anything_else_is_not_read_as_a_preference(text: str) -> None:
    try:
        parsed = Preference.parse(text)
    except ValueError:
        return
    assert str(parsed) == text


# --- the preference follows the switches ---


def settled(wanted: Preference, now: Preference, policy: Policy = OPTIONAL) -> Preference:
    return with_implied_preference(wanted=wanted, now=now, policy=policy)


def test_the_only_factor_left_becomes_the_preferred_one() -> None:
    assert settled(on(TEXT, first=APP), on(APP, TEXT, first=APP)) == on(TEXT, first=TEXT)


def test_the_only_factor_left_is_not_preferred_where_the_pool_would_refuse_it() -> None:
    only_app = Policy(Mode.OPTIONAL, frozenset({APP}))
    assert settled(on(TEXT, first=APP), on(APP, TEXT, first=APP), only_app) == on(TEXT)
    assert settled(on(TEXT, first=TEXT), on(APP, TEXT, first=TEXT), only_app) == on(
        TEXT, first=TEXT
    )


def test_with_everything_off_nothing_is_preferred() -> None:
    assert settled(on(first=APP), on(APP, first=APP)) == on()


def test_a_preference_is_not_invented_where_no_switch_moved() -> None:
    assert settled(on(TEXT), on(TEXT)) == on(TEXT)


# --- the next sign-in ---


@pytest.mark.parametrize(
    ("preference", "policy", "asked", "factors"),
    [
        (on(), OPTIONAL, Asked.NOTHING, ()),
        (on(APP), OPTIONAL, Asked.FACTOR, (APP,)),
        (on(APP, TEXT, first=TEXT), OPTIONAL, Asked.FACTOR, (TEXT,)),
        (on(TEXT, APP), OPTIONAL, Asked.CHOICE, (APP, TEXT)),
        (on(APP, PASSKEY), OPTIONAL, Asked.FACTOR, (APP,)),
        (on(), REQUIRED, Asked.SET_UP, ()),
        (on(APP, first=APP), Policy(Mode.OFF, EVERYTHING), Asked.NOTHING, ()),
        # A text that the pool no longer sends is not asked for; an app goes on working.
        (on(APP, TEXT, first=TEXT), Policy(Mode.OPTIONAL, frozenset({APP})), Asked.FACTOR, (APP,)),
        (on(APP, first=APP), Policy(Mode.OPTIONAL, frozenset({TEXT})), Asked.FACTOR, (APP,)),
        (on(TEXT, first=TEXT), Policy(Mode.OPTIONAL, frozenset({APP})), Asked.NOTHING, ()),
    ],
)
def test_the_next_sign_in_asks_for_what_is_on_and_offered(
    preference: Preference, policy: Policy, asked: Asked, factors: tuple[Factor, ...]
) -> None:
    coming = next_sign_in_with(preference, policy, reachable=EVERYTHING)
    assert (coming.asked, coming.factors) == (asked, factors)


@given(preference=held_preferences, policy=policies)
def test_somebody_elses_sign_in_is_never_described(preference: Preference, policy: Policy) -> None:
    coming = next_sign_in_with(
        preference, policy, reachable=EVERYTHING, identity_provider="ExampleCorp"
    )
    assert coming.asked is Asked.ELSEWHERE


def test_a_factor_that_can_not_be_reached_is_passed_over() -> None:
    coming = next_sign_in_with(on(APP, TEXT, first=TEXT), OPTIONAL, reachable=frozenset({APP}))
    assert (coming.asked, coming.factors) == (Asked.FACTOR, (APP,))


def test_a_required_pool_asks_for_a_number_that_is_not_verified_too() -> None:
    status = Status("ana", on(), reachable=frozenset({TEXT}))
    assert effective_preference(status, REQUIRED) == on(TEXT)


@given(preference=preferences, status=statuses, policy=policies)
def test_what_counts_can_be_written_down_and_read_back(
    preference: Preference, status: Status, policy: Policy
) -> None:
    """Whatever GetUser says, a preference for a factor that is not on included."""
    now = effective_preference(replace(status, preference=preference), policy)
    assert Preference.parse(str(now)) == now


# --- what is said of a wish that can't be met ---


@given(wish=likely_wishes())
def test_a_wish_is_never_refused_without_a_word(wish: tuple[Preference, Status, Policy]) -> None:
    wanted, status, policy = wish
    planned = plan(wanted=wanted, status=status, policy=policy)
    if isinstance(planned, Refused):
        assert all(str(violation_sentence(violation)) for violation in planned.violations)


# --- the cards ---


def test_each_state_of_a_factor_has_its_name() -> None:
    policy = Policy(Mode.OPTIONAL, frozenset({TEXT, EMAIL}))
    status = person(on(TEXT, first=TEXT), APP, TEXT)
    assert {v.factor: v.state for v in factor_views(status, policy)} == {
        APP: FactorState.NOT_OFFERED,
        TEXT: FactorState.ON,
        EMAIL: FactorState.NOT_SET_UP,
    }
    elsewhere = person(on(), APP, identity_provider="ExampleCorp")
    assert {v.state for v in factor_views(elsewhere, policy)} == {FactorState.MANAGED_ELSEWHERE}
    assert factor_views(person(on(), TEXT), policy)[0].state is FactorState.OFF


# --- resetting a forgotten password ---

SMS, TOTP, EMAIL = Factor.SMS, Factor.TOTP, Factor.EMAIL
BOTH_CONTACTS = frozenset(Attribute)


@pytest.mark.parametrize(
    ("preference", "left"),
    [
        (Preference(), {Attribute.PHONE, Attribute.EMAIL}),
        (Preference(frozenset({SMS}), SMS), {Attribute.EMAIL}),
        (Preference(frozenset({EMAIL}), EMAIL), {Attribute.PHONE}),
        (Preference(frozenset({SMS, TOTP}), TOTP), {Attribute.PHONE, Attribute.EMAIL}),
        (Preference(frozenset({SMS, EMAIL}), SMS), set[Attribute]()),
        (Preference(frozenset({SMS, EMAIL, TOTP}), TOTP), set[Attribute]()),
    ],
)
def test_what_confirms_a_sign_in_does_not_reset_the_password(
    preference: Preference, left: set[Attribute]
) -> None:
    policy = Policy(mode=Mode.OPTIONAL, offered=frozenset(Factor))
    assert reset_channels(preference, policy, verified=BOTH_CONTACTS) == left
