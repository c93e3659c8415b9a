"""How a forgotten password can be reset without anybody's help."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.rules import Change
from userpool.policy import Mode, Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, Factor, Preference, in_page_order


def reset_channels(
    preference: Preference, policy: Policy, *, verified: frozenset[Attribute]
) -> frozenset[Attribute]:
    """The contact points that can receive a code to reset the password.

    A phone or an address that confirms the sign-in can't be used for it: the one asked first, and
    both where text messages and email codes are both on. A pool that did not say how it resets
    may use either.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """
    return (verified & _of_pool(policy)) - _confirm_the_sign_in(preference, policy)


def _of_pool(policy: Policy) -> frozenset[Attribute]:
    return frozenset(Attribute) if policy.reset_channels is None else policy.reset_channels


def _confirm_the_sign_in(preference: Preference, policy: Policy) -> frozenset[Attribute]:
    if policy.mode is Mode.OFF:
        return frozenset()
    messages = preference.enabled & set(ATTRIBUTE_OF_FACTOR)
    used = messages if len(messages) > 1 else messages & {preference.preferred}
    return frozenset(ATTRIBUTE_OF_FACTOR[factor] for factor in used)


class ResetNews(StrEnum):
    """What a change means for a forgotten password. The last three say that, as before, its owner
    can't reset it alone: what could receive the code confirms the sign-in, there is nothing that
    could, or the pool leaves it to the people who run it."""

    STILL = auto()
    MOVES = auto()
    GAINED = auto()
    LOST = auto()
    IN_USE = auto()
    NO_CONTACT = auto()
    BY_OTHERS = auto()


class Remedy(StrEnum):
    """What would keep a way to reset the password that a change takes."""

    LEAVE_TEXT_OFF = auto()
    LEAVE_EMAIL_OFF = auto()
    APP_FIRST = auto()
    CONFIRM_PHONE = auto()
    CONFIRM_EMAIL = auto()


@dataclass(frozen=True, slots=True)
class Reset:
    """`by` is what can receive the code afterwards; with NO_CONTACT, what could if it were there
    and confirmed. `sure` is False where the pool did not say how it resets. `remedies` come with
    LOST."""

    news: ResetNews
    by: frozenset[Attribute] = frozenset()
    sure: bool = True
    remedies: frozenset[Remedy] = frozenset()


def reset_after(change: Change, policy: Policy, *, verified: frozenset[Attribute]) -> Reset:
    """What the change means for a forgotten password; `verified` are the proved contact points."""
    had, keeps = (
        reset_channels(preference, policy, verified=verified)
        for preference in (change.before, change.after)
    )
    sure = policy.reset_channels is not None
    if keeps:
        news = ResetNews.MOVES if had else ResetNews.GAINED
        return Reset(ResetNews.STILL if had == keeps else news, keeps, sure)
    if had:
        return Reset(ResetNews.LOST, keeps, sure, _remedies(change, policy, verified))
    if not _of_pool(policy):
        return Reset(ResetNews.BY_OTHERS)
    if not verified & _of_pool(policy):
        return Reset(ResetNews.NO_CONTACT, _of_pool(policy), sure)
    return Reset(ResetNews.IN_USE, frozenset(), sure)


_LEAVE_OFF: Final = {Factor.SMS: Remedy.LEAVE_TEXT_OFF, Factor.EMAIL: Remedy.LEAVE_EMAIL_OFF}
_CONFIRM: Final = {
    Attribute.PHONE: Remedy.CONFIRM_PHONE,
    Attribute.EMAIL: Remedy.CONFIRM_EMAIL,
}


def _remedies(change: Change, policy: Policy, verified: frozenset[Attribute]) -> frozenset[Remedy]:
    """Each of them alone keeps a way; nothing is advised that would not."""
    used = _confirm_the_sign_in(change.after, policy)
    if used == frozenset(Attribute):
        newly = change.turned_on & set(_LEAVE_OFF)
        return frozenset(
            _LEAVE_OFF[factor]
            for factor in newly
            if reset_channels(_without(factor, change), policy, verified=verified)
        )
    found = {_CONFIRM[attribute] for attribute in _of_pool(policy) - used - verified}
    app_first = Preference(change.after.enabled | {Factor.TOTP}, Factor.TOTP)
    if Factor.TOTP in policy.offered and reset_channels(app_first, policy, verified=verified):
        found.add(Remedy.APP_FIRST)
    return frozenset(found)


def _without(factor: Factor, change: Change) -> Preference:
    """The same wish without this one; where no other choice was made the one left comes first."""
    left = change.after.enabled - {factor}
    chosen = [p for p in (change.after.preferred, change.before.preferred) if p in left]
    messages = in_page_order(left & set(ATTRIBUTE_OF_FACTOR))
    return Preference(left, next(iter([*chosen, *messages]), None))
