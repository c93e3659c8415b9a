"""The operations of a user's own access token, of scope `aws.cognito.signin.user.admin`.

Sources: `API/GetUser`, `API/GetUserAuthFactors`, `API/SetUserMFAPreference`,
`API/AssociateSoftwareToken`, `API/VerifySoftwareToken`, `DG/user-pool-settings-mfa-totp`.
Errors: NotAuthorizedException for the token, and those of `FactorRule`.
"""

from localpool.api import mfa_preference
from localpool.api.members import attribute_list
from localpool.api.registry import operation
from localpool.rules import FactorRule, Refusal, SignInRule, Switch
from localpool.sign_in.challenges import find_open, renew_session
from localpool.sign_in.mfa import offered_factors
from localpool.sign_in.tokens import ADMIN_SCOPE, caller_of, sign_out_everywhere, visible_attributes
from localpool.state import totp
from localpool.state.records import TOTP, Challenge, Json, Pool, SoftwareToken, User
from localpool.state.world import World


@operation("GetUser")
def get_user(world: World, request: Json) -> Json:
    """The user's attributes and MFA settings, which are absent when nothing is on."""
    caller = caller_of(world, request["AccessToken"])
    client = caller.pool.clients[caller.grant.client_id]
    attributes = visible_attributes(client, caller.user, [ADMIN_SCOPE])
    return {
        "Username": caller.user.username,
        "UserAttributes": attribute_list(attributes),
    } | mfa_preference.setting_members(world, caller.pool, caller.user)


@operation("GetUserAuthFactors")
def get_user_auth_factors(world: World, request: Json) -> Json:
    """The user's factors, with an app that is set up but off, which GetUser does not show."""
    caller = caller_of(world, request["AccessToken"])
    listed = world.switch_is(Switch.software_token_in_auth_factors, "yes", caller.pool)
    has = {
        "PASSWORD": caller.user.password_hash is not None,
        "EMAIL_OTP": caller.user.attributes.get("email_verified") == "true",
        "SMS_OTP": caller.user.attributes.get("phone_number_verified") == "true",
        "WEB_AUTHN": bool(caller.user.passkeys),
        "SOFTWARE_TOKEN": caller.user.token is not None and listed,
    }
    return {
        "Username": caller.user.username,
        "ConfiguredUserAuthFactors": [factor for factor, yes in has.items() if yes],
    } | mfa_preference.setting_members(world, caller.pool, caller.user)


@operation("SetUserMFAPreference")
def set_user_mfa_preference(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    return mfa_preference.apply(world, caller.pool, caller.user, request)


@operation("GlobalSignOut")
def global_sign_out(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    sign_out_everywhere(caller.pool, caller.user)
    return {}


@operation("AssociateSoftwareToken")
def associate_software_token(world: World, request: Json) -> Json:
    """Store a new pending secret, which replaces an earlier pending one."""
    pool, user, challenge = _user_of_request(world, request)
    token = totp.new_token()
    if challenge:
        challenge.pending_token, challenge.verified = token, False
        return {"SecretCode": token.secret, "Session": renew_session(pool, challenge)}
    user.pending_token = token
    if world.switch_is(Switch.associate_over_verified, "drop", pool):
        user.token = None
    return {"SecretCode": token.secret}


@operation("VerifySoftwareToken")
def verify_software_token(world: World, request: Json) -> Json:
    """Make the pending secret the user's authenticator app, if the code is right.

    This does not turn TOTP on; SetUserMFAPreference does (SEEN BLK, ASW).
    """
    pool, user, challenge = _user_of_request(world, request)
    pending = challenge.pending_token if challenge else user.pending_token
    token = pending or user.token
    if token is None:
        raise Refusal(FactorRule.NOTHING_TO_VERIFY)
    checked = totp.use_code(token, request["UserCode"], world.clock.seconds())
    if checked is totp.CodeCheck.USED:
        raise Refusal(FactorRule.REUSED_AT_VERIFY)
    if checked is totp.CodeCheck.WRONG:
        if world.switch_is(Switch.wrong_code_at_verify, "status-error", pool):
            return {"Status": "ERROR"}
        raise Refusal(FactorRule.WRONG_CODE_AT_VERIFY)
    adopt(world, pool, user, token, name=request.get("FriendlyDeviceName"), challenge=challenge)
    session = {"Session": renew_session(pool, challenge)} if challenge else {}
    return {"Status": "SUCCESS"} | session


def adopt(
    world: World, pool: Pool, user: User, token: SoftwareToken, *, name: str | None,
    challenge: Challenge | None,
) -> None:  # fmt: skip
    """Store a verified secret as the user's app; in MFA_SETUP also turn TOTP on."""
    token.name = name
    user.token, user.pending_token, user.modified = token, None, world.now()
    if challenge is None:
        return
    challenge.pending_token, challenge.verified = None, True
    challenge.methods = [*challenge.methods, "otp"]
    if TOTP not in user.mfa_on and world.switch_is(Switch.mfa_setup_turns_on, "yes", pool):
        user.mfa_on.append(TOTP)


def _user_of_request(world: World, request: Json) -> tuple[Pool, User, Challenge | None]:
    """The user of the access token, or of the session of an MFA_SETUP challenge."""
    if ("AccessToken" in request) == ("Session" in request):
        raise Refusal(FactorRule.TOKEN_OR_SESSION)
    challenge = None
    if "AccessToken" in request:
        caller = caller_of(world, request["AccessToken"])
        pool, user = caller.pool, caller.user
    else:
        pool = _pool_of(world, request["Session"])
        challenge, user = find_open(world, pool, request["Session"])
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
