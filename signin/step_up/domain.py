"""What a sign-in has to show before a change, and how managed login is asked for it. Plain Python.

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

# Finishing what a recent sign-in has begun, or turning the first protection on, may follow this
# much later: nobody who is connecting an app is to be sent away in the middle of it.
TIME_TO_FINISH: Final = timedelta(minutes=15)

_CODES_ASKED: Final = frozenset({Asked.FACTOR, Asked.CHOICE})


def asks_second_step(status: Status, policy: Policy) -> bool:
    """A sign-in of this person, with their password, would ask for a second step.

    Where nothing would be asked none can be demanded, and somebody who begins every sign-in with a
    code has no password to put it after.
    """
    coming = next_sign_in_of(status, policy)
    return coming.asked in _CODES_ASKED and status.has_password


def asked_before(before: Preference, policy: Policy, *, reachable: frozenset[Factor]) -> bool:
    """The same of a preference that has been read earlier."""
    return next_sign_in_with(before, policy, reachable=reachable).asked in _CODES_ASKED


def other_ways(
    status: Status, policy: Policy, *, unusable: frozenset[Factor]
) -> tuple[Factor, ...]:
    """What is on beside the factors that the person can't use, in page order."""
    usable = effective_preference(status, policy).enabled & status.reachable
    return in_page_order((usable & (policy.offered | {Factor.TOTP})) - unusable)


def expected_way(coming: NextSignIn, *, demanded: frozenset[Factor] = frozenset()) -> Factor | None:
    """What a sign-in will ask for after the password; of several to choose from, one that is
    demanded, and one that the lower level is enough for. None where it asks for nothing."""
    if coming.asked not in _CODES_ASKED:
        return None
    ways = [factor for factor in coming.factors if factor in demanded] or coming.factors
    return next((factor for factor in ways if factor is not Factor.TOTP), ways[0])


def acr_values(way: Factor | None, level_names: Mapping[int, str]) -> tuple[str, ...]:
    """The levels to ask for, highest first: the first that the person can reach is enforced.

    `way` is what they will be asked for. The level of an app is asked for only where the app is
    that way, so that nobody has to show a phone that they have lost; None asks for no level.
    """
    if way is None:
        return ()
    levels = (APP_LEVEL, SECOND_STEP_LEVEL) if way is Factor.TOTP else (SECOND_STEP_LEVEL,)
    return tuple(level_names[level] for level in levels if level in level_names)
