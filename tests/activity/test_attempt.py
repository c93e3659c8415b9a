"""What an attempt records and returns, for every way its call and its read can end."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from activity.attempt import Shown, attempt
from activity.domain import Event, Outcome
from activity.models import LogEntry
from activity.service import NotRecorded
from cognito.errors import AccessTokenExpired, Applied, CognitoError, SignInAgain, TryLater
from tests import log

pytestmark = pytest.mark.django_db

ANA = "https://pool.example#ana"
LOST = TryLater(operation="DeleteUserAttributes", code="ReadTimeout", applied=Applied.UNKNOWN)
BUSY = TryLater(operation="DeleteUserAttributes", code="TooManyRequestsException")
PART = Shown(Outcome.CONFIRMED, value="two of three", detail={"left": 1})
NOTHING = Shown(Outcome.REFUSED, value="none", detail={"code": BUSY.code})


def ends_in(result: Any) -> Callable[..., Any]:
    """A call, or a read, that returns this or raises it."""

    def run(*_: object) -> Any:
        if isinstance(result, CognitoError):
            raise result
        return result

    return run


def remove(call: Callable[[], Any], shows: Callable[[Any], Any]) -> Any:
    return attempt(person=ANA, event=Event.CONTACT_REMOVED, call=call, shows=shows)


@pytest.mark.parametrize(
    ("call", "shows", "outcome", "detail"),
    [
        ("done", True, Outcome.CONFIRMED, {}),
        ("done", False, Outcome.UNKNOWN, {}),
        ("done", BUSY, Outcome.UNKNOWN, {}),
        ("done", LOST, Outcome.UNKNOWN, {}),
        ("done", PART, Outcome.CONFIRMED, {"left": 1}),
        ("done", NOTHING, Outcome.REFUSED, {"code": BUSY.code}),
        (LOST, True, Outcome.CONFIRMED, {}),
        (LOST, False, Outcome.UNKNOWN, {}),
        (LOST, BUSY, Outcome.UNKNOWN, {}),
        (LOST, PART, Outcome.CONFIRMED, {"left": 1}),
    ],
)
def test_a_read_says_how_a_call_ended(
    call: object, shows: object, outcome: Outcome, detail: dict[str, object]
) -> None:
    tried = remove(ends_in(call), ends_in(shows))
    recorded = log.outcomes().get()
    assert (tried.outcome, recorded.result, recorded.detail) == (outcome, outcome, detail)
    assert (tried.answer, tried.error) == ((None, LOST) if call is LOST else ("done", None))
    assert tried.shown is (None if isinstance(shows, CognitoError) else shows)


@pytest.mark.parametrize(
    "error",
    [
        BUSY,
        *(
            e(operation="GetUser", code="NotAuthorizedException")
            for e in (SignInAgain, AccessTokenExpired)
        ),
    ],
)
def test_a_refusal_is_raised_and_nothing_is_read(error: CognitoError) -> None:
    read: list[str] = []
    with pytest.raises(type(error)) as caught:
        remove(ends_in(error), read.append)
    assert caught.value is error
    assert [(o.result, o.detail) for o in log.outcomes()] == [("refused", {"code": error.code})]
    assert read == []


def test_the_read_gets_the_answer_and_none_for_a_lost_one() -> None:
    def has_one(answer: object) -> bool:
        return answer is not None

    assert remove(ends_in("done"), has_one).outcome is Outcome.CONFIRMED
    assert remove(ends_in(LOST), has_one).outcome is Outcome.UNKNOWN


def test_each_is_asked_once_and_the_intent_stands_before_them() -> None:
    seen: list[tuple[str, int]] = []

    def shows(_: None) -> bool:
        seen.append(("read", log.outcomes().count()))
        return True

    remove(lambda: seen.append(("call", log.intents().count())), shows)
    assert seen == [("call", 1), ("read", 0)]


def test_without_an_intent_there_is_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError

    called: list[str] = []
    monkeypatch.setattr(LogEntry.objects, "create", refuse)
    with pytest.raises(NotRecorded):
        remove(lambda: called.append("call"), ends_in(True))
    assert called == []


def test_an_error_of_our_own_ends_unknown() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        remove(broken, ends_in(True))
    assert log.outcomes().get().result == "unknown"


def test_what_can_not_be_read_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        remove(ends_in("done"), ends_in(BUSY))
    assert "What became of contact:point:removed can't be read" in caplog.text
