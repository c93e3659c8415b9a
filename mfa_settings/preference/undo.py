"""Undo a change: save the earlier preference, by the same rules as any save."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from mfa_settings.preference import saving
from mfa_settings.preference.domain.rules import Refused, plan
from mfa_settings.preference.domain.undo import UndoProblem, until
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.reconcile import read_and_reconcile
from signin.caller import Caller
from signin.models import User
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import Preference, Status

_CAME_TO_NOTHING = (ProposedChange.Result.REFUSED, ProposedChange.Result.CAME_TO_NOTHING)


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer to undo `change` until then, which restores `back_to`."""

    change: ProposedChange
    back_to: Preference
    until: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """The save of the earlier preference, and its answer."""

    change: ProposedChange
    answer: saving.SaveAnswer


def offer(*, person: User, status: Status, policy: Policy) -> Offer | None:
    """Return the offer to undo the person's newest save; None where it can't be undone now.

    It is confirmed and young, the pool still shows what it left, and the rules allow what was
    before it.
    """
    saves = ProposedChange.objects.filter(person=person, claimed_at__isnull=False)
    newest = saves.exclude(result__in=_CAME_TO_NOTHING).order_by("claimed_at").last()
    if newest is None or newest.claimed_at is None or problem_of(newest):
        return None
    if effective_preference(status, policy) != newest.change.after:
        return None
    back_to = newest.change.before
    if isinstance(plan(wanted=back_to, status=status, policy=policy), Refused):
        return None
    return Offer(newest, back_to, until(newest.claimed_at))


def problem_of(change: ProposedChange) -> UndoProblem | None:
    """Return the obstacle to an undo by the change's row; `undo_change` looks at the account."""
    if change.claimed_at is None or change.result in _CAME_TO_NOTHING:
        return UndoProblem.NOT_SAVED
    if change.result != ProposedChange.Result.CONFIRMED:
        return UndoProblem.NOT_KNOWN
    return UndoProblem.TOO_LATE if timezone.now() >= until(change.claimed_at) else None


def undo_change(*, caller: Caller, change: ProposedChange) -> Undone | UndoProblem:
    """Save the preference before the change, once however often the button is pressed.

    Raises `CognitoError` only where nothing was written, and `NotRecorded`.
    """
    if problem_of(change) is UndoProblem.NOT_KNOWN:
        read_and_reconcile(account=caller.account)
        change.refresh_from_db()
    reverse = _reverse_of(change)
    if reverse is None:
        if reason := problem_of(change):
            return reason
        reverse = _new_reverse_of(change)
    return Undone(reverse, saving.save(caller=caller, proposal=reverse))


def _reverse_of(change: ProposedChange) -> ProposedChange | None:
    """The reverse change that another press has begun, which may end after the time is up."""
    begun = ProposedChange.objects.filter(undoes=change).exclude(result__in=_CAME_TO_NOTHING)
    return begun.first()


def _new_reverse_of(change: ProposedChange) -> ProposedChange:
    try:
        with transaction.atomic():
            return ProposedChange.objects.create(
                person=change.person,
                undoes=change,
                before=change.after,
                after=change.before,
                reachable=change.reachable,
                verified=change.verified,
                has_password=change.has_password,
            )
    except IntegrityError:
        return ProposedChange.objects.exclude(result__in=_CAME_TO_NOTHING).get(undoes=change)
