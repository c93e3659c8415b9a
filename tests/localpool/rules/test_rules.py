"""Walks the tables of rules: each error is provoked over the wire, each behaviour is shown."""

import re

import pytest
from botocore.exceptions import ClientError

from localpool.rules import FactorRule, PoolRule, Rule, SignInRule, UserRule
from tests.localpool.rules import (
    factor_proofs,
    passkey_proofs,
    pool_proofs,
    sign_in_proofs,
    token_proofs,
    user_proofs,
)
from tests.localpool.rules.proofs import PROOFS
from tests.localpool.stage import Stage

# Importing them registers their proofs.
PROVED_IN = (
    factor_proofs, passkey_proofs, pool_proofs, sign_in_proofs, token_proofs, user_proofs
)  # fmt: skip
RULES: list[Rule] = [*PoolRule, *UserRule, *SignInRule, *FactorRule]
ERRORS = [rule for rule in PROOFS if rule.value.code]
BEHAVIOURS = [rule for rule in PROOFS if not rule.value.code]
PROVED_ELSEWHERE: dict[str, set[Rule]] = {
    "wire/test_aws_json": {
        PoolRule.OUR_FAULT, PoolRule.NOT_JSON, PoolRule.NO_TOKEN, PoolRule.NOT_BUILT,
    },
    "hosted/test_federation": {FactorRule.FEDERATED_NOTHING},
    "hosted/test_oauth": {SignInRule.COOKIE_SURVIVES},
    "api/test_passkeys": {
        FactorRule.PASSKEY_SIGN_IN_OFF, FactorRule.PASSKEY_REFUSED, FactorRule.PASSKEY_NOT_ENOUGH,
    },
    "sign_in/test_devices": {
        SignInRule.BAD_SRP_A, SignInRule.BAD_TIMESTAMP, SignInRule.TRACKING_OFF,
        SignInRule.TRACKING_OFF_PARAMETER, SignInRule.DEVICE_MISSING, SignInRule.DEVICE_EXISTS,
        SignInRule.BAD_DEVICE_VERIFIER, SignInRule.DEVICE_SKIPS_FACTOR,
        SignInRule.DEVICE_AFTER_FACTOR, SignInRule.ONLY_REMEMBERED_LISTED,
        SignInRule.REFRESH_NEEDS_DEVICE,
    },
}  # fmt: skip


def _name(rule: Rule) -> str:
    return rule.name.lower()


def test_every_rule_has_a_proof() -> None:
    assert set(RULES) == PROOFS.keys() | set().union(*PROVED_ELSEWHERE.values())


@pytest.mark.parametrize("rule", ERRORS, ids=_name)
def test_a_refusal_has_the_code_and_the_words_of_its_rule(rule: Rule, stage: Stage) -> None:
    with pytest.raises(ClientError) as raised:
        PROOFS[rule](stage)
    error = raised.value.response["Error"]
    words = re.sub(r"\\{\w+\\}", ".+", re.escape(rule.value.message))
    assert error["Code"] == rule.value.code
    assert re.fullmatch(words, error["Message"]), error["Message"]
    model = stage.aws.meta.service_model.operation_model(raised.value.operation_name)
    assert error["Code"] in {shape.name for shape in model.error_shapes}


@pytest.mark.parametrize("rule", BEHAVIOURS, ids=_name)
def test_a_behaviour_is_as_its_rule_says(rule: Rule, stage: Stage) -> None:
    PROOFS[rule](stage)


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_a_rule_names_its_source_and_how_sure_it_is(rule: Rule) -> None:
    assert rule.value.source
    assert rule.value.mark in ("DOC", "SEEN", "INFER", "UNKNOWN")
