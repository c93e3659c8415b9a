"""Limits on attempts: the lock-out after wrong passwords and codes, and limits an hour."""

from datetime import timedelta

from localpool.rules import Refusal, Rule, SignInRule, Switch
from localpool.state.records import Pool, User
from localpool.state.world import World

_FREE, _LONGEST_LOCK_OUT = 5, 15 * 60


def check_lock_out(world: World, user: User) -> None:
    """Errors: NotAuthorizedException while the user is locked out."""
    if user.locked_until and world.now() < user.locked_until:
        raise Refusal(SignInRule.LOCKED_OUT)


def count_failure(world: World, pool: Pool, user: User) -> None:
    """Count a wrong password or code; from the fifth on it locks the user out.

    The nth failure locks out for 2^(n-5) seconds, 15 minutes at most (DOC `DG/authentication`).
    """
    user.failures += 1
    if user.failures >= _FREE and world.switch_is(Switch.lock_out, "yes", pool):
        seconds = min(2 ** min(user.failures - _FREE, 10), _LONGEST_LOCK_OUT)
        user.locked_until = world.now() + timedelta(seconds=seconds)


def reset_failures(user: User) -> None:
    user.failures, user.locked_until = 0, None


def count_attempt(world: World, user: User, kind: str, limit: int, rule: Rule) -> None:
    """Count an attempt of this kind. Errors: the rule's, after `limit` attempts in an hour."""
    hour_ago = world.now() - timedelta(hours=1)
    recent = [at for at in user.attempts.get(kind, []) if at > hour_ago]
    if len(recent) >= limit:
        raise Refusal(rule)
    user.attempts[kind] = [*recent, world.now()]
