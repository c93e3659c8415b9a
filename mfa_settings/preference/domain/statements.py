"""What a change does, one statement for each thing, and what of it can't be taken back."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from mfa_settings.preference.domain.rules import Change, Refused, Rule, Violation, plan
from userpool.next_sign_in import NOTHING_ASKED, Asked, NextSignIn
from userpool.policy import Policy
from userpool.values import (
    ATTRIBUTE_OF_FACTOR,
    PREFERABLE,
    Attribute,
    Factor,
    Status,
    in_page_order,
)


class Move(StrEnum):
    """One thing that saving does. OFF_BUT_ENOUGH: a passkey counts no more beside other ways, and
    with none of them on it signs in alone all the same."""

    TURNED_ON = auto()
    TURNED_OFF = auto()
    OFF_BUT_ENOUGH = auto()
    ASKED_FIRST = auto()
    CHOSEN_EACH_TIME = auto()
    NONE_FIRST = auto()


class Lasting(StrEnum):
    """What can't be taken back afterwards, or not at once: a factor that goes off or comes first
    no more is not offered, or not ready; one that goes on has to stay; or something rarer."""

    OFF_FOR_GOOD = auto()
    OFF_UNTIL_READY = auto()
    FIRST_NO_MORE = auto()
    FIRST_UNTIL_READY = auto()
    ON_FOR_GOOD = auto()
    NO_WAY_BACK = auto()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of what changes, and the factor it speaks of, if one."""

    kind: Move | Lasting
    factor: Factor | None = None


def moves_of(change: Change, coming: NextSignIn) -> tuple[Statement, ...]:
    """What saving does, in page order."""
    moves = [Statement(Move.TURNED_ON, f) for f in in_page_order(change.turned_on)]
    for factor in in_page_order(change.turned_off):
        enough = factor is Factor.PASSKEY and coming.asked in NOTHING_ASKED
        moves.append(Statement(Move.OFF_BUT_ENOUGH if enough else Move.TURNED_OFF, factor))
    after = change.after
    # Where only one is left to ask for, that it is asked first says nothing more.
    is_a_choice = len(after.enabled & PREFERABLE) > 1 or not moves
    if after.preferred and after.preferred is not change.before.preferred and is_a_choice:
        moves.append(Statement(Move.ASKED_FIRST, after.preferred))
    elif after.enabled and not after.preferred and change.before.preferred:
        chooses = coming.asked is Asked.CHOICE
        if chooses or not moves:
            moves.append(Statement(Move.CHOSEN_EACH_TIME if chooses else Move.NONE_FIRST))
    return tuple(moves)


def against_going_back(
    change: Change,
    policy: Policy,
    reachable: frozenset[Factor],
    verified: frozenset[Attribute],
) -> tuple[Violation, ...]:
    """What the rules would say of the way back."""
    ready = frozenset(f for f in reachable if ATTRIBUTE_OF_FACTOR.get(f) in {None, *verified})
    then = Status("", change.after, ready=ready, reachable=reachable)
    back = plan(wanted=change.before, status=then, policy=policy)
    return back.violations if isinstance(back, Refused) else ()


def lasting_of(change: Change, against: tuple[Violation, ...]) -> tuple[Statement, ...]:
    """What can't be taken back, from what is against going back."""
    found: dict[Statement, None] = {}
    # The rules are in order: one that is no longer offered is not worth making ready.
    for factor in in_page_order({v.factor for v in against if v.factor}):
        rule = next(v.rule for v in against if v.factor is factor)
        kind = _LASTING.get((rule, _part_of(factor, change)))
        if kind:
            about = None if kind is Lasting.ON_FOR_GOOD else factor
            found[Statement(kind, about)] = None
    # To be asked first without having been chosen is nobody's loss.
    harmless = {v.rule for v in against} <= {Rule.CHOICE_NEEDS_TWO}
    return tuple(found) or (() if harmless else (Statement(Lasting.NO_WAY_BACK),))


def _part_of(factor: Factor, change: Change) -> str:
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
