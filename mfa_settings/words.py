"""What each factor, rule and sign-in is called. Whole sentences, so that they can be translated."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.domain import (
    Asked,
    ContactPoint,
    Factor,
    NextSignIn,
    Preference,
    Rule,
    Violation,
    in_page_order,
)
from mfa_settings.domain.limits import Wait

Words = str | Promise

SLUG_OF_FACTOR: Final[Mapping[Factor, str]] = {
    Factor.TOTP: "app",
    Factor.SMS: "text",
    Factor.EMAIL: "email",
    Factor.PASSKEY: "passkey",
}
FACTOR_OF_SLUG: Final = {slug: factor for factor, slug in SLUG_OF_FACTOR.items()}

NAME: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Authenticator app"),
    Factor.SMS: _("Text message"),
    Factor.EMAIL: _("Email"),
    Factor.PASSKEY: _("Passkey"),
}

_ASKED_FOR: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _(
        "Next time you sign in, after your password, "
        "you will be asked for the code from your authenticator app."
    ),
    Factor.SMS: _(
        "Next time you sign in, after your password, "
        "you will be asked for a code that we text to your phone."
    ),
    Factor.EMAIL: _(
        "Next time you sign in, after your password, "
        "you will be asked for a code that we email to you."
    ),
}

_CHOICE: Final[Mapping[frozenset[Factor], Words]] = {
    frozenset({Factor.TOTP, Factor.SMS}): _(
        "Next time you sign in, after your password, "
        "you will choose between your authenticator app and a text message."
    ),
    frozenset({Factor.TOTP, Factor.EMAIL}): _(
        "Next time you sign in, after your password, "
        "you will choose between your authenticator app and an email."
    ),
    frozenset({Factor.SMS, Factor.EMAIL}): _(
        "Next time you sign in, after your password, "
        "you will choose between a text message and an email."
    ),
    frozenset({Factor.TOTP, Factor.SMS, Factor.EMAIL}): _(
        "Next time you sign in, after your password, "
        "you will choose between your authenticator app, a text message and an email."
    ),
}

_OTHERWISE_ASKED: Final[Mapping[Asked, Words]] = {
    Asked.NOTHING: _("Next time you sign in, your password alone will be enough."),
    Asked.NOTHING_UNLESS_RISKY: _(
        "Next time you sign in, your password alone will be enough, unless something about the "
        "sign-in looks unusual."
    ),
    Asked.SET_UP: _(
        "Next time you sign in, you will be asked to set up a second step before you get in."
    ),
    Asked.ELSEWHERE: _(
        "Your organisation signs you in, so it decides what you are asked for, not this page."
    ),
}


def next_sign_in_sentence(coming: NextSignIn) -> Words:
    """What the next sign-in asks for, as one sentence."""
    if coming.asked is Asked.FACTOR:
        return _ASKED_FOR[coming.factors[0]]
    if coming.asked is Asked.CHOICE:
        return _CHOICE[frozenset(coming.factors)]
    return _OTHERWISE_ASKED[coming.asked]


_IS_ON: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Authenticator app: on"),
    Factor.SMS: _("Text message: on"),
    Factor.EMAIL: _("Email: on"),
    Factor.PASSKEY: _("Passkey: on"),
}
_IS_ASKED_FIRST: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Authenticator app: on, asked first"),
    Factor.SMS: _("Text message: on, asked first"),
    Factor.EMAIL: _("Email: on, asked first"),
}


def preference_words(preference: Preference) -> list[Words]:
    """What is on, one line for each, in page order."""
    return [
        _IS_ASKED_FIRST[f] if f is preference.preferred else _IS_ON[f]
        for f in in_page_order(preference.enabled)
    ] or [_("Nothing is on.")]


_BROKEN: Final[Mapping[Rule, Words]] = {
    Rule.MANAGED_ELSEWHERE: _("Your organisation signs you in and decides this."),
    Rule.NOT_OFFERED: _("This is not offered to your account."),
    Rule.PASSKEY_ALONE: _(
        "A passkey can't be the only way. Keep another one on, such as text messages, or turn the "
        "passkey off too."
    ),
    Rule.CHOICE_NEEDS_TWO: _(
        "You can be asked each time only when two are on. Turn on another one, or choose the one "
        "that is on."
    ),
    Rule.FIRST_NOT_OFFERED: _(
        "The one that is asked first now is no longer offered to your account. "
        "Choose another one, or turn it off."
    ),
    Rule.LAST_FACTOR_STAYS: _(
        "Your account must always ask for a second step, and this is your only one. It stays on."
    ),
    Rule.REQUIRED_STAYS_ON: _(
        "Your account must always ask for a second step, so this stays on. "
        "You can choose which one is asked for first."
    ),
}
_NOT_READY: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Set up your authenticator app before you turn it on."),
    Factor.SMS: _("Text messages need a phone number that you have confirmed is yours first."),
    Factor.EMAIL: _("Email codes need an email address that you have confirmed is yours first."),
    Factor.PASSKEY: _("Add a passkey before you turn it on."),
}
_PREFERRED_IS_OFF: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Your authenticator app is off, so it can't be asked first. Choose another."),
    Factor.SMS: _("Text messages are off, so they can't be asked first. Choose another."),
    Factor.EMAIL: _("Email codes are off, so they can't be asked first. Choose another."),
    Factor.PASSKEY: _("A passkey can't be asked first. Choose another."),
}


def violation_sentence(violation: Violation) -> Words:
    """Why the wish can't be met, and what to do instead."""
    if violation.rule is Rule.NOT_READY and violation.factor:
        return _NOT_READY[violation.factor]
    if violation.rule in {Rule.PREFERRED_IS_OFF, Rule.NOT_PREFERABLE} and violation.factor:
        return _PREFERRED_IS_OFF[violation.factor]
    return _BROKEN[violation.rule]


def masked(contact: ContactPoint) -> str:
    """Enough to recognise a number or an address, not enough to use it.

    Cut short, and kept apart from the direction of the sentence around it.
    """
    name, at, domain = contact.value.partition("@")
    shown = f"{name[:1]}•••@{domain[:60]}" if at else f"••• {name[-3:]}"
    return f"\u2068{shown}\u2069"


def wait_sentence(wait: Wait) -> str:
    """How long until the next try, in the largest unit that fits."""
    seconds = max(1, -int(-wait.left.total_seconds() // 1))
    hours, minutes = -(-seconds // 3600), -(-seconds // 60)
    if seconds <= 90:
        return ngettext(
            "To keep your account safe, wait %(n)d second, then try again.",
            "To keep your account safe, wait %(n)d seconds, then try again.",
            seconds,
        ) % {"n": seconds}
    if minutes <= 90:
        return ngettext(
            "That was too often. To keep your account safe, try again in %(n)d minute.",
            "That was too often. To keep your account safe, try again in %(n)d minutes.",
            minutes,
        ) % {"n": minutes}
    return ngettext(
        "That was too often. To keep your account safe, try again in %(n)d hour.",
        "That was too often. To keep your account safe, try again in %(n)d hours.",
        hours,
    ) % {"n": hours}
