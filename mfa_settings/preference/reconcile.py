"""Resolve a change of preference, or a set-up, whose result is unknown, from a later read.

A read that shows neither what was so before nor what was wished resolves nothing.
"""

from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from activity.domain import Event
from activity.reconcile import (
    Resolution,
    Resolver,
    UnresolvedEvent,
    resolve_all,
    unresolved_events,
)
from cognito.account import Account
from mfa_settings.preference.domain.rules import PreferenceChange
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.passkey_flag import moves_passkey, remember_doubt
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor, Preference, Status

_Reading = tuple[Status, Policy]


def read_and_reconcile(account: Account, *, is_last: bool = False) -> tuple[Status, Policy]:
    """Read the person's status and the policy, and resolve their newest change and set-up by them.

    Raises `CognitoError`.

    `is_last`: another change follows at once, so no later read can tell of that one.
    """
    found = unresolved_events(_RESOLVERS, person=account.person)
    for each in found:
        if each.abandoned and (change := _change_of(each)):
            remember_doubt(person=account.person, change=change)
    reading = read_status(account), read_policy()
    resolve_all(found, reading, _RESOLVERS, is_last=is_last)
    return reading


def _change_of(found: UnresolvedEvent) -> PreferenceChange | None:
    """Return the change of the event; None for a set-up, and for blocks of the command that
    contradict one another."""
    if "after" not in found.detail:
        return None
    before, after = (str(found.detail[name]) for name in ("before", "after"))
    return PreferenceChange(Preference.parse(before), Preference.parse(after))


def _preference_changed(found: UnresolvedEvent, reading: _Reading) -> Resolution | None:
    status, policy = reading
    change = _change_of(found)
    # Cognito never shows whether a passkey counts, so no read can tell.
    if change is None or (moves_passkey(change) and not status.passkey_is_sure):
        return None
    now = effective_preference(status, policy)
    if now not in (change.before, change.after):
        return None
    took_effect = now == change.after
    return Resolution(took_effect, {"now": str(now)}, lambda: _end_proposal(found, took_effect))


def _end_proposal(found: UnresolvedEvent, took_effect: bool) -> None:
    result = ProposedChange.Result
    proposals = ProposedChange.objects.filter(attempt=found.id)
    proposals.filter(result__in=["", result.NOT_CONFIRMED]).update(
        result=result.CONFIRMED if took_effect else result.CAME_TO_NOTHING,
        settled_at=timezone.now(),
    )


def _app_set_up(found: UnresolvedEvent, reading: _Reading) -> Resolution | None:
    """Resolve a set-up. An app in place of another looks the same, and some pools never show one
    that is off."""
    status, _ = reading
    is_there = found.detail.get("replaces") is False and Factor.TOTP in status.ready
    return Resolution(took_effect=True) if is_there else None


_RESOLVERS: Final[Mapping[Event, Resolver[_Reading]]] = {
    Event.PREFERENCE_CHANGED: _preference_changed,
    Event.APP_SET_UP_FINISHED: _app_set_up,
}
