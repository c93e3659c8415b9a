"""What a review says: sentences by heading, in the order of what matters most.

Whole sentences, so that they can be translated; `domain/preview.py` decides which are said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mfa_settings.preference.domain.password_reset import Remedy, ResetNews
from mfa_settings.preference.domain.preview import PasskeyThen, Preview, Remembering, Weakening
from mfa_settings.preference.domain.undo import UNDO_LIVES
from mfa_settings.preference.words.changes import STATEMENTS
from mfa_settings.preference.words.password_reset import (
    REMEDY,
    WHY_LOST,
    WITHOUT_A_WAY,
    lost_reset_heading,
    reset_sentence,
)
from userpool.values import Factor
from userpool.words import Words, next_sign_in_sentence


class Step(StrEnum):
    """Where a review leads, beside Save and Back."""

    CHOOSE_APP = auto()
    SET_UP_APP = auto()
    CONTACT_POINTS = auto()
    DEVICES = auto()


STEP_WORDS: Final[Mapping[Step, Words]] = {
    Step.CHOOSE_APP: _("Choose the app"),
    Step.SET_UP_APP: _("Set up an app"),
    Step.CONTACT_POINTS: _("Phone and email"),
    Step.DEVICES: _("See your remembered devices"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, or two that belong together, and where they lead."""

    words: Words
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; with a tone they are a notice ("caution", "info")."""

    heading: Words
    lines: list[Line]
    listed: bool = False
    tone: str = ""


def sections_of(preview: Preview) -> list[Section]:
    """All that is said of a change, in order."""
    found = (
        _what_changes(preview),
        _next_sign_in(preview),
        _weakening(preview),
        _lost_reset(preview),
        _passkey(preview),
        _good_to_know(preview),
    )
    return [section for section in found if section]


def _what_changes(preview: Preview) -> Section:
    lines = [Line(STATEMENTS[statement]) for statement in preview.moves + preview.lasting]
    return Section(_("What will change"), lines, listed=len(lines) > 1)


_IDLE: Final[Mapping[frozenset[Factor], Words]] = {
    frozenset({Factor.TOTP}): _("Your authenticator app is on as well, but is not asked for."),
    frozenset({Factor.SMS}): _("Text messages are on as well, but are not asked for."),
    frozenset({Factor.EMAIL}): _("Email codes are on as well, but are not asked for."),
    frozenset({Factor.TOTP, Factor.SMS}): _(
        "Your authenticator app and text messages are on as well, but are not asked for."
    ),
    frozenset({Factor.TOTP, Factor.EMAIL}): _(
        "Your authenticator app and email codes are on as well, but are not asked for."
    ),
    frozenset({Factor.SMS, Factor.EMAIL}): _(
        "Text messages and email codes are on as well, but are not asked for."
    ),
}


def _next_sign_in(preview: Preview) -> Section:
    lines = [Line(next_sign_in_sentence(preview.coming))]
    if preview.idle:
        idle = _IDLE[preview.idle]
        choose = _("To use whichever is at hand, go back and choose “Ask me each time”.")
        lines.append(Line(format_lazy("{} {}", idle, choose) if preview.ask_each_time else idle))
    return Section(_("Your next sign-in"), lines)


def _weakening(preview: Preview) -> Section | None:
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
        Weakening.OTHERWISE: _("Is this your own idea?"),
    }
    scam = _(
        "If somebody asked you to do this, on the phone or in a message, stop here: it may be a "
        "scam."
    )
    return Section(headings[preview.weakening], [Line(scam)], tone="caution")


def _lost_reset(preview: Preview) -> Section | None:
    reset = preview.reset
    if reset.news is not ResetNews.LOST:
        return None
    app = Step.CHOOSE_APP if preview.has_app else Step.SET_UP_APP
    steps: tuple[Step, ...] = (app,) if Remedy.APP_FIRST in reset.remedies else ()
    if reset.remedies & {Remedy.CONFIRM_PHONE, Remedy.CONFIRM_EMAIL}:
        steps += (Step.CONTACT_POINTS,)
    lines = [Line(WHY_LOST), Line(WITHOUT_A_WAY)]
    if reset.remedies:
        lines.insert(1, Line(REMEDY[reset.remedies], steps))
    return Section(lost_reset_heading(reset), lines, tone="caution")


_PASSKEY: Final[Mapping[PasskeyThen, Words]] = {
    PasskeyThen.ENOUGH_IF_ON: _(
        "With another way on, a passkey signs you in only if it is on as well. To keep using it, "
        "go back and turn on Passkey too."
    ),
    PasskeyThen.NOT_ENOUGH: _(
        "With a second step on, you may be asked for your password in its place, or for the second "
        "step after it. Make sure that you know your password."
    ),
}


def _passkey(preview: Preview) -> Section | None:
    if preview.passkey is None:
        return None
    heading = _("Your passkey alone may not be enough then")
    return Section(heading, [Line(_PASSKEY[preview.passkey])], tone="info")


_REMEMBERED: Final[Mapping[Remembering, Words]] = {
    Remembering.TOLD_TO: _(
        "Where you let an app remember your phone or computer, you are not asked for a second step "
        "until you forget the device."
    ),
    Remembering.BY_ITSELF: _(
        "Apps remember the phone or computer you use them on. There you are not asked for a second "
        "step until you forget the device."
    ),
    Remembering.PERHAPS: _(
        "If an app remembers your phone or computer, you are not asked for a second step there "
        "until you forget the device."
    ),
}


def _good_to_know(preview: Preview) -> Section:
    """What stays as it is around the change, shortly."""
    lines = []
    news = preview.reset.news
    if news is not ResetNews.LOST:
        steps = (Step.CONTACT_POINTS,) if news is ResetNews.NO_CONTACT else ()
        lines.append(Line(reset_sentence(preview.reset), steps))
    if preview.remembering:
        lines.append(Line(_REMEMBERED[preview.remembering], (Step.DEVICES,)))
    lines.append(
        Line(
            _(
                "You stay signed in, here and wherever else you are signed in. The change counts "
                "from your next sign-in."
            )
        )
    )
    if preview.let_in_again:
        hour = _("A browser that signed in within the last hour may let you in without asking.")
        lines.append(Line(hour))
    return Section(_("Good to know"), lines, listed=True)


def take_back_sentence(preview: Preview) -> Words:
    """How long the change may be taken back; "" where it may not, which the lines above tell."""
    minutes = int(UNDO_LIVES.total_seconds() // 60)
    sentence = ngettext(
        "For %(n)d minute after saving, you can go back to what is set now with one press.",
        "For %(n)d minutes after saving, you can go back to what is set now with one press.",
        minutes,
    )
    return sentence % {"n": minutes} if preview.may_be_taken_back else ""
