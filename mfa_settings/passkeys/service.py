"""List a person's passkeys; add, remove and name one."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from activity.attempt import attempt
from activity.domain import Event, Outcome
from activity.service import NotRecorded
from cognito import passkeys
from cognito.account import Account
from cognito.errors import CognitoError, SignInAgain, TryLater
from cognito.passkeys import Credential
from mfa_settings.passkeys.domain import (
    CEREMONY_LIVES,
    MAX_PASSKEYS,
    PROBLEM_OF_CODE,
    START_PASSKEY,
    AddMethod,
    Problem,
    fingerprint,
    is_only_way_in,
)
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel
from mfa_settings.passkeys.reconcile import list_and_reconcile
from signin.caller import Caller
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.models import User
from userpool.policy import Policy, rp_id_matches
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Status

_log = logging.getLogger(__name__)
_GONE = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as Cognito lists it, and the label that its person gave it; "" for none.

    `usable` is False for one that was made for another relying-party id than the pool's.
    """

    credential: Credential
    label: str
    usable: bool = True

    @property
    def name(self) -> str:
        """The name to show: the label, or else Cognito's."""
        return self.label or self.credential.name


def add_method(*, status: Status, policy: Policy) -> AddMethod:
    """Choose how this person can add a passkey: in the portal, if its host may make one."""
    if status.identity_provider:
        return AddMethod.ANOTHER_PROVIDER
    if policy.passkeys is None:
        return AddMethod.NOT_OFFERED
    if _can_make(settings.PORTAL_URL, policy):
        return AddMethod.HERE
    return AddMethod.MANAGED_LOGIN if managed_login_can(policy) else AddMethod.NOWHERE


def managed_login_can(policy: Policy) -> bool:
    """Tell whether managed login can make a passkey, for a browser in which the portal can't."""
    return _can_make(settings.COGNITO.domain, policy)


def _can_make(site: str, policy: Policy) -> bool:
    """A page may make a passkey for its own host, or for a domain above it.

    https://www.w3.org/TR/webauthn-3/#rp-id
    """
    host = urlsplit(site).hostname or ""
    return policy.passkeys is not None and rp_id_matches(host, policy.passkeys.relying_party_id)


def managed_login_url() -> str:
    """The page of managed login that adds a passkey and redirects to `passkey_return`.

    That redirect has to be among the app client's callback URLs.
    https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
    """
    query = {
        "client_id": settings.COGNITO.client_id,
        "redirect_uri": f"{settings.PORTAL_URL}{reverse('passkey_return')}",
    }
    return f"{settings.COGNITO.domain}/passkeys/add?{urlencode(query)}"


def passkeys_of(*, caller: Caller, policy: Policy) -> list[Passkey]:
    """The person's passkeys, oldest first. Resolves their events. Raises `CognitoError`."""
    labels = dict(
        PasskeyLabel.objects.filter(person=caller.person).values_list("credential_id", "label")
    )
    ours = policy.passkeys.relying_party_id if policy.passkeys else ""
    return [
        Passkey(each, labels.get(each.id, ""), not ours or each.relying_party_id == ours)
        for each in list_and_reconcile(caller.account)
    ]


def begin(*, caller: Caller, here: bool) -> PasskeyCeremony | Problem:
    """Start a ceremony: with a challenge from Cognito (`here`), or one for managed login.

    Returns the problem where Cognito refuses. Raises `CognitoError` where trying later helps.
    """
    if isinstance(limits.consume(START_PASSKEY, key=caller.uid), Wait):
        return Problem.WAIT_AN_HOUR
    ceremony = PasskeyCeremony(person=caller.person)
    try:
        ceremony.before = [each.id for each in passkeys.list_credentials(caller.account)]
        if len(ceremony.before) >= MAX_PASSKEYS:
            return Problem.FULL
        if here:
            ceremony.options = dict(passkeys.start_registration(caller.account))
    except CognitoError as error:
        if error.code not in PROBLEM_OF_CODE:
            raise
        _log.warning("Cognito refused: %s", error)
        return PROBLEM_OF_CODE[error.code]
    ceremony.save()
    return ceremony


def ceremony_of(*, person: User, ceremony_id: uuid.UUID) -> PasskeyCeremony | None:
    """The person's own ceremony of this id; None for none."""
    return PasskeyCeremony.objects.filter(person=person, id=ceremony_id).first()


def newest_in_managed_login(*, person: User) -> PasskeyCeremony | None:
    """The person's newest ceremony in managed login, whose redirect back names none."""
    since = timezone.now() - timedelta(hours=1)
    ceremonies = PasskeyCeremony.objects.filter(person=person, options={}, created_at__gte=since)
    return ceremonies.order_by("created_at").last()


def is_open(ceremony: PasskeyCeremony) -> bool:
    """Tell whether this ceremony of the portal still takes the browser's answer."""
    fresh = timezone.now() < ceremony.created_at + CEREMONY_LIVES
    return bool(ceremony.options) and ceremony.ended_at is None and fresh


def finish(*, caller: Caller, ceremony: PasskeyCeremony, credential: Mapping[str, Any]) -> None:
    """Hand the browser's answer to Cognito, once, and read back; the row says how it ended.

    Raises `CognitoError` and `NotRecorded` where the same answer may work in a moment.
    """
    rows = PasskeyCeremony.objects.filter(id=ceremony.id)
    is_first = is_open(ceremony) and rows.filter(ended_at=None).update(
        ended_at=timezone.now(), problem=Problem.NOT_KNOWN
    )
    if not is_first:
        return
    try:
        tried = attempt(
            person=caller.uid,
            event=Event.PASSKEY_ADDED,
            detail={"passkey": fingerprint(credential["id"])},
            call=lambda: passkeys.complete_registration(caller.account, credential=credential),
            shows=lambda _: credential["id"] in _ids(caller),
        )
    except (SignInAgain, TryLater, NotRecorded):
        rows.update(ended_at=None, problem="")
        raise
    except CognitoError as error:
        _log.warning("Cognito refused: %s", error)
        rows.update(problem=PROBLEM_OF_CODE.get(error.code, Problem.REFUSED))
    else:
        if tried.outcome is Outcome.CONFIRMED:
            rows.update(problem="", credential_id=credential["id"])


def _ids(caller: Caller) -> frozenset[str]:
    return frozenset(each.id for each in passkeys.list_credentials(caller.account))


def remove(*, caller: Caller, credential_id: str) -> Outcome | Problem | None:
    """Delete a passkey at Cognito, and its label.

    None where the person has no such passkey, as for the second press of a button. Raises
    `CognitoError` and `NotRecorded`.
    """
    ids = _ids(caller)
    if credential_id not in ids:
        return None
    if is_only_way_in(read_status(caller.account), read_policy(), passkeys=len(ids)):
        return Problem.ONLY_WAY_IN
    tried = attempt(
        person=caller.uid,
        event=Event.PASSKEY_REMOVED,
        detail={"passkey": fingerprint(credential_id)},
        call=lambda: _delete(caller.account, credential_id),
        shows=lambda _: credential_id not in _ids(caller),
    )
    if tried.outcome is Outcome.CONFIRMED:
        set_label(person=caller.person, credential_id=credential_id, label="")
    return tried.outcome


def _delete(account: Account, credential_id: str) -> None:
    """Delete the passkey at Cognito; one that is gone already is as good."""
    try:
        passkeys.delete_credential(account, credential_id=credential_id)
    except CognitoError as error:
        if error.code != _GONE:
            raise


def set_label(*, person: User, credential_id: str, label: str) -> None:
    """Keep the person's own name for their passkey; "" deletes it."""
    if label:
        PasskeyLabel.objects.update_or_create(
            person=person, credential_id=credential_id, defaults={"label": label}
        )
    else:
        PasskeyLabel.objects.filter(person=person, credential_id=credential_id).delete()


def erase_expired() -> int:
    """Delete old ceremonies; returns how many. The page tells of one for a while."""
    old = PasskeyCeremony.objects.filter(created_at__lt=timezone.now() - timedelta(hours=2))
    return old.delete()[0]
