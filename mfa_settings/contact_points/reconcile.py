"""Resolve confirmations and removals of contact points from a later read of the pool.

No call shows a value that waits for its code, so the event of its entry is never resolved.
"""

from collections.abc import Mapping
from typing import Final

from activity.domain import Event
from activity.reconcile import Resolution, Resolver, UnresolvedEvent, resolve_all, unresolved_events
from mfa_settings.contact_points.domain import contact_of
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.contact_points.service import finish, open_change, value_of
from signin.caller import Caller
from signin.models import User
from userpool.status import read_status
from userpool.values import Attribute, ContactPoint, Status

_Reading = tuple[User, Status]


def read_and_reconcile(*, caller: Caller) -> Status:
    """Read the person's status and resolve their events by it. Raises `CognitoError`."""
    found = unresolved_events(_RESOLVERS, person=caller.uid)
    status = read_status(caller.account)
    resolve_all(found, (caller.person, status), _RESOLVERS)
    return status


def _confirmed(found: UnresolvedEvent, reading: _Reading) -> Resolution | None:
    """Resolve a confirmation. None where another value was entered since, which the read shows.
    None where another value was entered since: the read shows that one."""
    person, status = reading
    attribute = Attribute(str(found.detail["attribute"]))
    change = open_change(person=person, attribute=attribute)
    if change is None or change.created_at > found.at:
        return None
    if contact_of(status, attribute) != ContactPoint(value_of(change), verified=True):
        return Resolution(took_effect=False)
    return Resolution(took_effect=True, then=lambda: finish(change, confirmed=True))


def _removed(found: UnresolvedEvent, reading: _Reading) -> Resolution | None:
    """Resolve a removal. None where a value was entered since, which the read shows. None where a
    value was entered since: the read shows that one."""
    person, status = reading
    attribute = Attribute(str(found.detail["attribute"]))
    begun = ContactChange.objects.filter(person=person, attribute=attribute)
    if begun.filter(created_at__gt=found.at).exists():
        return None
    if contact_of(status, attribute) is not None:
        return Resolution(took_effect=False)
    change = open_change(person=person, attribute=attribute)
    return Resolution(took_effect=True, then=lambda: change and finish(change))


_RESOLVERS: Final[Mapping[Event, Resolver[_Reading]]] = {
    Event.CONTACT_CONFIRMED: _confirmed,
    Event.CONTACT_REMOVED: _removed,
}
