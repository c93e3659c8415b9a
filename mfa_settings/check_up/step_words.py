"""The next steps as the card shows them. Whole sentences, for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from mfa_settings.check_up.domain import NextStep, StepKind
from userpool.values import Attribute, Factor, Status
from userpool.words import Words


@dataclass(frozen=True, slots=True)
class SuggestedStep:
    """A next step in words: its link or button, what it is good for, and where it is done.

    `url` is "" for a step that changes the preference: its button leads to a review.
    """

    id: str
    title: Words
    why: Words
    url: Words


def suggested_step(step: NextStep, status: Status) -> SuggestedStep:
    """The step in words; a contact point that the person has is confirmed, not added."""
    url = _URL.get(step.kind, "")
    return SuggestedStep(step.id, _title(step, status), _WHY[step.kind, step.about], url)


def _title(step: NextStep, status: Status) -> Words:
    if step.about is Attribute.PHONE:
        return _("Confirm your phone number") if status.phone else _("Add a phone number")
    if step.about is Attribute.EMAIL or step.kind is StepKind.EMAIL_FOR_SIGN_IN:
        return _("Confirm your email address") if status.email else _("Add an email address")
    if step.kind is StepKind.TURN_ON and isinstance(step.about, Factor):
        return _TURN_ON[step.about]
    return _TITLE[step.kind]


_TURN_ON: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Turn your authenticator app on"),
    Factor.SMS: _("Turn text messages on"),
    Factor.EMAIL: _("Turn email codes on"),
}
_TITLE: Final[Mapping[StepKind, Words]] = {
    StepKind.SET_UP_APP: _("Set up an authenticator app"),
    StepKind.PASSKEY_ON: _("Let your passkey be enough"),
    StepKind.ASK_EACH_TIME: _("Be asked each time"),
    StepKind.ADD_PASSKEY: _("Add a passkey"),
    StepKind.EMAIL_BESIDE: _("Turn email codes on too"),
    StepKind.TEXT_BESIDE: _("Turn text messages on too"),
    StepKind.APP_FIRST: _("Let your authenticator app be asked first"),
    StepKind.SAVE_PASSKEY_AGAIN: _("Save the switch of your passkey again"),
}
_CONTACT_POINTS: Final = reverse_lazy("contact_points")
_URL: Final[Mapping[StepKind, Words]] = {
    StepKind.CONFIRM_WHERE_CODES_GO: _CONTACT_POINTS,
    StepKind.SET_UP_APP: reverse_lazy("authenticator"),
    StepKind.CONTACT_FOR_SECOND_STEP: _CONTACT_POINTS,
    StepKind.ADD_PASSKEY: reverse_lazy("passkeys"),
    StepKind.EMAIL_FOR_SIGN_IN: _CONTACT_POINTS,
    StepKind.CONTACT_FOR_RESET: _CONTACT_POINTS,
    StepKind.SAVE_PASSKEY_AGAIN: "#id_passkey",
}
_CHOOSE_EMAIL: Final = _(
    "You then choose at each sign-in, and can choose the email when your phone is lost."
)
_CHOOSE_TEXT: Final = _(
    "You then choose at each sign-in. When your phone is lost, you can choose a text message as "
    "soon as you have a new SIM card."
)
_WHY: Final[Mapping[tuple[StepKind, Factor | Attribute | None], Words]] = {
    (StepKind.CONFIRM_WHERE_CODES_GO, Attribute.PHONE): _(
        "Codes for your sign-in go to a number that is not confirmed as yours. If it is wrong, you "
        "can't get in."
    ),
    (StepKind.CONFIRM_WHERE_CODES_GO, Attribute.EMAIL): _(
        "Codes for your sign-in go to an address that is not confirmed as yours. If it is wrong, "
        "you can't get in."
    ),
    (StepKind.TURN_ON, Factor.TOTP): _(
        "Your app is set up already. With it on, your password alone lets nobody in."
    ),
    (StepKind.TURN_ON, Factor.SMS): _(
        "Your number is confirmed already. With text messages on, your password alone lets nobody "
        "in."
    ),
    (StepKind.TURN_ON, Factor.EMAIL): _(
        "Your address is confirmed already. With email codes on, your password alone lets nobody "
        "in."
    ),
    (StepKind.SET_UP_APP, None): _(
        "It takes two minutes. With it on, your password alone lets nobody in."
    ),
    (StepKind.CONTACT_FOR_SECOND_STEP, Attribute.PHONE): _(
        "Then you can turn text messages on, and your password alone lets nobody in."
    ),
    (StepKind.CONTACT_FOR_SECOND_STEP, Attribute.EMAIL): _(
        "Then you can turn email codes on, and your password alone lets nobody in."
    ),
    (StepKind.PASSKEY_ON, None): _(
        "It then lets you in without your phone, if it is kept somewhere else as well."
    ),
    (StepKind.ASK_EACH_TIME, Factor.EMAIL): _CHOOSE_EMAIL,
    (StepKind.ASK_EACH_TIME, Factor.SMS): _CHOOSE_TEXT,
    (StepKind.ADD_PASSKEY, None): _(
        "On your computer or a security key, it can let you in when your phone is lost. You turn "
        "it on afterwards."
    ),
    (StepKind.EMAIL_BESIDE, None): _CHOOSE_EMAIL,
    (StepKind.EMAIL_FOR_SIGN_IN, None): _(
        "Then a code by email can let you in when your phone is lost. You turn it on afterwards."
    ),
    (StepKind.TEXT_BESIDE, None): _CHOOSE_TEXT,
    (StepKind.CONTACT_FOR_RESET, Attribute.PHONE): _(
        "If you forget your password, a code that we text to you lets you choose a new one."
    ),
    (StepKind.CONTACT_FOR_RESET, Attribute.EMAIL): _(
        "If you forget your password, a code by email lets you choose a new one, also without your "
        "phone."
    ),
    (StepKind.APP_FIRST, None): _(
        "Your phone number or email address is then free for the code that resets a password."
    ),
    (StepKind.SAVE_PASSKEY_AGAIN, None): _(
        "The last change could not be confirmed, so nobody can say whether your passkey is on."
    ),
}
