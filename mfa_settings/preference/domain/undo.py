"""The time in which a person may undo a saved change, and the obstacles to it."""

from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

UNDO_LIVES: Final = timedelta(minutes=15)


class UndoProblem(StrEnum):
    """The obstacle to undoing a change."""

    TOO_LATE = auto()
    NOT_KNOWN = auto()
    NOT_SAVED = auto()


def until(saved_at: datetime) -> datetime:
    """The end of the time in which a change that was saved at `saved_at` may be undone."""
    return saved_at + UNDO_LIVES
