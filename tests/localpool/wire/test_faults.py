import time
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

from localpool import Fault
from tests.localpool.stage import Stage

pytestmark = pytest.mark.real_socket


def _play(stage: Stage, **fault: Any) -> requests.Response:
    """Asked for over HTTP, as the demo would."""
    return requests.post(f"{stage.server.url}/local/faults", json=fault, timeout=5)


def _turn_sms_on(stage: Stage, access: str) -> None:
    stage.prefer(access, sms=(True, True))


def test_an_error_is_answered_as_often_as_asked_and_nothing_is_done(stage: Stage) -> None:
    access = stage.somebody()
    _play(
        stage, on="SetUserMFAPreference", answer="error", times=2,
        code="TooManyRequestsException", message="Rate exceeded", status=400,
    )  # fmt: skip
    for _ in range(2):
        with pytest.raises(ClientError, match=r"TooManyRequestsException.*Rate exceeded"):
            _turn_sms_on(stage, access)
    assert stage.shown(access) == (None, None)
    _turn_sms_on(stage, access)
    assert stage.shown(access)[1] == "SMS_MFA"


def test_work_can_be_done_and_still_answered_with_an_error(stage: Stage) -> None:
    access = stage.somebody()
    _play(stage, on="SetUserMFAPreference", answer="error", done=True)
    with pytest.raises(ClientError, match="InternalErrorException"):
        _turn_sms_on(stage, access)
    assert stage.shown(access)[1] == "SMS_MFA"


def test_a_success_can_be_answered_to_work_that_is_not_done(stage: Stage) -> None:
    access = stage.somebody()
    _play(stage, on="SetUserMFAPreference", done=False)
    _turn_sms_on(stage, access)
    assert stage.shown(access) == (None, None)


@pytest.mark.parametrize("answer", ["html", "truncated", "empty"])
def test_a_broken_body_reads_as_nothing_in_boto3(stage: Stage, answer: str) -> None:
    access = stage.somebody()
    _play(stage, on="GetUser", answer=answer)
    assert "Username" not in stage.aws.get_user(AccessToken=access)
    assert "Username" in stage.aws.get_user(AccessToken=access)


def test_a_truncated_answer_is_of_work_that_was_done(stage: Stage) -> None:
    access = stage.somebody()
    stage.server.faults.add(Fault("SetUserMFAPreference", "truncated"))
    _turn_sms_on(stage, access)
    assert stage.shown(access)[1] == "SMS_MFA"


@pytest.mark.parametrize(("done", "preferred"), [(True, "SMS_MFA"), (False, None)])
def test_a_connection_can_be_lost_before_or_after_the_work(
    stage: Stage, done: bool, preferred: str | None
) -> None:
    access = stage.somebody()
    _play(stage, on="SetUserMFAPreference", answer="drop", done=done)
    with pytest.raises(ConnectionClosedError):
        _turn_sms_on(stage, access)
    assert stage.shown(access)[1] == preferred


@pytest.mark.parametrize("wait_first", [True, False])
def test_an_answer_can_be_slow(stage: Stage, wait_first: bool) -> None:
    access = stage.somebody()
    _play(stage, on="GetUser", seconds=0.2, wait_first=wait_first)
    started = time.monotonic()
    stage.aws.get_user(AccessToken=access)
    assert time.monotonic() - started >= 0.2


def test_a_fault_applies_to_a_path_or_with_a_star_to_all(stage: Stage) -> None:
    _play(stage, on="/oauth2/token", answer="error", status=503)
    assert stage.exchange("x").status_code == 503
    _play(stage, on="*", answer="error", status=500, times=None)
    for _ in range(3):
        assert stage.exchange("x").status_code == 500
    url = f"{stage.server.url}/local/faults"
    assert [fault["on"] for fault in requests.get(url, timeout=5).json()] == ["*"]
    assert (
        requests.delete(url, headers={"Content-Type": "application/json"}, timeout=5).json() == []
    )
    assert stage.exchange("x").status_code == 400


def test_a_fault_leaves_other_calls_alone(stage: Stage) -> None:
    _play(stage, on="GetUser", answer="drop")
    assert stage.somebody()


@pytest.mark.parametrize("fault", [{}, {"on": "*", "answer": "x"}, {"on": "*", "x": 1}])
def test_a_fault_that_makes_no_sense_is_refused(stage: Stage, fault: Any) -> None:
    assert _play(stage, **fault).status_code == 400
    assert stage.server.faults.waiting() == []
