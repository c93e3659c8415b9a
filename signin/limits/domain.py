"""How often something may be done, and how long until it may be done again."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Wait:
    """A limit is reached; `left` until the next try is taken."""

    left: timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `span`."""

    most: int
    span: timedelta


def wait_for(limits: tuple[Limit, ...], tries: list[datetime], now: datetime) -> Wait | None:
    """How long until another try fits every limit; None: now. `tries` newest first."""
    free = [
        tries[limit.most - 1] + limit.span
        for limit in limits
        if len(tries) >= limit.most and tries[limit.most - 1] + limit.span > now
    ]
    return Wait(max(free) - now) if free else None
