"""The next steps, as one ordered table of problems and what fixes them. Plain Python."""

from collections.abc import Callable
from typing import Final

from mfa_settings.check_up.domain import NextStep, Situation, StepKind
from mfa_settings.preference.domain.lost_phone import LostPhone, WayIn
from mfa_settings.preference.domain.password_reset import ResetDestination, reset_channels
from mfa_settings.preference.domain.rules import PreferenceChange, plan, with_implied_preference
from userpool.next_sign_in import NOTHING_ASKED, Asked
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, Factor, Preference


def next_steps(situation: Situation) -> tuple[NextStep, ...]:
    """One step for each problem of the person, the most urgent first.

    `plan`, or the page that the step is done on, allows each of them. People whom another
    organisation signs in have none.
    """
    if situation.status.identity_provider:
        return ()
    steps = (
        next((step for fix in fixes if (step := fix(situation))), None)
        for has_problem, fixes in PROBLEMS_AND_FIXES
        if has_problem(situation)
    )
    return tuple(step for step in steps if step)


_Fix = Callable[[Situation], NextStep | None]


def _wish(situation: Situation, on: frozenset[Factor], first: Factor | None) -> Preference | None:
    """Complete the preference as the settings page would; None where the rules forbid it, or where
    it is the effective one."""
    now, policy = situation.now, situation.policy
    wanted = with_implied_preference(wanted=Preference(on, first), now=now, policy=policy)
    planned = plan(wanted=wanted, status=situation.status, policy=policy)
    return wanted if isinstance(planned, PreferenceChange) and not planned.is_empty else None


def _keeps_reset(situation: Situation, wish: Preference) -> bool:
    policy, verified = situation.policy, situation.status.verified
    had = reset_channels(situation.now, policy, verified=verified)
    return not had or bool(reset_channels(wish, policy, verified=verified))


# --- codes go to an unverified number or address ---


def _unverified(situation: Situation) -> list[Attribute]:
    asked = situation.without_phone.coming.factors
    used = [ATTRIBUTE_OF_FACTOR[f] for f in asked if f in ATTRIBUTE_OF_FACTOR]
    return [attribute for attribute in used if attribute not in situation.status.verified]


def _confirm(situation: Situation) -> NextStep | None:
    return NextStep(StepKind.CONFIRM_WHERE_CODES_GO, _unverified(situation)[0])


# --- the password alone is enough ---


def _nothing_is_asked(situation: Situation) -> bool:
    """False for people who sign in with a code or a passkey: they have no password to guess."""
    asked = situation.without_phone.coming.asked
    return situation.status.has_password and asked in NOTHING_ASKED | {Asked.SET_UP}


_BEST_FIRST: Final = (Factor.TOTP, Factor.SMS, Factor.EMAIL)


def _turn_on(*, keeping_reset: bool) -> _Fix:
    def fix(situation: Situation) -> NextStep | None:
        for factor in _BEST_FIRST:
            if factor in situation.now.enabled:
                continue
            wish = _wish(situation, situation.now.enabled | {factor}, factor)
            if wish and (not keeping_reset or _keeps_reset(situation, wish)):
                return NextStep(StepKind.TURN_ON, factor, wish)
        return None

    return fix


def _set_up(factor: Factor, kind: StepKind, about: Attribute | None = None) -> _Fix:
    return lambda situation: NextStep(kind, about) if factor in situation.missing else None


# --- without the phone there is no way in ---


def _only_the_phone(situation: Situation) -> bool:
    without = situation.without_phone
    return situation.status.has_password and bool(without.loses) and not without.ways


# Whether a wish helps, from what the person can do without the phone before and after it.
_Helps = Callable[[LostPhone, LostPhone], bool]


def _opens(way: WayIn) -> _Helps:
    return lambda _before, after: way in after.ways


def _brings_number(before: LostPhone, after: LostPhone) -> bool:
    """Text messages can be asked for afterwards: a new SIM card brings them back, unlike an app."""
    return Factor.SMS in after.loses - before.loses


def _change(
    kind: StepKind, helps: _Helps, *, adds: Factor | None = None, about: Factor | None = None
) -> _Fix:
    """A fix that turns `adds` on and lets nothing be asked first; a passkey leaves that as it is.

    It is proposed only where it helps, and closes no way in nor the last way to reset a password.
    """

    def fix(situation: Situation) -> NextStep | None:
        now, before = situation.now, situation.without_phone
        first = now.preferred if adds is Factor.PASSKEY else None
        wish = _wish(situation, now.enabled | ({adds} if adds else set()), first)
        if wish is None or not _keeps_reset(situation, wish):
            return None
        after = situation.after(wish).without_phone
        is_better = after.ways >= before.ways and helps(before, after)
        return NextStep(kind, about, wish) if is_better else None

    return fix


_email_beside: Final = _change(StepKind.EMAIL_BESIDE, _opens(WayIn.EMAIL), adds=Factor.EMAIL)
_email_each_time: Final = _change(StepKind.ASK_EACH_TIME, _opens(WayIn.EMAIL), about=Factor.EMAIL)


def _email_to_sign_in(situation: Situation) -> NextStep | None:
    if Attribute.EMAIL in situation.status.verified:
        return None
    later = situation.once_confirmed(Attribute.EMAIL)
    helps = _email_beside(later) or _email_each_time(later)
    return NextStep(StepKind.EMAIL_FOR_SIGN_IN) if helps else None


# --- a forgotten password can't be reset, or only with the phone ---

_WORST_FIRST: Final = (ResetDestination.HELP, ResetDestination.PHONE, ResetDestination.EMAIL)


def _no_good_reset(situation: Situation) -> bool:
    """False for a pool in which only administrators reset passwords, or that does not say."""
    poor = situation.without_phone.reset in {ResetDestination.HELP, ResetDestination.PHONE}
    return bool(situation.policy.reset_channels) and poor


def _resets_better(before: Situation, after: Situation) -> bool:
    had, has = before.without_phone.reset, after.without_phone.reset
    better = has in _WORST_FIRST and _WORST_FIRST.index(has) > _WORST_FIRST.index(had)
    return better and after.without_phone.ways >= before.without_phone.ways


def _contact_to_reset(situation: Situation) -> NextStep | None:
    for attribute in (Attribute.EMAIL, Attribute.PHONE):
        later = situation.once_confirmed(attribute)
        missing = attribute not in situation.status.verified
        if missing and _resets_better(situation, later):
            return NextStep(StepKind.CONTACT_FOR_RESET, attribute)
    return None


def _app_first(situation: Situation) -> NextStep | None:
    if Factor.TOTP not in situation.now.enabled:
        return None
    wish = _wish(situation, situation.now.enabled, Factor.TOTP)
    helps = wish and _resets_better(situation, situation.after(wish))
    return NextStep(StepKind.APP_FIRST, wish=wish) if helps else None


# --- nobody knows whether the passkey is on ---


def _passkey_unsure(situation: Situation) -> bool:
    usable = situation.status.ready & situation.policy.offered
    return not situation.status.passkey_is_sure and Factor.PASSKEY in usable


def _save_passkey(situation: Situation) -> NextStep | None:
    now = situation.now
    moved = _wish(situation, now.enabled ^ {Factor.PASSKEY}, now.preferred)
    return NextStep(StepKind.SAVE_PASSKEY_AGAIN) if moved else None


# Each problem, the most urgent first, and what fixes it, the best first.
PROBLEMS_AND_FIXES: Final[tuple[tuple[Callable[[Situation], bool], tuple[_Fix, ...]], ...]] = (
    (lambda situation: bool(_unverified(situation)), (_confirm,)),
    (
        _nothing_is_asked,
        (
            _turn_on(keeping_reset=True),
            _set_up(Factor.TOTP, StepKind.SET_UP_APP),
            _turn_on(keeping_reset=False),
            _set_up(Factor.SMS, StepKind.CONTACT_FOR_SECOND_STEP, Attribute.PHONE),
            _set_up(Factor.EMAIL, StepKind.CONTACT_FOR_SECOND_STEP, Attribute.EMAIL),
        ),
    ),
    (
        _only_the_phone,
        (
            _change(StepKind.PASSKEY_ON, _opens(WayIn.PASSKEY), adds=Factor.PASSKEY),
            _email_each_time,
            _set_up(Factor.PASSKEY, StepKind.ADD_PASSKEY),
            _email_beside,
            _email_to_sign_in,
            _change(StepKind.ASK_EACH_TIME, _brings_number, about=Factor.SMS),
            _change(StepKind.TEXT_BESIDE, _brings_number, adds=Factor.SMS),
        ),
    ),
    (_no_good_reset, (_contact_to_reset, _app_first)),
    (_passkey_unsure, (_save_passkey,)),
)
