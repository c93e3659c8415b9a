"""Where the settings and the pool do not say the same. Plain Python."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from userpool.facts import PoolFacts, policy_of
from userpool.policy import Policy
from userpool.values import Attribute, Factor


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting of the portal, what it says, and what the pool says of itself."""

    setting: str
    said: str
    pool: str

    def __str__(self) -> str:
        return f"{self.setting} says {self.said}, the pool says {self.pool}"


def _passkey_id(policy: Policy) -> str:
    return policy.passkeys.relying_party_id if policy.passkeys else ""


# The setting, what of the policy it stands for, and whether the settings speak of it at all.
_COMPARED: Final[
    tuple[tuple[str, Callable[[Policy], object], Callable[[PoolFacts], bool]], ...]
] = (
    ("COGNITO_MFA", lambda policy: policy.mode, lambda _said: True),
    ("COGNITO_MFA_FACTORS", lambda policy: policy.offered, lambda _said: True),
    ("COGNITO_TIER", lambda policy: policy.tier, lambda said: bool(said.tier)),
    (
        "COGNITO_RECOVERY",
        lambda policy: policy.reset_channels,
        lambda said: said.recovery is not None,
    ),
    ("COGNITO_AUTO_VERIFIED", lambda policy: policy.verified_by_itself, lambda _said: True),
    (
        "COGNITO_KEEPS_UNTIL_VERIFIED",
        lambda policy: policy.verified_before_update,
        lambda _said: True,
    ),
    ("COGNITO_PASSKEYS_RP_ID", _passkey_id, lambda _said: True),
    # Unsaid, the standard names are meant: a pool that has others would not know them.
    (
        "COGNITO_ACR_NAMES",
        lambda policy: " ".join(name for _, name in sorted(policy.acr_names.items())),
        lambda _said: True,
    ),
    ("COGNITO_DEVICES", lambda policy: policy.devices, lambda said: said.devices_known),
)


def differences(*, said: PoolFacts, pool: PoolFacts) -> tuple[Difference, ...]:
    """What the settings say and the pool contradicts. What the pool could not tell (a role that
    may not call DescribeUserPool leaves its plan unknown) is no difference."""
    told, seen = policy_of(said), policy_of(pool)
    pool_is_described = bool(pool.tier)
    from_mfa_config = {"COGNITO_MFA", "COGNITO_MFA_FACTORS", "COGNITO_PASSKEYS_RP_ID"}
    return tuple(
        Difference(setting, _words(of(told)), _words(of(seen)))
        for setting, of, speaks in _COMPARED
        if speaks(said)
        and (pool_is_described or setting in from_mfa_config)
        and of(told) != of(seen)
    )


def _words(value: object) -> str:
    """As the settings write it."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(_one, value))) or "nothing"
    return _one(value) or "nothing"


def _one(value: object) -> str:
    if isinstance(value, Factor | Attribute):
        return value.name.lower()
    return "" if value is None else str(value)
