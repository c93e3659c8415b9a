"""The sentences of a factor test: what to do in it, its verdict, and the next step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.factor_test.domain import Verdict, WayToTest, worth_testing
from mfa_settings.preference.domain.rules import PreferenceChange
from signin.assurance import factors_used
from signin.domain import Revocation
from userpool.policy import Policy
from userpool.values import Factor, Status, in_page_order
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

_SIGN_IN: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: _(
        "Sign in there with your password, and then with the code from your authenticator app."
    ),
    Factor.SMS: _("Sign in there with your password, and then with the code that we text to you."),
    Factor.EMAIL: _("Sign in there with your password, and then with the code that we email."),
    Factor.PASSKEY: _("There, choose “Sign in with a passkey”."),
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
WHY_NOT: Final[Mapping[WayToTest, Words]] = {
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

REPAIR: Final[Mapping[Factor, Words]] = {
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
# Some pools ask for nothing where several are on and none comes first.
_CHOOSE_ONE_FIRST: Final = _(
    "Several are on, but your account asked for none of them. Go to your settings, choose one to "
    "be asked first, then test it again."
)
_NOT_ON_NOW: Final = _("It is not asked for now. Your security settings show what is on.")
_STILL_HERE: Final = _("You are still signed in here, and nothing about your account was changed.")


@dataclass(frozen=True, slots=True)
class ResultNotice:
    """The result of a test. `may_be_broken`: offer to repair the factor or to turn it off."""

    title: Words
    sentences: tuple[Words, ...]
    kind: str = "warning"
    may_be_broken: bool = False


# Of every verdict but WORKED and NOT_ASKED, whose notices depend on the factor.
_NOTICES: Final[Mapping[Verdict, ResultNotice]] = {
    Verdict.SOMEBODY_ELSE: ResultNotice(
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
    Verdict.CANCELLED: ResultNotice(
        _("You came back without signing in"),
        (
            _("So it is not known whether it works."),
            _("Did it not let you in? Then don't rely on it: set it up again, or turn it off."),
            _STILL_HERE,
        ),
        may_be_broken=True,
    ),
    Verdict.OLD_SIGN_IN: ResultNotice(
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
    Verdict.NOT_SAID: ResultNotice(
        _("You signed in"),
        (
            _("Your account does not tell this page what you were asked for, so only you know."),
            _(
                "If you were asked for it and it was accepted, it works. If you were not asked for "
                "it, don't rely on it yet."
            ),
        ),
        kind="info",
        may_be_broken=True,
    ),
    Verdict.FAILED: ResultNotice(
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
    """The slug and the words of the button from a change to a test; None: nothing to test."""
    factor = worth_testing(change, status=status, policy=policy)
    return (SLUG_OF_FACTOR[factor], _OFFER[factor]) if factor else None


def what_to_do(factor: Factor, way: WayToTest) -> Words:
    """Say what to do on the sign-in page, where the factor can be tested this way."""
    return _CHOOSE[factor] if way is WayToTest.CHOOSE else _SIGN_IN[factor]


def result_notice(
    verdict: Verdict, *, factor: Factor, amr: Collection[str], way: WayToTest
) -> ResultNotice:
    """The notice that says what a test has shown, and what to do now.

    `amr` is the claim of the test's sign-in, `way` how the factor could be tested now.
    """
    if verdict is Verdict.WORKED:
        works = _("You signed in with it just now, so you can rely on it.")
        return ResultNotice(_WORKS[factor], (works,), kind="good")
    if verdict is not Verdict.NOT_ASKED:
        return _NOTICES[verdict]
    used = in_page_order(factors_used(amr))
    next_step = _NEXT_TIME.get(way, _NOT_ON_NOW)
    if way is WayToTest.CHOOSE and not used:
        next_step = _CHOOSE_ONE_FIRST
    return ResultNotice(
        _("You were not asked for it"),
        (_USED_INSTEAD[used[0]] if used else _NOTHING_USED, next_step),
        may_be_broken=way is WayToTest.ASKED,
    )


def revocation_sentence(revocation: str) -> Words:
    """Say whether the test's sign-in was ended at Cognito; "" where there was none."""
    return _REVOCATION.get(revocation, "")


def code_wait_sentence(seconds: int) -> str:
    """Say how long to wait before the test; a script on the page counts down."""
    return ngettext(
        "Wait %(n)d second, then start the test.",
        "Wait %(n)d seconds, then start the test.",
        seconds,
    ) % {"n": seconds}
