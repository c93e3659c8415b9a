"""The sentences about the result of forgetting devices."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from signin.batch import End, Notices

NOTICES: Final[Notices] = {
    End.ALL: (_("Forgotten"), _("The next sign-in there asks for your second step, if one is on.")),
    End.PART: (
        _("Not finished yet"),
        ngettext_lazy("%(gone)d device is forgotten.", "%(gone)d devices are forgotten.", "gone"),
        ngettext_lazy(
            "%(left)d is still remembered. To go on, forget the rest.",
            "%(left)d are still remembered. To go on, forget the rest.",
            "left",
        ),
    ),
    End.NOTHING: (_("Not forgotten"), _("Nothing was forgotten. Wait a minute, then try again.")),
    End.NOT_KNOWN: (
        _("Not confirmed"),
        _(
            "We did not get an answer in time. The list below is what your account says now; "
            "if something is still on it, forget it again."
        ),
    ),
    End.TOO_OFTEN: (
        _("Too often"),
        _("Nothing was changed. What is on the list is still remembered."),
    ),
}
