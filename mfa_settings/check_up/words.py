"""The sentences on a lost phone: its consequences, and what to do. For translation. Whole
sentences, for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.check_up.domain import Situation
from mfa_settings.preference.domain.lost_phone import LostPhone, WayIn
from mfa_settings.preference.domain.password_reset import ResetDestination
from userpool.next_sign_in import Asked
from userpool.policy import DeviceTracking
from userpool.values import Factor
from userpool.words import Words


def lost_phone_sentences(it: LostPhone) -> list[Words]:
    """Say what happens if the phone is lost today."""
    sentences = [_way_in(it)]
    if it.email_is_idle:
        sentences.append(_EMAIL_IS_IDLE[it.coming.factors[0]])
    if it.is_sure and WayIn.PASSKEY in it.ways:
        sentences.append(_("Your passkey works too, if it is not only on that phone."))
    # A person who can't sign in at all needs help before a password matters.
    if it.ways and it.reset in _RESET:
        sentences.append(_RESET[it.reset])
    return sentences


def _way_in(it: LostPhone) -> Words:
    if WayIn.PASSWORD in it.ways and it.coming.asked is Asked.NOTHING_UNLESS_RISKY:
        return _PASSWORD_UNLESS_RISKY
    for way, sentence in _STILL_IN.items():
        if way in it.ways:
            return sentence
    if it.coming.factors == (Factor.EMAIL,):
        return _UNCONFIRMED_EMAIL
    return _SHUT_OUT.get(it.loses, _HELP_ONLY)


_PASSWORD_UNLESS_RISKY: Final = _(
    "You can still sign in with your password, unless something about the sign-in looks unusual. "
    "So can anybody else who knows it."
)
# The surest way first.
_STILL_IN: Final[Mapping[WayIn, Words]] = {
    WayIn.PASSWORD: _(
        "You can still sign in with your password. So can anybody else who knows it."
    ),
    WayIn.SET_UP: _("You can still sign in, and set up a second step then."),
    WayIn.EMAIL: _(
        "You can still sign in with a code by email, if you can read your email on another device."
    ),
    WayIn.PASSKEY: _(
        "You can sign in only with your passkey, and only if it is kept somewhere else as well, "
        "such as on your computer. Otherwise only the people who look after your account can let "
        "you in."
    ),
}
_UNCONFIRMED_EMAIL: Final = _(
    "You can sign in only if codes reach you at your email address, which is not confirmed yet."
)
_HELP_ONLY: Final = _("Only the people who look after your account can let you in then.")
_SHUT_OUT: Final[Mapping[frozenset[Factor], Words]] = {
    frozenset({Factor.TOTP}): _(
        "Your authenticator app goes with it. Unless you have it on another device too, only the "
        "people who look after your account can let you in then."
    ),
    frozenset({Factor.SMS}): _(
        "Text messages don't reach you until your mobile provider has moved your number to a new "
        "SIM card. Before that, only the people who look after your account can let you in."
    ),
    frozenset({Factor.TOTP, Factor.SMS}): _(
        "Your app goes with it, and text messages don't reach you until your mobile provider has "
        "moved your number to a new SIM card. Before that, only the people who look after your "
        "account can let you in."
    ),
}
_EMAIL_IS_IDLE: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Email is on too, but it does not help then: only your app is asked for."),
    Factor.SMS: _("Email is on too, but it does not help then: only a text message is asked for."),
}
_RESET: Final[Mapping[ResetDestination, Words]] = {
    ResetDestination.EMAIL: _(
        "If you forget your password as well, a code by email lets you choose a new one."
    ),
    ResetDestination.PHONE: _(
        "If you forget your password as well, the code for a new one would go to the lost phone."
    ),
    ResetDestination.HELP: _(
        "If you forget your password as well, only the people who look after your account can help."
    ),
}


@dataclass(frozen=True, slots=True)
class LostPhoneAction:
    """Something to do once the phone is lost, and the name of the page on which it is done."""

    what: Words
    link: Words
    page: str


def lost_phone_actions(situation: Situation) -> list[LostPhoneAction]:
    """Say what to do when the phone is lost or replaced; empty where no factor was on it."""
    status, policy = situation.status, situation.policy
    used = situation.now.enabled | (status.ready & {Factor.TOTP, Factor.PASSKEY})
    actions = []
    if Factor.TOTP in used & policy.offered:
        actions.append(_NEW_APP)
    if Factor.SMS in used:
        actions.append(_NEW_CARD)
    if Factor.PASSKEY in used and policy.passkeys:
        actions.append(_OLD_PASSKEY)
    if actions and policy.devices in {DeviceTracking.ASK, DeviceTracking.ALWAYS}:
        actions.append(_OLD_DEVICE)
    return [*actions, _OLD_SESSIONS] if actions else []


_NEW_APP: Final = LostPhoneAction(
    _("Get a new key for your authenticator app. The app on the old phone stops working then."),
    _("Set up the app on your new phone"),
    "authenticator",
)
_NEW_CARD: Final = LostPhoneAction(
    _("Ask your mobile provider to block the lost SIM card and to move your number to a new one."),
    _("If you have a new number, change it here"),
    "contact_points",
)
_OLD_PASSKEY: Final = LostPhoneAction(
    _("A passkey that was on the old phone should not open your account any more."),
    _("Remove it from your passkeys"),
    "passkeys",
)
_OLD_DEVICE: Final = LostPhoneAction(
    _("The old phone may be remembered as one that is not asked for a second step."),
    _("Forget it"),
    "devices",
)
_OLD_SESSIONS: Final = LostPhoneAction(
    _("The old phone may still be signed in to your account."), _("Sign it out"), "sessions"
)
