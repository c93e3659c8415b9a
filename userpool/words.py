"""What each factor and the next sign-in are called on a page, in whole sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from userpool.next_sign_in import Asked, NextSignIn
from userpool.values import ContactPoint, Factor

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


def masked(contact: ContactPoint) -> str:
    """Enough to recognise a number or an address, not enough to use it.

    Cut short, and kept apart from the direction of the sentence around it.
    """
    name, at, domain = contact.value.partition("@")
    shown = f"{name[:1]}•••@{domain[:60]}" if at else f"••• {name[-3:]}"
    return f"\u2068{shown}\u2069"
