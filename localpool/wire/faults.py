"""Faults that tests inject: latency, errors, broken answers, lost connections, lost work.

A fault applies to the calls of one operation (`SetUserMFAPreference`), one path
(`/oauth2/token`) or all (`*`), and is used up after `times` calls. `answer` is the caller's
view and `done` the pool's, so an error can hide done work and a success can hide undone work.
"""

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from localpool.state.world import World
from localpool.wire import aws_json

ANSWERS = ("normal", "error", "html", "truncated", "empty", "drop")
DROP = "X-Localpool-Drop"


@dataclass
class Fault:
    """One fault; see ANSWERS for `answer`.

    `done=None`: the work is done for a normal or truncated answer only. `times=None`: it lasts
    until it is removed. `wait_first`: the `seconds` pass before the work, not after it.
    """

    on: str
    answer: str = "normal"
    done: bool | None = None
    times: int | None = 1
    seconds: float = 0.0
    wait_first: bool = False
    code: str = "InternalErrorException"
    message: str = "Played by the local pool"
    status: int = 500

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise ValueError(f"answer is one of {', '.join(ANSWERS)}")
        if self.done is None:
            self.done = self.answer in ("normal", "truncated")


class Faults:
    """The injected faults; a call takes the oldest one that applies to it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def take(self, name: str) -> Fault | None:
        with self._lock:
            for fault in self._waiting:
                if fault.on in (name, "*"):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._waiting.remove(fault)
                    return fault
        return None


def play(world: World, fault: Fault | None, work: Callable[[], Response]) -> Response:
    """Do the work, or not, and answer as the fault says."""
    if fault is None:
        with world.lock:
            return work()
    if fault.wait_first:
        time.sleep(fault.seconds)
    response = _worked(world, fault, work)
    if not fault.wait_first:
        time.sleep(fault.seconds)
    return _answered(fault, response)


def _worked(world: World, fault: Fault, work: Callable[[], Response]) -> Response | None:
    """The response of the work; a fault that hides undone work is rolled back."""
    if not fault.done and fault.answer not in ("normal", "truncated"):
        return None
    with world.lock:
        before = None if fault.done else copy.deepcopy(world.state.pools)
        response = work()
        if before is not None:
            world.state.pools = before
    return response


def _answered(fault: Fault, response: Response | None) -> Response:
    if fault.answer == "error":
        return aws_json.error(fault.code, fault.message, fault.status)
    if fault.answer == "html":
        return Response("<html><body>It works!</body></html>", content_type="text/html")
    if fault.answer == "empty":
        return Response("", content_type="application/x-amz-json-1.1")
    if fault.answer == "drop":
        return Response("", headers={DROP: "yes"})
    if response is None:
        raise RuntimeError("A fault that answers normally has done the work")
    if fault.answer == "truncated":
        response.set_data(response.get_data()[: len(response.get_data()) // 2])
    return response
