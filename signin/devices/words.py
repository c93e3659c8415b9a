"""How forgetting devices ended, in whole sentences."""

from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from signin.devices.domain import End, Forgotten
from signin.limits.domain import Wait
from signin.limits.words import wait_sentence

TITLE: Final[dict[End, tuple[str, str | Promise]]] = {
    End.ALL: ("good", gettext_lazy("Forgotten")),
    End.PART: ("warning", gettext_lazy("Not finished yet")),
    End.NOTHING: ("warning", gettext_lazy("Not forgotten")),
    End.NOT_KNOWN: ("warning", gettext_lazy("Not confirmed")),
    End.TOO_OFTEN: ("warning", gettext_lazy("Too often")),
}


def forgotten_sentences(forgotten: Forgotten) -> list[str]:
    """Sentences for the notice after a press: what is forgotten, what is left, the next step."""
    if forgotten.end is End.ALL:
        return [_("The next sign-in there asks for your second step, if one is on.")]
    if forgotten.end is End.NOTHING:
        return [_("Nothing was forgotten. Wait a minute, then try again.")]
    if forgotten.end is End.NOT_KNOWN:
        return [
            _(
                "We did not get an answer in time. The list below is what your account says now; "
                "if something is still on it, forget it again."
            )
        ]
    if forgotten.end is End.TOO_OFTEN:
        return [
            _("Nothing was changed. What is on the list is still remembered."),
            wait_sentence(Wait(timedelta(seconds=forgotten.wait_seconds))),
        ]
    return [
        ngettext(
            "%(count)d device is forgotten.", "%(count)d devices are forgotten.", forgotten.gone
        )
        % {"count": forgotten.gone},
        ngettext(
            "%(count)d is still remembered. To go on, forget the rest.",
            "%(count)d are still remembered. To go on, forget the rest.",
            forgotten.left,
        )
        % {"count": forgotten.left},
    ]
