"""A later look at the contact points says what became of a confirmation or a removal.

A value that only waits for its code is shown by no call, so that it was entered is never settled.
"""

from activity.domain import Event
from activity.service import Unsettled, settle
from mfa_settings.contact_points.domain import contact_of
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.contact_points.service import end, open_change, value_of
from mfa_settings.preference.reconcile import left_open, may_be_on_its_way
from signin.models import User
from userpool.status import read_status
from userpool.values import Attribute, ContactPoint, Status


def read_and_settle(*, person: User, access_token: str) -> Status:
    """What the pool says, as `read_status` does, and what that settles. Raises `CognitoError`."""
    found = [
        (one, may_be_on_its_way(one))
        for event in (Event.CONTACT_CONFIRMED, Event.CONTACT_REMOVED)
        if (one := left_open(person=person.uid, event=event))
    ]
    status = read_status(person=person.uid, access_token=access_token)
    for one, on_its_way in found:
        took_effect = _took_effect(one, person=person, status=status)
        if took_effect or (took_effect is False and not on_its_way):
            settle(event_id=one.id, took_effect=took_effect)
    return status


def _took_effect(one: Unsettled, *, person: User, status: Status) -> bool | None:
    """None where something else was begun since, so that the read speaks of that."""
    attribute = Attribute(str(one.detail["attribute"]))
    held = contact_of(status, attribute)
    change = open_change(person=person, attribute=attribute)
    if one.event is Event.CONTACT_CONFIRMED:
        if change is None or change.created_at > one.at:
            return None
        proved = held == ContactPoint(value_of(change), verified=True)
        if proved:
            end(change, confirmed=True)
        return proved
    begun = ContactChange.objects.filter(person=person, attribute=attribute)
    if begun.filter(created_at__gt=one.at).exists():
        return None
    if held is None and change:
        end(change)
    return held is None
