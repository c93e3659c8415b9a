"""The next steps, as one ordered table of rules. Plain Python."""

from collections.abc import Callable
from typing import Final

from mfa_settings.check_up.domain import Kind, Situation, Step
from mfa_settings.preference.domain.lost_phone import Recoverability, ResetCode, WayIn
from mfa_settings.preference.domain.password_reset import ResetNews, reset_after
from mfa_settings.preference.domain.rules import Change, plan, with_preference_settled
from userpool.next_sign_in import NOTHING_ASKED, Asked
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, Factor, Preference


def next_steps(situation: Situation) -> tuple[Step, ...]:
    """One step for each matter that there is, the most urgent first, each allowed by `plan` or by
    the page that it is done on. People whom another organisation signs in have none."""
    if situation.status.identity_provider:
        return ()
    return tuple(
        step
        for is_so, candidates in _MATTERS
        if is_so(situation)
        if (step := _first(candidates, situation))
    )


_Rule = Callable[[Situation], Step | None]


def _first(candidates: tuple[_Rule, ...], situation: Situation) -> Step | None:
    return next((step for rule in candidates if (step := rule(situation))), None)


def _wish(situation: Situation, on: frozenset[Factor], first: Factor | None) -> Preference | None:
    """The wish as the page would settle it, if the rules allow it and it changes something."""
    now, policy = situation.now, situation.policy
    wanted = with_preference_settled(wanted=Preference(on, first), now=now, policy=policy)
    planned = plan(wanted=wanted, status=situation.status, policy=policy)
    return wanted if isinstance(planned, Change) and not planned.is_empty else None


def _keeps_reset(situation: Situation, wish: Preference) -> bool:
    change, verified = Change(situation.now, wish), situation.status.verified
    news = reset_after(change, situation.policy, verified=verified).news
    return news is not ResetNews.LOST


def _tried(situation: Situation, wish: Preference | None) -> Recoverability | None:
    """What is left without the phone after this wish. None for one that can't be met, or that takes
    a way in or the last way to reset a password."""
    if wish is None or not _keeps_reset(situation, wish):
        return None
    after = situation.after(wish).without_phone
    return after if after.ways >= situation.without_phone.ways else None


# --- codes go to a number or an address that nobody confirmed ---


def _unconfirmed(situation: Situation) -> list[Attribute]:
    asked = situation.without_phone.coming.factors
    used = [ATTRIBUTE_OF_FACTOR[f] for f in asked if f in ATTRIBUTE_OF_FACTOR]
    return [attribute for attribute in used if attribute not in situation.status.verified]


def _confirm(situation: Situation) -> Step | None:
    return Step(Kind.CONFIRM_WHERE_CODES_GO, _unconfirmed(situation)[0])


# --- the password alone is enough ---


def _nothing_is_asked(situation: Situation) -> bool:
    """Whoever begins with a code or a passkey has no password that could be guessed."""
    asked = situation.without_phone.coming.asked
    return situation.status.has_password and asked in NOTHING_ASKED | {Asked.SET_UP}


_BEST_FIRST: Final = (Factor.TOTP, Factor.SMS, Factor.EMAIL)


def _turn_on(situation: Situation, *, keeping_reset: bool) -> Step | None:
    for factor in _BEST_FIRST:
        if factor in situation.now.enabled:
            continue
        wish = _wish(situation, situation.now.enabled | {factor}, factor)
        if wish and (not keeping_reset or _keeps_reset(situation, wish)):
            return Step(Kind.TURN_ON, factor, wish)
    return None


def _set_up_app(situation: Situation) -> Step | None:
    able = Factor.TOTP in situation.policy.offered - situation.status.ready
    return Step(Kind.SET_UP_APP) if able else None


def _contact_to_turn_on(situation: Situation) -> Step | None:
    for factor in _BEST_FIRST:
        attribute = ATTRIBUTE_OF_FACTOR.get(factor)
        if attribute and factor in situation.policy.offered - situation.status.ready:
            return Step(Kind.CONTACT_FOR_SECOND_STEP, attribute)
    return None


# --- without the phone there is no way in ---


def _only_the_phone(situation: Situation) -> bool:
    without = situation.without_phone
    return situation.status.has_password and bool(without.loses) and not without.ways


def _opens(situation: Situation, wish: Preference | None, way: WayIn) -> bool:
    after = _tried(situation, wish)
    return after is not None and way in after.ways


def _brings_number(situation: Situation, wish: Preference | None) -> bool:
    """Texts then count: they come back with a new SIM card, as an app does not."""
    after = _tried(situation, wish)
    return after is not None and Factor.SMS in after.loses - situation.without_phone.loses


def _passkey_on(situation: Situation) -> Step | None:
    now = situation.now
    wish = _wish(situation, now.enabled | {Factor.PASSKEY}, now.preferred)
    opens = _opens(situation, wish, WayIn.PASSKEY)
    return Step(Kind.PASSKEY_ON, wish=wish) if opens else None


def _ask_each_time(situation: Situation) -> Step | None:
    wish = _wish(situation, situation.now.enabled, None)
    opens = _opens(situation, wish, WayIn.EMAIL)
    return Step(Kind.ASK_EACH_TIME, Factor.EMAIL, wish) if opens else None


def _ask_each_time_for_number(situation: Situation) -> Step | None:
    wish = _wish(situation, situation.now.enabled, None)
    return Step(Kind.ASK_EACH_TIME, Factor.SMS, wish) if _brings_number(situation, wish) else None


def _text_beside(situation: Situation) -> Step | None:
    wish = _wish(situation, situation.now.enabled | {Factor.SMS}, None)
    return Step(Kind.TEXT_BESIDE, wish=wish) if _brings_number(situation, wish) else None


def _add_passkey(situation: Situation) -> Step | None:
    able = Factor.PASSKEY in situation.policy.offered - situation.status.ready
    return Step(Kind.ADD_PASSKEY) if able and situation.can_add_passkey else None


def _email_beside(situation: Situation) -> Step | None:
    wish = _wish(situation, situation.now.enabled | {Factor.EMAIL}, None)
    opens = _opens(situation, wish, WayIn.EMAIL)
    return Step(Kind.EMAIL_BESIDE, wish=wish) if opens else None


def _email_to_sign_in(situation: Situation) -> Step | None:
    if Attribute.EMAIL in situation.status.verified:
        return None
    later = situation.once_confirmed(Attribute.EMAIL)
    helps = _email_beside(later) or _ask_each_time(later)
    return Step(Kind.EMAIL_FOR_SIGN_IN) if helps else None


# --- a forgotten password could not be reset, or only with the phone ---

_WORST_FIRST: Final = (ResetCode.HELP, ResetCode.PHONE, ResetCode.EMAIL)


def _no_good_reset(situation: Situation) -> bool:
    """A pool in which only an administrator resets, or that does not say, is left alone."""
    resets = situation.policy.reset_channels
    return bool(resets) and situation.without_phone.reset in {ResetCode.HELP, ResetCode.PHONE}


def _resets_better(before: Situation, after: Situation) -> bool:
    had, has = before.without_phone.reset, after.without_phone.reset
    better = has in _WORST_FIRST and _WORST_FIRST.index(has) > _WORST_FIRST.index(had)
    return better and after.without_phone.ways >= before.without_phone.ways


def _contact_to_reset(situation: Situation) -> Step | None:
    for attribute in (Attribute.EMAIL, Attribute.PHONE):
        later = situation.once_confirmed(attribute)
        missing = attribute not in situation.status.verified
        if missing and _resets_better(situation, later):
            return Step(Kind.CONTACT_FOR_RESET, attribute)
    return None


def _app_first(situation: Situation) -> Step | None:
    if Factor.TOTP not in situation.now.enabled:
        return None
    wish = _wish(situation, situation.now.enabled, Factor.TOTP)
    helps = wish and _resets_better(situation, situation.after(wish))
    return Step(Kind.APP_FIRST, wish=wish) if helps else None


def _passkey_unsure(situation: Situation) -> bool:
    usable = situation.status.ready & situation.policy.offered
    return not situation.status.passkey_is_sure and Factor.PASSKEY in usable


def _save_passkey(situation: Situation) -> Step | None:
    now = situation.now
    moved = _wish(situation, now.enabled ^ {Factor.PASSKEY}, now.preferred)
    return Step(Kind.SAVE_PASSKEY_AGAIN) if moved else None


# What is the matter, and what mends it, the best first.
_MATTERS: Final[tuple[tuple[Callable[[Situation], bool], tuple[_Rule, ...]], ...]] = (
    (lambda situation: bool(_unconfirmed(situation)), (_confirm,)),
    (
        _nothing_is_asked,
        (
            lambda situation: _turn_on(situation, keeping_reset=True),
            _set_up_app,
            lambda situation: _turn_on(situation, keeping_reset=False),
            _contact_to_turn_on,
        ),
    ),
    (
        _only_the_phone,
        (
            _passkey_on,
            _ask_each_time,
            _add_passkey,
            _email_beside,
            _email_to_sign_in,
            _ask_each_time_for_number,
            _text_beside,
        ),
    ),
    (_no_good_reset, (_contact_to_reset, _app_first)),
    (_passkey_unsure, (_save_passkey,)),
)
