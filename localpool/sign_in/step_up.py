"""Stepping up: which level an app asked for, and the factor that is missing for it.

Sources: `DG/cognito-user-pools-step-up-authentication`, `DG/login-endpoint`. `acr_values` names
levels, highest first; the first that the person can reach is enforced, unknown ones are ignored,
and a Lite pool ignores them all in silence.
"""

from localpool.rules.switches import Switch
from localpool.sign_in import challenges
from localpool.sign_in.levels import level, names
from localpool.sign_in.mfa import offered_factors, question_for, ready_factors
from localpool.state.records import SMS, TOTP, Challenge, Pool, User
from localpool.state.world import SignIn, World

APP_LEVEL = 4


def _usable(pool: Pool, user: User) -> list[str]:
    """The preferred one first; an authenticator app stays good where it is no longer offered."""
    ready = [each for each in ready_factors(user) if each in {*offered_factors(pool), TOTP}]
    return sorted(ready, key=lambda factor: factor != user.mfa_preferred)


def target(pool: Pool, user: User, methods: list[str], query: dict[str, str]) -> int:
    """The level to enforce; 0 asks for nothing."""
    if pool.settings["UserPoolTier"] == "LITE" or user.federated:
        return 0
    usable = _usable(pool, user)
    reachable = max(level(methods), APP_LEVEL if TOTP in usable else 3 if usable else 1)
    levels = {name: number for number, name in names(pool).items()}
    wanted = [levels[name] for name in query.get("acr_values", "").split() if name in levels]
    return next((each for each in wanted if each <= reachable), 0)


def missing_factor(
    world: World, pool: Pool, user: User, methods: list[str], query: dict[str, str]
) -> str | None:
    """The factor to ask for, or None when what was shown is enough."""
    wanted = target(pool, user, methods, query)
    if level(methods) >= wanted:
        return None
    if wanted == APP_LEVEL:
        return TOTP
    usable = _usable(pool, user)
    if world.plays(Switch.lower_level_asks, "message", pool):
        usable = [factor for factor in usable if factor != TOTP] or usable
    return next(iter(usable), SMS)


def question(sign_in: SignIn, methods: list[str], query: dict[str, str]) -> Challenge | None:
    """The challenge that lifts a sign-in to the level asked for; None when it is there."""
    factor = missing_factor(sign_in.world, sign_in.pool, sign_in.user, methods, query)
    return challenges.pose(sign_in, factor, methods) if factor else None


def begin(sign_in: SignIn, methods: list[str], query: dict[str, str]) -> Challenge | None:
    """The first question after a password, with the level in mind.

    Where the person may choose, as in any sign-in, each choice reaches every level but an app's.
    """
    chooses = bool(question_for(sign_in.world, sign_in.pool, sign_in.user).choices)
    by_choice = chooses and target(sign_in.pool, sign_in.user, methods, query) < APP_LEVEL
    if sign_in.user.status == "FORCE_CHANGE_PASSWORD" or by_choice:
        return challenges.begin(sign_in, methods)
    return question(sign_in, methods, query) or challenges.begin(sign_in, methods)
