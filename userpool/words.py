"""The names of factors, the sentence for the next sign-in, and lists, as pages show them."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from userpool.next_sign_in import Asked, NextSignIn
from userpool.values import ContactPoint, Factor

# A text for people, which may be translated only when a page shows it.
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


# The members of the list in "you will choose between …".
_CHOICE: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: pgettext_lazy("you will choose between", "your authenticator app"),
    Factor.SMS: pgettext_lazy("you will choose between", "a text message"),
    Factor.EMAIL: pgettext_lazy("you will choose between", "an email"),
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


def joined(items: Sequence[Words]) -> str:
    """The items as one list, in the language of the page: "a", "a and b", "a, b and c"."""
    *others, last = items
    if not others:
        return str(last)
    start = str(others[0])
    for item in others[1:]:
        # Translators: a longer list, before its last item.
        start = gettext("%(all)s, %(next)s") % {"all": start, "next": item}
    # Translators: the end of a list.
    return gettext("%(first)s and %(last)s") % {"first": start, "last": last}


def next_sign_in_sentence(coming: NextSignIn) -> Words:
    """Return the sentence that says what the next sign-in asks for."""
    if coming.asked is Asked.FACTOR:
        return _ASKED_FOR[coming.factors[0]]
    if coming.asked is Asked.CHOICE:
        factors = joined([_CHOICE[factor] for factor in coming.factors])
        sentence = gettext(
            "Next time you sign in, after your password, you will choose between %(factors)s."
        )
        return sentence % {"factors": factors}
    return _OTHERWISE_ASKED[coming.asked]


def masked(contact: ContactPoint) -> str:
    """A number or an address, shortened so that its owner recognises it and nobody else can use it.

    Unicode isolates keep it apart from the writing direction of the sentence around it.
    """
    name, at, domain = contact.value.partition("@")
    shown = f"{name[:1]}•••@{domain[:60]}" if at else f"••• {name[-3:]}"
    return f"\u2068{shown}\u2069"
