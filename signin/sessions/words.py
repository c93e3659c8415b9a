"""The names of places, and the notices after ending some."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from signin.batch import End, Notices
from signin.sessions.domain import PlaceKind, SignedInPlace
from userpool.words import Words

_APPS_GO_ON: Final = _("An app that is open there may go on for a while, as a rule for an hour.")
_PORTAL_CLOSED: Final = (
    "gone",
    ngettext_lazy(
        "This page was closed in %(gone)d other browser.",
        "This page was closed in %(gone)d other browsers.",
        "gone",
    ),
)
NOTICES: Final[Notices] = {
    End.ALL: (_("Signed out there"), _APPS_GO_ON),
    End.PENDING: (
        _("Signing out there"),
        _(
            "It may take a few seconds until it is gone from the list below. "
            "If it stays there, sign out there again."
        ),
        _APPS_GO_ON,
    ),
    End.PART: (
        _("Not finished yet"),
        ngettext_lazy(
            "You are signed out in %(gone)d place.",
            "You are signed out in %(gone)d places.",
            "gone",
        ),
        ngettext_lazy(
            "In %(left)d place you are still signed in. To go on, sign out there too.",
            "In %(left)d places you are still signed in. To go on, sign out there too.",
            "left",
        ),
    ),
    End.NOTHING: (_("Not signed out"), _("Nothing was changed. Wait a minute, then try again.")),
    End.NOT_KNOWN: (
        _("Not confirmed"),
        _(
            "We did not get an answer in time. The list below is what your account says now; "
            "if something is still on it, sign out there again."
        ),
    ),
    End.TOO_OFTEN: (
        _("Too often"),
        _("Nothing was changed. You are still signed in where you were."),
    ),
    End.NOT_EVERYWHERE: (
        _("Not signed out everywhere"),
        _PORTAL_CLOSED,
        _(
            "Apps and this page stay signed in: the sign-in service did not take it. Wait a "
            "minute, then sign out everywhere again."
        ),
    ),
    End.EVERYWHERE_NOT_KNOWN: (
        _("Not confirmed"),
        _PORTAL_CLOSED,
        _(
            "The sign-in service did not show that it is done. It may be: then you are soon "
            "signed out here too. If not, sign out everywhere again."
        ),
    ),
}
_HERE: Final = _("Here, in this browser")
_KINDS: Final[Mapping[PlaceKind, Words]] = {
    PlaceKind.BROWSER: _("A browser"),
    PlaceKind.APP: _("An app"),
    PlaceKind.PORTAL: _("This page, in another browser"),
}


def headings(places: Sequence[SignedInPlace]) -> list[tuple[Words, SignedInPlace]]:
    """Return each place with its heading."""
    return [(_HERE if place.is_here else _KINDS[place.kind], place) for place in places]
