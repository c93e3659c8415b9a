"""Any preference, status and policy that there could be."""

from dataclasses import replace

from hypothesis import strategies as st

from userpool.next_sign_in import effective_preference
from userpool.policy import Mode, Policy
from userpool.values import ContactPoint, Factor, Preference, Status

factors = st.sampled_from(list(Factor))
sets_of_factors = st.frozensets(factors)
preferences = st.builds(Preference, sets_of_factors, st.none() | factors)


@st.composite
def _held(draw: st.DrawFn, enabled: st.SearchStrategy[frozenset[Factor]]) -> Preference:
    """What GetUser can say: one that is preferred is on, and is no passkey."""
    on = draw(enabled)
    return Preference(on, draw(st.sampled_from([None, *sorted(on - {Factor.PASSKEY})])))


held_preferences = _held(sets_of_factors)
contact_points = st.none() | st.builds(ContactPoint, st.just("+491512345678"), st.booleans())
statuses = st.builds(
    Status,
    username=st.just("ana"),
    preference=held_preferences,
    ready=sets_of_factors,
    reachable=sets_of_factors,
    phone=contact_points,
    email=contact_points,
    identity_provider=st.sampled_from(["", "", "", "ExampleCorp"]),
    passkey_is_sure=st.booleans(),
    has_password=st.booleans(),
)
policies = st.builds(Policy, mode=st.sampled_from(list(Mode)), offered=sets_of_factors)


@st.composite
def likely_wishes(draw: st.DrawFn) -> tuple[Preference, Status, Policy]:
    """A wish that the rules may well allow, with the person and the pool it is made in."""
    policy = draw(policies)
    status = replace(draw(statuses), identity_provider="")
    able = effective_preference(status, policy).enabled | (status.ready & policy.offered)
    subsets = st.sets(st.sampled_from(sorted(able))) if able else st.just(set[Factor]())
    return draw(_held(subsets.map(frozenset))), status, policy
