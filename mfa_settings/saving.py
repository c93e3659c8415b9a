"""Save a reviewed change: claim it, read, write only what moves, and believe what is read back."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from activity.domain import Outcome
from cognito.errors import TryLater
from mfa_settings.domain import (
    Policy,
    Preference,
    Refused,
    Status,
    Violation,
    effective,
    plan,
)
from mfa_settings.models import ProposedChange
from mfa_settings.pool.service import read_policy
from mfa_settings.reading import read_status
from mfa_settings.service import change_of, keep_result
from mfa_settings.writing import write
from signin.models import User

# A second press of the button waits this long for the first; within a request's budget.
WAIT_FOR_THE_FIRST: Final = timedelta(seconds=8)
# Longer than any save takes: its process is gone.
CLAIM_LIVES: Final = timedelta(seconds=40)
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody, or another tab, changed the settings after `seen` was shown."""

    seen: Preference
    now: Preference
    status: Status


@dataclass(frozen=True, slots=True)
class NoLongerAllowed:
    """The pool or the person's factors changed since the review."""

    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The change has a result; `ProposedChange` holds it."""


SaveAnswer = Ended | Conflict | NoLongerAllowed


def save(
    *, person: User, access_token: str, proposal: ProposedChange, request_id: str = ""
) -> SaveAnswer:
    """Write the change once, however often it is asked for, and one change of a person at a time.

    One read, one write, one read-back. Raises `CognitoError` only where nothing was written; the
    change can then be saved again.
    """
    if not _claim(person=person, access_token=access_token, proposal=proposal):
        return Ended()
    try:
        policy = read_policy()
        status = read_status(access_token=access_token, person=person.uid)
        obstacle = _obstacle(proposal, status=status, policy=policy)
    except BaseException:
        _release(proposal)
        raise
    if effective(status, policy) == change_of(proposal).after:
        # An earlier try that nobody could confirm had taken effect, or another tab got there.
        proposal.result = ProposedChange.Result.CONFIRMED
        keep_result(proposal, status)
        return Ended()
    if obstacle:
        _release(proposal)
        return obstacle
    _write(
        person=person,
        access_token=access_token,
        proposal=proposal,
        status=status,
        policy=policy,
        request_id=request_id,
    )
    return Ended()


def _claim(*, person: User, access_token: str, proposal: ProposedChange) -> bool:
    """True for the one request that may save this change, when no other change of the person is
    being saved: comparing and writing are two calls, so two saves at once would mix.

    False when another request has ended it. Waits for that one, and takes over where it gave up.
    """
    give_up = timezone.now() + WAIT_FOR_THE_FIRST
    free = ProposedChange.objects.filter(id=proposal.id, claimed_at=None, result="")
    while True:
        _settle_what_was_cut_off(person=person, access_token=access_token)
        proposal.refresh_from_db()
        if proposal.result:
            return False
        try:
            with transaction.atomic():
                if free.update(claimed_at=timezone.now()):
                    proposal.refresh_from_db()
                    return True
        except IntegrityError:
            pass  # Another change of this person is being saved.
        if timezone.now() > give_up:
            raise TryLater(
                operation="SetUserMFAPreference", code="AnotherSaveUnderWay", written=None
            )
        time.sleep(_POLL_SECONDS)


def _settle_what_was_cut_off(*, person: User, access_token: str) -> None:
    """A save whose process died ends as what the pool says of it now."""
    since = timezone.now() - CLAIM_LIVES
    for cut_off in ProposedChange.objects.filter(person=person, result="", claimed_at__lt=since):
        status = read_status(access_token=access_token, person=person.uid)
        is_so = effective(status, read_policy()) == change_of(cut_off).after
        result = ProposedChange.Result
        cut_off.result = result.CONFIRMED if is_so else result.NOT_CONFIRMED
        cut_off.save(update_fields=["result"])


def _obstacle(
    proposal: ProposedChange, *, status: Status, policy: Policy
) -> Conflict | NoLongerAllowed | None:
    change = change_of(proposal)
    now = effective(status, policy)
    if now != change.before:
        return Conflict(seen=change.before, now=now, status=status)
    planned = plan(wanted=change.after, status=status, policy=policy)
    return NoLongerAllowed(planned.violations) if isinstance(planned, Refused) else None


def _write(
    *,
    person: User,
    access_token: str,
    proposal: ProposedChange,
    status: Status,
    policy: Policy,
    request_id: str,
) -> None:
    try:
        written = write(
            person=person.uid,
            access_token=access_token,
            change=change_of(proposal),
            status=status,
            policy=policy,
            request_id=request_id,
        )
    except BaseException:
        _release(proposal)
        raise
    proposal.result = _RESULT_OF_OUTCOME[written.outcome]
    if written.outcome is Outcome.REFUSED:
        proposal.refusal = type(written.refusal).__name__
    keep_result(proposal, written.status)


_RESULT_OF_OUTCOME: Final = {
    Outcome.CONFIRMED: ProposedChange.Result.CONFIRMED,
    Outcome.REFUSED: ProposedChange.Result.REFUSED,
    Outcome.UNKNOWN: ProposedChange.Result.NOT_CONFIRMED,
}


def _release(proposal: ProposedChange) -> None:
    ProposedChange.objects.filter(id=proposal.id, result="").update(claimed_at=None)
