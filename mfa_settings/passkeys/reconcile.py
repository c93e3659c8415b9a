"""Resolve additions and removals of passkeys from a later list of them."""

from collections.abc import Mapping
from typing import Final

from activity.domain import Event
from activity.reconcile import Resolution, Resolver, UnresolvedEvent, resolve_all, unresolved_events
from cognito import passkeys
from cognito.account import Account
from cognito.passkeys import Credential
from mfa_settings.passkeys.domain import Problem, fingerprint
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel

# Fingerprint -> id, of all the passkeys that the person has.
_Reading = Mapping[str, str]


def list_and_reconcile(account: Account) -> tuple[Credential, ...]:
    """List the person's passkeys and resolve their events by the list. Raises `CognitoError`."""
    found = unresolved_events(_RESOLVERS, person=account.person)
    listed = passkeys.list_credentials(account)
    resolve_all(found, {fingerprint(each.id): each.id for each in listed}, _RESOLVERS)
    return listed


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
