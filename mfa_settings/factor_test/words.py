"""What a test is called, what to do in it, and what it has shown: with the next step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.factor_test.domain import Verdict, WayToTest, used, worth_testing
from mfa_settings.preference.domain.rules import PreferenceChange
from signin.domain import Revocation
from userpool.policy import Policy
from userpool.values import Factor, Status
from userpool.words import SLUG_OF_FACTOR, Words

TITLE: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Test your authenticator app"),
    Factor.SMS: _("Test text messages"),
    Factor.EMAIL: _("Test email codes"),
    Factor.PASSKEY: _("Test your passkey"),
}

_OFFER: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Test your app now"),
    Factor.SMS: _("Test text messages now"),
    Factor.EMAIL: _("Test email codes now"),
    Factor.PASSKEY: _("Test your passkey now"),
}

_AFTER_PASSWORD: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _(
        "Sign in there with your password, and then with the code from your authenticator app."
    ),
    Factor.SMS: _("Sign in there with your password, and then with the code that we text to you."),
    Factor.EMAIL: _("Sign in there with your password, and then with the code that we email."),
}
_CHOOSE: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _(
        "Sign in there with your password. When you are asked which one to use, choose your "
        "authenticator app."
    ),
    Factor.SMS: _(
        "Sign in there with your password. When you are asked which one to use, choose the text "
        "message."
    ),
    Factor.EMAIL: _(
        "Sign in there with your password. When you are asked which one to use, choose the email."
    ),
}
WHAT_TO_DO: Final[Mapping[tuple[Factor, WayToTest], Words]] = {
    **{(factor, WayToTest.ASKED): words for factor, words in _AFTER_PASSWORD.items()},
    **{(factor, WayToTest.CHOOSE): words for factor, words in _CHOOSE.items()},
    (Factor.TOTP, WayToTest.BY_LEVEL): _AFTER_PASSWORD[Factor.TOTP],
    (Factor.PASSKEY, WayToTest.BUTTON): _("There, choose “Sign in with a passkey”."),
}

CLOSED: Final[Mapping[WayToTest, Words]] = {
    WayToTest.ANOTHER_FIRST: _(
        "A sign-in asks for another one first, so a test would not get to this one. Choose this "
        "one to be asked first, or choose “Ask me each time”, and test it then."
    ),
    WayToTest.OFF: _(
        "It is off, so a sign-in does not ask for it. Turn it on and test it right afterwards: "
        "if it does not work, you can go back to what was set before with one press."
    ),
    WayToTest.NOT_SET_UP: _("It is not set up yet, so there is nothing to test."),
    WayToTest.NOT_ASKED: _("A sign-in does not ask for it at the moment, so it can't be tested."),
    WayToTest.ELSEWHERE: _("Your organisation signs you in, so it can't be tested from here."),
}

MEND: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Set up your app again"),
    Factor.SMS: _("Check your phone number"),
    Factor.EMAIL: _("Check your email address"),
    Factor.PASSKEY: _("See your passkeys"),
}

_WORKS: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("Your authenticator app works"),
    Factor.SMS: _("Text messages work"),
    Factor.EMAIL: _("Email codes work"),
    Factor.PASSKEY: _("Your passkey works"),
}
_USED_INSTEAD: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _("You signed in with the code from your authenticator app instead."),
    Factor.SMS: _("You signed in with a code by text message instead."),
    Factor.EMAIL: _("You signed in with a code by email instead."),
    Factor.PASSKEY: _("You signed in with a passkey instead."),
}
_NOTHING_USED: Final = _("You signed in, and your password alone was enough.")
_PUT_IT_FIRST: Final = _(
    "Your account asks for another one first. Choose this one to be asked first, then test it "
    "again."
)
_NEXT_TIME: Final[Mapping[WayToTest, Words]] = {
    WayToTest.CHOOSE: _(
        "Test it again, and choose it when you are asked which one to use. If you are not asked, "
        "go to your settings and choose it to be asked first."
    ),
    WayToTest.BUTTON: _("Test it again, and choose “Sign in with a passkey” on the sign-in page."),
    WayToTest.BY_LEVEL: _PUT_IT_FIRST,
    WayToTest.ANOTHER_FIRST: _PUT_IT_FIRST,
    WayToTest.ASKED: _(
        "It is on and should have been asked for, so don't rely on it. Turn it off and on again, "
        "then test it. If that does not help, tell the people who look after your account."
    ),
}
# Pools are known that may ask for nothing where none comes first.
_CHOOSE_ONE_FIRST: Final = _(
    "Several are on, but your account asked for none of them. Go to your settings, choose one to "
    "be asked first, then test it again."
)
_NOT_ON_NOW: Final = _("It is not asked for now. Your security settings show what is on.")
_STILL_HERE: Final = _("You are still signed in here, and nothing about your account was changed.")

# verdict -> (kind of notice, title, sentences); WORKED and NOT_ASKED say more, in `result_notice`.
_TOLD: Final[Mapping[Verdict, tuple[str, Words, tuple[Words, ...]]]] = {
    Verdict.SOMEBODY_ELSE: (
        "warning",
        _("Somebody else signed in"),
        (
            _(
                "It was not your account that signed in just now, so nothing was tested. You are "
                "still signed in here as yourself."
            ),
            _(
                "The sign-in page in this browser may remember the other account for up to an hour "
                "and let anybody here in with it. Sign it out there, even if it is another account "
                "of yours."
            ),
        ),
    ),
    Verdict.CANCELLED: (
        "warning",
        _("You came back without signing in"),
        (
            _("So it is not known whether it works."),
            _("Did it not let you in? Then don't rely on it: set it up again, or turn it off."),
            _STILL_HERE,
        ),
    ),
    Verdict.OLD_SIGN_IN: (
        "warning",
        _("Nothing was tested"),
        (
            _(
                "The sign-in page let you through without asking, because you had signed in there "
                "before."
            ),
            _(
                "Open this page in a private window of your browser and sign in there: that is the "
                "same test. Stay signed in here until it has worked."
            ),
        ),
    ),
    Verdict.NOT_SAID: (
        "info",
        _("You signed in"),
        (
            _("Your account does not tell this page what you were asked for, so only you know."),
            _(
                "If you were asked for it and it was accepted, it works. If you were not asked for "
                "it, don't rely on it yet."
            ),
        ),
    ),
    Verdict.FAILED: (
        "warning",
        _("The test could not be finished"),
        (
            _("The sign-in took too long, or its answer could not be used, so nothing was tested."),
            _STILL_HERE,
        ),
    ),
}

_REVOCATION: Final[Mapping[str, Words]] = {
    Revocation.REVOKED: _("The sign-in of the test is already ended."),
    Revocation.SHARED_WITH_SESSION: _(
        "Your account counts the test as the sign-in that you are using here, so both end when "
        "you sign out."
    ),
    Revocation.PENDING: _(
        "The sign-in of the test could not be ended yet. You need not do anything: it is tried "
        "again until it works."
    ),
    Revocation.ABANDONED: _(
        "The sign-in of the test could not be ended, but it was thrown away and nobody can use it."
    ),
}


def offer(change: PreferenceChange, status: Status, policy: Policy) -> tuple[str, Words] | None:
    """The button that leads from a change to a test: the factor's name in addresses, and words."""
    factor = worth_testing(change, status=status, policy=policy)
    return (SLUG_OF_FACTOR[factor], _OFFER[factor]) if factor else None


@dataclass(frozen=True, slots=True)
class ResultNotice:
    """A notice: its kind, its title, its sentences. `bad`: it may be broken, so offer ways to mend
    it or turn it off."""

    kind: str
    title: Words
    sentences: tuple[Words, ...]
    bad: bool = True


def result_notice(
    verdict: Verdict, *, factor: Factor, amr: Iterable[str], way: WayToTest
) -> ResultNotice:
    """What the test has shown, and what to do now."""
    if verdict is Verdict.WORKED:
        works = _("You signed in with it just now, so you can rely on it.")
        return ResultNotice("good", _WORKS[factor], (works,), bad=False)
    if verdict is Verdict.NOT_ASKED:
        instead = used(amr)
        with_what = _USED_INSTEAD[instead[0]] if instead else _NOTHING_USED
        next_step = _NEXT_TIME.get(way, _NOT_ON_NOW)
        if way is WayToTest.CHOOSE and not instead:
            next_step = _CHOOSE_ONE_FIRST
        return ResultNotice(
            "warning",
            _("You were not asked for it"),
            (with_what, next_step),
            bad=way is WayToTest.ASKED,
        )
    kind, title, sentences = _TOLD[verdict]
    return ResultNotice(
        kind, title, sentences, bad=verdict in {Verdict.CANCELLED, Verdict.NOT_SAID}
    )


def revocation_sentence(revocation: str) -> Words:
    """What became of the sign-in that the test was; "" where there was none."""
    return _REVOCATION.get(revocation, "")


def code_wait_sentence(seconds: int) -> str:
    """Without JavaScript: the number is as of the page."""
    return ngettext(
        "Wait %(n)d second, then start the test.",
        "Wait %(n)d seconds, then start the test.",
        seconds,
    ) % {"n": seconds}
