"""A rule of the machine that is counted, so that one which never comes about is noticed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from hypothesis.stateful import precondition, rule

# The names of all rules; a sequence's counts are held against them.
RULES: list[str] = []


class NothingToDo(Exception):
    """The rule does not fit what is so just now; it does not count as taken."""


def always(_: Any) -> bool:
    return True


def act(
    *, when: Callable[[Any], object] = always, by: str = "portal", **arguments: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`by`: who acts; what staff and time take away is not the portal's doing. The rule
    raises NothingToDo where that is so."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        name = function.__name__.replace("_", " ").strip()
        RULES.append(name)

        @wraps(function)
        def counted(story: Any, **drawn: Any) -> None:
            story.by = by
            try:
                function(story, **drawn)
            except NothingToDo:
                return
            story.fired[name] += 1

        made: Any = rule(**arguments)
        ready: Any = precondition(lambda story: bool(when(story)))
        acting: Callable[..., None] = ready(made(counted))
        return acting

    return decorate
