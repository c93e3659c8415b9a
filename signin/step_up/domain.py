"""The second step that a change may demand, and how managed login is asked for it. Plain Python.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from signin.assurance import APP_LEVEL, SECOND_STEP_LEVEL
from userpool.next_sign_in import (
    Asked,
    NextSignIn,
    effective_preference,
    next_sign_in_of,
    next_sign_in_with,
)
from userpool.policy import Policy
from userpool.values import Factor, Preference, Status, in_page_order

# How old a sign-in may be for finishing what it began, and for turning the first protection on:
# nobody is sent away in the middle of connecting an app.
TIME_TO_FINISH: Final = timedelta(minutes=15)

_CODES_ASKED: Final = frozenset({Asked.FACTOR, Asked.CHOICE})


def asks_second_step(status: Status, policy: Policy) -> bool:
    """Tell whether a sign-in of this person would ask for a second step after the password.

    Otherwise none can be demanded; somebody who begins every sign-in with a code has no password.
    """
    coming = next_sign_in_of(status, policy)
    return coming.asked in _CODES_ASKED and status.has_password


def asked_before(before: Preference, policy: Policy, *, reachable: frozenset[Factor]) -> bool:
    """`asks_second_step` for a preference that was read earlier."""
    return next_sign_in_with(before, policy, reachable=reachable).asked in _CODES_ASKED


def other_ways(
    status: Status, policy: Policy, *, unusable: frozenset[Factor]
) -> tuple[Factor, ...]:
    """The factors that are on, without those that the person can't use, in page order."""
    usable = effective_preference(status, policy).enabled & status.reachable
    return in_page_order((usable & (policy.offered | {Factor.TOTP})) - unusable)


def expected_way(coming: NextSignIn, *, demanded: frozenset[Factor] = frozenset()) -> Factor | None:
    """The factor that a sign-in will ask for after the password; None where it asks for nothing.

    Of several to choose from: one that is demanded, and rather one that the lower level reaches.
    """
    if coming.asked not in _CODES_ASKED:
        return None
    ways = [factor for factor in coming.factors if factor in demanded] or coming.factors
    return next((factor for factor in ways if factor is not Factor.TOTP), ways[0])


def acr_values(way: Factor | None, level_names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the levels to ask for, highest first; Cognito enforces the first in reach.

    `way` is the factor that the sign-in will ask for; None asks for no level. The level of an app
    is asked for only where `way` is the app: nobody has to show a phone that they have lost.
    """
    if way is None:
        return ()
    levels = (APP_LEVEL, SECOND_STEP_LEVEL) if way is Factor.TOTP else (SECOND_STEP_LEVEL,)
    return tuple(level_names[level] for level in levels if level in level_names)
