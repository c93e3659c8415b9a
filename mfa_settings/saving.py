"""Save a reviewed change: claim it, read, write only what moves, and believe what is read back."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from activity.domain import Event, Outcome
from activity.service import Recording, recorded
from cognito import user_pool
from cognito.errors import CognitoError, SignInAgain, TryLater
from mfa_settings.domain import (
    PREFERABLE,
    Change,
    Factor,
    Policy,
    Preference,
    Refused,
    Status,
    Violation,
    effective,
    plan,
)
from mfa_settings.models import ProposedChange
from mfa_settings.passkey_factor import remember_accepted, remember_doubt
from mfa_settings.pool.service import read_policy
from mfa_settings.reading import read_status
from mfa_settings.service import change_of, keep_result
from signin.models import User

# How long the pool may take to show what was written, before the answer is "not confirmed".
READ_BACK_PAUSES: Final = (0.0, 0.5, 1.5)
# No new try after this, so that a pool that stalls does not hold the page.
READ_BACK_SECONDS: Final = 3
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
    change = change_of(proposal)
    detail = {"before": proposal.before, "after": proposal.after}
    refusal: CognitoError | None = None
    try:
        with recorded(
            person=person.uid, event=Event.PREFERENCE_CHANGED, request_id=request_id, detail=detail
        ) as recording:
            try:
                usable = status.ready & policy.offered
                send(access_token=access_token, change=change, usable=usable)
            except SignInAgain:
                raise
            except CognitoError as error:
                # It may have taken effect all the same, whole or in part: read before speaking.
                refusal = error
                remember_doubt(person=person.uid, change=change)
            else:
                remember_accepted(person=person.uid, change=change)
            refused = refusal is not None and refusal.written is False
            after = read_back(
                access_token=access_token,
                person=person.uid,
                expected=change.before if refused else change.after,
                policy=policy,
            )
            _conclude(recording, proposal, refusal=refusal, status=after, policy=policy)
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
    keep_result(proposal, status)


def _release(proposal: ProposedChange) -> None:
    ProposedChange.objects.filter(id=proposal.id, result="").update(claimed_at=None)


def send(*, access_token: str, change: Change, usable: frozenset[Factor]) -> None:
    """SetUserMFAPreference with the blocks that change. Raises `CognitoError`."""
    blocks: dict[str, user_pool.FactorSettings] = {
        factor: {"Enabled": enabled, "PreferredMfa": preferred}
        if factor in PREFERABLE
        else {"Enabled": enabled}
        for factor, (enabled, preferred) in change.settings(usable).items()
    }
    user_pool.set_user_mfa_preference(
        pool=settings.COGNITO, access_token=access_token, settings=blocks
    )


def read_back(
    *, access_token: str, person: str, expected: Preference, policy: Policy
) -> Status | None:
    """What the pool says once it says `expected`, or at the last try; None if it says nothing."""
    status = None
    give_up = time.monotonic() + READ_BACK_SECONDS
    for pause in READ_BACK_PAUSES:
        time.sleep(pause)
        try:
            status = read_status(access_token=access_token, person=person)
        except CognitoError:
            pass
        else:
            if effective(status, policy) == expected:
                break
        if time.monotonic() > give_up:
            break
    return status
