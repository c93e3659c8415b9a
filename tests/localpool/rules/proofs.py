"""A register of proofs: for each rule a function that provokes the error or shows the behaviour."""

from collections.abc import Callable
from typing import Any

from localpool.rules import Rule
from tests.localpool.stage import Stage

Proof = Callable[[Stage], Any]
PROOFS: dict[Rule, Proof] = {}


def proves(rule: Rule) -> Callable[[Proof], Proof]:
    """Register the decorated function; it raises the rule's error or asserts its behaviour."""

    def register(proof: Proof) -> Proof:
        PROOFS[rule] = proof
        return proof

    return register


def challenged(stage: Stage, factor: str = "SMS_MFA", minutes: int = 3) -> Any:
    """The challenge that ana gets after her password, for the given factor."""
    stage.client = stage.add_client(AuthSessionValidity=minutes)
    access = stage.somebody()
    if factor == "SOFTWARE_TOKEN_MFA":
        stage.app(access)
        stage.prefer(access, totp=(True, True))
    else:
        stage.prefer(access, sms=(True, True))
    asked = stage.start()
    assert asked["ChallengeName"] == factor
    return asked


def with_both_on(stage: Stage) -> str:
    """Text messages and an app on, none preferred; returns an access token."""
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, False), totp=(True, False))
    return access
