"""What a sign-in is asked, for every combination: the decision is a pure function."""

from hypothesis import given
from hypothesis import strategies as st

from localpool.sign_in.mfa import active_factors, next_challenge
from localpool.state.records import FACTORS, TOTP

factors = st.sets(st.sampled_from(FACTORS))
modes = st.sampled_from(["OFF", "OPTIONAL", "ON"])
preferences = st.none() | st.sampled_from(FACTORS)


@given(mode=modes, offered=factors, on=factors, ready=factors, preferred=preferences)
def test_only_a_factor_that_works_is_ever_asked(
    mode: str, offered: set[str], on: set[str], ready: set[str], preferred: str | None
) -> None:
    active = active_factors(mode, offered, on, ready)
    asked = next_challenge(mode, active, preferred)
    assert set(active) <= ready & (offered | {TOTP})
    if asked.name in FACTORS:
        assert asked.name in active
    if asked.name == "SELECT_MFA_TYPE":
        assert asked.choices == tuple(active)
        assert len(active) > 1
        assert preferred not in active
    if preferred in active:
        assert asked.name == preferred


@given(offered=factors, on=factors, ready=factors, preferred=preferences)
def test_a_required_pool_always_asks_something(
    offered: set[str], on: set[str], ready: set[str], preferred: str | None
) -> None:
    assert next_challenge("ON", active_factors("ON", offered, on, ready), preferred).name


@given(offered=factors, on=factors, ready=factors, preferred=preferences)
def test_a_pool_without_mfa_asks_nothing(
    offered: set[str], on: set[str], ready: set[str], preferred: str | None
) -> None:
    assert next_challenge("OFF", active_factors("OFF", offered, on, ready), preferred).name is None


@given(offered=factors, ready=factors, preferred=preferences)
def test_an_optional_pool_asks_nothing_of_somebody_with_nothing_on(
    offered: set[str], ready: set[str], preferred: str | None
) -> None:
    active = active_factors("OPTIONAL", offered, set(), ready)
    assert next_challenge("OPTIONAL", active, preferred).name is None
