"""What a sign-in is asked after the password: which factors count, and which question is next.

`what_is_asked` and `active_factors` decide from data alone. Sources: BLK, AJ#11260,
`DG/user-pool-settings-mfa#user-pool-settings-mfa-user-outcomes`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from localpool.rules.switches import Switch
from localpool.state.records import EMAIL, FACTORS, SMS, TOTP, Pool, User
from localpool.state.world import World


@dataclass(frozen=True)
class Asked:
    """The challenge's name (None: no question) and, for a choice, the factors to choose from."""

    name: str | None
    choices: tuple[str, ...] = ()


def active_factors(
    mode: str, offered: Collection[str], on: Collection[str], ready: Collection[str]
) -> list[str]:
    """The factors that can be asked. MFA ON counts all that are ready, OPTIONAL those switched on.

    A verified authenticator app stays good after the pool stops offering TOTP
    (DOC `DG/user-pool-settings-mfa-totp`).
    """
    usable = [factor for factor in FACTORS if factor in ready and factor in {*offered, TOTP}]
    if mode == "OFF":
        return []
    return usable if mode == "ON" else [factor for factor in usable if factor in on]


def what_is_asked(
    mode: str, active: list[str], preferred: str | None, *, none_preferred: str = "choose"
) -> Asked:
    """The next question after a right password."""
    if mode == "OFF":
        return Asked(None)
    if not active:
        return Asked("MFA_SETUP" if mode == "ON" else None)
    if preferred in active:
        return Asked(preferred)
    if len(active) == 1:
        return Asked(active[0])
    if mode == "OPTIONAL" and none_preferred != "choose":
        return Asked(active[0] if none_preferred == "first" else None)
    return Asked("SELECT_MFA_TYPE", tuple(active))


def offered_factors(pool: Pool) -> list[str]:
    settings = {
        SMS: "SmsMfaConfiguration" in pool.mfa,
        TOTP: pool.mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        EMAIL: "EmailMfaConfiguration" in pool.mfa,
    }
    return [factor for factor in FACTORS if settings[factor]]


def mode_of(pool: Pool) -> str:
    mode: str = pool.mfa.get("MfaConfiguration", "OFF")
    return mode


def ready_factors(user: User) -> list[str]:
    has = {
        SMS: "phone_number" in user.attributes,
        TOTP: user.token is not None,
        EMAIL: "email" in user.attributes,
    }
    return [factor for factor in FACTORS if has[factor]]


def active_of(world: World, pool: Pool, user: User) -> list[str]:
    on = list(user.mfa_on)
    if user.token and world.plays(Switch.registered_but_off, "asked", pool):
        on.append(TOTP)
    return active_factors(mode_of(pool), offered_factors(pool), on, ready_factors(user))


def _without_recovery(pool: Pool, active: list[str]) -> list[str]:
    """Those that do not use the first recovery channel, unless nothing else is left."""
    ways = pool.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    first = sorted(ways, key=lambda way: way["Priority"])[:1]
    used = {"verified_email": EMAIL, "verified_phone_number": SMS}
    taken = {used.get(way["Name"]) for way in first}
    return [factor for factor in active if factor not in taken] or active


def question_for(world: World, pool: Pool, user: User) -> Asked:
    none_preferred = world.switches.get(Switch.none_preferred, pool.id)
    active = active_of(world, pool, user)
    eligible = world.plays(Switch.recovery_channel_asked, "yes", pool)
    if mode_of(pool) == "ON" and user.mfa_preferred is None and not eligible:
        active = _without_recovery(pool, active)
    return what_is_asked(
        mode_of(pool), active, user.mfa_preferred,
        none_preferred=none_preferred,
    )  # fmt: skip
