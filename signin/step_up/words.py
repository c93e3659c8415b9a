"""Sentences: what the sign-in before a change will ask for, and why one was not enough."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from signin.assurance import Shortfall
from signin.domain import Failure
from userpool.next_sign_in import Asked, NextSignIn
from userpool.values import Factor
from userpool.words import Words

_ASKED_FOR: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("You will be asked for your password and the code from your authenticator app."),
    Factor.SMS: _("You will be asked for your password and a code that we text to your phone."),
    Factor.EMAIL: _("You will be asked for your password and a code that we email to you."),
    Factor.PASSKEY: _("Choose “Sign in with a passkey” on the sign-in page."),
}
_OTHERWISE: Final = _("You will sign in the way you always do.")
_CHOICE: Final = _("You will be asked for your password and, of what you have on, one to choose.")

_WAY: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Sign in with the code from your authenticator app"),
    Factor.SMS: _("Sign in with a text message"),
    Factor.EMAIL: _("Sign in with an email"),
    Factor.PASSKEY: _("Sign in with your passkey"),
}

_PROBLEM: Final[Mapping[Shortfall | Failure, Words]] = {
    Shortfall.TOO_OLD: _(
        "The sign-in page let you through without asking again. Sign out here, then sign in and "
        "come back."
    ),
    Shortfall.TOO_WEAK: _(
        "You signed in, but without the second step that is on for your account. Sign in once more "
        "and use it."
    ),
    Failure.SOMEBODY_ELSE: _(
        "Somebody else signed in just now, and that was not used. You are still signed in here as "
        "yourself. Sign in again with your own account."
    ),
    Failure.CANCELLED: _("You came back without signing in. Sign in to go on, or leave it."),
    Failure.STALE: _("That took too long, or was already used. Sign in again to go on."),
    Failure.UNREACHABLE: _("The sign-in service can't be reached. Try again in a minute."),
}
_ANY_PROBLEM: Final = _(
    "Signing in again did not work. Try once more; if it fails again, ask the people who look "
    "after your account."
)


def asked_sentence(coming: NextSignIn, *, way: Factor | None) -> Words:
    """Say what the sign-in will ask for; `way` is a factor that the person has chosen instead."""
    if way:
        return _ASKED_FOR[way]
    if coming.asked is Asked.FACTOR:
        return _ASKED_FOR[coming.factors[0]]
    return _CHOICE if coming.asked is Asked.CHOICE else _OTHERWISE


def way_sentence(way: Factor) -> Words:
    """The label of the button that asks for this factor."""
    return _WAY[way]


def problem_sentence(problem: Shortfall | Failure) -> Words:
    """Say why the last sign-in was not enough, and what to do next."""
    return _PROBLEM.get(problem, _ANY_PROBLEM)
