"""Give the pool a value and have a code sent to it, once however often the button is pressed."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from activity.attempt import attempt
from activity.domain import Event, Outcome
from activity.service import NotRecorded, recorded
from cognito import contact_points
from cognito.errors import (
    Applied,
    CodeNotSent,
    CognitoError,
    ContactTaken,
    LimitReached,
    NotAllowedByPool,
)
from mfa_settings.contact_points.domain import (
    SEND_CODE,
    Problem,
    contact_of,
    could_be,
    why_no_change,
)
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.contact_points.service import (
    PROBLEM_OF,
    end,
    note,
    open_change,
    open_row,
    read_back,
    value_of,
    was_sent,
)
from signin.caller import Caller
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.limits.models import Attempt
from signin.models import User
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Attribute

_SAME_PRESS: Final = timedelta(seconds=5)


def enter(*, caller: Caller, attribute: Attribute, value: str) -> ContactChange | Problem | Wait:
    """Give the pool a new value and have a code sent to it. However often the button is pressed,
    one code. Raises `CognitoError` where nothing was written, and `NotRecorded`."""
    waits = open_change(person=caller.person, attribute=attribute)
    if waits and value_of(waits) == value:
        return waits
    status, policy = read_status(caller.account), read_policy()
    held = contact_of(status, attribute)
    if problem := why_no_change(attribute, status, policy):
        return problem
    if held and held.value == value:
        if held.verified:
            return Problem.SAME
        return prove(caller=caller, attribute=attribute)
    taken = limits.consume(SEND_CODE, key=caller.uid)
    if isinstance(taken, Wait):
        return open_change_with(person=caller.person, attribute=attribute, value=value) or taken
    change = open_row(
        caller.person, attribute, value, old_stays=attribute in policy.verified_before_update
    )
    return _write(change, taken, caller=caller, value=value)


def _write(
    change: ContactChange,
    taken: Attempt,
    *,
    caller: Caller,
    value: str,
) -> ContactChange | Problem:
    attribute = Attribute(change.attribute)
    try:
        with recorded(
            person=caller.uid,
            event=Event.CONTACT_ENTERED,
            detail={"attribute": attribute},
        ) as recording:
            sent = contact_points.update_attribute(caller.account, attribute=attribute, value=value)
            now = read_back(caller=caller, attribute=attribute)
            stored = now is not None and now.held is not None and now.held.value == value
            # A value that waits is shown by no call, so only its code tells of it.
            took_effect = bool(sent) or stored or change.old_stays
            if took_effect:
                recording.conclude(Outcome.CONFIRMED)
    except (CodeNotSent, ContactTaken, NotAllowedByPool, LimitReached) as error:
        return _after_refusal(change, error)
    except (CognitoError, NotRecorded) as error:
        if getattr(error, "applied", None) is Applied.UNKNOWN:
            return note(change, Problem.NOT_KNOWN)
        end(change)
        taken.delete()
        raise
    if not took_effect:
        return note(change, Problem.NOT_KNOWN)
    if now is not None:
        # What the pool really does counts, not what it was said to do.
        change.old_stays = not stored
        change.save(update_fields=["old_stays"])
    if sent:
        return was_sent(change)
    return _send(change, caller=caller)


def _after_refusal(change: ContactChange, error: CognitoError) -> ContactChange | Problem:
    problem = PROBLEM_OF[type(error)]
    if isinstance(error, CodeNotSent | LimitReached):
        return note(change, problem)
    # The try stays counted: otherwise anybody could ask whose number or address something is.
    end(change)
    return problem


def open_change_with(*, person: User, attribute: Attribute, value: str) -> ContactChange | None:
    """The open change to this very value: another press of the same button made it."""
    found = open_change(person=person, attribute=attribute)
    return found if found and value_of(found) == value else None


def prove(*, caller: Caller, attribute: Attribute) -> ContactChange | Problem | Wait:
    """Have a code sent to the value that is there and not confirmed."""
    held = contact_of(read_status(caller.account), attribute)
    if held is None or held.verified:
        return Problem.SAME
    if waits := open_change_with(person=caller.person, attribute=attribute, value=held.value):
        return waits
    taken = limits.consume(SEND_CODE, key=caller.uid)
    if isinstance(taken, Wait):
        return taken
    change = open_row(caller.person, attribute, held.value, old_stays=False)
    if attribute not in read_policy().verified_before_update:
        return _send(change, caller=caller)
    # A value that was entered and given up may still wait in the pool, and a code would go there:
    # entering this one takes its place.
    return _write(
        change,
        taken,
        caller=caller,
        value=held.value,
    )


def resend(*, caller: Caller, change: ContactChange) -> ContactChange | Problem | Wait:
    """A new code; the one before it stops working. Two presses in a row send one."""
    if change.sent_at and timezone.now() - change.sent_at < _SAME_PRESS:
        return change
    taken = limits.consume(SEND_CODE, key=caller.uid)
    if isinstance(taken, Wait):
        return taken
    return _send(change, caller=caller)


def _send(change: ContactChange, *, caller: Caller) -> ContactChange:
    try:
        sent = attempt(
            person=caller.uid,
            event=Event.CONTACT_CODE_SENT,
            detail={"attribute": change.attribute},
            call=lambda: contact_points.send_code(caller.account, attribute=change.attribute),
            shows=lambda sent: sent is not None,
        ).answer
    except (CodeNotSent, LimitReached, NotAllowedByPool) as error:
        return note(change, PROBLEM_OF[type(error)])
    except (CognitoError, NotRecorded):
        note(change, Problem.NOT_KNOWN)
        raise
    if sent is None:
        return note(change, Problem.NOT_KNOWN)
    if not could_be(sent.destination, value_of(change)):
        return note(change, Problem.NOT_SENT)
    return was_sent(change)
