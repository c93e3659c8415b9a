"""The sections of a review: sentences under headings, the most important first.

Whole sentences, for translation; `domain/preview.py` decides which of them apply.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse_lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.password_reset import Remedy, ResetNews
from mfa_settings.preference.domain.preview import Preview, Weakening
from mfa_settings.preference.domain.undo import UNDO_LIVES
from mfa_settings.preference.words.changes import STATEMENTS
from mfa_settings.preference.words.password_reset import (
    REMEDY,
    WHY_LOST,
    WITHOUT_A_WAY,
    lost_reset_heading,
    reset_sentence,
)
from userpool.next_sign_in import NOTHING_ASKED
from userpool.policy import DeviceTracking
from userpool.values import Factor, in_page_order
from userpool.words import Words, joined, next_sign_in_sentence

# The words of a link, and its address.
Link = tuple[Words, Words]
# One sentence, or two that belong together, and the links after it.
Line = tuple[Words, tuple[Link, ...]]

_SET_UP_APP: Final[Link] = (_("Set up an app"), reverse_lazy("authenticator"))
_CONTACT_POINTS: Final[Link] = (_("Phone and email"), reverse_lazy("contact_points"))
_DEVICES: Final[Link] = (_("See your remembered devices"), reverse_lazy("devices"))


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """Lines under a heading; with a tone they are a notice ("caution", "info")."""

    heading: Words
    lines: list[Line]
    listed: bool = False
    tone: str = ""


def review_sections(preview: Preview, *, draft_url: str) -> list[ReviewSection]:
    """Return the sections of a review, in order.

    `draft_url` leads back to the settings page, with its switches as the change has them.
    """
    found = (
        _what_changes(preview),
        _next_sign_in(preview),
        _weakening(preview),
        _lost_reset(preview, draft_url),
        _passkey(preview),
        _good_to_know(preview),
    )
    return [section for section in found if section]


def _what_changes(preview: Preview) -> ReviewSection:
    lines: list[Line] = [(STATEMENTS[each], ()) for each in preview.moves + preview.lasting]
    return ReviewSection(_("What will change"), lines, listed=len(lines) > 1)


# The members of the list in "… are on as well, but are not asked for".
_IDLE: Final[Mapping[Factor, Words]] = {
    Factor.TOTP: pgettext_lazy("are on as well", "your authenticator app"),
    Factor.SMS: pgettext_lazy("are on as well", "text messages"),
    Factor.EMAIL: pgettext_lazy("are on as well", "email codes"),
}


def _idle_sentence(idle: frozenset[Factor]) -> str:
    if idle == {Factor.TOTP}:
        return gettext("Your authenticator app is on as well, but is not asked for.")
    factors = capfirst(joined([_IDLE[factor] for factor in in_page_order(idle)]))
    return gettext("%(factors)s are on as well, but are not asked for.") % {"factors": factors}


def _next_sign_in(preview: Preview) -> ReviewSection:
    lines: list[Line] = [(next_sign_in_sentence(preview.coming), ())]
    if preview.idle:
        idle = _idle_sentence(preview.idle)
        choose = _("To use whichever is at hand, go back and choose “Ask me each time”.")
        both = format_lazy("{} {}", idle, choose)
        lines.append((both if preview.can_ask_each_time else idle, ()))
    return ReviewSection(_("Your next sign-in"), lines)


def _weakening(preview: Preview) -> ReviewSection | None:
    if preview.weakening is None:
        return None
    headings: Mapping[Weakening, Words] = {
        Weakening.EASIER: _("This makes your account easier to get into"),
        Weakening.FEWER: ngettext(
            "You will have one way less to sign in",
            "You will have %(n)d ways less to sign in",
            preview.fewer,
        )
        % {"n": preview.fewer},
        Weakening.NOT_WEAKER: _("Is this your own idea?"),
    }
    scam = _(
        "If somebody asked you to do this, on the phone or in a message, stop here: it may be a "
        "scam."
    )
    return ReviewSection(headings[preview.weakening], [(scam, ())], tone="caution")


def _lost_reset(preview: Preview, draft_url: str) -> ReviewSection | None:
    reset = preview.reset
    if reset.news is not ResetNews.LOST:
        return None
    choose_app = (_("Choose the app"), draft_url)
    app: Link = choose_app if Factor.TOTP in preview.reachable else _SET_UP_APP
    links: tuple[Link, ...] = (app,) if Remedy.APP_FIRST in reset.remedies else ()
    if reset.remedies & {Remedy.CONFIRM_PHONE, Remedy.CONFIRM_EMAIL}:
        links += (_CONTACT_POINTS,)
    remedy: list[Line] = [(REMEDY[reset.remedies], links)] if reset.remedies else []
    lines: list[Line] = [(WHY_LOST, ()), *remedy, (WITHOUT_A_WAY, ())]
    return ReviewSection(lost_reset_heading(reset), lines, tone="caution")


_KEEP_PASSKEY_ON: Final = _(
    "With another way on, a passkey signs you in only if it is on as well. To keep using it, go "
    "back and turn on Passkey too."
)
_KNOW_YOUR_PASSWORD: Final = _(
    "With a second step on, you may be asked for your password in its place, or for the second "
    "step after it. Make sure that you know your password."
)


def _passkey(preview: Preview) -> ReviewSection | None:
    if not preview.passkey_not_enough:
        return None
    can_be_on = Factor.PASSKEY in preview.policy.offered
    words = _KEEP_PASSKEY_ON if can_be_on else _KNOW_YOUR_PASSWORD
    return ReviewSection(_("Your passkey alone may not be enough then"), [(words, ())], tone="info")


_REMEMBERED: Final[Mapping[DeviceTracking | None, Words]] = {
    DeviceTracking.ASK: _(
        "Where you let an app remember your phone or computer, you are not asked for a second step "
        "until you forget the device."
    ),
    DeviceTracking.ALWAYS: _(
        "Apps remember the phone or computer you use them on. There you are not asked for a second "
        "step until you forget the device."
    ),
    None: _(
        "If an app remembers your phone or computer, you are not asked for a second step there "
        "until you forget the device."
    ),
}


def _good_to_know(preview: Preview) -> ReviewSection:
    """The password reset, remembered devices and other sessions after the change."""
    lines: list[Line] = []
    news = preview.reset.news
    if news is not ResetNews.LOST:
        links = (_CONTACT_POINTS,) if news is ResetNews.NO_CONTACT else ()
        lines.append((reset_sentence(preview.reset), links))
    if preview.spares_devices:
        lines.append((_REMEMBERED[preview.policy.devices], (_DEVICES,)))
    stay = _(
        "You stay signed in, here and wherever else you are signed in. The change counts from your "
        "next sign-in."
    )
    lines.append((stay, ()))
    if preview.coming.asked not in NOTHING_ASKED:
        hour = _("A browser that signed in within the last hour may let you in without asking.")
        lines.append((hour, ()))
    return ReviewSection(_("Good to know"), lines, listed=True)


def undo_sentence(preview: Preview) -> Words:
    """Say how long the change may be undone; "" where the lines above say that it can't."""
    minutes = int(UNDO_LIVES.total_seconds() // 60)
    sentence = ngettext(
        "For %(n)d minute after saving, you can go back to what is set now with one press.",
        "For %(n)d minutes after saving, you can go back to what is set now with one press.",
        minutes,
    )
    return sentence % {"n": minutes} if preview.can_be_undone else ""
