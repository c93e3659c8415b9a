"""The sentences about a preference and a broken rule. Whole sentences, for translation."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.rules import Rule, Violation
from userpool.values import Factor, Preference, in_page_order
from userpool.words import Words

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
    """Return a line for each factor that is on, in page order."""
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
    """Say why the person can't save this, and what to do instead."""
    if violation.rule is Rule.NOT_READY and violation.factor:
        return _NOT_READY[violation.factor]
    if violation.rule in {Rule.PREFERRED_IS_OFF, Rule.NOT_PREFERABLE} and violation.factor:
        return _PREFERRED_IS_OFF[violation.factor]
    return _BROKEN[violation.rule]


# The name of the page on which each factor is set up.
PAGE_OF_FACTOR: Final[Mapping[Factor, str]] = {
    Factor.TOTP: "authenticator",
    Factor.SMS: "contact_points",
    Factor.EMAIL: "contact_points",
    Factor.PASSKEY: "passkeys",
}
