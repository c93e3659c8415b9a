"""The pool's own time, which a test or a person at the demo can move forward."""

import time
from datetime import UTC, datetime


class Clock:
    """Reads the machine's time (so time-machine works too) plus what it was advanced by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def seconds(self) -> int:
        """Whole seconds since 1970, as tokens carry them."""
        return int(time.time() + self._ahead)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def reset(self) -> None:
        self._ahead = 0.0
