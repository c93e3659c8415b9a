"""What the security log holds, for the tests to look at."""

from django.db.models import QuerySet

from activity.domain import EntryKind
from activity.models import LogEntry


def intents(event: str = "") -> QuerySet[LogEntry]:
    """Intents, newest first: of this event, or of all."""
    found = LogEntry.objects.filter(kind=EntryKind.INTENT).prefetch_related("endings")
    return found.filter(event=event) if event else found


def outcomes(event: str = "") -> QuerySet[LogEntry]:
    """Outcomes, newest first: of this event, or of all."""
    found = LogEntry.objects.filter(kind=EntryKind.OUTCOME)
    return found.filter(event=event) if event else found


def outcome_of(intent: LogEntry) -> LogEntry:
    """The outcome of an intent that has one."""
    assert intent.outcome, f"{intent} has no outcome"
    return intent.outcome


def ends(event: str) -> list[tuple[str, str | None]]:
    """The outcome of each intent as it was written first, and what settled it; oldest first."""
    return [
        (outcome_of(each).result, each.settlement.result if each.settlement else None)
        for each in intents(event).order_by("at")
    ]


def lose_endings(intent: LogEntry) -> None:
    """Leave the intent as a process leaves it that dies before it can write an outcome."""
    intent.endings.all().delete()
