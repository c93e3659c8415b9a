"""The names of places, and the sentences after ending some."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from signin.limits.domain import Wait
from signin.limits.words import wait_sentence
from signin.sessions.domain import End, Ended, PlaceKind, SignedInPlace

TITLE: Final[dict[End, tuple[str, str | Promise]]] = {
    End.ALL: ("good", gettext_lazy("Signed out there")),
    End.PENDING: ("info", gettext_lazy("Signing out there")),
    End.PART: ("warning", gettext_lazy("Not finished yet")),
    End.NOTHING: ("warning", gettext_lazy("Not signed out")),
    End.NOT_KNOWN: ("warning", gettext_lazy("Not confirmed")),
    End.TOO_OFTEN: ("warning", gettext_lazy("Too often")),
    End.NOT_EVERYWHERE: ("warning", gettext_lazy("Not signed out everywhere")),
    End.EVERYWHERE_NOT_KNOWN: ("warning", gettext_lazy("Not confirmed")),
}
_KINDS: Final[dict[PlaceKind, str | Promise]] = {
    PlaceKind.BROWSER: gettext_lazy("A browser"),
    PlaceKind.APP: gettext_lazy("An app"),
    PlaceKind.PORTAL: gettext_lazy("This page, in another browser"),
}


def headings(places: Sequence[SignedInPlace]) -> list[tuple[str | Promise, SignedInPlace]]:
    """Each place with its heading."""
    return [(heading(place), place) for place in places]


def heading(place: SignedInPlace) -> str | Promise:
    if place.is_here:
        return _("Here, in this browser")
    return _KINDS[place.kind]


def ended_sentences(ended: Ended) -> list[str]:
    """Sentences for the notice after a press: what has ended, what is left, the next step."""
    if ended.end is End.ALL:
        return [_("An app that is open there may go on for a while, as a rule for an hour.")]
    if ended.end is End.PENDING:
        return [
            _(
                "It may take a few seconds until it is gone from the list below. "
                "If it stays there, sign out there again."
            ),
            _("An app that is open there may go on for a while, as a rule for an hour."),
        ]
    if ended.end is End.NOTHING:
        return [_("Nothing was changed. Wait a minute, then try again.")]
    if ended.end is End.NOT_KNOWN:
        return [
            _(
                "We did not get an answer in time. The list below is what your account says now; "
                "if something is still on it, sign out there again."
            )
        ]
    if ended.end is End.TOO_OFTEN:
        return [
            _("Nothing was changed. You are still signed in where you were."),
            wait_sentence(Wait(timedelta(seconds=ended.wait_seconds))),
        ]
    if ended.end in {End.NOT_EVERYWHERE, End.EVERYWHERE_NOT_KNOWN}:
        return [*_portal_sentences(ended.gone), _EVERYWHERE[ended.end]()]
    return [
        ngettext(
            "You are signed out in %(count)d place.",
            "You are signed out in %(count)d places.",
            ended.gone,
        )
        % {"count": ended.gone},
        ngettext(
            "In %(count)d place you are still signed in. To go on, sign out there too.",
            "In %(count)d places you are still signed in. To go on, sign out there too.",
            ended.left,
        )
        % {"count": ended.left},
    ]


_EVERYWHERE: Final = {
    End.NOT_EVERYWHERE: lambda: _(
        "Apps and this page stay signed in: the sign-in service did not take it. Wait a minute, "
        "then sign out everywhere again."
    ),
    End.EVERYWHERE_NOT_KNOWN: lambda: _(
        "The sign-in service did not show that it is done. It may be: then you are soon signed out "
        "here too. If not, sign out everywhere again."
    ),
}


def _portal_sentences(count: int) -> list[str]:
    if not count:
        return []
    return [
        ngettext(
            "This page was closed in %(count)d other browser.",
            "This page was closed in %(count)d other browsers.",
            count,
        )
        % {"count": count}
    ]
