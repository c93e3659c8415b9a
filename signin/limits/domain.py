"""Limits on how often something may be done, and the wait until it may be done again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
# `erase_expired` forgets attempts that are older, so no limit may count further back.
MAX_SPAN: Final = DAY


@dataclass(frozen=True, slots=True)
class Wait:
    """A limit is reached; `left` until the next attempt is taken."""

    left: timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of `most` attempts within `span`."""

    most: int
    span: timedelta


@dataclass(frozen=True, slots=True)
class LimitedAction:
    """An action and all its limits, declared by the feature that it belongs to.

    `name` is the feature's own, such as "code-sent". Raises ValueError for a span above MAX_SPAN.
    """

    name: str
    limits: tuple[Limit, ...]

    def __post_init__(self) -> None:
        if self.span > MAX_SPAN:
            raise ValueError(f"{self.name}: attempts are kept no longer than {MAX_SPAN}.")

    @property
    def span(self) -> timedelta:
        """The longest span of its limits."""
        return max(limit.span for limit in self.limits)


def wait_for(limits: tuple[Limit, ...], attempts: list[datetime], now: datetime) -> Wait | None:
    """Return the wait until another attempt fits every limit; None: now. `attempts` newest first."""
    free = [
        attempts[limit.most - 1] + limit.span
        for limit in limits
        if len(attempts) >= limit.most and attempts[limit.most - 1] + limit.span > now
    ]
    return Wait(max(free) - now) if free else None
