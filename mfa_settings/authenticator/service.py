"""Set up an authenticator app: begin with a key, and verify the app's first code."""

import time
import uuid
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from activity.attempt import attempt
from activity.domain import Event, Outcome
from activity.service import NotRecorded, recorded
from cognito import user_pool
from cognito.errors import (
    Applied,
    CodeAlreadyUsed,
    CodeExpired,
    CognitoError,
    LimitReached,
    NotAllowedByPool,
    TryLater,
    WrongCode,
)
from mfa_settings.authenticator.domain import (
    LONGEST_ACCOUNT_NAME,
    MAX_WRONG_CODES,
    SET_UP_LIVES,
    STEP,
    Problem,
    clock_offset,
)
from mfa_settings.authenticator.limits import (
    give_the_try_back,
    may_guess,
    may_start,
    take_a_try,
)
from mfa_settings.authenticator.models import AuthenticatorSetUp
from signin.caller import Caller
from signin.models import User
from signin.sealing import Unsealable, seal, unseal
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor

_ENDS: Final = {
    CodeExpired: Problem.OVER,
    LimitReached: Problem.TOO_MANY_TRIES,
    NotAllowedByPool: Problem.NOT_OFFERED,
}
_WAIT_FOR_THE_FIRST: Final = 7.0
_SAME_PRESS_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.1


def begin(*, caller: Caller) -> AuthenticatorSetUp | Problem:
    """Return the person's open set-up, or a new one with a key from Cognito, or the problem.

    AssociateSoftwareToken is called once however often the button is pressed: it may silence the
    app that was set up before, and the last key wins. No read shows a key that is not verified;
    the key itself is the proof that there is one. Raises `CognitoError` and `NotRecorded`.
    """
    if not may_start(caller.person):
        return Problem.WAIT_AN_HOUR
    erase_expired(person=caller.person)
    status = read_status(caller.account)
    if status.identity_provider or Factor.TOTP not in read_policy().offered:
        return Problem.NOT_OFFERED
    try:
        with transaction.atomic():
            set_up = AuthenticatorSetUp.objects.create(
                person=caller.person,
                account_name=status.account_name[:LONGEST_ACCOUNT_NAME],
                replaces=Factor.TOTP in status.ready,
            )
    except IntegrityError:
        return _open_set_up(caller.person)
    try:
        with recorded(
            person=caller.uid,
            event=Event.APP_SET_UP_STARTED,
            detail={"replaces": set_up.replaces},
        ) as recording:
            key = user_pool.associate_software_token(caller.account)
            recording.conclude(Outcome.CONFIRMED)
    except BaseException as error:
        if isinstance(error, NotRecorded) or getattr(error, "applied", None) is Applied.NO:
            set_up.delete()  # Cognito gave no key, so nothing has begun that could be unfinished.
        else:
            _end(set_up)
        raise
    set_up.sealed_key = seal(key, purpose=_purpose(set_up))
    set_up.save(update_fields=["sealed_key"])
    return set_up


def _open_set_up(person: User) -> AuthenticatorSetUp:
    """Wait for the set-up that another press of the button began, until it has its key."""
    deadline = time.monotonic() + _WAIT_FOR_THE_FIRST
    while time.monotonic() < deadline:
        found = AuthenticatorSetUp.objects.filter(person=person, ended_at=None).first()
        if found and found.sealed_key:
            return found
        time.sleep(_POLL_SECONDS)
    # No call takes this long: its process died, and its row must not block the next one.
    _end_all(person=person, sealed_key="")
    raise TryLater(operation="AssociateSoftwareToken", code="SetUpWithoutKey")


def give_up(*, person: User) -> None:
    """End the person's open set-up, so that `begin` asks for a new key."""
    _end_all(person=person)


def set_up_of(*, person: User, set_up_id: uuid.UUID) -> AuthenticatorSetUp | None:
    """The person's own set-up of this id; None for none."""
    erase_expired(person=person)
    return AuthenticatorSetUp.objects.filter(id=set_up_id, person=person).first()


def key_of(set_up: AuthenticatorSetUp) -> str | None:
    """The key in base32 while the set-up is open; None once it has ended."""
    try:
        return unseal(set_up.sealed_key, purpose=_purpose(set_up)) if set_up.sealed_key else None
    except Unsealable:
        return None


def verify(*, caller: Caller, set_up: AuthenticatorSetUp, code: str) -> None:
    """Try a code of six digits. The row says how it went: `verified`, or `problem`.

    Cognito's `Status: SUCCESS` is believed: no read tells a new app from the one it replaces, and
    some pools show none that is off. Where that answer is lost, a read looks for a first app.
    Changes no preference: the page that follows offers that. Raises `CognitoError` where the same
    code may work later, and `NotRecorded`.
    """
    key = key_of(set_up)
    if set_up.ended_at or key is None:
        return _end(set_up, problem=Problem.OVER)
    if not may_guess(caller.person):
        return _end(set_up, problem=Problem.WAIT_AN_HOUR)
    if not take_a_try(set_up):
        return _end(set_up, problem=Problem.TOO_MANY_TRIES)
    try:
        tried = attempt(
            person=caller.uid,
            event=Event.APP_SET_UP_FINISHED,
            detail={"replaces": set_up.replaces},
            call=lambda: _send_code(caller, code),
            shows=lambda verified: verified or (not set_up.replaces and _shows_an_app(caller)),
        )
    except CodeAlreadyUsed:
        give_the_try_back(set_up)  # It was no wrong guess.
        if _done_by_the_first_press(set_up):
            return None
        return _set_problem(set_up, Problem.ALREADY_USED)
    except WrongCode:
        return _after_wrong_code(set_up, key=key, code=code)
    except (CodeExpired, LimitReached, NotAllowedByPool) as error:
        return _end(set_up, problem=_ENDS[type(error)])
    except (CognitoError, NotRecorded):
        give_the_try_back(set_up)
        raise
    give_the_try_back(set_up)
    if tried.outcome is Outcome.CONFIRMED:
        return _end(set_up, verified=True)
    return _set_problem(set_up, Problem.NOT_KNOWN)


def _send_code(caller: Caller, code: str) -> bool:
    """Send the app's code to Cognito. Returns True, as None stands for a lost answer."""
    user_pool.verify_software_token(caller.account, code=code)
    return True


def _shows_an_app(caller: Caller) -> bool:
    return Factor.TOTP in read_status(caller.account).ready


def _after_wrong_code(set_up: AuthenticatorSetUp, *, key: str, code: str) -> None:
    set_up.refresh_from_db()
    if set_up.wrong_codes >= MAX_WRONG_CODES:
        return _end(set_up, problem=Problem.TOO_MANY_TRIES)
    offset = clock_offset(key=key, code=code, now=timezone.now())
    if offset is not None and abs(offset) > STEP:
        return _set_problem(set_up, Problem.CLOCK_OUT_OF_STEP, offset)
    return _set_problem(set_up, Problem.WRONG_CODE)


def _done_by_the_first_press(set_up: AuthenticatorSetUp) -> bool:
    """Wait for another press to verify the app: most codes that come twice are one button's."""
    deadline = time.monotonic() + _SAME_PRESS_SECONDS
    while time.monotonic() < deadline:
        set_up.refresh_from_db()
        if set_up.verified:
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _set_problem(
    set_up: AuthenticatorSetUp, problem: Problem, offset: timedelta = timedelta(0)
) -> None:
    """Save the problem, so that a reload of the page shows it and tries nothing."""
    AuthenticatorSetUp.objects.filter(id=set_up.id, ended_at=None).update(
        problem=problem, clock_offset=offset
    )


def erase_expired(**which: object) -> int:
    """End the set-ups that are too old; returns how many. `which` filters the rows."""
    return _end_all(created_at__lt=timezone.now() - SET_UP_LIVES, **which)


def _end_all(**which: object) -> int:
    return AuthenticatorSetUp.objects.filter(ended_at=None, **which).update(
        ended_at=timezone.now(), sealed_key=""
    )


def _end(
    set_up: AuthenticatorSetUp, *, verified: bool = False, problem: Problem | None = None
) -> None:
    """End the set-up and forget its key. One that has ended stays as it ended.

    A verified app alone overrides that: it works even if its person started again meanwhile.
    """
    row = AuthenticatorSetUp.objects.filter(id=set_up.id)
    (row if verified else row.filter(ended_at=None)).update(
        ended_at=timezone.now(), sealed_key="", verified=verified, problem=problem or ""
    )


def _purpose(set_up: AuthenticatorSetUp) -> str:
    return f"authenticator-key:{set_up.person_id}:{set_up.id}"
