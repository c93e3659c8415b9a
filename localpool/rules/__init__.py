"""The rules and the open questions of a Cognito user pool, as tables with sources."""

from localpool.rules.factor_rules import FactorRule
from localpool.rules.pool_rules import PoolRule
from localpool.rules.rule import Refusal, Rule
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.rules.user_rules import UserRule

__all__ = ["FactorRule", "PoolRule", "Refusal", "Rule", "SignInRule", "Switch", "UserRule"]
