"""The words for what can go wrong in a set-up."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.authenticator.domain import MAX_WRONG_CODES, Problem
from userpool.words import Words

_SENTENCES: Final = {
    Problem.WRONG_CODE: _(
        "That is not the code we expected. Check that you are reading the entry that "
        "you have just added to your app, wait for its next code and enter that."
    ),
    Problem.ALREADY_USED: _(
        "That code has been used already, and each code works once. "
        "Wait until your app shows the next one and enter that."
    ),
    Problem.NOT_KNOWN: _(
        "We did not get an answer in time, so we don't know whether that worked. "
        "Wait until your app shows the next code and enter that."
    ),
    Problem.OVER: _(
        "This picture and its key no longer work: they have run out, or you started again in "
        "another tab. If you started again, go on there. Otherwise start again here, and delete "
        "the entry that you have just added to your app."
    ),
    Problem.TOO_MANY_TRIES: _(
        "Too many wrong codes. To keep your account safe, this picture and its key no longer "
        "work. Delete the entry that you have just added to your app, then start again."
    ),
    Problem.WAIT_AN_HOUR: _(
        "That was too often. To keep your account safe, you can start again in an hour."
    ),
    Problem.NOT_OFFERED: _("Your account can't use an authenticator app."),
}
_MINUTE: Final = timedelta(minutes=1)


def problem_sentence(problem: Problem, clock_offset: timedelta = timedelta(0)) -> Words:
    """Say what went wrong in a set-up, and the next step."""
    if problem is Problem.CLOCK_OUT_OF_STEP:
        return _clock_sentence(clock_offset)
    return _SENTENCES[problem]


def _clock_sentence(offset: timedelta) -> str:
    minutes = max(1, round(abs(offset) / _MINUTE))
    if offset > timedelta(0):
        sentence = ngettext(
            "Your phone's clock is about %(minutes)d minute ahead, and the code depends on the "
            "time. Set your phone to take the time automatically, then enter the next code.",
            "Your phone's clock is about %(minutes)d minutes ahead, and the code depends on the "
            "time. Set your phone to take the time automatically, then enter the next code.",
            minutes,
        )
    else:
        sentence = ngettext(
            "Your phone's clock is about %(minutes)d minute behind, and the code depends on the "
            "time. Set your phone to take the time automatically, then enter the next code.",
            "Your phone's clock is about %(minutes)d minutes behind, and the code depends on the "
            "time. Set your phone to take the time automatically, then enter the next code.",
            minutes,
        )
    return sentence % {"minutes": minutes}


def tries_left_sentence(left: int) -> str:
    """Say how many tries are left; "" before the first wrong code and after the last."""
    if not 0 < left < MAX_WRONG_CODES:
        return ""
    return ngettext("You have %(tries)d try left.", "You have %(tries)d tries left.", left) % {
        "tries": left
    }
