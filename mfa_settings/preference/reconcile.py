"""A later read says what became of a change whose end nobody could say.

Nothing of the log is rewritten: the outcome stays UNKNOWN, and what the read showed stands beside
it, with its time. A read that shows neither what was so before nor what was wished settles nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.utils import timezone

from activity.domain import Event
from activity.service import Unsettled, conclude_cut_off, settle, unsettled
from cognito.errors import CognitoError
from mfa_settings.preference.domain.rules import PreferenceChange
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.passkey_flag import moves_passkey, remember_doubt
from userpool.next_sign_in import effective
from userpool.policy import Policy
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor, Preference, Status

# A write whose answer was lost may still be on its way: until then "as before" proves nothing.
WRITES_ARRIVE: Final = timedelta(minutes=1)


@contextmanager
def read_will_tell() -> Iterator[None]:
    """A write whose answer never came is judged by the read that follows it."""
    try:
        yield
    except CognitoError as error:
        if error.written is not None:
            raise


def left_open(*, person: str, event: Event) -> Unsettled | None:
    """The person's newest event of this kind, if a read can settle it. To be asked before that
    read, so that a change which ends meanwhile is not judged by it."""
    found = unsettled(person=person, event=event)
    if found and found.cut_off:
        conclude_cut_off(event_id=found.id)
    return found


def may_be_on_its_way(found: Unsettled) -> bool:
    """Its write may still arrive, so that "as before" is no news yet. To be asked before the read
    as well."""
    return timezone.now() - found.at < WRITES_ARRIVE


def read_and_settle(
    *, access_token: str, person: str, is_last: bool = False
) -> tuple[Status, Policy]:
    """What the pool says, as `read_status` and `read_policy` do, and what that settles of the
    person's newest change and set-up; `person` is issuer and subject. Raises `CognitoError`.

    `is_last`: another change follows at once, so no later read can tell of that one.
    """
    changed = _change_left_open(person)
    waited = is_last or (changed is not None and not may_be_on_its_way(changed))
    set_up = left_open(person=person, event=Event.APP_SET_UP_FINISHED)
    status, policy = read_status(access_token=access_token, person=person), read_policy()
    if changed and (change := _change_of(changed)):
        _settle(changed, change, status=status, policy=policy, waited=waited)
    # An app in place of another looks the same, and some pools never show one that is off.
    if set_up and set_up.detail.get("replaces") is False and Factor.TOTP in status.ready:
        settle(event_id=set_up.id, took_effect=True)
    return status, policy


def _change_left_open(person: str) -> Unsettled | None:
    found = left_open(person=person, event=Event.PREFERENCE_CHANGED)
    if found and found.cut_off and (change := _change_of(found)):
        remember_doubt(person=person, change=change)
    return found


def _change_of(found: Unsettled) -> PreferenceChange | None:
    """None for the command's blocks that contradict one another: no preference at all."""
    if "after" not in found.detail:
        return None
    before, after = (str(found.detail[name]) for name in ("before", "after"))
    return PreferenceChange(Preference.parse(before), Preference.parse(after))


def _settle(
    found: Unsettled, change: PreferenceChange, *, status: Status, policy: Policy, waited: bool
) -> None:
    if moves_passkey(change) and not status.passkey_is_sure:
        return  # Cognito never shows whether a passkey counts, so no read can tell.
    now, result = effective(status, policy), ProposedChange.Result
    took_effect = now == change.after
    if not took_effect and not (waited and now == change.before):
        return
    settle(event_id=found.id, took_effect=took_effect, now=str(now))
    open_ends = ProposedChange.objects.filter(attempt=found.id)
    open_ends.filter(result__in=["", result.NOT_CONFIRMED]).update(
        result=result.CONFIRMED if took_effect else result.CAME_TO_NOTHING,
        settled_at=timezone.now(),
    )
