"""How a forgotten password can be reset without anybody's help."""

from mfa_settings.domain.policy import Mode, Policy
from mfa_settings.domain.rules import Change
from mfa_settings.domain.values import ATTRIBUTE_OF_FACTOR, Attribute, Preference, in_page_order


def resets_by(
    preference: Preference, policy: Policy, *, verified: frozenset[Attribute]
) -> frozenset[Attribute]:
    """The contact points that can receive a code to reset the password.

    A phone or an address that confirms the sign-in can't be used for it: the one asked first, and
    both where text messages and email codes are both on. A pool that did not say how it resets
    may use either.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """
    allowed = verified & (frozenset(Attribute) if policy.resets_by is None else policy.resets_by)
    if policy.mode is Mode.OFF:
        return allowed
    messages = preference.enabled & set(ATTRIBUTE_OF_FACTOR)
    used = messages if len(messages) > 1 else messages & {preference.preferred}
    return allowed - {ATTRIBUTE_OF_FACTOR[factor] for factor in in_page_order(used)}


def leaves_no_reset(change: Change, policy: Policy, *, verified: frozenset[Attribute]) -> bool:
    """The change takes away the last way to reset the password."""
    had, keeps = (
        resets_by(preference, policy, verified=verified)
        for preference in (change.before, change.after)
    )
    return bool(had) and not keeps
