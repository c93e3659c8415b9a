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
    REFUSALS,
    finish,
    mark_sent,
    open_change,
    read_contact,
    set_problem,
    start_change,
    value_of,
)
from signin.caller import Caller
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.limits.models import Attempt
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Attribute

_SAME_PRESS: Final = timedelta(seconds=5)

# What a step leads to: a change that waits for its code, or why there is none.
Answer = ContactChange | Problem | Wait


def request_change(*, caller: Caller, attribute: Attribute, value: str) -> Answer:
    """Give the pool a new value and have one code sent to it, however often this is called.

    Raises `CognitoError` where nothing was written, and `NotRecorded`.
    """
    if change := _open_change_to(caller, attribute, value):
        return change
    status, policy = read_status(caller.account), read_policy()
    if problem := why_no_change(attribute, status, policy):
        return problem
    held = contact_of(status, attribute)
    if held and held.value == value:
        return verify_existing(caller=caller, attribute=attribute)
    keeps_old = attribute in policy.verified_before_update
    return _start(caller, attribute, value, keeps_old=keeps_old, writes=True)


def verify_existing(*, caller: Caller, attribute: Attribute) -> Answer:
    """Have a code sent to the unverified value that the account holds.

    Raises `CognitoError` and `NotRecorded`.
    """
    held = read_contact(caller, attribute)
    if held is None or held.verified:
        return Problem.SAME
    if change := _open_change_to(caller, attribute, held.value):
        return change
    # Where the pool keeps the old value, one that was entered and given up may still wait there,
    # and a code would go to it: entering this one takes its place.
    writes = attribute in read_policy().verified_before_update
    return _start(caller, attribute, held.value, keeps_old=False, writes=writes)


def resend_code(*, caller: Caller, change: ContactChange) -> Answer:
    """Have a new code sent; the one before it stops working. Two presses in a row send one."""
    if change.sent_at and timezone.now() - change.sent_at < _SAME_PRESS:
        return change
    taken = limits.consume(SEND_CODE, key=caller.uid)
    return taken if isinstance(taken, Wait) else _send(caller, change)


def _open_change_to(caller: Caller, attribute: Attribute, value: str) -> ContactChange | None:
    """The open change to this very value: another press of the same button made it."""
    found = open_change(person=caller.person, attribute=attribute)
    return found if found and value_of(found) == value else None


def _start(
    caller: Caller, attribute: Attribute, value: str, *, keeps_old: bool, writes: bool
) -> Answer:
    """Open a change and have its code sent; unless another press has done so meanwhile."""
    taken = limits.consume(SEND_CODE, key=caller.uid)
    if isinstance(taken, Wait):
        return _open_change_to(caller, attribute, value) or taken
    change = start_change(caller.person, attribute, value, old_stays=keeps_old)
    return _write(caller, change, value, taken) if writes else _send(caller, change)


def _write(
    caller: Caller, change: ContactChange, value: str, taken: Attempt
) -> ContactChange | Problem:
    """Give the pool the value, and have a code sent where the pool sends none by itself."""
    event, detail = Event.CONTACT_ENTERED, {"attribute": change.attribute}
    attribute = Attribute(change.attribute)
    try:
        with recorded(person=caller.uid, event=event, detail=detail) as recording:
            sent = contact_points.update_attribute(caller.account, attribute=attribute, value=value)
            is_stored = _is_stored(caller, attribute, value)
            # A value that waits is shown by no call, so only its code tells of it.
            if sent or is_stored or change.old_stays:
                recording.conclude(Outcome.CONFIRMED)
    except (CodeNotSent, LimitReached) as error:
        return set_problem(change, PROBLEM_OF[type(error)])
    except (ContactTaken, NotAllowedByPool) as error:
        # The attempt stays counted: otherwise anybody could ask whose number or address it is.
        finish(change)
        return PROBLEM_OF[type(error)]
    except (CognitoError, NotRecorded) as error:
        if getattr(error, "applied", None) is Applied.UNKNOWN:
            return set_problem(change, Problem.NOT_KNOWN)
        finish(change)
        taken.delete()
        raise
    if recording.outcome is not Outcome.CONFIRMED:
        return set_problem(change, Problem.NOT_KNOWN)
    if is_stored is not None:
        # What the pool really does counts, not what it was said to do.
        change.old_stays = not is_stored
        change.save(update_fields=["old_stays"])
    return mark_sent(change) if sent else _send(caller, change)


def _is_stored(caller: Caller, attribute: Attribute, value: str) -> bool | None:
    """Tell whether a read shows this value; None where the pool can't be read just now."""
    try:
        held = read_contact(caller, attribute)
    except CognitoError:
        return None
    return held is not None and held.value == value


def _send(caller: Caller, change: ContactChange) -> ContactChange:
    """Have a code sent. The row says how it went: `sent_at`, or `problem`."""
    try:
        sent = attempt(
            person=caller.uid,
            event=Event.CONTACT_CODE_SENT,
            detail={"attribute": change.attribute},
            call=lambda: contact_points.send_code(caller.account, attribute=change.attribute),
            shows=lambda sent: sent is not None,
        ).answer
    except REFUSALS as error:
        return set_problem(change, PROBLEM_OF[type(error)])
    except (CognitoError, NotRecorded):
        set_problem(change, Problem.NOT_KNOWN)
        raise
    if sent is None:
        return set_problem(change, Problem.NOT_KNOWN)
    if not could_be(sent.destination, value_of(change)):
        return set_problem(change, Problem.NOT_SENT)
    return mark_sent(change)
