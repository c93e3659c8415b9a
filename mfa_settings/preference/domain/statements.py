"""The effects of saving a change, and those that can't be undone: a statement for each."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.rules import PreferenceChange, Rule, Violation
from userpool.next_sign_in import NOTHING_ASKED, Asked, NextSignIn
from userpool.values import PREFERABLE, Factor, in_page_order


class Move(StrEnum):
    """An effect of saving a change. OFF_BUT_ENOUGH: a passkey is turned off as a second step, and
    still signs in alone, since no second step is on."""

    TURNED_ON = auto()
    TURNED_OFF = auto()
    OFF_BUT_ENOUGH = auto()
    ASKED_FIRST = auto()
    CHOSEN_EACH_TIME = auto()
    NONE_FIRST = auto()


class Lasting(StrEnum):
    """An effect that can't be undone, or not at once.

    OFF_*: a factor is turned off that the pool no longer offers, or that is not ready. FIRST_*: it
    is no longer asked first, for the same reasons. ON_FOR_GOOD: a factor is turned on and the pool
    requires it to stay on. NO_WAY_BACK: another rule forbids the earlier preference.
    """

    OFF_FOR_GOOD = auto()
    OFF_UNTIL_READY = auto()
    FIRST_NO_MORE = auto()
    FIRST_UNTIL_READY = auto()
    ON_FOR_GOOD = auto()
    NO_WAY_BACK = auto()


@dataclass(frozen=True, slots=True)
class Statement:
    """An effect, and the factor it is about; None where it is about no single factor."""

    kind: Move | Lasting
    factor: Factor | None = None


def moves_of(change: PreferenceChange, coming: NextSignIn) -> tuple[Statement, ...]:
    """The effects of saving, in page order; `coming` is the sign-in after it."""
    moves = [Statement(Move.TURNED_ON, f) for f in in_page_order(change.turned_on)]
    for factor in in_page_order(change.turned_off):
        enough = factor is Factor.PASSKEY and coming.asked in NOTHING_ASKED
        moves.append(Statement(Move.OFF_BUT_ENOUGH if enough else Move.TURNED_OFF, factor))
    after = change.after
    # Where one factor is left, TURNED_ON or TURNED_OFF has said that it is asked for.
    is_a_choice = len(after.enabled & PREFERABLE) > 1 or not moves
    if after.preferred and after.preferred is not change.before.preferred and is_a_choice:
        moves.append(Statement(Move.ASKED_FIRST, after.preferred))
    elif after.enabled and not after.preferred and change.before.preferred:
        chooses = coming.asked is Asked.CHOICE
        if chooses or not moves:
            moves.append(Statement(Move.CHOSEN_EACH_TIME if chooses else Move.NONE_FIRST))
    return tuple(moves)


def lasting_of(change: PreferenceChange, against: tuple[Violation, ...]) -> tuple[Statement, ...]:
    """Return the effects that can't be undone; `against` are the rules that an undo would break."""
    found: dict[Statement, None] = {}
    # NOT_OFFERED stands before NOT_READY: to make such a factor ready would not help.
    for factor in in_page_order({v.factor for v in against if v.factor}):
        rule = next(v.rule for v in against if v.factor is factor)
        kind = _LASTING.get((rule, _part_of(factor, change)))
        if kind:
            about = None if kind is Lasting.ON_FOR_GOOD else factor
            found[Statement(kind, about)] = None
    # CHOICE_NEEDS_TWO alone: the only factor left is asked first anyway, so nothing is lost.
    harmless = {v.rule for v in against} <= {Rule.CHOICE_NEEDS_TWO}
    return tuple(found) or (() if harmless else (Statement(Lasting.NO_WAY_BACK),))


def _part_of(factor: Factor, change: PreferenceChange) -> str:
    if factor in change.turned_off:
        return "goes off"
    return "goes on" if factor in change.turned_on else "was first"


_LASTING: Final = {
    (Rule.NOT_OFFERED, "goes off"): Lasting.OFF_FOR_GOOD,
    (Rule.NOT_READY, "goes off"): Lasting.OFF_UNTIL_READY,
    (Rule.NOT_OFFERED, "was first"): Lasting.FIRST_NO_MORE,
    (Rule.NOT_READY, "was first"): Lasting.FIRST_UNTIL_READY,
    (Rule.REQUIRED_STAYS_ON, "goes on"): Lasting.ON_FOR_GOOD,
}
