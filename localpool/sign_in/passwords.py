"""Passwords: the policy, setting one, checking one."""

import re
from datetime import timedelta
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from localpool.rules import Refusal, SignInRule, UserRule
from localpool.sign_in import srp
from localpool.sign_in.attempts import check_lock_out, count_failure
from localpool.state.records import Pool, User
from localpool.state.world import World

DEFAULT_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}
_REQUIRED = {
    "RequireUppercase": (r"[A-Z]", "uppercase"),
    "RequireLowercase": (r"[a-z]", "lowercase"),
    "RequireNumbers": (r"[0-9]", "numeric"),
    "RequireSymbols": (r"[\^$*.\[\]{}()?\"!@#%&/\\,><':;|_~`=+\- ]", "symbol"),
}
# A cheap hash: this pool guards nobody's real password.
_HASH = "pbkdf2:sha256:1000"


def policy(pool: Pool) -> dict[str, Any]:
    mine: dict[str, Any] = pool.settings.get("Policies", {}).get("PasswordPolicy", {})
    return DEFAULT_POLICY | mine


def set_password(world: World, pool: Pool, user: User, password: str) -> None:
    """Errors: InvalidPasswordException."""
    rules = policy(pool)
    if len(password) < rules["MinimumLength"]:
        raise Refusal(UserRule.WEAK_PASSWORD, detail="Password not long enough")
    for name, (pattern, words) in _REQUIRED.items():
        if rules[name] and not re.search(pattern, password):
            raise Refusal(UserRule.WEAK_PASSWORD, detail=f"Password must have {words} characters")
    user.password_hash = generate_password_hash(password, _HASH)
    user.srp = srp.verifier(srp_identity(pool, user), password)
    user.password_set = user.modified = world.now()


def srp_identity(pool: Pool, user: User) -> str:
    return pool.id.partition("_")[2] + user.username


def check_password(
    world: World, pool: Pool, user: User | None, password: str, *, hidden: bool
) -> User:
    """The user, if the password is right.

    Errors: NotAuthorizedException, UserNotFoundException (NotAuthorizedException if `hidden`) for
    an unknown name, and those of `check_may_sign_in`.
    """
    if user is None or user.federated:
        raise Refusal(SignInRule.WRONG_PASSWORD if hidden else UserRule.USER_MISSING)
    check_lock_out(world, user)
    if user.status == "RESET_REQUIRED":
        raise Refusal(UserRule.RESET_REQUIRED)
    if user.password_hash is None or not check_password_hash(user.password_hash, password):
        count_failure(world, pool, user)
        raise Refusal(SignInRule.WRONG_PASSWORD)
    check_may_sign_in(world, pool, user)
    return user


def check_may_sign_in(world: World, pool: Pool, user: User) -> None:
    """Refuse a user whose password is right but who may not sign in.

    Errors: NotAuthorizedException, PasswordResetRequiredException, UserNotConfirmedException.
    """
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    if user.status == "RESET_REQUIRED":
        raise Refusal(UserRule.RESET_REQUIRED)
    if user.status == "UNCONFIRMED":
        raise Refusal(UserRule.NOT_CONFIRMED)
    if user.status == "FORCE_CHANGE_PASSWORD" and user.password_set:
        days = policy(pool)["TemporaryPasswordValidityDays"]
        if world.now() > user.password_set + timedelta(days=days):
            raise Refusal(SignInRule.TEMPORARY_EXPIRED)
