"""The contact points that can receive a code to reset the password, now and after a change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.rules import PreferenceChange
from userpool.next_sign_in import effective_preference
from userpool.policy import Mode, Policy
from userpool.values import (
    ATTRIBUTE_OF_FACTOR,
    Attribute,
    Factor,
    Preference,
    Status,
    in_page_order,
)


def reset_channels(
    preference: Preference, policy: Policy, *, verified: frozenset[Attribute]
) -> frozenset[Attribute]:
    """The contact points that can receive a code to reset the password.

    A contact point that confirms the sign-in can't: the one of the preferred factor, and both where
    text messages and email codes are on. A pool that did not say how it resets may use either.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """
    return (verified & _pool_channels(policy)) - _blocked_by_factors(preference, policy)


def _pool_channels(policy: Policy) -> frozenset[Attribute]:
    return frozenset(Attribute) if policy.reset_channels is None else policy.reset_channels


def _blocked_by_factors(preference: Preference, policy: Policy) -> frozenset[Attribute]:
    """The contact points that confirm the sign-in."""
    if policy.mode is Mode.OFF:
        return frozenset()
    messages = preference.enabled & set(ATTRIBUTE_OF_FACTOR)
    used = messages if len(messages) > 1 else messages & {preference.preferred}
    return frozenset(ATTRIBUTE_OF_FACTOR[factor] for factor in used)


# --- now ---


class ResetDestination(StrEnum):
    """The destination of the code to reset a forgotten password.

    HELP: nowhere; only the people who look after the account can reset it. NOT_KNOWN: the pool does
    not say how it resets, or Cognito's documentation leaves it open. NOT_NEEDED: the person has no
    password of the pool.
    """

    EMAIL = auto()
    PHONE = auto()
    HELP = auto()
    NOT_KNOWN = auto()
    NOT_NEEDED = auto()


_DESTINATION: Final = {
    Attribute.PHONE: ResetDestination.PHONE,
    Attribute.EMAIL: ResetDestination.EMAIL,
}


def reset_destination(status: Status, policy: Policy) -> ResetDestination:
    """Return the destination of the code today: the first channel in the pool's order that the
    person has."""
    if not status.has_password:
        return ResetDestination.NOT_NEEDED
    if policy.reset_channels is None:
        return ResetDestination.NOT_KNOWN
    # A factor may block its contact point although the pool's MFA is off: see below.
    strict = replace(policy, mode=Mode.OPTIONAL)
    found = set()
    for preference in _possible_preferences(status, policy):
        channels = reset_channels(preference, strict, verified=status.verified)
        first = (_DESTINATION[each] for each in policy.reset_order if each in channels)
        found.add(next(first, ResetDestination.HELP))
    return found.pop() if len(found) == 1 else ResetDestination.NOT_KNOWN


def _possible_preferences(status: Status, policy: Policy) -> Iterable[Preference]:
    """Yield each preference that may decide which contact points are blocked.

    Where MFA is off or required, Cognito's documentation does not say whether a factor blocks its
    contact point if it was once turned on, or if it counts without having been turned on.
    """
    held = status.preference
    first = frozenset({held.preferred} if held.preferred else ())
    yield Preference(held.enabled | first, held.preferred)
    yield effective_preference(status, policy)
    if policy.mode is not Mode.OPTIONAL:
        yield Preference()
        yield Preference(first, held.preferred)
    if policy.mode is Mode.ON:
        # Some of these pools list nothing at all (`effective`), so both may be on unseen.
        yield Preference(frozenset(ATTRIBUTE_OF_FACTOR))


# --- after a change ---


class ResetNews(StrEnum):
    """The effect of a change on a person's own password reset.

    STILL: it works as before. MOVES: it works through other contact points. GAINED and LOST: it
    works only afterwards, only before. The others say that it works neither before nor afterwards:
    BLOCKED_BY_FACTOR: every channel confirms the sign-in. NO_CONTACT: the person has no verified
    channel. ADMIN_ONLY: the pool leaves it to its administrators.
    """

    STILL = auto()
    MOVES = auto()
    GAINED = auto()
    LOST = auto()
    BLOCKED_BY_FACTOR = auto()
    NO_CONTACT = auto()
    ADMIN_ONLY = auto()


class Remedy(StrEnum):
    """A step that would keep a person's own password reset, which a change takes away."""

    LEAVE_TEXT_OFF = auto()
    LEAVE_EMAIL_OFF = auto()
    APP_FIRST = auto()
    CONFIRM_PHONE = auto()
    CONFIRM_EMAIL = auto()


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A person's own password reset after a change.

    `channels` can receive the code afterwards; with NO_CONTACT, they could if the person had
    verified them. `sure` is False where the pool did not say how it resets. `remedies` come with
    LOST.
    """

    news: ResetNews
    channels: frozenset[Attribute] = frozenset()
    sure: bool = True
    remedies: frozenset[Remedy] = frozenset()


def password_reset_after(
    change: PreferenceChange, policy: Policy, *, verified: frozenset[Attribute]
) -> PasswordReset:
    """Return the effect of the change on the password reset, with these verified contact points."""
    had, keeps = (
        reset_channels(preference, policy, verified=verified)
        for preference in (change.before, change.after)
    )
    sure = policy.reset_channels is not None
    if keeps:
        news = ResetNews.MOVES if had else ResetNews.GAINED
        return PasswordReset(ResetNews.STILL if had == keeps else news, keeps, sure)
    if had:
        return PasswordReset(ResetNews.LOST, keeps, sure, _remedies(change, policy, verified))
    if not _pool_channels(policy):
        return PasswordReset(ResetNews.ADMIN_ONLY)
    if not verified & _pool_channels(policy):
        return PasswordReset(ResetNews.NO_CONTACT, _pool_channels(policy), sure)
    return PasswordReset(ResetNews.BLOCKED_BY_FACTOR, frozenset(), sure)


_LEAVE_OFF: Final = {Factor.SMS: Remedy.LEAVE_TEXT_OFF, Factor.EMAIL: Remedy.LEAVE_EMAIL_OFF}
_CONFIRM: Final = {
    Attribute.PHONE: Remedy.CONFIRM_PHONE,
    Attribute.EMAIL: Remedy.CONFIRM_EMAIL,
}


def _remedies(
    change: PreferenceChange, policy: Policy, verified: frozenset[Attribute]
) -> frozenset[Remedy]:
    """Return each remedy that keeps a channel by itself."""
    blocked = _blocked_by_factors(change.after, policy)
    if blocked == frozenset(Attribute):
        newly = change.turned_on & set(_LEAVE_OFF)
        return frozenset(
            _LEAVE_OFF[factor]
            for factor in newly
            if reset_channels(_without(factor, change), policy, verified=verified)
        )
    found = {_CONFIRM[attribute] for attribute in _pool_channels(policy) - blocked - verified}
    app_first = Preference(change.after.enabled | {Factor.TOTP}, Factor.TOTP)
    if Factor.TOTP in policy.offered and reset_channels(app_first, policy, verified=verified):
        found.add(Remedy.APP_FIRST)
    return frozenset(found)


def _without(factor: Factor, change: PreferenceChange) -> Preference:
    """Return the wanted preference without this factor. The person's own choice of the first factor
    stays where it is still on, else a remaining message factor is first."""
    left = change.after.enabled - {factor}
    chosen = [p for p in (change.after.preferred, change.before.preferred) if p in left]
    messages = in_page_order(left & set(ATTRIBUTE_OF_FACTOR))
    return Preference(left, next(iter([*chosen, *messages]), None))
