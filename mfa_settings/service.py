"""Propose a change of preference, and save it: read, write, read back."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from activity.domain import Event, Outcome
from activity.service import Recording, recorded
from cognito.errors import CognitoError, SignInAgain
from mfa_settings.domain import (
    Change,
    Policy,
    Preference,
    Refused,
    Status,
    Violation,
    effective,
    plan,
)
from mfa_settings.models import ProposedChange
from mfa_settings.reading import read_policy, read_status, status_from_text, status_to_text
from mfa_settings.writing import read_back, send
from signin.models import User
from signin.sealing import Unsealable, seal, unseal

PROPOSAL_LIVES: Final = timedelta(hours=1)
# The page after a save follows at once; one that comes later reads the pool like any other.
READ_BACK_LIVES: Final = timedelta(seconds=15)
# A reload still tells it; a bookmark or a tab that is opened again does not.
NEWS_LIVES: Final = timedelta(minutes=1)
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


@dataclass(frozen=True, slots=True)
class Released:
    """Another request tried to save it, wrote nothing and gave it back."""


SaveAnswer = Ended | Conflict | NoLongerAllowed | Released


def propose(*, person: User, change: Change) -> ProposedChange:
    """Keep a change for its review. Nothing reaches Cognito."""
    ProposedChange.objects.filter(
        person=person, created_at__lt=timezone.now() - PROPOSAL_LIVES
    ).delete()
    return ProposedChange.objects.create(
        person=person, before=str(change.before), after=str(change.after)
    )


def proposal_of(*, person: User, proposal_id: uuid.UUID) -> ProposedChange | None:
    """The person's own change, while it lives."""
    since = timezone.now() - PROPOSAL_LIVES
    return ProposedChange.objects.filter(
        id=proposal_id, person=person, created_at__gte=since
    ).first()


def change_of(proposal: ProposedChange) -> Change:
    return Change(Preference.parse(proposal.before), Preference.parse(proposal.after))


def save(
    *, person: User, access_token: str, proposal: ProposedChange, request_id: str = ""
) -> SaveAnswer:
    """Write the change once, however often it is asked for.

    One read, one write, one read-back. Raises `CognitoError` only where nothing was written; the
    change can then be saved again.
    """
    claimed = ProposedChange.objects.filter(id=proposal.id, claimed_at=None, result="").update(
        claimed_at=timezone.now()
    )
    if not claimed:
        return _answer_of_the_first(proposal)
    proposal.refresh_from_db()
    try:
        policy = read_policy()
        status = read_status(access_token=access_token)
        obstacle = _obstacle(proposal, status=status, policy=policy)
    except BaseException:
        _release(proposal)
        raise
    if effective(status, policy) == change_of(proposal).after:
        # An earlier try that nobody could confirm had taken effect, or another tab got there.
        proposal.result = ProposedChange.Result.CONFIRMED
        _keep_result(proposal, status)
        return Ended()
    if obstacle:
        _release(proposal)
        return obstacle
    _write(
        person=person,
        access_token=access_token,
        proposal=proposal,
        policy=policy,
        request_id=request_id,
    )
    return Ended()


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
    policy: Policy,
    request_id: str,
) -> None:
    change = change_of(proposal)
    detail = {"before": proposal.before, "after": proposal.after}
    refusal: CognitoError | None = None
    try:
        with recorded(
            person=person.uid, event=Event.PREFERENCE_CHANGED, request_id=request_id, detail=detail
        ) as recording:
            try:
                send(access_token=access_token, change=change)
            except SignInAgain:
                raise
            except CognitoError as error:
                # It may have taken effect all the same, whole or in part: read before speaking.
                refusal = error
            refused = refusal is not None and refusal.written is False
            status = read_back(
                access_token=access_token,
                expected=change.before if refused else change.after,
                policy=policy,
            )
            _conclude(recording, proposal, refusal=refusal, status=status, policy=policy)
    except BaseException:
        if not proposal.result:
            _release(proposal)
        raise


def _conclude(
    recording: Recording,
    proposal: ProposedChange,
    *,
    refusal: CognitoError | None,
    status: Status | None,
    policy: Policy,
) -> None:
    change = change_of(proposal)
    now = effective(status, policy) if status else None
    if now == change.after:
        proposal.result = ProposedChange.Result.CONFIRMED
        recording.conclude(Outcome.CONFIRMED)
    elif refusal and refusal.written is False and now == change.before:
        proposal.result = ProposedChange.Result.REFUSED
        proposal.refusal = type(refusal).__name__
        recording.conclude(Outcome.REFUSED, code=refusal.code)
    else:
        proposal.result = ProposedChange.Result.NOT_CONFIRMED
        recording.conclude(Outcome.UNKNOWN, now="unreadable" if now is None else str(now))
    _keep_result(proposal, status)


def _keep_result(proposal: ProposedChange, status: Status | None) -> None:
    if status:
        proposal.read_back = seal(status_to_text(status), purpose=_purpose(proposal))
    proposal.save(update_fields=["result", "refusal", "read_back"])


def _release(proposal: ProposedChange) -> None:
    ProposedChange.objects.filter(id=proposal.id, result="").update(claimed_at=None)


def _answer_of_the_first(proposal: ProposedChange) -> Ended | Released:
    """The first press is still at work, or done: its answer is the answer of both."""
    give_up = timezone.now() + WAIT_FOR_THE_FIRST
    while timezone.now() < give_up:
        proposal.refresh_from_db()
        if proposal.result:
            return Ended()
        if proposal.claimed_at is None:
            return Released()
        time.sleep(_POLL_SECONDS)
    # The first was cut off, or is very slow. Nobody knows how it ended until the pool is read.
    ProposedChange.objects.filter(id=proposal.id, result="").update(
        result=ProposedChange.Result.NOT_CONFIRMED
    )
    return Ended()


def is_news(proposal: ProposedChange) -> bool:
    """How a save ended is told right after it; that it is not known is told for longer."""
    if proposal.result == ProposedChange.Result.NOT_CONFIRMED:
        return True
    since = timezone.now() - NEWS_LIVES
    return bool(proposal.result and proposal.claimed_at and proposal.claimed_at > since)


def status_after(proposal: ProposedChange) -> Status | None:
    """The read-back of a save, for the one page that follows it; others read the pool."""
    claimed_at = proposal.claimed_at
    if claimed_at is None or timezone.now() - claimed_at > READ_BACK_LIVES:
        return None
    unused = ProposedChange.objects.filter(id=proposal.id).exclude(read_back="")
    if not proposal.read_back or not unused.update(read_back=""):
        return None
    try:
        return status_from_text(unseal(proposal.read_back, purpose=_purpose(proposal)))
    except Unsealable:
        return None


def _purpose(proposal: ProposedChange) -> str:
    return f"read-back:{proposal.person_id}:{proposal.id}"
