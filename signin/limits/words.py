"""The sentence that says how long to wait."""

from typing import Final

from django.utils.translation import ngettext

from signin.limits.domain import Wait

# More than this many of a unit is told in the next one.
_LONGEST_COUNT: Final = 90


def wait_sentence(wait: Wait) -> str:
    """Return the sentence that says how long to wait, in the largest unit that fits."""
    seconds = max(1, -int(-wait.left.total_seconds() // 1))
    hours, minutes = -(-seconds // 3600), -(-seconds // 60)
    if seconds <= _LONGEST_COUNT:
        return ngettext(
            "To keep your account safe, wait %(n)d second, then try again.",
            "To keep your account safe, wait %(n)d seconds, then try again.",
            seconds,
        ) % {"n": seconds}
    if minutes <= _LONGEST_COUNT:
        return ngettext(
            "That was too often. To keep your account safe, try again in %(n)d minute.",
            "That was too often. To keep your account safe, try again in %(n)d minutes.",
            minutes,
        ) % {"n": minutes}
    return ngettext(
        "That was too often. To keep your account safe, try again in %(n)d hour.",
        "That was too often. To keep your account safe, try again in %(n)d hours.",
        hours,
    ) % {"n": hours}
