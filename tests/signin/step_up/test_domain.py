"""What a sign-in shows, what a change demands of it, and what managed login is asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_settings.preference.demand import demand_of
from mfa_settings.preference.models import ProposedChange
from signin.assurance import Assurance, Demand, Shortfall, factors_used, shortfall, used_second_step
from signin.step_up.domain import acr_values, asks_second_step, expected_way, other_ways
from userpool.next_sign_in import Asked, NextSignIn, next_sign_in_with
from userpool.policy import Mode, Policy
from userpool.values import Factor, Preference, Status

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NAMES = {number: f"urn:cognito:loa:{number}" for number in (1, 2, 3, 4)}
APP_AND_TEXT = frozenset({Factor.TOTP, Factor.SMS})
OPTIONAL = Policy(Mode.OPTIONAL, APP_AND_TEXT)


@pytest.mark.parametrize(
    ("acr", "amr", "used"),
    [
        ("urn:cognito:loa:1", ("pwd",), False),
        ("urn:cognito:loa:2", ("sms",), False),
        ("urn:cognito:loa:3", ("pwd", "sms", "mfa"), True),
        ("urn:cognito:loa:4", (), True),
        ("a-name-nobody-told-us", ("pwd",), False),
        ("a-name-nobody-told-us", ("pwd", "otp"), True),
        ("", ("sms",), False),
        ("", ("email_otp", "pwd"), True),
        ("", ("swk",), True),
        ("", ("hwk",), True),
        ("", ("mfa",), True),
        ("a-name-nobody-told-us", (), None),
        ("", (), None),
    ],
    ids=str,
)
def test_the_level_says_whether_a_second_step_was_used_or_else_the_methods_do(
    acr: str, amr: tuple[str, ...], used: bool | None
) -> None:
    assert used_second_step(acr=acr, amr=amr, level_names=NAMES) is used


@given(
    age=st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=1)),
    most=st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(hours=1)),
    used=st.sampled_from([True, False, None]),
    second_step=st.booleans(),
)
def test_a_sign_in_is_enough_only_if_it_is_young_and_strong(
    age: timedelta, most: timedelta, used: bool | None, second_step: bool
) -> None:
    missing = shortfall(Demand(most, second_step), Assurance(NOW - age, used), now=NOW)
    assert (missing is Shortfall.TOO_OLD) is (age > most)
    assert (missing is Shortfall.TOO_WEAK) is (age <= most and second_step and used is False)


@given(
    demanded=st.frozensets(st.sampled_from(Factor), min_size=1),
    amr=st.sets(st.sampled_from(["pwd", "mfa", "otp", "sms", "email_otp", "swk", "hwk"])),
    used=st.sampled_from([True, False, None]),
)
def test_a_factor_that_is_demanded_by_name_has_to_be_shown(
    demanded: frozenset[Factor], amr: set[str], used: bool | None
) -> None:
    """Whatever else the sign-in shows, and where it says nothing at all."""
    names = {Factor.TOTP: {"otp"}, Factor.SMS: {"sms"}, Factor.EMAIL: {"email_otp"}}
    names[Factor.PASSKEY] = {"swk", "hwk"}
    demand = Demand(timedelta(minutes=5), second_step=False, factors=demanded)
    shown = Assurance(NOW, used, factors_used(amr))
    is_shown = any(names[factor] & amr for factor in demanded)
    assert (shortfall(demand, shown, now=NOW) is None) is is_shown


def person(*, has_password: bool = True, provider: str = "", on: bool = True) -> Status:
    return Status(
        "ana",
        Preference(APP_AND_TEXT, Factor.TOTP) if on else Preference(),
        ready=APP_AND_TEXT,
        reachable=APP_AND_TEXT,
        has_password=has_password,
        identity_provider=provider,
    )


@pytest.mark.parametrize(
    ("status", "policy", "demanded"),
    [
        pytest.param(person(), OPTIONAL, True, id="on"),
        pytest.param(person(on=False), OPTIONAL, False, id="nothing on"),
        pytest.param(person(), Policy(Mode.OFF, APP_AND_TEXT), False, id="a pool that never asks"),
        pytest.param(person(has_password=False), OPTIONAL, False, id="begins with a code"),
        pytest.param(person(provider="Corp"), OPTIONAL, False, id="signed in by another"),
    ],
)
def test_no_second_step_is_demanded_that_a_sign_in_would_not_ask_for(
    status: Status, policy: Policy, demanded: bool
) -> None:
    assert asks_second_step(status, policy) is demanded


@pytest.mark.parametrize(
    ("way", "levels"),
    [
        pytest.param(Factor.TOTP, "43", id="app"),
        pytest.param(Factor.SMS, "3", id="text"),
        pytest.param(Factor.EMAIL, "3", id="email"),
        pytest.param(Factor.PASSKEY, "3", id="passkey"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_the_level_of_an_app_is_asked_for_only_where_the_app_is_the_way(
    way: Factor | None, levels: str
) -> None:
    assert acr_values(way, NAMES) == tuple(NAMES[int(level)] for level in levels)


@given(preferred=st.sampled_from([None, Factor.TOTP, Factor.SMS]))
def test_what_was_lost_is_never_among_the_other_ways(preferred: Factor | None) -> None:
    status = Status(
        "ana", Preference(APP_AND_TEXT, preferred), ready=APP_AND_TEXT, reachable=APP_AND_TEXT
    )
    coming = next_sign_in_with(status.preference, OPTIONAL, reachable=APP_AND_TEXT)
    lost = expected_way(coming)
    assert lost is not None
    assert lost not in other_ways(status, OPTIONAL, unusable=frozenset({lost}))


def test_of_several_to_choose_from_the_lower_level_is_enough() -> None:
    assert expected_way(NextSignIn(Asked.CHOICE, (Factor.TOTP, Factor.SMS))) is Factor.SMS
    assert expected_way(NextSignIn(Asked.NOTHING)) is None


def test_of_several_to_choose_from_a_factor_that_is_demanded_by_name_comes_first() -> None:
    choice = NextSignIn(Asked.CHOICE, (Factor.TOTP, Factor.SMS))
    assert expected_way(choice, demanded=frozenset({Factor.TOTP})) is Factor.TOTP
    assert expected_way(choice, demanded=frozenset({Factor.PASSKEY})) is Factor.SMS


@pytest.mark.parametrize("has_password", [True, False])
def test_a_second_step_is_demanded_only_after_a_password(has_password: bool) -> None:
    """So that the review promises no sign-in that the button then does not ask for."""
    proposal = ProposedChange(
        before="SMS_MFA*", after="", reachable="SMS_MFA", has_password=has_password
    )
    assert demand_of(proposal, OPTIONAL).second_step is has_password
