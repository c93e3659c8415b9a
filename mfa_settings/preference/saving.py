"""Save a reviewed change: claim it, read, write only what moves, and believe what is read back."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from activity.domain import Outcome
from activity.reconcile import ABANDONED_AFTER, mark_abandoned
from activity.service import ended
from cognito.errors import Applied, TryLater
from mfa_settings.preference.domain.rules import Refused, Violation, plan
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.passkey_flag import remember_doubt
from mfa_settings.preference.reconcile import read_and_reconcile
from mfa_settings.preference.writing import write
from signin.caller import Caller
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import Preference, Status

# A second press of the button waits this long for the first; within a request's budget.
WAIT_FOR_THE_FIRST: Final = timedelta(seconds=8)
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


def save(*, caller: Caller, proposal: ProposedChange) -> SaveAnswer:
    """Write the change once, however often it is asked for, and one change of a person at a time.

    One read, one write, one read-back. Raises `CognitoError` only where nothing was written; the
    change can then be saved again.
    """
    if not _claim(caller=caller, proposal=proposal):
        return Ended()
    try:
        status, policy = read_and_reconcile(account=caller.account, is_last=True)
        obstacle = _obstacle(proposal, status=status, policy=policy)
    except BaseException:
        _release(proposal)
        raise
    if obstacle:
        _release(proposal)
        return obstacle
    _write(caller=caller, proposal=proposal, status=status, policy=policy)
    return Ended()


def _claim(*, caller: Caller, proposal: ProposedChange) -> bool:
    """Claim the change for this request; False where another request has ended it.

    One save of a person at a time: comparing and writing are two calls, so two saves would mix.
    Waits for another request that is saving, and takes over where that one gave up.
    """
    give_up = timezone.now() + WAIT_FOR_THE_FIRST
    session = caller.session.id
    free = ProposedChange.objects.filter(id=proposal.id, claimed_at=None, result="")
    while True:
        _resolve_abandoned_saves(caller=caller)
        proposal.refresh_from_db()
        if proposal.result:
            return False
        try:
            with transaction.atomic():
                if free.update(claimed_at=timezone.now(), claimed_in=session, attempt=uuid.uuid4()):
                    proposal.refresh_from_db()
                    return True
        except IntegrityError:
            pass  # Another change of this person is being saved.
        if timezone.now() > give_up:
            raise TryLater(
                operation="SetUserMFAPreference",
                code="AnotherSaveUnderWay",
                applied=Applied.UNKNOWN,
            )
        time.sleep(_POLL_SECONDS)


def _resolve_abandoned_saves(*, caller: Caller) -> None:
    """End each save whose process died as the pool shows it now.

    A save without an intent has sent nothing, and can be saved again.
    """
    since = timezone.now() - ABANDONED_AFTER
    for abandoned in ProposedChange.objects.filter(
        person=caller.person, result="", claimed_at__lt=since
    ):
        how = ended(abandoned.attempt) if abandoned.attempt else None
        if abandoned.attempt is None or how is None:
            _release(abandoned)
            continue
        if how is Outcome.UNKNOWN:
            mark_abandoned(event_id=abandoned.attempt)
            remember_doubt(person=caller.uid, change=abandoned.change)
            read_and_reconcile(account=caller.account, is_last=True)
        # A save that the read has resolved has its result already, and keeps it.
        ProposedChange.objects.filter(id=abandoned.id, result="").update(
            result=_RESULT_OF_OUTCOME[how]
        )


def _obstacle(
    proposal: ProposedChange, *, status: Status, policy: Policy
) -> Conflict | NoLongerAllowed | None:
    change = proposal.change
    now = effective_preference(status, policy)
    if now != change.before:
        return Conflict(seen=change.before, now=now, status=status)
    planned = plan(wanted=change.after, status=status, policy=policy)
    return NoLongerAllowed(planned.violations) if isinstance(planned, Refused) else None


def _write(*, caller: Caller, proposal: ProposedChange, status: Status, policy: Policy) -> None:
    try:
        written = write(
            account=caller.account,
            change=proposal.change,
            status=status,
            policy=policy,
            event_id=proposal.attempt,
            is_undo=proposal.undoes_id is not None,
        )
    except BaseException:
        _release(proposal)
        raise
    proposal.result = _RESULT_OF_OUTCOME[written.outcome]
    if written.outcome is Outcome.REFUSED:
        proposal.refusal = type(written.refusal).__name__
    proposal.save(update_fields=["result", "refusal"])


_RESULT_OF_OUTCOME: Final = {
    Outcome.CONFIRMED: ProposedChange.Result.CONFIRMED,
    Outcome.REFUSED: ProposedChange.Result.REFUSED,
    Outcome.UNKNOWN: ProposedChange.Result.NOT_CONFIRMED,
}


def _release(proposal: ProposedChange) -> None:
    ProposedChange.objects.filter(id=proposal.id, result="").update(claimed_at=None)
