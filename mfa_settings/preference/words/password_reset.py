"""What a change means for a forgotten password, in whole sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.password_reset import Remedy, Reset, ResetNews
from userpool.values import Attribute
from userpool.words import Words

_PHONE_ONLY, _EMAIL_ONLY = frozenset({Attribute.PHONE}), frozenset({Attribute.EMAIL})
_EITHER: Final = frozenset(Attribute)
_RESET_BY: Final[Mapping[ResetNews, Mapping[frozenset[Attribute], Words]]] = {
    ResetNews.STILL: {
        _PHONE_ONLY: _(
            "If you forget your password, you can still reset it with a code texted to your phone."
        ),
        _EMAIL_ONLY: _(
            "If you forget your password, you can still reset it with a code sent to your email "
            "address."
        ),
        _EITHER: _(
            "If you forget your password, you can still reset it with a code sent to your phone or "
            "your email address."
        ),
    },
    ResetNews.MOVES: {
        _PHONE_ONLY: _(
            "If you forget your password, the code to reset it can then go to your phone only, no "
            "longer to your email address."
        ),
        _EMAIL_ONLY: _(
            "If you forget your password, the code to reset it can then go to your email address "
            "only, no longer to your phone."
        ),
        _EITHER: _(
            "If you forget your password, the code to reset it can then go to your phone or your "
            "email address."
        ),
    },
    ResetNews.GAINED: {
        _PHONE_ONLY: _(
            "If you forget your password, you will be able to reset it yourself, with a code "
            "texted to your phone."
        ),
        _EMAIL_ONLY: _(
            "If you forget your password, you will be able to reset it yourself, with a code sent "
            "to your email address."
        ),
        _EITHER: _(
            "If you forget your password, you will be able to reset it yourself, with a code sent "
            "to your phone or your email address."
        ),
    },
    ResetNews.NO_CONTACT: {
        _PHONE_ONLY: _(
            "As now, you can't reset a forgotten password yourself: your account has no confirmed "
            "phone number that a code could go to."
        ),
        _EMAIL_ONLY: _(
            "As now, you can't reset a forgotten password yourself: your account has no confirmed "
            "email address that a code could go to."
        ),
        _EITHER: _(
            "As now, you can't reset a forgotten password yourself: your account has no confirmed "
            "phone number or email address that a code could go to."
        ),
    },
}
# Where the pool did not say how it resets a password.
_MAY_BE_RESET_BY: Final[Mapping[frozenset[Attribute], Words]] = {
    _PHONE_ONLY: _(
        "If you forget your password, a code to reset it can go to your phone only, if your "
        "account sends one at all."
    ),
    _EMAIL_ONLY: _(
        "If you forget your password, a code to reset it can go to your email address only, if "
        "your account sends one at all."
    ),
    _EITHER: _(
        "If you forget your password, a code to reset it can go to your phone or your email "
        "address, if your account sends one at all."
    ),
}
_NO_RESET_AS_NOW: Final[Mapping[ResetNews, Words]] = {
    ResetNews.IN_USE: _(
        "As now, you can't reset a forgotten password yourself: the code for it is never sent to "
        "the phone or the address that confirms your sign-in."
    ),
    ResetNews.BY_OTHERS: _(
        "As now, only the people who look after your account can reset a forgotten password."
    ),
}


def reset_sentence(reset: Reset) -> Words:
    """What a forgotten password comes to, for every news but the loss of the last way."""
    if reset.news in _NO_RESET_AS_NOW:
        return _NO_RESET_AS_NOW[reset.news]
    if not reset.sure and reset.news is not ResetNews.NO_CONTACT:
        return _MAY_BE_RESET_BY[reset.by]
    return _RESET_BY[reset.news][reset.by]


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


def lost_reset_heading(reset: Reset) -> Words:
    if reset.sure:
        return _("You could no longer reset a forgotten password yourself")
    return _("You may no longer be able to reset a forgotten password yourself")
