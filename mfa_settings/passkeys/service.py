"""A person's passkeys: read, begin, finish, remove, name."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from activity.attempt import attempt
from activity.domain import Event, Outcome
from activity.service import NotRecorded
from cognito import passkeys
from cognito.account import Account
from cognito.errors import CognitoError, SignInAgain, TryLater
from cognito.passkeys import Credential
from mfa_settings.passkeys import settling
from mfa_settings.passkeys.domain import (
    CEREMONY_LIVES,
    MOST,
    PROBLEM_OF_CODE,
    START_PASSKEY,
    Problem,
    Way,
    fingerprint,
    is_only_way_in,
    way_for,
)
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel
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
    """One of the person's: as Cognito lists it, under the name they gave it.

    `usable` is False for one that was made for another relying-party id than the pool's."""

    credential: Credential
    label: str
    usable: bool = True

    @property
    def name(self) -> str:
        return self.label or self.credential.name


def way_of(*, status: Status, policy: Policy) -> Way:
    portal, login = urlsplit(settings.PORTAL_URL), urlsplit(settings.COGNITO.domain)
    return way_for(
        status=status,
        policy=policy,
        portal_host=portal.hostname or "",
        login_host=login.hostname or "",
    )


def managed_login_can(policy: Policy) -> bool:
    """Whether managed login could make one too, for a browser in which the portal can't."""
    host = urlsplit(settings.COGNITO.domain).hostname or ""
    return policy.passkeys is not None and rp_id_matches(host, policy.passkeys.relying_party_id)


def managed_login_url() -> str:
    """Where managed login makes one. The way back has to be among the client's callback URLs.

    https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
    """
    query = {
        "client_id": settings.COGNITO.client_id,
        "redirect_uri": f"{settings.PORTAL_URL}/passkeys/back/",
    }
    return f"{settings.COGNITO.domain}/passkeys/add?{urlencode(query)}"


def passkeys_of(*, caller: Caller, policy: Policy) -> list[Passkey]:
    """Oldest first. Resolves what became of one that was added or removed without a clear end.

    Raises `CognitoError`.
    """
    unresolved = settling.unresolved(person=caller.uid)
    found = _listed(caller.account)
    settling.resolve_by_list(unresolved, ids=[each.id for each in found])
    labels = dict(
        PasskeyLabel.objects.filter(person=caller.person).values_list("credential_id", "label")
    )
    ours = policy.passkeys.relying_party_id if policy.passkeys else ""
    return [
        Passkey(each, labels.get(each.id, ""), not ours or each.relying_party_id == ours)
        for each in found
    ]


def _listed(account: Account) -> tuple[Credential, ...]:
    return passkeys.list_credentials(account)


def begin(*, caller: Caller, here: bool) -> PasskeyCeremony | Problem:
    """A ceremony with a challenge of Cognito's (`here`), or one that managed login will hold.

    Raises `CognitoError` where trying later helps.
    """
    if isinstance(limits.consume(START_PASSKEY, key=caller.uid), Wait):
        return Problem.WAIT_AN_HOUR
    ceremony = PasskeyCeremony(person=caller.person)
    try:
        ceremony.before = [each.id for each in _listed(caller.account)]
        if len(ceremony.before) >= MOST:
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
    return PasskeyCeremony.objects.filter(person=person, id=ceremony_id).first()


def newest_away(*, person: User) -> PasskeyCeremony | None:
    """The one that managed login holds; the way back names none."""
    since = timezone.now() - timedelta(hours=1)
    away = PasskeyCeremony.objects.filter(person=person, options={}, created_at__gte=since)
    return away.order_by("created_at").last()


def is_open(ceremony: PasskeyCeremony) -> bool:
    fresh = timezone.now() < ceremony.created_at + CEREMONY_LIVES
    return bool(ceremony.options) and ceremony.ended_at is None and fresh


def finish(
    *,
    caller: Caller,
    ceremony: PasskeyCeremony,
    credential: Mapping[str, Any],
) -> None:
    """Hand the browser's answer to Cognito, once, and read back; the row says how it ended.

    Raises `CognitoError` and `NotRecorded` where the same answer may work in a moment.
    """
    mine = PasskeyCeremony.objects.filter(id=ceremony.id, ended_at=None)
    if not is_open(ceremony) or not mine.update(ended_at=timezone.now(), problem=Problem.NOT_KNOWN):
        return
    try:
        tried = attempt(
            person=caller.uid,
            event=Event.PASSKEY_ADDED,
            detail={"passkey": fingerprint(credential["id"])},
            call=lambda: passkeys.complete_registration(caller.account, credential=credential),
            shows=lambda _: credential["id"] in _ids(caller.account),
        )
    except (SignInAgain, TryLater, NotRecorded):
        PasskeyCeremony.objects.filter(id=ceremony.id).update(ended_at=None, problem="")
        raise
    except CognitoError as error:
        _log.warning("Cognito refused: %s", error)
        _end(ceremony, problem=PROBLEM_OF_CODE.get(error.code, Problem.REFUSED))
    else:
        if tried.outcome is Outcome.CONFIRMED:
            _end(ceremony, credential_id=credential["id"])


def _ids(account: Account) -> frozenset[str]:
    return frozenset(each.id for each in _listed(account))


def _end(
    ceremony: PasskeyCeremony, *, problem: Problem | None = None, credential_id: str = ""
) -> None:
    PasskeyCeremony.objects.filter(id=ceremony.id).update(
        problem=problem or "", credential_id=credential_id
    )


def remove(*, caller: Caller, credential_id: str) -> Outcome | Problem | None:
    """Delete at Cognito and forget the label. None where the person has no such passkey, and so
    also for the second press of a button.

    Raises `CognitoError` and `NotRecorded`.
    """
    there = _ids(caller.account)
    if credential_id not in there:
        return None
    status = read_status(caller.account)
    if is_only_way_in(status, read_policy(), passkeys=len(there)):
        return Problem.ONLY_WAY_IN
    tried = attempt(
        person=caller.uid,
        event=Event.PASSKEY_REMOVED,
        detail={"passkey": fingerprint(credential_id)},
        call=lambda: _delete(caller.account, credential_id),
        shows=lambda _: credential_id not in _ids(caller.account),
    )
    if tried.outcome is Outcome.CONFIRMED:
        PasskeyLabel.objects.filter(person=caller.person, credential_id=credential_id).delete()
    return tried.outcome


def _delete(account: Account, credential_id: str) -> None:
    """Delete the passkey at Cognito; one that is gone already is as good."""
    try:
        passkeys.delete_credential(account, credential_id=credential_id)
    except CognitoError as error:
        if error.code != _GONE:
            raise


def name(*, person: User, credential_id: str, label: str) -> None:
    """The person's own name for it; an empty one gives Cognito's back."""
    if label:
        PasskeyLabel.objects.update_or_create(
            person=person, credential_id=credential_id, defaults={"label": label}
        )
    else:
        PasskeyLabel.objects.filter(person=person, credential_id=credential_id).delete()


def erase_expired() -> int:
    """Forget ceremonies that are over; the page still tells of one for a while."""
    old = PasskeyCeremony.objects.filter(created_at__lt=timezone.now() - timedelta(hours=2))
    return old.delete()[0]
