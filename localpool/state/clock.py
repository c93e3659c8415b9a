"""The pool's own clock, which tests and the demo can advance."""

import time
from datetime import UTC, datetime


class Clock:
    """The machine's time, also under time-machine, plus the seconds it was advanced by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def seconds(self) -> int:
        """The Unix time in whole seconds, as in tokens."""
        return int(time.time() + self._ahead)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def reset(self) -> None:
        self._ahead = 0.0
