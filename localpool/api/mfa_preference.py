"""SetUserMFAPreference and AdminSetUserMFAPreference: changes of one user's factors.

Sources: `API/SetUserMFAPreference`, ASW, and for each rule in `FactorRule`. Errors:
InvalidParameterException.
"""

from localpool.rules import FactorRule, Refusal, Switch
from localpool.sign_in.mfa import active_factors_of, mfa_mode, offered_factors, ready_factors
from localpool.sign_in.webauthn import is_mfa
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


def apply(world: World, pool: Pool, user: User, request: Json) -> Json:
    """Apply the blocks in turn; `bad_block_among_good` says if a bad one undoes the others."""
    blocks = {factor: request[name] for name, factor in BLOCKS.items() if name in request}
    passkey = request.get("WebAuthnMfaSettings")
    if user.federated or (not blocks and passkey is None):
        return {}
    if mfa_mode(pool) == "OFF" and world.switch_is(Switch.pool_off_preference, "refuse", pool):
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
    except Refusal:
        if world.switch_is(Switch.bad_block_among_good, "atomic", pool):
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
    """Turn a factor on; SMS works with an unverified phone or a pool without SMS (SEEN)."""
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
        and world.switch_is(Switch.off_block_never_set_up, "refuse", pool)
    ):
        raise Refusal(_OFF_NEVER_SET_UP[factor])
    if mfa_mode(pool) == "ON":
        if world.switch_is(Switch.disable_in_required_pool, "refuse", pool):
            raise Refusal(FactorRule.REQUIRED_POOL_REFUSES)
        return
    if (
        user.passkey_mfa
        and user.mfa_on == [factor]
        and world.switch_is(Switch.last_factor_off_under_passkey, "refuse", pool)
    ):
        raise Refusal(FactorRule.LAST_UNDER_PASSKEY)
    forget_factor(user, factor)


def forget_factor(user: User, factor: str) -> None:
    user.mfa_on = [on for on in user.mfa_on if on != factor]
    if user.mfa_preferred == factor:
        user.mfa_preferred = None


def _set_passkey(pool: Pool, user: User, block: Json | None) -> None:
    """Turn passkey MFA on or off; turning it on needs another factor that is on (DOC)."""
    if block is None:
        return
    if block.get("Enabled"):
        if not is_mfa(pool) or pool.lite:
            raise Refusal(FactorRule.PASSKEY_NOT_IN_POOL)
        if not user.mfa_on:
            raise Refusal(FactorRule.PASSKEY_ALONE)
    user.passkey_mfa = block.get("Enabled", False)


def setting_members(world: World, pool: Pool, user: User) -> Json:
    """UserMFASettingList and PreferredMfaSetting, which are absent when empty (SEEN ASW)."""
    factors = active_factors_of(world, pool, user) if mfa_mode(pool) == "ON" else list(user.mfa_on)
    if mfa_mode(pool) == "ON" and world.switch_is(
        Switch.setting_list_in_required_pool, "empty", pool
    ):
        factors = []
    members: Json = {"UserMFASettingList": factors} if factors else {}
    if user.mfa_preferred:
        members["PreferredMfaSetting"] = user.mfa_preferred
    return members
