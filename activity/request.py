"""The actor, device and id of the current request, for the security log and the log lines.

Held in a context variable, so that no function in between has to pass it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

# Of a User-Agent header; browsers send 70 to 200.
DEVICE_CHARACTERS: Final = 255
# The actor, where an operator acts from the command line of the server.
COMMAND_LINE: Final = "command-line"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`device` is the request's User-Agent. `actor` acts on somebody's account: issuer#subject or
    COMMAND_LINE; "" is the person whose account it is. Empty outside of a request."""

    request_id: str = ""
    device: str = ""
    actor: str = ""


_OUTSIDE_OF_REQUESTS: Final = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request", default=_OUTSIDE_OF_REQUESTS)


def current_request() -> RequestContext:
    """Return the context of the request that this thread is answering."""
    return _current.get()


@contextmanager
def answering(context: RequestContext) -> Iterator[None]:
    """Make this the current request for the block."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
