"""A value that waits for its code: check it, cancel it; and remove a contact point."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from activity.attempt import attempt
from activity.domain import Event, Outcome
from cognito import contact_points
from cognito.errors import (
    CodeExpired,
    CodeNotSent,
    CognitoError,
    ContactTaken,
    LimitReached,
    NotAllowedByPool,
    WrongCode,
)
from mfa_settings.contact_points.domain import (
    CHECK_CODE,
    CODE_LIVES,
    Problem,
    contact_of,
    why_no_removal,
)
from mfa_settings.contact_points.models import ContactChange
from signin.caller import Caller
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.models import User
from signin.sealing import Unsealable, seal, unseal
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Attribute, ContactPoint

PROBLEM_OF: Final[dict[type[CognitoError], Problem]] = {
    WrongCode: Problem.WRONG_CODE,
    CodeExpired: Problem.CODE_EXPIRED,
    CodeNotSent: Problem.NOT_SENT,
    ContactTaken: Problem.TAKEN,
    NotAllowedByPool: Problem.NOT_ALLOWED,
    LimitReached: Problem.BUSY_LIMIT,
}


def open_change(*, person: User, attribute: Attribute) -> ContactChange | None:
    """The value that waits for its code, if one does."""
    _end_what_is_too_old(person=person)
    return ContactChange.objects.filter(person=person, attribute=attribute, ended_at=None).first()


def value_of(change: ContactChange) -> str:
    """The value in clear; "" once the change has ended or can't be read any more."""
    try:
        return unseal(change.sealed_value, purpose=_purpose(change)) if change.sealed_value else ""
    except Unsealable:
        return ""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the pool holds after a write; None for nothing."""

    held: ContactPoint | None


def read_contact(caller: Caller, attribute: Attribute) -> ContactPoint | None:
    """Read the person's contact point from the pool; None for none. Raises `CognitoError`."""
    return contact_of(read_status(caller.account), attribute)


def read_back(*, caller: Caller, attribute: Attribute) -> ReadBack | None:
    """None when the pool can't be read just now, so that a write is never taken for undone."""
    try:
        return ReadBack(read_contact(caller, attribute))
    except CognitoError:
        return None


def check(*, caller: Caller, change: ContactChange, code: str) -> ContactChange | Wait:
    """Try a code (six digits). The row says how it went: `confirmed`, or `problem`.

    Confirmed only when a read shows this very value as the person's own.
    """
    taken = limits.consume(CHECK_CODE, key=caller.uid)
    if isinstance(taken, Wait):
        return taken
    attribute = Attribute(change.attribute)
    confirmed = ContactPoint(value_of(change), verified=True)
    try:
        tried = attempt(
            person=caller.uid,
            event=Event.CONTACT_CONFIRMED,
            detail={"attribute": attribute},
            call=lambda: contact_points.verify_attribute(
                caller.account, attribute=attribute, code=code
            ),
            shows=lambda _: read_contact(caller, attribute) == confirmed,
        )
    except (WrongCode, CodeExpired, ContactTaken, LimitReached, NotAllowedByPool) as error:
        # Another press of the button may have been the right one.
        change.refresh_from_db()
        return change if change.confirmed else note(change, PROBLEM_OF[type(error)])
    if tried.outcome is Outcome.CONFIRMED:
        return end(change, confirmed=True)
    return note(change, Problem.NOT_KNOWN)


def cancel(*, change: ContactChange) -> None:
    """Forget the value that waits. The pool can't be told to: see `sending.prove`."""
    end(change)


def remove(*, caller: Caller, attribute: Attribute) -> Problem | None:
    """Take the contact point off the account; None when a read shows that it is gone."""
    status, policy = read_status(caller.account), read_policy()
    if problem := why_no_removal(attribute, status, policy):
        return problem
    if contact_of(status, attribute) is None:
        return None
    try:
        tried = attempt(
            person=caller.uid,
            event=Event.CONTACT_REMOVED,
            detail={"attribute": attribute},
            call=lambda: contact_points.delete_attribute(caller.account, attribute=attribute),
            shows=lambda _: read_contact(caller, attribute) is None,
        )
    except NotAllowedByPool:
        return Problem.NOT_ALLOWED
    if tried.outcome is not Outcome.CONFIRMED:
        return Problem.NOT_KNOWN
    ContactChange.objects.filter(person=caller.person, attribute=attribute, ended_at=None).update(
        ended_at=timezone.now(), sealed_value=""
    )
    return None


def erase_expired() -> int:
    """Forget the values whose codes have run out."""
    return _end_all(created_at__lt=timezone.now() - CODE_LIVES)


def _end_what_is_too_old(*, person: User) -> None:
    _end_all(person=person, created_at__lt=timezone.now() - CODE_LIVES)


def _end_all(**which: object) -> int:
    return ContactChange.objects.filter(ended_at=None, **which).update(
        ended_at=timezone.now(), sealed_value=""
    )


def open_row(person: User, attribute: Attribute, value: str, *, old_stays: bool) -> ContactChange:
    """A new change; one to another value that was open is over."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        _end_all(person=person, attribute=attribute)
        change = ContactChange(person=person, attribute=attribute, old_stays=old_stays)
        change.sealed_value = seal(value, purpose=_purpose(change))
        change.save()
    return change


def was_sent(change: ContactChange) -> ContactChange:
    change.sent_at, change.problem = timezone.now(), ""
    change.save(update_fields=["sent_at", "problem"])
    return change


def note(change: ContactChange, problem: Problem) -> ContactChange:
    change.problem = problem
    change.save(update_fields=["problem"])
    return change


def end(change: ContactChange, *, confirmed: bool = False) -> ContactChange:
    change.ended_at, change.sealed_value, change.confirmed = timezone.now(), "", confirmed
    change.save(update_fields=["ended_at", "sealed_value", "confirmed"])
    return change


def _purpose(change: ContactChange) -> str:
    return f"contact-point:{change.person_id}:{change.id}"
