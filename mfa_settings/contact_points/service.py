"""A value that waits for its code: its row, and the check of its code; remove a contact point."""

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
REFUSALS: Final = tuple(PROBLEM_OF)


def open_change(*, person: User, attribute: Attribute) -> ContactChange | None:
    """The person's change of this attribute that waits for its code; None for none."""
    erase_expired(person=person)
    return ContactChange.objects.filter(person=person, attribute=attribute, ended_at=None).first()


def value_of(change: ContactChange) -> str:
    """The value in clear; "" once the change has ended or can't be read any more."""
    try:
        return unseal(change.sealed_value, purpose=_purpose(change)) if change.sealed_value else ""
    except Unsealable:
        return ""


def read_contact(caller: Caller, attribute: Attribute) -> ContactPoint | None:
    """Read the person's contact point from the pool; None for none. Raises `CognitoError`."""
    return contact_of(read_status(caller.account), attribute)


def check_code(*, caller: Caller, change: ContactChange, code: str) -> ContactChange | Wait:
    """Try a code of six digits. The row says how it went: `confirmed`, or `problem`.

    Confirmed only when a read shows this very value as the person's own. Raises `CognitoError`
    and `NotRecorded`.
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
    except REFUSALS as error:
        # Another press of the button may have been the right one.
        change.refresh_from_db()
        return change if change.confirmed else set_problem(change, PROBLEM_OF[type(error)])
    if tried.outcome is Outcome.CONFIRMED:
        return finish(change, confirmed=True)
    return set_problem(change, Problem.NOT_KNOWN)


def remove(*, caller: Caller, attribute: Attribute) -> Problem | None:
    """Take the contact point off the account; None when a read shows that it is gone.

    Raises `CognitoError` and `NotRecorded`.
    """
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
    _finish_all(person=caller.person, attribute=attribute)
    return None


def erase_expired(**which: object) -> int:
    """Forget the values whose codes have run out; returns how many. `which` filters the rows."""
    return _finish_all(created_at__lt=timezone.now() - CODE_LIVES, **which)


def start_change(
    person: User, attribute: Attribute, value: str, *, old_stays: bool
) -> ContactChange:
    """Insert a change to this value; an open one of the same attribute ends."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        _finish_all(person=person, attribute=attribute)
        change = ContactChange(person=person, attribute=attribute, old_stays=old_stays)
        change.sealed_value = seal(value, purpose=_purpose(change))
        change.save()
    return change


def mark_sent(change: ContactChange) -> ContactChange:
    """Save that a code is on its way, and no problem."""
    return _save(change, sent_at=timezone.now(), problem="")


def set_problem(change: ContactChange, problem: Problem) -> ContactChange:
    """Save the problem of the last step; the change stays open."""
    return _save(change, problem=problem)


def finish(change: ContactChange, *, confirmed: bool = False) -> ContactChange:
    """End the change and forget its value.

    The pool can't be told to forget a value that waits there: see `sending.verify_existing`.
    """
    return _save(change, ended_at=timezone.now(), sealed_value="", confirmed=confirmed)


def _save(change: ContactChange, **fields: object) -> ContactChange:
    for name, value in fields.items():
        setattr(change, name, value)
    change.save(update_fields=list(fields))
    return change


def _finish_all(**which: object) -> int:
    return ContactChange.objects.filter(ended_at=None, **which).update(
        ended_at=timezone.now(), sealed_value=""
    )


def _purpose(change: ContactChange) -> str:
    return f"contact-point:{change.person_id}:{change.id}"
