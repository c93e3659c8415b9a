"""Changes that wait until their person has signed in again."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils import timezone

from signin.assurance import Demand
from signin.models import User
from signin.sealing import Unsealable, seal, unseal
from signin.step_up.domain import TIME_TO_FINISH
from signin.step_up.models import WaitingChange

WAITS: Final = timedelta(hours=1)
# Longer than any number or address.
LONGEST_FIELD: Final = 300


def recent() -> timedelta:
    """How old a sign-in may be for a change."""
    return timedelta(seconds=settings.RECENT_SIGN_IN_SECONDS)


def time_to_finish() -> timedelta:
    """The same for what a recent sign-in has begun, and for the first protection."""
    return max(recent(), TIME_TO_FINISH)


def wait(
    *,
    person: User,
    back: str,
    leave_to: str,
    demand: Demand,
    entered: Iterable[tuple[str, str]] = (),
) -> WaitingChange:
    """Keep what somebody was about to do, once for each `back`: the path whose GET shows it again.
    `entered` are the fields to fill in there, sealed as long as they wait."""
    since = timezone.now() - WAITS
    found = WaitingChange.objects.filter(person=person, back=back, created_at__gte=since).first()
    waiting = found or WaitingChange(person=person, back=back)
    # It waits from now on, and a way that was chosen the last time may be off by now.
    waiting.created_at, waiting.way, waiting.leave_to = timezone.now(), "", leave_to
    waiting.demand = demand
    fields = urlencode([(name, value[:LONGEST_FIELD]) for name, value in entered])
    waiting.sealed_fields = seal(fields, purpose=_purpose(waiting)) if fields else ""
    waiting.save()
    return waiting


def waiting_change_of(*, person: User, waiting_id: uuid.UUID) -> WaitingChange | None:
    """The person's own, while it waits."""
    since = timezone.now() - WAITS
    return WaitingChange.objects.filter(id=waiting_id, person=person, created_at__gte=since).first()


def entered(waiting: WaitingChange) -> dict[str, str]:
    """What was typed, to be shown again."""
    try:
        text = unseal(waiting.sealed_fields, purpose=_purpose(waiting))
    except Unsealable:
        return {}
    return dict(parse_qsl(text))


def erase_expired() -> int:
    """Forget the changes that nobody came back for."""
    return WaitingChange.objects.filter(created_at__lt=timezone.now() - WAITS).delete()[0]


def _purpose(waiting: WaitingChange) -> str:
    return f"waiting-change:{waiting.person_id}:{waiting.id}"
