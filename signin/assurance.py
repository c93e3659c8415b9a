"""The age and the strength of a sign-in, and whether they are enough. Plain Python: no clock.

Cognito's levels, best first: a password with the code of an app (4); a passkey, or a password with
a code by text message or email (3); such a code alone (2); a password alone (1). `amr` names the
methods one by one.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from userpool.values import Factor

# From this level on, more than a password or a code alone was shown.
SECOND_STEP_LEVEL: Final = 3
# The level that nothing but an authenticator app reaches.
APP_LEVEL: Final = 4
PASSWORD_ALONE: Final = ("pwd",)
AMR_OF_FACTOR: Final[Mapping[Factor, frozenset[str]]] = {
    Factor.TOTP: frozenset({"otp"}),
    Factor.SMS: frozenset({"sms"}),
    Factor.EMAIL: frozenset({"email_otp"}),
    Factor.PASSKEY: frozenset({"swk", "hwk"}),
}
_PASSKEY: Final = AMR_OF_FACTOR[Factor.PASSKEY]
_CODE_BY_MESSAGE: Final = AMR_OF_FACTOR[Factor.SMS] | AMR_OF_FACTOR[Factor.EMAIL]


class Shortfall(StrEnum):
    """Why a sign-in does not meet a demand."""

    TOO_OLD = "too-old"
    TOO_WEAK = "too-weak"


@dataclass(frozen=True, slots=True)
class Assurance:
    """The time and the methods of a sign-in, as far as the tokens say it.

    `used_second_step` is None, and `factors` is empty, where the tokens do not say.
    """

    auth_time: datetime
    used_second_step: bool | None
    factors: frozenset[Factor] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """The least that a sign-in has to show: an age of at most `max_age`, a second step where
    `second_step` is True, and one of `factors` where there are some."""

    max_age: timedelta
    second_step: bool
    factors: frozenset[Factor] = frozenset()


def used_second_step(
    *, acr: str, amr: tuple[str, ...], level_names: Mapping[int, str]
) -> bool | None:
    """Tell whether the claims `acr` and `amr` show a second step; None where they don't say (Lite).

    `level_names` are the pool's own names of the levels 1 to 4.
    """
    level = next((number for number, name in level_names.items() if name == acr), None)
    if level is not None:
        return level >= SECOND_STEP_LEVEL
    methods = frozenset(amr)
    if not methods:
        return None
    by_message = bool(methods & _CODE_BY_MESSAGE) and "pwd" in methods
    return by_message or bool(methods & (_PASSKEY | {"mfa", "otp"}))


def factors_used(amr: Iterable[str]) -> frozenset[Factor]:
    """The factors that the claim `amr` names."""
    said = set(amr)
    return frozenset(factor for factor, names in AMR_OF_FACTOR.items() if names & said)


def shortfall(demand: Demand, assurance: Assurance, *, now: datetime) -> Shortfall | None:
    """Return the first part of the demand that the sign-in does not meet, or None.

    Where the tokens do not say how somebody signed in, a second step can't be asked for, and only
    the age counts. A factor that is demanded by name has to be shown all the same.
    """
    if now - assurance.auth_time > demand.max_age:
        return Shortfall.TOO_OLD
    if demand.second_step and assurance.used_second_step is False:
        return Shortfall.TOO_WEAK
    if demand.factors and not demand.factors & assurance.factors:
        return Shortfall.TOO_WEAK
    return None
