"""The next steps in words. Whole sentences, so that they can be translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.check_up.domain import Kind, Step
from userpool.values import Attribute, Factor, Status
from userpool.words import Words


@dataclass(frozen=True, slots=True)
class StepWords:
    """`title` is on the link or button, `why` says what the step is good for. A step that is not
    reviewed is done on the `page` of that name, or at this `place` of the settings page."""

    title: Words
    why: Words
    page: str = ""
    place: str = ""


def step_words(step: Step, status: Status) -> StepWords:
    """A contact point that is there already is confirmed; another one is added."""
    if isinstance(step.about, Attribute):
        contact = status.phone if step.about is Attribute.PHONE else status.email
        titles = _CONFIRM if contact else _ADD
        return StepWords(titles[step.about], _WHY_CONTACT[step.kind, step.about], "contact_points")
    if step.kind is Kind.TURN_ON and isinstance(step.about, Factor):
        return StepWords(_TURN_ON[step.about], _WHY_ON[step.about])
    if step.kind is Kind.ASK_EACH_TIME and isinstance(step.about, Factor):
        return StepWords(_ASK_EACH_TIME, _WHY_EACH_TIME[step.about])
    if step.kind is Kind.EMAIL_FOR_SIGN_IN:
        titles = _CONFIRM if status.email else _ADD
        return StepWords(titles[Attribute.EMAIL], _WHY_EMAIL, "contact_points")
    return _STEPS[step.kind]


_ADD: Final[Mapping[Attribute, Words]] = {
    Attribute.PHONE: _("Add a phone number"),
    Attribute.EMAIL: _("Add an email address"),
}
_CONFIRM: Final[Mapping[Attribute, Words]] = {
    Attribute.PHONE: _("Confirm your phone number"),
    Attribute.EMAIL: _("Confirm your email address"),
}
_TURN_ON: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Turn your authenticator app on"),
    Factor.SMS: _("Turn text messages on"),
    Factor.EMAIL: _("Turn email codes on"),
}
_WHY_ON: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Your app is set up already. With it on, your password alone lets nobody in."),
    Factor.SMS: _(
        "Your number is confirmed already. With text messages on, your password alone lets nobody "
        "in."
    ),
    Factor.EMAIL: _(
        "Your address is confirmed already. With email codes on, your password alone lets nobody "
        "in."
    ),
}
_WHY_CONTACT: Final[Mapping[tuple[Kind, Attribute], Words]] = {
    (Kind.CONFIRM_WHERE_CODES_GO, Attribute.PHONE): _(
        "Codes for your sign-in go to a number that is not confirmed as yours. If it is wrong, you "
        "can't get in."
    ),
    (Kind.CONFIRM_WHERE_CODES_GO, Attribute.EMAIL): _(
        "Codes for your sign-in go to an address that is not confirmed as yours. If it is wrong, "
        "you can't get in."
    ),
    (Kind.CONTACT_FOR_SECOND_STEP, Attribute.PHONE): _(
        "Then you can turn text messages on, and your password alone lets nobody in."
    ),
    (Kind.CONTACT_FOR_SECOND_STEP, Attribute.EMAIL): _(
        "Then you can turn email codes on, and your password alone lets nobody in."
    ),
    (Kind.CONTACT_FOR_RESET, Attribute.PHONE): _(
        "If you forget your password, a code that we text to you lets you choose a new one."
    ),
    (Kind.CONTACT_FOR_RESET, Attribute.EMAIL): _(
        "If you forget your password, a code by email lets you choose a new one, also without your "
        "phone."
    ),
}
_WHY_EMAIL: Final = _(
    "Then a code by email can let you in when your phone is lost. You turn it on afterwards."
)
_ASK_EACH_TIME: Final = _("Be asked each time")
_WHY_EACH_TIME: Final[Mapping[Factor, Words]] = {
    Factor.EMAIL: _(
        "You then choose at each sign-in, and can choose the email when your phone is lost."
    ),
    Factor.SMS: _(
        "You then choose at each sign-in. When your phone is lost, you can choose a text message "
        "as soon as you have a new SIM card."
    ),
}
_STEPS: Final[Mapping[Kind, StepWords]] = {
    Kind.SET_UP_APP: StepWords(
        _("Set up an authenticator app"),
        _("It takes two minutes. With it on, your password alone lets nobody in."),
        "authenticator",
    ),
    Kind.PASSKEY_ON: StepWords(
        _("Let your passkey be enough"),
        _("It then lets you in without your phone, if it is kept somewhere else as well."),
    ),
    Kind.ADD_PASSKEY: StepWords(
        _("Add a passkey"),
        _(
            "On your computer or a security key, it can let you in when your phone is lost. You "
            "turn it on afterwards."
        ),
        "passkeys",
    ),
    Kind.EMAIL_BESIDE: StepWords(
        _("Turn email codes on too"),
        _WHY_EACH_TIME[Factor.EMAIL],
    ),
    Kind.TEXT_BESIDE: StepWords(_("Turn text messages on too"), _WHY_EACH_TIME[Factor.SMS]),
    Kind.APP_FIRST: StepWords(
        _("Let your authenticator app be asked first"),
        _("Your phone number or email address is then free for the code that resets a password."),
    ),
    Kind.SAVE_PASSKEY_AGAIN: StepWords(
        _("Save the switch of your passkey again"),
        _("The last change could not be confirmed, so nobody can say whether your passkey is on."),
        place="id_passkey",
    ),
}
