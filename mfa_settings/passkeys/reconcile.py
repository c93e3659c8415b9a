"""A later list of the passkeys says what became of one whose adding or removal had no clear end."""

from collections.abc import Iterable, Mapping
from typing import Final

from activity.domain import Event
from activity.reconcile import Resolution, Resolver, UnresolvedEvent, resolve_all, unresolved_events
from mfa_settings.passkeys.domain import Problem, fingerprint
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel

# The ids of all the passkeys that the person has, by their fingerprints.
_Reading = Mapping[str, str]


def unresolved(*, person: str) -> list[UnresolvedEvent]:
    """What a list can resolve, to be loaded before it; `person` is issuer and subject."""
    return unresolved_events(_RESOLVERS, person=person)


def resolve_by_list(found: Iterable[UnresolvedEvent], *, ids: Iterable[str]) -> None:
    """By the ids of all the passkeys that the person has."""
    resolve_all(found, {fingerprint(each): each for each in ids}, _RESOLVERS)


def _added(found: UnresolvedEvent, there: _Reading) -> Resolution:
    passkey = str(found.detail["passkey"])
    if passkey not in there:
        return Resolution(took_effect=False)
    unclear = PasskeyCeremony.objects.filter(
        person__uid=found.person, problem=Problem.NOT_KNOWN, ended_at__isnull=False
    )
    return Resolution(
        took_effect=True, then=lambda: unclear.update(problem="", credential_id=there[passkey])
    )


def _removed(found: UnresolvedEvent, there: _Reading) -> Resolution:
    if str(found.detail["passkey"]) in there:
        return Resolution(took_effect=False)
    labels = PasskeyLabel.objects.filter(person__uid=found.person)
    return Resolution(
        took_effect=True, then=labels.exclude(credential_id__in=there.values()).delete
    )


_RESOLVERS: Final[Mapping[Event, Resolver[_Reading]]] = {
    Event.PASSKEY_ADDED: _added,
    Event.PASSKEY_REMOVED: _removed,
}
