"""Write a change of preference to the pool, and believe what is read back.

One intent before, one outcome after, and no success that a read does not show.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Final

from activity.domain import UNDOES, Event, Outcome
from activity.service import recorded
from cognito import user_pool
from cognito.account import Account
from cognito.errors import Applied, CognitoError, SignInAgain
from mfa_settings.preference.domain.rules import PreferenceChange
from mfa_settings.preference.passkey_flag import remember_accepted, remember_doubt
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.status import read_status
from userpool.values import Factor, Preference, Status

# How long the pool may take to show what was written, before the answer is "not confirmed".
READ_BACK_PAUSES: Final = (0.0, 0.5, 1.5)
# No new try after this, so that a pool that stalls does not hold the page.
READ_BACK_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write, what Cognito refused, and the status read afterwards, if any."""

    outcome: Outcome
    refusal: CognitoError | None
    status: Status | None


def write(
    *,
    account: Account,
    change: PreferenceChange,
    status: Status,
    policy: Policy,
    event_id: uuid.UUID | None = None,
    is_undo: bool = False,
) -> Written:
    """Send what moves, read it back, and record both; believe only what the read shows.

    `event_id` names the security event; `is_undo` says in it that this undoes an earlier change.
    An error of Cognito is no verdict: it may have taken effect all the same, whole or in part.
    Raises `SignInAgain` and `NotRecorded`, where nothing was written.
    """
    detail: dict[str, object] = {"before": str(change.before), "after": str(change.after)}
    if is_undo:
        detail[UNDOES] = True
    refusal: CognitoError | None = None
    with recorded(
        person=account.person,
        event=Event.PREFERENCE_CHANGED,
        detail=detail,
        event_id=event_id,
    ) as recording:
        try:
            send(account=account, change=change, usable=status.ready & policy.offered)
        except SignInAgain:
            raise
        except CognitoError as error:
            refusal = error
            remember_doubt(person=account.person, change=change)
        else:
            remember_accepted(person=account.person, change=change)
        is_refused = refusal is not None and refusal.applied is Applied.NO
        after = read_back(
            account=account,
            expected=change.before if is_refused else change.after,
            policy=policy,
        )
        now = effective_preference(after, policy) if after else None
        if now == change.after:
            outcome = Outcome.CONFIRMED
            recording.conclude(outcome)
        elif refusal and is_refused and now == change.before:
            outcome = Outcome.REFUSED
            recording.conclude(outcome, code=refusal.code)
        else:
            outcome = Outcome.UNKNOWN
            recording.conclude(outcome, now="unreadable" if now is None else str(now))
    return Written(outcome, refusal, after)


def send(*, account: Account, change: PreferenceChange, usable: frozenset[Factor]) -> None:
    """Calls SetUserMFAPreference with the blocks that change. Raises `CognitoError`."""
    user_pool.set_user_mfa_preference(account, settings=change.settings(usable))


def read_back(*, account: Account, expected: Preference, policy: Policy) -> Status | None:
    """Return the status once it shows `expected`, or at the last try; None if unreadable."""
    status = None
    give_up = time.monotonic() + READ_BACK_SECONDS
    for pause in READ_BACK_PAUSES:
        time.sleep(pause)
        try:
            status = read_status(account)
        except CognitoError:
            pass
        else:
            if effective_preference(status, policy) == expected:
                break
        if time.monotonic() > give_up:
            break
    return status
