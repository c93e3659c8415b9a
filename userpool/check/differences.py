"""Compares the settings with the pool that they describe. Plain Python."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Final

from userpool.facts import PoolFacts, policy_of
from userpool.policy import Policy
from userpool.values import Attribute, Factor

# Setting -> the value that a policy has for it; None: not known.
_VALUE_OF_SETTING: Final[Mapping[str, Callable[[Policy], object]]] = {
    "COGNITO_MFA": attrgetter("mode"),
    "COGNITO_MFA_FACTORS": attrgetter("offered"),
    "COGNITO_TIER": attrgetter("tier"),
    "COGNITO_RECOVERY": attrgetter("reset_channels"),
    "COGNITO_AUTO_VERIFIED": attrgetter("verified_by_itself"),
    "COGNITO_KEEPS_UNTIL_VERIFIED": attrgetter("verified_before_update"),
    "COGNITO_PASSKEYS_RP_ID": lambda policy: (
        policy.passkeys.relying_party_id if policy.passkeys else ""
    ),
    # Left out, it stands for the standard names: a pool with others would not know those.
    "COGNITO_ACR_NAMES": lambda policy: " ".join(
        name for _, name in sorted(policy.acr_names.items())
    ),
    "COGNITO_DEVICES": attrgetter("devices"),
}
_OF_MFA_CONFIG: Final = frozenset({"COGNITO_MFA", "COGNITO_MFA_FACTORS", "COGNITO_PASSKEYS_RP_ID"})


def differences(*, said: PoolFacts, pool: PoolFacts) -> tuple[str, ...]:
    """Return a clause for each setting that the pool contradicts, "COGNITO_MFA says ON, the pool
    …".

    A value that either side leaves unknown is no difference; without DescribeUserPool the pool
    tells only its MFA configuration.
    """
    of_settings, of_pool = policy_of(said), policy_of(pool)
    pairs = {
        setting: (value_of(of_settings), value_of(of_pool))
        for setting, value_of in _VALUE_OF_SETTING.items()
        if pool.tier or setting in _OF_MFA_CONFIG
    }
    return tuple(
        f"{setting} says {_words(one)}, the pool says {_words(other)}"
        for setting, (one, other) in pairs.items()
        if one is not None and one != other
    )


def _words(value: object) -> str:
    """The value as an operator writes it in the setting."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(_words, value))) or "nothing"
    if isinstance(value, Factor | Attribute):
        return value.name.lower()
    return str(value or "nothing")
