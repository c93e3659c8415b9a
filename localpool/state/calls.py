"""A record of all calls to the pool, for tests that count round trips."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """A call: `name` is an operation or a path (`/oauth2/token`), `error` an AWS error code."""

    name: str
    started: datetime
    ended: datetime
    status: int
    error: str | None = None
    pool_id: str | None = None
    client_id: str | None = None
    username: str | None = None


class Calls:
    """A read-only list of Call that other threads may read while the server appends."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = threading.Lock()
        self._here = threading.local()

    def __iter__(self) -> Iterator[Call]:
        with self._lock:
            return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:
        return self._calls[index]

    def of(self, *names: str, pool_id: str | None = None) -> list[Call]:
        """The calls of these operations or paths, of all pools or of one."""
        return [call for call in self if call.name in names and pool_id in (None, call.pool_id)]

    def names(self, pool_id: str | None = None) -> list[str]:
        return [call.name for call in self if pool_id in (None, call.pool_id)]

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    def begin(self) -> None:
        self._here.known = {}

    def note(self, **known: str) -> None:
        """Add fields (pool_id, client_id, username, error) to this thread's open call."""
        if hasattr(self._here, "known"):
            self._here.known |= known

    def end(self, name: str, started: datetime, ended: datetime, status: int) -> None:
        call = Call(name, started, ended, status, **self._here.known)
        with self._lock:
            self._calls.append(call)
