"""What a person does with their own access token (scope `aws.cognito.signin.user.admin`).

Sources: `API/GetUser`, `API/GetUserAuthFactors`, `API/SetUserMFAPreference`,
`API/AssociateSoftwareToken`, `API/VerifySoftwareToken`, `DG/user-pool-settings-mfa-totp`.
Errors: NotAuthorizedException for the token, and those of `rules`.
"""

from localpool.api import mfa_preference
from localpool.api.members import attribute_list
from localpool.api.registry import operation
from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.sign_in.challenges import find, renew
from localpool.sign_in.mfa import offered_factors
from localpool.sign_in.tokens import ADMIN_SCOPE, person, sign_out_everywhere, visible_attributes
from localpool.state import totp
from localpool.state.records import TOTP, Challenge, Json, Pool, SoftwareToken, User
from localpool.state.world import World


@operation("GetUser")
def get_user(world: World, ask: Json) -> Json:
    """UserMFASettingList and PreferredMfaSetting are absent when nothing is on."""
    me = person(world, ask["AccessToken"])
    client = me.pool.clients[me.grant.client_id]
    attributes = visible_attributes(client, me.user, [ADMIN_SCOPE])
    return {
        "Username": me.user.username,
        "UserAttributes": attribute_list(attributes),
    } | mfa_preference.shown(world, me.pool, me.user)


@operation("GetUserAuthFactors")
def get_user_auth_factors(world: World, ask: Json) -> Json:
    """Also shows an authenticator app that is set up but off, which GetUser does not."""
    me = person(world, ask["AccessToken"])
    listed = world.plays(Switch.software_token_in_auth_factors, "yes", me.pool)
    has = {
        "PASSWORD": me.user.password_hash is not None,
        "EMAIL_OTP": me.user.attributes.get("email_verified") == "true",
        "SMS_OTP": me.user.attributes.get("phone_number_verified") == "true",
        "WEB_AUTHN": bool(me.user.passkeys),
        "SOFTWARE_TOKEN": me.user.token is not None and listed,
    }
    return {
        "Username": me.user.username,
        "ConfiguredUserAuthFactors": [factor for factor, yes in has.items() if yes],
    } | mfa_preference.shown(world, me.pool, me.user)


@operation("SetUserMFAPreference")
def set_user_mfa_preference(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    return mfa_preference.apply(world, me.pool, me.user, ask)


@operation("GlobalSignOut")
def global_sign_out(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    sign_out_everywhere(me.pool, me.user)
    return {}


@operation("AssociateSoftwareToken")
def associate_software_token(world: World, ask: Json) -> Json:
    """A new secret, pending until it is verified; the last one asked for wins."""
    pool, user, challenge = _whose(world, ask)
    token = totp.new_token()
    if challenge:
        challenge.pending_token, challenge.verified = token, False
        return {"SecretCode": token.secret, "Session": renew(pool, challenge)}
    user.pending_token = token
    if world.plays(Switch.associate_over_verified, "drop", pool):
        user.token = None
    return {"SecretCode": token.secret}


@operation("VerifySoftwareToken")
def verify_software_token(world: World, ask: Json) -> Json:
    """The first right code makes the pending secret the person's authenticator app.

    It does not turn TOTP on: that is SetUserMFAPreference (SEEN BLK, ASW).
    """
    pool, user, challenge = _whose(world, ask)
    pending = challenge.pending_token if challenge else user.pending_token
    token = pending or user.token
    if token is None:
        raise Refusal(FactorRule.NOTHING_TO_VERIFY)
    verdict = totp.present(token, ask["UserCode"], world.clock.seconds())
    if verdict is totp.Verdict.USED:
        raise Refusal(FactorRule.REUSED_AT_VERIFY)
    if verdict is totp.Verdict.WRONG:
        if world.plays(Switch.wrong_code_at_verify, "status-error", pool):
            return {"Status": "ERROR"}
        raise Refusal(FactorRule.WRONG_CODE_AT_VERIFY)
    adopt(world, pool, user, token, ask.get("FriendlyDeviceName"), challenge)
    session = {"Session": renew(pool, challenge)} if challenge else {}
    return {"Status": "SUCCESS"} | session


def adopt(
    world: World, pool: Pool, user: User, token: SoftwareToken, name: str | None,
    challenge: Challenge | None,
) -> None:  # fmt: skip
    """The verified secret replaces the old one; in MFA_SETUP it also counts as switched on."""
    token.name = name
    user.token, user.pending_token, user.modified = token, None, world.now()
    if challenge is None:
        return
    challenge.pending_token, challenge.verified = None, True
    challenge.methods = [*challenge.methods, "otp"]
    if TOTP not in user.mfa_on and world.plays(Switch.mfa_setup_turns_on, "yes", pool):
        user.mfa_on.append(TOTP)


def _whose(world: World, ask: Json) -> tuple[Pool, User, Challenge | None]:
    """By access token or by the session of an MFA_SETUP challenge, not both."""
    if ("AccessToken" in ask) == ("Session" in ask):
        raise Refusal(FactorRule.TOKEN_OR_SESSION)
    challenge = None
    if "AccessToken" in ask:
        me = person(world, ask["AccessToken"])
        pool, user = me.pool, me.user
    else:
        pool = _pool_of(world, ask["Session"])
        challenge, user = find(world, pool, ask["Session"])
        if challenge.name != "MFA_SETUP":
            raise Refusal(SignInRule.SESSION_UNKNOWN)
    if TOTP not in offered_factors(pool):
        raise Refusal(FactorRule.TOTP_NOT_IN_POOL)
    return pool, user, challenge


def _pool_of(world: World, session: str) -> Pool:
    for pool in world.state.pools.values():
        if session in pool.challenges:
            world.calls.note(pool_id=pool.id)
            return pool
    raise Refusal(SignInRule.SESSION_UNKNOWN)
