"""How often a person may do what spends something, counted in the database before each call.

The quotas of Cognito belong to a whole AWS account, so one person must not use them up; and a code
must not be guessed, nor a stranger be sent any number of messages.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils import timezone

from signin.limits.domain import Limit, Wait, wait_for
from signin.limits.models import Try
from signin.models import User

_HOUR: Final = timedelta(hours=1)


class Kind(StrEnum):
    CODE_SENT = "code-sent"
    CODE_CHECKED = "code-checked"
    PASSKEY_STARTED = "passkey-started"
    DEVICES_FORGOTTEN = "devices-forgotten"
    FACTOR_TESTED = "factor-tested"
    SIGN_INS_ENDED = "sign-ins-ended"


LIMITS: Final[Mapping[Kind, tuple[Limit, ...]]] = {
    # Cognito's own 5 an hour, and one a minute, five a day.
    Kind.CODE_SENT: (
        Limit(1, timedelta(seconds=60)),
        Limit(5, _HOUR),
        Limit(5, timedelta(days=1)),
    ),
    # Cognito's own.
    Kind.CODE_CHECKED: (Limit(15, _HOUR),),
    Kind.PASSKEY_STARTED: (Limit(20, _HOUR),),
    # Enough to get through 600 devices.
    Kind.DEVICES_FORGOTTEN: (Limit(30, _HOUR),),
    # A test can send a message, and each is a sign-in, which pushes out the oldest one where the
    # pool keeps only so many.
    Kind.FACTOR_TESTED: (Limit(10, _HOUR), Limit(20, timedelta(days=1))),
    # Enough to get through all 100 that a pool keeps, one by one.
    Kind.SIGN_INS_ENDED: (Limit(100, _HOUR),),
}


def take(person: User, kind: Kind) -> Try | Wait:
    """One try of this kind, or how long to wait. The person's row is locked, so tries side by
    side are counted one after the other."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        wait = waiting(person, kind)
        return wait or Try.objects.create(person=person, kind=kind, at=timezone.now())


def waiting(person: User, kind: Kind) -> Wait | None:
    limits, now = LIMITS[kind], timezone.now()
    since = now - max(limit.span for limit in limits)
    tries = Try.objects.filter(person=person, kind=kind, at__gt=since).order_by("-at")
    return wait_for(limits, list(tries.values_list("at", flat=True)), now)


def erase_expired() -> int:
    """Forget the tries that no limit counts any more."""
    since = timezone.now() - max(limit.span for limits in LIMITS.values() for limit in limits)
    return Try.objects.filter(at__lte=since).delete()[0]
