"""Somebody else acts at a moment that a clock could not be trusted to hit: no thread, no timer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from cognito.client import client


@contextmanager
def before_the_call(operation: str, action: Callable[[], object] | None) -> Iterator[None]:
    """`action` runs once, after the portal has read and before its write leaves."""
    if action is None:
        yield
        return
    once = _once(action)
    name = f"before-send.cognito-idp.{operation}"
    events = [client(settings.COGNITO, kind).meta.events for kind in ("person", "person-once")]
    for each in events:
        each.register_first(name, once)
    try:
        yield
    finally:
        for each in events:
            each.unregister(name, once)


def while_it_waits(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, action: Callable[[], object]
) -> None:
    """`action` runs once, in the first pause that this module of the portal makes."""
    once, time = _once(action), module.time

    def sleep(seconds: float) -> None:
        if seconds:
            once()
        time.sleep(seconds)

    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))


def _once(action: Callable[[], object]) -> Callable[..., None]:
    waiting = [action]

    def run(**_: Any) -> None:
        if waiting:
            waiting.pop()()

    return run
