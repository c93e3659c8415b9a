"""The sentences of a review about resetting a forgotten password."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mfa_settings.preference.domain.password_reset import PasswordReset, Remedy, ResetNews
from userpool.values import Attribute
from userpool.words import Words

_PHONE, _EMAIL = frozenset({Attribute.PHONE}), frozenset({Attribute.EMAIL})
_EITHER: Final = frozenset(Attribute)
_Parts = Mapping[frozenset[Attribute], Words]
_WITH: Final[_Parts] = {
    _PHONE: pgettext_lazy("reset it with", "a code texted to your phone"),
    _EMAIL: pgettext_lazy("reset it with", "a code sent to your email address"),
    _EITHER: pgettext_lazy("reset it with", "a code sent to your phone or your email address"),
}
_MOVES_TO: Final[_Parts] = {
    _PHONE: pgettext_lazy("can go to", "your phone only, no longer to your email address"),
    _EMAIL: pgettext_lazy("can go to", "your email address only, no longer to your phone"),
    _EITHER: pgettext_lazy("can go to", "your phone or your email address"),
}
_MAY_GO_TO: Final[_Parts] = {
    _PHONE: pgettext_lazy("can go to", "your phone only"),
    _EMAIL: pgettext_lazy("can go to", "your email address only"),
    _EITHER: _MOVES_TO[_EITHER],
}
_NO_CONTACT: Final[_Parts] = {
    _PHONE: pgettext_lazy("your account has", "no confirmed phone number"),
    _EMAIL: pgettext_lazy("your account has", "no confirmed email address"),
    _EITHER: pgettext_lazy("your account has", "no confirmed phone number or email address"),
}
_NOT_SURE: Final = _(
    "If you forget your password, a code to reset it can go to {part}, if your account sends one "
    "at all."
)
# Each news -> its sentence, and the phrase that is its {part} for each set of contact points.
_SENTENCES: Final[Mapping[ResetNews, tuple[Words, _Parts]]] = {
    ResetNews.STILL: (_("If you forget your password, you can still reset it with {part}."), _WITH),
    ResetNews.MOVES: (
        _("If you forget your password, the code to reset it can then go to {part}."),
        _MOVES_TO,
    ),
    ResetNews.GAINED: (
        _("If you forget your password, you will be able to reset it yourself, with {part}."),
        _WITH,
    ),
    ResetNews.NO_CONTACT: (
        _(
            "As now, you can't reset a forgotten password yourself: your account has {part} that a "
            "code could go to."
        ),
        _NO_CONTACT,
    ),
}
_NO_RESET_AS_NOW: Final[Mapping[ResetNews, Words]] = {
    ResetNews.BLOCKED_BY_FACTOR: _(
        "As now, you can't reset a forgotten password yourself: the code for it is never sent to "
        "the phone or the address that confirms your sign-in."
    ),
    ResetNews.ADMIN_ONLY: _(
        "As now, only the people who look after your account can reset a forgotten password."
    ),
}


def reset_sentence(reset: PasswordReset) -> Words:
    """Say how a forgotten password is reset after the change, for every news but LOST."""
    if reset.news in _NO_RESET_AS_NOW:
        return _NO_RESET_AS_NOW[reset.news]
    sentence, parts = _SENTENCES[reset.news]
    if not reset.sure and reset.news is not ResetNews.NO_CONTACT:
        sentence, parts = _NOT_SURE, _MAY_GO_TO
    return str(sentence).format(part=str(parts[reset.channels]))


_ONE_OF_BOTH: Final = _(
    "To keep a way, go back and turn on only one of text messages and email codes."
)
REMEDY: Final[Mapping[frozenset[Remedy], Words]] = {
    frozenset({Remedy.LEAVE_TEXT_OFF}): _("To keep a way, go back and leave text messages off."),
    frozenset({Remedy.LEAVE_EMAIL_OFF}): _("To keep a way, go back and leave email codes off."),
    frozenset({Remedy.LEAVE_TEXT_OFF, Remedy.LEAVE_EMAIL_OFF}): _ONE_OF_BOTH,
    frozenset({Remedy.APP_FIRST}): _("To keep a way, let an authenticator app be asked first."),
    frozenset({Remedy.CONFIRM_PHONE}): _(
        "To keep a way, first add a phone number and confirm that it is yours."
    ),
    frozenset({Remedy.CONFIRM_EMAIL}): _(
        "To keep a way, first add an email address and confirm that it is yours."
    ),
    frozenset({Remedy.APP_FIRST, Remedy.CONFIRM_PHONE}): _(
        "To keep a way, let an authenticator app be asked first, or add a phone number and confirm "
        "that it is yours."
    ),
    frozenset({Remedy.APP_FIRST, Remedy.CONFIRM_EMAIL}): _(
        "To keep a way, let an authenticator app be asked first, or add an email address and "
        "confirm that it is yours."
    ),
}


WHY_LOST: Final = _(
    "A code to reset your password is never sent to the phone or the address that confirms your "
    "sign-in, and you would have no other."
)
WITHOUT_A_WAY: Final = _(
    "Otherwise, if you forget your password, only the people who look after your account can help "
    "you."
)


def lost_reset_heading(reset: PasswordReset) -> Words:
    """The heading over a LOST password reset."""
    if reset.sure:
        return _("You could no longer reset a forgotten password yourself")
    return _("You may no longer be able to reset a forgotten password yourself")
