"""SetUserMFAPreference and its admin twin: blocks to a change of one person's factors.

Sources: `API/SetUserMFAPreference`, ASW, and per rule in `rules`. Errors:
InvalidParameterException.
"""

from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.sign_in.mfa import active_of, mode_of, offered_factors, ready_factors
from localpool.state.records import EMAIL, SMS, TOTP, Json, Pool, User
from localpool.state.world import World

BLOCKS = {
    "SMSMfaSettings": SMS,
    "SoftwareTokenMfaSettings": TOTP,
    "EmailMfaSettings": EMAIL,
}
_NOT_READY = {
    SMS: FactorRule.SMS_NOT_READY,
    TOTP: FactorRule.TOTP_NOT_READY,
    EMAIL: FactorRule.EMAIL_NOT_READY,
}
_OFF_NEVER_SET_UP = {SMS: FactorRule.SMS_OFF_NO_PHONE, TOTP: FactorRule.TOTP_OFF_NEVER_SET_UP}


def apply(world: World, pool: Pool, user: User, ask: Json) -> Json:
    """Block by block, so that a bad one may leave half a change: `bad_block_among_good`."""
    blocks = {factor: ask[name] for name, factor in BLOCKS.items() if name in ask}
    passkey = ask.get("WebAuthnMfaSettings")
    if user.federated or (not blocks and passkey is None):
        return {}
    if mode_of(pool) == "OFF" and world.plays(Switch.pool_off_preference, "refuse", pool):
        raise Refusal(FactorRule.POOL_OFF_REFUSES)
    _check_preferred(blocks)
    before = (list(user.mfa_on), user.mfa_preferred, user.passkey_mfa)
    try:
        for factor, block in blocks.items():
            if block.get("Enabled", False):
                _turn_on(pool, user, factor, preferred=block.get("PreferredMfa", False))
            else:
                _turn_off(world, pool, user, factor)
        _set_passkey(pool, user, passkey)
    except Exception:  # Whatever stopped it: what the blocks before it did is taken back or stays.
        if world.plays(Switch.bad_block_among_good, "atomic", pool):
            user.mfa_on, user.mfa_preferred, user.passkey_mfa = before
        raise
    user.modified = world.now()
    return {}


def _check_preferred(blocks: dict[str, Json]) -> None:
    preferred = [block for block in blocks.values() if block.get("PreferredMfa")]
    if len(preferred) > 1:
        raise Refusal(FactorRule.TWO_PREFERRED)
    if preferred and not preferred[0].get("Enabled"):
        raise Refusal(FactorRule.PREFERRED_BUT_OFF)


def _turn_on(pool: Pool, user: User, factor: str, *, preferred: bool) -> None:
    """SMS is accepted with an unverified phone, and where the pool does not offer it (SEEN)."""
    if factor == EMAIL and EMAIL not in offered_factors(pool):
        raise Refusal(FactorRule.EMAIL_NOT_IN_POOL)
    if factor not in ready_factors(user):
        raise Refusal(_NOT_READY[factor])
    if factor not in user.mfa_on:
        user.mfa_on.append(factor)
    if preferred:
        user.mfa_preferred = factor
    elif user.mfa_preferred == factor:
        user.mfa_preferred = None


def _turn_off(world: World, pool: Pool, user: User, factor: str) -> None:
    if (
        factor in _OFF_NEVER_SET_UP
        and factor not in {*ready_factors(user), *user.mfa_on}
        and world.plays(Switch.off_block_never_set_up, "refuse", pool)
    ):
        raise Refusal(_OFF_NEVER_SET_UP[factor])
    if mode_of(pool) == "ON":
        if world.plays(Switch.disable_in_required_pool, "refuse", pool):
            raise Refusal(FactorRule.REQUIRED_POOL_REFUSES)
        return
    if (
        user.passkey_mfa
        and user.mfa_on == [factor]
        and world.plays(Switch.last_factor_off_under_passkey, "refuse", pool)
    ):
        raise Refusal(FactorRule.LAST_UNDER_PASSKEY)
    forget_factor(user, factor)


def forget_factor(user: User, factor: str) -> None:
    user.mfa_on = [on for on in user.mfa_on if on != factor]
    if user.mfa_preferred == factor:
        user.mfa_preferred = None


def _set_passkey(pool: Pool, user: User, block: Json | None) -> None:
    """Passkeys as MFA: no PreferredMfa, and another factor must be on (DOC)."""
    if block is None:
        return
    if block.get("Enabled"):
        passkeys = pool.mfa.get("WebAuthnConfiguration", {})
        multi = passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
        if not multi or pool.settings["UserPoolTier"] == "LITE":
            raise Refusal(FactorRule.PASSKEY_NOT_IN_POOL)
        if not user.mfa_on:
            raise Refusal(FactorRule.PASSKEY_ALONE)
    user.passkey_mfa = block.get("Enabled", False)


def shown(world: World, pool: Pool, user: User) -> Json:
    """UserMFASettingList and PreferredMfaSetting; absent when empty (SEEN ASW)."""
    factors = active_of(world, pool, user) if mode_of(pool) == "ON" else list(user.mfa_on)
    if mode_of(pool) == "ON" and world.plays(Switch.setting_list_in_required_pool, "empty", pool):
        factors = []
    members: Json = {"UserMFASettingList": factors} if factors else {}
    if user.mfa_preferred:
        members["PreferredMfaSetting"] = user.mfa_preferred
    return members
