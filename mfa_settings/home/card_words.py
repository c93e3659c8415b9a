"""The texts of each factor's card on the settings page."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.factor_views import FactorState, FactorView
from userpool.policy import Obstacle
from userpool.values import Factor, Status
from userpool.words import Words, masked

WHAT_IT_IS: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("An app on your phone shows a new code every 30 seconds, even without signal."),
    Factor.SMS: _("We text a code to your phone number."),
    Factor.EMAIL: _("We send a code to your email address."),
    Factor.PASSKEY: _(
        "Your fingerprint, face or screen lock signs you in, in place of password and code."
    ),
}

STATE: Final[Mapping[FactorState, Words]] = {
    FactorState.ON: _("On"),
    FactorState.OFF: _("Off"),
    FactorState.NOT_SET_UP: _("Not set up"),
    FactorState.NOT_OFFERED: _("Not offered"),
    FactorState.MANAGED_ELSEWHERE: _("Managed by your organisation"),
}

_SET_IT_UP: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Set up your app"),
    Factor.SMS: _("Add a number"),
    Factor.EMAIL: _("Add an address"),
    Factor.PASSKEY: _("Add a passkey"),
}
_CHANGE_IT: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Move to a new phone or app"),
    Factor.SMS: _("Change your number"),
    Factor.EMAIL: _("Change your address"),
    Factor.PASSKEY: _("See your passkeys"),
}
_CONFIRM_IT: Final[Mapping[Factor, Words]] = {
    Factor.SMS: _("Confirm your number"),
    Factor.EMAIL: _("Confirm your address"),
}


def link_words(view: FactorView, status: Status) -> Words:
    """Returns the text of the link to the factor's own page; "" where there is nothing to do."""
    if view.ready:
        return _CHANGE_IT[view.factor] if view.offered or view.factor in _CONFIRM_IT else ""
    if not view.offered:
        return ""
    unconfirmed = view.factor in status.reachable and view.factor in _CONFIRM_IT
    return _CONFIRM_IT[view.factor] if unconfirmed else _SET_IT_UP[view.factor]


def note_sentence(view: FactorView, status: Status) -> Words:
    """Returns the note of the factor's card, with the person's own number or address; or ""."""
    if view.obstacle and not status.identity_provider:
        return _OBSTACLE[view.obstacle]
    if view.factor is Factor.PASSKEY:
        return _passkey_note(view, status)
    if view.is_on and not view.offered:
        return _NO_LONGER_OFFERED if view.locked_by else _NO_LONGER_OFFERED_BUT_MOVABLE
    if view.factor is Factor.TOTP and view.state is FactorState.OFF:
        return _("Your app is set up. Turn it on to be asked for its code.")
    if view.factor not in _CONTACT_NOTES or status.identity_provider:
        return ""
    contact = status.phone if view.factor is Factor.SMS else status.email
    if contact is None:
        return _CONTACT_NOTES[view.factor]["none"]
    kind = "confirmed" if contact.verified else "unconfirmed"
    return str(_CONTACT_NOTES[view.factor][kind]).format(contact=masked(contact))


def _passkey_note(view: FactorView, status: Status) -> Words:
    if not view.ready or status.identity_provider:
        return ""
    return _PASSKEY_AS_SET_HERE if status.passkey_is_sure else _PASSKEY_NOT_SURE


_PASSKEY_AS_SET_HERE: Final = _(
    "You see what was last set on this page: your account does not tell whether a passkey is on."
)
_PASSKEY_NOT_SURE: Final = _(
    "The last change of this could not be confirmed. Move the switch and save, to be sure."
)
_OBSTACLE: Final[Mapping[Obstacle, Words]] = {
    Obstacle.TIER: _(
        "Email codes can't be sent in the plan that your account is part of. "
        "The people who look after it can change that."
    ),
    Obstacle.OWN_SENDER_MISSING: _(
        "Email codes can't be sent yet, because no sender of their own is set up for them. "
        "The people who look after your account can change that."
    ),
    Obstacle.RECOVERY_BY_EMAIL_ONLY: _(
        "Email codes can't be used, because a forgotten password can be reset by email only. "
        "The people who look after your account can change that."
    ),
}
_NO_LONGER_OFFERED: Final = _("Your account no longer offers this.")
_NO_LONGER_OFFERED_BUT_MOVABLE: Final = _(
    "Your account no longer offers this. If you turn it off, you can't turn it on again."
)
_CONTACT_NOTES: Final[Mapping[Factor, Mapping[str, Words]]] = {
    Factor.SMS: {
        "confirmed": _("Codes go to the number {contact}."),
        "unconfirmed": _("Your number {contact} is not confirmed as yours yet."),
        "none": _("Your account has no phone number yet."),
    },
    Factor.EMAIL: {
        "confirmed": _("Codes go to {contact}."),
        "unconfirmed": _("Your address {contact} is not confirmed as yours yet."),
        "none": _("Your account has no email address yet."),
    },
}
