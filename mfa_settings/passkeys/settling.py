"""A later list of the passkeys says what became of one whose adding or removal had no clear end."""

from collections.abc import Iterable

from activity.domain import Event
from activity.service import Unsettled, settle
from mfa_settings.passkeys.domain import Problem, fingerprint
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel
from mfa_settings.preference.reconcile import left_open, may_be_on_its_way
from signin.models import User

OpenEnds = list[tuple[Unsettled, bool]]


def left_open_of(*, person: User) -> OpenEnds:
    """What a list can settle, to be asked before it; True for one whose write may still arrive."""
    return [
        (one, may_be_on_its_way(one))
        for event in (Event.PASSKEY_ADDED, Event.PASSKEY_REMOVED)
        if (one := left_open(person=person.uid, event=event))
    ]


def settle_by_list(open_ends: OpenEnds, *, person: User, ids: Iterable[str]) -> None:
    """By the ids of all the passkeys that the person has."""
    there = {fingerprint(each): each for each in ids}
    for one, on_its_way in open_ends:
        passkey, added = one.detail.get("passkey"), one.event is Event.PASSKEY_ADDED
        if passkey is None:
            continue  # Of the version before.
        took_effect = (passkey in there) is added
        if took_effect or not on_its_way:
            settle(event_id=one.id, took_effect=took_effect)
        if took_effect and added:
            unclear = PasskeyCeremony.objects.filter(person=person, problem=Problem.NOT_KNOWN)
            unclear.filter(ended_at__isnull=False).update(
                problem="", credential_id=there[str(passkey)]
            )
        elif took_effect:
            gone = PasskeyLabel.objects.filter(person=person)
            gone.exclude(credential_id__in=there.values()).delete()
