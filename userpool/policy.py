"""The policy of a user pool: the settings that decide what its people can do. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Final

from userpool.values import Attribute, Factor


class Mode(StrEnum):
    """MfaConfiguration of the pool."""

    OFF = "OFF"
    OPTIONAL = "OPTIONAL"
    ON = "ON"


class Tier(StrEnum):
    """UserPoolTier: the feature plan of the pool."""

    LITE = "LITE"
    ESSENTIALS = "ESSENTIALS"
    PLUS = "PLUS"


# The four levels of a sign-in, as a token's `acr` names them in a pool that renames none:
# 1 the password, 2 a sent code alone, 3 a passkey or password and sent code, 4 password and app.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
STANDARD_ACR_NAMES: Final[Mapping[int, str]] = {
    level: f"urn:cognito:loa:{level}" for level in range(1, 5)
}


class DeviceTracking(StrEnum):
    """The pool's setting for remembering devices: never, when the person says so, or always.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
    """

    OFF = auto()
    ASK = auto()
    ALWAYS = auto()


class Obstacle(StrEnum):
    """Why the pool can't use a factor that it switches on.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """

    TIER = auto()
    OWN_SENDER_MISSING = auto()
    RECOVERY_BY_EMAIL_ONLY = auto()


@dataclass(frozen=True, slots=True)
class PasskeyConfig:
    """The pool's WebAuthn relying party (a host name), and whether one passkey alone counts as
    several factors (MULTI_FACTOR_WITH_USER_VERIFICATION)."""

    relying_party_id: str
    counts_as_factor: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a pool that decide what its people can do. A pool whose MFA is off offers
    nothing.

    `offered` are the factors that can be turned on; `obstacles` explains those that the pool
    switches on and can't use. None means "not known" for `tier`, `devices` and `reset_channels`
    (the attributes that can receive a code to reset the password; it goes to the first in
    `reset_order` that the person has); `passkeys` is None where the pool has none.
    `username_attributes` are attributes that stand for a user name, `passwordless_attributes` those
    whose code can take the password's place. `adaptive`: adaptive authentication asks people whose
    factors are off when a sign-in looks risky. `acr_names`: level (1 to 4, the highest is the
    strongest) -> the pool's name for it, in `acr_values` and in a token's `acr`; the standard names
    where the pool's own are not known. A Lite pool has no levels, whatever their names.
    """

    mode: Mode
    offered: frozenset[Factor]
    tier: Tier | None = None
    reset_channels: frozenset[Attribute] | None = None
    reset_order: tuple[Attribute, ...] = (Attribute.PHONE, Attribute.EMAIL)
    verified_by_itself: frozenset[Attribute] = frozenset(Attribute)
    verified_before_update: frozenset[Attribute] = frozenset()
    passkeys: PasskeyConfig | None = None
    devices: DeviceTracking | None = None
    adaptive: bool = False
    username_attributes: frozenset[Attribute] = frozenset()
    passwordless_attributes: frozenset[Attribute] = frozenset()
    obstacles: Mapping[Factor, Obstacle] = field(default_factory=dict)
    acr_names: Mapping[int, str] = field(default_factory=lambda: STANDARD_ACR_NAMES)

    def __post_init__(self) -> None:
        offered = frozenset() if self.mode is Mode.OFF else self.offered - set(self.obstacles)
        object.__setattr__(self, "offered", offered)


def rp_id_matches(host: str, relying_party_id: str) -> bool:
    """Tell whether a page on this host may make and use passkeys of this relying party.

    https://www.w3.org/TR/webauthn-3/#relying-party-identifier
    """
    return host == relying_party_id or host.endswith(f".{relying_party_id}")
