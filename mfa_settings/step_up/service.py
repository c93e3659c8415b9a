"""Changes that wait until their person has signed in again."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils import timezone

from mfa_settings import service as changes
from mfa_settings.domain import Policy, Preference
from mfa_settings.models import ProposedChange, WaitingChange
from mfa_settings.step_up.domain import TIME_TO_FINISH, asked_before
from mfa_settings.undo.domain import UNDO_LIVES
from signin.assurance import Demand
from signin.models import User
from signin.sealing import Unsealable, seal, unseal

WAITS: Final = timedelta(hours=1)
# Longer than any number or address.
LONGEST_FIELD: Final = 300


def recent() -> timedelta:
    """How old a sign-in may be for a change."""
    return timedelta(seconds=settings.RECENT_SIGN_IN_SECONDS)


def time_to_finish() -> timedelta:
    """The same for what a recent sign-in has begun, and for the first protection."""
    return max(recent(), TIME_TO_FINISH)


def demand_of(proposal: ProposedChange, policy: Policy) -> Demand:
    """What a sign-in has to show before this change of preference is saved.

    It goes by what was on when the change was proposed; if that is so no longer, it is not saved.
    """
    return _demand(changes.change_of(proposal).before, proposal, policy)


def demand_to_take_back(
    saved: ProposedChange, policy: Policy, *, session: uuid.UUID | None
) -> Demand:
    """The same for going back to what was set before a change.

    The sign-in that was enough to save it is enough for as long as it can be taken back. Another
    one could have to use the very thing that has just been turned on and does not work. Whoever is
    signed in elsewhere has to show what is on now.
    """
    to_save, change = demand_of(saved, policy), changes.change_of(saved)
    to_save_again = _demand(change.after, saved, policy)
    if session is None or session != saved.claimed_in:
        return to_save_again
    return Demand(
        max_age=max(to_save.max_age, to_save_again.max_age) + UNDO_LIVES,
        second_step=to_save.second_step and to_save_again.second_step,
    )


def _demand(now: Preference, proposal: ProposedChange, policy: Policy) -> Demand:
    """Where nothing is on, what is turned on is the first protection, and may follow its sign-in
    later: it adds to what was there, and has been bound with a recent one."""
    reachable = changes.reachable_of(proposal)
    return Demand(
        max_age=recent() if now.enabled else time_to_finish(),
        second_step=proposal.has_password and asked_before(now, policy, reachable=reachable),
    )


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
    waiting.max_age_seconds = int(demand.max_age.total_seconds())
    waiting.second_step = demand.second_step
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
