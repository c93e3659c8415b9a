"""The sentence of each effect of a change, and of each that can't be undone."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.statements import Lasting, Move, Statement
from userpool.values import Factor
from userpool.words import Words

_TOTP, _SMS, _EMAIL, _PASSKEY = Factor.TOTP, Factor.SMS, Factor.EMAIL, Factor.PASSKEY

STATEMENTS: Final[Mapping[Statement, Words]] = {
    Statement(Move.TURNED_ON, _TOTP): _("Your authenticator app will be turned on."),
    Statement(Move.TURNED_ON, _SMS): _("Text messages will be turned on."),
    Statement(Move.TURNED_ON, _EMAIL): _("Email codes will be turned on."),
    Statement(Move.TURNED_ON, _PASSKEY): _(
        "Your passkey alone will be enough to sign in, without a password or code."
    ),
    Statement(Move.TURNED_OFF, _TOTP): _("Your authenticator app will be turned off."),
    Statement(Move.TURNED_OFF, _SMS): _("Text messages will be turned off."),
    Statement(Move.TURNED_OFF, _EMAIL): _("Email codes will be turned off."),
    Statement(Move.TURNED_OFF, _PASSKEY): _(
        "Your passkey alone will no longer be enough to sign in."
    ),
    Statement(Move.OFF_BUT_ENOUGH, _PASSKEY): _(
        "Your passkey will be turned off as a second step. It still signs you in, like your "
        "password alone."
    ),
    Statement(Move.ASKED_FIRST, _TOTP): _("Your authenticator app will be asked for first."),
    Statement(Move.ASKED_FIRST, _SMS): _("A text message will be asked for first."),
    Statement(Move.ASKED_FIRST, _EMAIL): _("An email code will be asked for first."),
    Statement(Move.NONE_FIRST): _("No way comes first any more."),
    Statement(Move.CHOSEN_EACH_TIME): _(
        "No way comes first any more: you choose each time you sign in."
    ),
    Statement(Lasting.OFF_FOR_GOOD, _TOTP): _(
        "You can't turn your authenticator app on again: your account no longer offers it."
    ),
    Statement(Lasting.OFF_FOR_GOOD, _SMS): _(
        "You can't turn text messages on again: your account no longer offers them."
    ),
    Statement(Lasting.OFF_FOR_GOOD, _EMAIL): _(
        "You can't turn email codes on again: your account no longer offers them."
    ),
    Statement(Lasting.OFF_FOR_GOOD, _PASSKEY): _(
        "You can't turn your passkey on again: your account no longer offers it."
    ),
    Statement(Lasting.OFF_UNTIL_READY, _TOTP): _(
        "To turn your authenticator app on again, you would have to set it up first."
    ),
    Statement(Lasting.OFF_UNTIL_READY, _SMS): _(
        "To turn text messages on again, you would have to confirm your phone number first."
    ),
    Statement(Lasting.OFF_UNTIL_READY, _EMAIL): _(
        "To turn email codes on again, you would have to confirm your email address first."
    ),
    Statement(Lasting.OFF_UNTIL_READY, _PASSKEY): _(
        "To turn your passkey on again, you would have to add one first."
    ),
    Statement(Lasting.FIRST_NO_MORE, _TOTP): _(
        "Your authenticator app can't be asked first again: your account no longer offers it."
    ),
    Statement(Lasting.FIRST_NO_MORE, _SMS): _(
        "Text messages can't be asked first again: your account no longer offers them."
    ),
    Statement(Lasting.FIRST_NO_MORE, _EMAIL): _(
        "Email codes can't be asked first again: your account no longer offers them."
    ),
    Statement(Lasting.FIRST_UNTIL_READY, _TOTP): _(
        "To let your authenticator app be asked first again, you would have to set it up first."
    ),
    Statement(Lasting.FIRST_UNTIL_READY, _SMS): _(
        "To let text messages be asked first again, you would have to confirm your phone number."
    ),
    Statement(Lasting.FIRST_UNTIL_READY, _EMAIL): _(
        "To let email codes be asked first again, you would have to confirm your email address."
    ),
    Statement(Lasting.ON_FOR_GOOD): _(
        "You can't turn it off again here: your account must always ask for a second step."
    ),
    Statement(Lasting.NO_WAY_BACK): _("You can't go back to what is set now."),
}
