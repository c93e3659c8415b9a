"""MFA: the factors that count for a user, and the challenge after the password.

`next_challenge` and `active_factors` are pure functions. Sources: BLK, AJ#11260,
`DG/user-pool-settings-mfa#user-pool-settings-mfa-user-outcomes`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from localpool.rules import Switch
from localpool.state.records import EMAIL, FACTORS, SMS, TOTP, Pool, User
from localpool.state.world import World


@dataclass(frozen=True)
class NextChallenge:
    """The name of the challenge, None for none, and the factors of a choice."""

    name: str | None
    choices: tuple[str, ...] = ()


def active_factors(
    mode: str, offered: Collection[str], on: Collection[str], ready: Collection[str]
) -> list[str]:
    """The factors that can be asked: with MFA ON the ready ones, with OPTIONAL those turned on.

    A verified authenticator app still counts after the pool stops offering TOTP
    (DOC `DG/user-pool-settings-mfa-totp`).
    """
    usable = [factor for factor in FACTORS if factor in ready and factor in {*offered, TOTP}]
    if mode == "OFF":
        return []
    return usable if mode == "ON" else [factor for factor in usable if factor in on]


def next_challenge(
    mode: str, active: list[str], preferred: str | None, *, none_preferred: str = "choose"
) -> NextChallenge:
    """The challenge after a right password."""
    if mode == "OFF":
        return NextChallenge(None)
    if not active:
        return NextChallenge("MFA_SETUP" if mode == "ON" else None)
    if preferred in active:
        return NextChallenge(preferred)
    if len(active) == 1:
        return NextChallenge(active[0])
    if mode == "OPTIONAL" and none_preferred != "choose":
        return NextChallenge(active[0] if none_preferred == "first" else None)
    return NextChallenge("SELECT_MFA_TYPE", tuple(active))


def offered_factors(pool: Pool) -> list[str]:
    settings = {
        SMS: "SmsMfaConfiguration" in pool.mfa,
        TOTP: pool.mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        EMAIL: "EmailMfaConfiguration" in pool.mfa,
    }
    return [factor for factor in FACTORS if settings[factor]]


def mfa_mode(pool: Pool) -> str:
    mode: str = pool.mfa.get("MfaConfiguration", "OFF")
    return mode


def ready_factors(user: User) -> list[str]:
    has = {
        SMS: "phone_number" in user.attributes,
        TOTP: user.token is not None,
        EMAIL: "email" in user.attributes,
    }
    return [factor for factor in FACTORS if has[factor]]


def active_factors_of(world: World, pool: Pool, user: User) -> list[str]:
    on = list(user.mfa_on)
    if user.token and world.switch_is(Switch.registered_but_off, "asked", pool):
        on.append(TOTP)
    return active_factors(mfa_mode(pool), offered_factors(pool), on, ready_factors(user))


def _without_recovery(pool: Pool, active: list[str]) -> list[str]:
    """The factors without the first recovery channel, or all if that leaves none."""
    ways = pool.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    first = sorted(ways, key=lambda way: way["Priority"])[:1]
    used = {"verified_email": EMAIL, "verified_phone_number": SMS}
    taken = {used.get(way["Name"]) for way in first}
    return [factor for factor in active if factor not in taken] or active


def next_challenge_for(world: World, pool: Pool, user: User) -> NextChallenge:
    none_preferred = world.switches.get(Switch.none_preferred, pool.id)
    active = active_factors_of(world, pool, user)
    eligible = world.switch_is(Switch.recovery_channel_asked, "yes", pool)
    if mfa_mode(pool) == "ON" and user.mfa_preferred is None and not eligible:
        active = _without_recovery(pool, active)
    return next_challenge(
        mfa_mode(pool), active, user.mfa_preferred,
        none_preferred=none_preferred,
    )  # fmt: skip
