"""What each problem of a set-up is called, and what to do about it."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.authenticator.domain import MAX_WRONG_CODES, Problem
from mfa_settings.authenticator.service import Stuck

_SENTENCES = {
    Problem.WRONG_CODE: _(
        "That is not the code we expected. Check that you are reading the newest entry "
        "in your app, wait for its next code and enter that."
    ),
    Problem.ALREADY_USED: _(
        "That code has been used already, and each code works once. "
        "Wait until your app shows the next one and enter that."
    ),
    Problem.EXPIRED: _(
        "This set-up has run out, so the picture and the key no longer work. "
        "Start again: you get a new picture to scan."
    ),
    Problem.TOO_MANY_TRIES: _(
        "Too many wrong codes. To keep your account safe, this set-up is closed. "
        "Delete the entry in your app, and start again later."
    ),
    Problem.NOT_KNOWN: _(
        "We did not get an answer in time, so we don't know whether that worked. "
        "Wait until your app shows the next code and enter that."
    ),
}


def problem_sentence(stuck: Stuck) -> str | Promise:
    """What went wrong and the next step."""
    if stuck.problem is Problem.CLOCK_OUT_OF_STEP:
        return _clock_sentence(stuck.clock_offset)
    return _SENTENCES[stuck.problem]


def _clock_sentence(offset: timedelta) -> str:
    minutes = max(1, round(abs(offset).total_seconds() / 60))
    ahead = offset > timedelta(0)
    sentence = (
        ngettext(
            "Your phone's clock is about %(minutes)d minute ahead.",
            "Your phone's clock is about %(minutes)d minutes ahead.",
            minutes,
        )
        if ahead
        else ngettext(
            "Your phone's clock is about %(minutes)d minute behind.",
            "Your phone's clock is about %(minutes)d minutes behind.",
            minutes,
        )
    )
    advice = _(
        "The code depends on the time. Set your phone to take the time automatically, "
        "then enter the next code."
    )
    return f"{sentence % {'minutes': minutes}} {advice}"


def tries_left_sentence(tries_left: int) -> str:
    """How often a wrong code is still forgiven; nothing before the first one."""
    if not 0 < tries_left < MAX_WRONG_CODES:
        return ""
    return ngettext(
        "You have %(tries)d try left.", "You have %(tries)d tries left.", tries_left
    ) % {"tries": tries_left}
