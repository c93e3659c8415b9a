"""How long a saved change may be taken back, and why one can't be."""

from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

UNDO_LIVES: Final = timedelta(minutes=15)


class Reason(StrEnum):
    """Why there is nothing to take back."""

    TOO_LATE = auto()
    NOT_KNOWN = auto()
    NOT_SAVED = auto()


def until(saved_at: datetime) -> datetime:
    """Until when a change that was saved then may be taken back."""
    return saved_at + UNDO_LIVES
