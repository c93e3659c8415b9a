"""Count attempts in the database, before the call that they spend.

The quotas of Cognito belong to a whole AWS account, so one person must not use them up; and a code
must not be guessed, nor a stranger be sent any number of messages.
"""

from django.db import transaction
from django.utils import timezone

from signin.limits.domain import MAX_SPAN, LimitedAction, Wait, wait_for
from signin.limits.models import Attempt, AttemptLock


def consume(action: LimitedAction, *, key: str) -> Attempt | Wait:
    """Count one attempt, or say how long to wait for the next. Deleting the row gives it back.

    `key` says whose attempts are counted together: a person's uid, an address, a quota.
    """
    with transaction.atomic():
        _lock(_full(action, key))
        return retry_after(action, key=key) or Attempt.objects.create(
            key=_full(action, key), at=timezone.now()
        )


def retry_after(action: LimitedAction, *, key: str) -> Wait | None:
    """Return the wait until the next attempt fits; None: now. Counts nothing."""
    now = timezone.now()
    recent = Attempt.objects.filter(key=_full(action, key), at__gt=now - action.span)
    return wait_for(action.limits, list(recent.order_by("-at").values_list("at", flat=True)), now)


def erase_expired() -> int:
    """Forget the attempts that no limit counts any more; how many."""
    since = timezone.now() - MAX_SPAN
    AttemptLock.objects.filter(locked_at__lte=since).delete()
    return Attempt.objects.filter(at__lte=since).delete()[0]


def _lock(full_key: str) -> None:
    """Hold the lock of this key until the transaction ends.

    One upsert, since a row of one's own can't be locked before it is there, and could be erased
    between making and locking it. SQLite has locked the whole database by then.
    """
    AttemptLock.objects.bulk_create(
        [AttemptLock(key=full_key, locked_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["locked_at"],
    )


def _full(action: LimitedAction, key: str) -> str:
    return f"{action.name}:{key}"
