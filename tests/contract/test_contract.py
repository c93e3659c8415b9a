"""The contract is put to the local pool: it must tell every position of every switch."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import localpool
from localpool import PoolServer, Switch

from . import report
from .__main__ import ground_at, main, plan, put, run
from .ground import Ground, cleared
from .people import NEEDS_A_PERSON
from .rows import ROWS
from .scenarios import QUESTIONS, Answer, Question

HERE = Path(__file__).parent
TURNED = [
    (question, value)
    for question in QUESTIONS
    if question.switch
    for value in Switch[question.switch].value.values
]


@pytest.fixture(scope="module")
def server() -> Iterator[PoolServer]:
    with localpool.serve() as running:
        yield running


@pytest.fixture
def ground(server: PoolServer) -> Iterator[Ground]:
    server.switches.reset()
    made = ground_at(server.url, "eu-central-1", {})
    yield made
    made.aws.close()
    server.switches.reset()


@pytest.mark.parametrize(
    ("question", "value"), TURNED, ids=[f"{question.name}-{value}" for question, value in TURNED]
)
def test_an_answer_is_the_position_of_the_switch(
    server: PoolServer, ground: Ground, question: Question, value: str
) -> None:
    server.switches.set(**{question.switch or "": value})
    outcome = put(question, ground)
    assert outcome.answer, outcome.why
    assert outcome.answer.given == value


def test_every_switch_belongs_to_a_question_that_can_answer_each_position() -> None:
    assert {switch.name for switch in Switch} == {each.switch for each in QUESTIONS if each.switch}
    for question in QUESTIONS:
        if question.switch and question.answers:
            assert set(Switch[question.switch].value.values) <= set(question.answers), question


def test_every_open_row_has_a_question_or_a_person() -> None:
    names = [each.name for each in QUESTIONS] + [each.name for each in NEEDS_A_PERSON]
    assert len(set(names)) == len(names)
    assert {name for row in ROWS for name in row.settled_by} == set(names)
    assert all(row.settled_by for row in ROWS)


def test_what_only_a_browser_answers_is_left_to_a_person_on_aws() -> None:
    """Nothing is called: the ground has no client."""
    pages = [each for each in QUESTIONS if each.how]
    outcomes = [put(each, Ground(aws=None)) for each in pages]
    assert all(outcome.by_hand for outcome in outcomes)
    shown = report.markdown(outcomes, "Amazon Cognito")
    table = shown.partition("### Needs a person")[2]
    assert all(f"`{each.name}`" in table for each in pages)
    assert "0 of 0 questions were answered" in shown


def test_the_command_answers_everything_on_the_local_pool() -> None:
    """As `make contract ENDPOINT=local` runs it; its pool is gone with it."""
    environment = {"ENDPOINT": "local", "PATH": os.environ["PATH"]}
    said = subprocess.run(
        [sys.executable, "-m", "tests.contract"], env=environment, capture_output=True, text=True,
        cwd=HERE.parents[1], timeout=300, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(QUESTIONS)} of {len(QUESTIONS)} questions were answered." in said.stdout
    for question in QUESTIONS:
        assert f"(`{question.name}`)" in said.stdout
    for by_hand in NEEDS_A_PERSON:
        assert by_hand.how in said.stdout


def test_every_question_gets_one_of_its_answers_and_nothing_stays(
    server: PoolServer, ground: Ground
) -> None:
    before = set(server.state.pools)
    outcomes = run(ground)
    for outcome in outcomes:
        assert outcome.answer, outcome
        if outcome.question.answers:
            assert outcome.answer.given in outcome.question.answers, outcome
    assert set(server.state.pools) == before


def test_a_stop_in_the_middle_leaves_nothing_and_touches_nobody_else(
    server: PoolServer, ground: Ground
) -> None:
    theirs = ground.aws.create_user_pool(PoolName="theirs")["UserPool"]["Id"]

    def stopped(here: Ground) -> Answer:
        here.build().person()
        raise KeyboardInterrupt

    complaints: list[str] = []
    with pytest.raises(KeyboardInterrupt), cleared(ground, complaints.append):
        put(Question("stopped", "0", "Stopped", (), stopped), ground)
    assert (ground.made, complaints) == ([], [])
    assert theirs in server.state.pools
    ground.aws.delete_user_pool(UserPoolId=theirs)


def test_a_pool_that_will_not_go_is_named(ground: Ground, monkeypatch: Any) -> None:
    ground.build()
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "DeleteUserPool")

    def refuse(**_: str) -> None:
        raise denied

    complaints: list[str] = []
    with monkeypatch.context() as patch, cleared(ground, complaints.append):
        patch.setattr(ground, "aws", type("Denied", (), {"delete_user_pool": staticmethod(refuse)}))
        ground.clear()
        assert ground.made == [ground.pool]
        with cleared(ground, complaints.append):
            pass
    assert ground.pool in complaints[0]


def test_the_scenarios_know_neither_the_product_nor_the_local_pool() -> None:
    ours = r"^(?:from|import) (?:localpool|cognito|signin|activity|mfa_settings|portal)\b"
    for path in HERE.glob("*.py"):
        if path.name not in ("__main__.py", "test_contract.py"):
            assert not re.search(ours, path.read_text(), re.MULTILINE), path


def test_ids_and_tokens_are_masked() -> None:
    text = "eu-central-1_AbC123xyz arn:aws:iam::123456789012:role/x eyJhbGciOi.x.y"
    assert report.masked(text) == "POOL_ID ARN TOKEN"


@pytest.mark.parametrize("environment", [{}, {"ENDPOINT": ""}])
def test_without_a_place_it_asks_for_one(monkeypatch: Any, environment: dict[str, str]) -> None:
    for name in ("ENDPOINT", "REGION", "YES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main() == 2


def test_aws_is_not_asked_without_a_yes() -> None:
    """It says what it will create and cost, and nothing leaves this machine."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.contract"],
        env={"REGION": "eu-central-1", "PATH": "", "AWS_ACCESS_KEY_ID": "none",
             "AWS_SECRET_ACCESS_KEY": "none"},
        input="no\n", capture_output=True, text=True, cwd=HERE.parents[1], check=False,
    )  # fmt: skip
    assert asked.returncode == 2
    assert plan("eu-central-1") in asked.stderr
    assert "Nothing was created." in asked.stderr
