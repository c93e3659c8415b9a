"""A later read says what became of a change whose end nobody could say.

Nothing of the log is rewritten: the outcome stays UNKNOWN, and what the read showed stands beside
it, with its time. A read that shows neither what was so before nor what was wished settles nothing.
"""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from activity.domain import Event
from activity.service import Unsettled, conclude_cut_off, settle, unsettled
from mfa_settings.domain import Change, Policy, Preference, Status, effective
from mfa_settings.models import ProposedChange
from mfa_settings.passkey_factor import moves_it, remember_doubt
from mfa_settings.pool.service import read_policy
from mfa_settings.reading import read_status

# A write whose answer was lost may still be on its way: until then "as before" proves nothing.
WRITES_ARRIVE: Final = timedelta(minutes=1)


def read_and_settle(
    *, access_token: str, person: str, is_last: bool = False
) -> tuple[Status, Policy]:
    """What the pool says, as `read_status` and `read_policy` do, and what that settles of the
    person's newest change; `person` is issuer and subject. Raises `CognitoError`.

    `is_last`: another change follows at once, so no later read can tell of that one.
    """
    left_open = _left_open(person)
    began_at = timezone.now()
    status, policy = read_status(access_token=access_token, person=person), read_policy()
    if left_open and (change := _change_of(left_open)):
        waited = is_last or began_at - left_open.at >= WRITES_ARRIVE
        _settle(left_open, change, status=status, policy=policy, waited=waited)
    return status, policy


def _left_open(person: str) -> Unsettled | None:
    """Before the read, so that a change which ends meanwhile is not judged by it."""
    left_open = unsettled(person=person, event=Event.PREFERENCE_CHANGED)
    if left_open and left_open.cut_off:
        conclude_cut_off(event_id=left_open.id)
        if change := _change_of(left_open):
            remember_doubt(person=person, change=change)
    return left_open


def _change_of(left_open: Unsettled) -> Change | None:
    """None for the command's blocks that contradict one another: no preference at all."""
    if "after" not in left_open.detail:
        return None
    before, after = (str(left_open.detail[name]) for name in ("before", "after"))
    return Change(Preference.parse(before), Preference.parse(after))


def _settle(
    left_open: Unsettled, change: Change, *, status: Status, policy: Policy, waited: bool
) -> None:
    if moves_it(change) and not status.passkey_is_sure:
        return  # Cognito never shows whether a passkey counts, so no read can tell.
    now, result = effective(status, policy), ProposedChange.Result
    took_effect = now == change.after
    if not took_effect and not (waited and now == change.before):
        return
    settle(event_id=left_open.id, took_effect=took_effect, now=str(now))
    open_ends = ProposedChange.objects.filter(attempt=left_open.id)
    open_ends.filter(result__in=["", result.NOT_CONFIRMED]).update(
        result=result.CONFIRMED if took_effect else result.CAME_TO_NOTHING,
        settled_at=timezone.now(),
    )
