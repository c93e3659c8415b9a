"""Step-up authentication: the level that an app asks for, and the factor missing for it.

Sources: `DG/cognito-user-pools-step-up-authentication`, `DG/login-endpoint`. `acr_values` names
levels, highest first. The first level that the user can reach is enforced; unknown names are
ignored. A Lite pool ignores `acr_values`.
"""

from localpool.rules import Switch
from localpool.sign_in import challenges
from localpool.sign_in.levels import level, level_names
from localpool.sign_in.mfa import next_challenge_for, offered_factors, ready_factors
from localpool.state.records import SMS, TOTP, Challenge, Pool, User
from localpool.state.world import SignIn, World

APP_LEVEL = 4


def _usable(pool: Pool, user: User) -> list[str]:
    """The ready factors that the pool offers, the preferred one first; an app always counts."""
    ready = [each for each in ready_factors(user) if each in {*offered_factors(pool), TOTP}]
    return sorted(ready, key=lambda factor: factor != user.mfa_preferred)


def target_level(pool: Pool, user: User, methods: list[str], query: dict[str, str]) -> int:
    """The level to enforce, or 0 for none."""
    if pool.lite or user.federated:
        return 0
    usable = _usable(pool, user)
    reachable = max(level(methods), APP_LEVEL if TOTP in usable else 3 if usable else 1)
    levels = {name: number for number, name in level_names(pool).items()}
    wanted = [levels[name] for name in query.get("acr_values", "").split() if name in levels]
    return next((each for each in wanted if each <= reachable), 0)


def missing_factor(
    world: World, pool: Pool, user: User, methods: list[str], query: dict[str, str]
) -> str | None:
    """The factor to ask for, or None if the methods reach the level."""
    wanted = target_level(pool, user, methods, query)
    if level(methods) >= wanted:
        return None
    if wanted == APP_LEVEL:
        return TOTP
    usable = _usable(pool, user)
    if world.switch_is(Switch.lower_level_asks, "message", pool):
        usable = [factor for factor in usable if factor != TOTP] or usable
    return next(iter(usable), SMS)


def missing_challenge(
    sign_in: SignIn, methods: list[str], query: dict[str, str]
) -> Challenge | None:
    """The challenge that lifts a sign-in to its level, or None if the level is reached."""
    factor = missing_factor(sign_in.world, sign_in.pool, sign_in.user, methods, query)
    return challenges.issue(sign_in, factor, methods) if factor else None


def first_challenge(sign_in: SignIn, methods: list[str], query: dict[str, str]) -> Challenge | None:
    """The first challenge after a password, which may have to reach a level.

    Each choice of SELECT_MFA_TYPE reaches every level except that of an app.
    """
    chooses = bool(next_challenge_for(sign_in.world, sign_in.pool, sign_in.user).choices)
    by_choice = chooses and target_level(sign_in.pool, sign_in.user, methods, query) < APP_LEVEL
    if sign_in.user.status == "FORCE_CHANGE_PASSWORD" or by_choice:
        return challenges.first_challenge(sign_in, methods)
    missing = missing_challenge(sign_in, methods, query)
    return missing or challenges.first_challenge(sign_in, methods)
