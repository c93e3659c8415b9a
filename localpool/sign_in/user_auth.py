"""USER_AUTH: choice-based sign-in, in which the user chooses the first factor.

Sources: `API/InitiateAuth`, `DG/amazon-cognito-user-pools-authentication-flow-methods`, BLK; the
step-up parameters: `DG/cognito-user-pools-step-up-authentication`.
"""

import json
from typing import Any

from localpool.rules import FactorRule, Refusal, SignInRule, Switch
from localpool.sign_in import challenges, passkey_sign_in, srp_challenges, step_up, tokens
from localpool.sign_in.attempts import check_lock_out
from localpool.sign_in.challenges import required
from localpool.sign_in.mfa import mfa_mode, next_challenge_for, offered_factors
from localpool.sign_in.passwords import check_may_sign_in, check_password
from localpool.state import outbox
from localpool.state.records import EMAIL, SMS, Challenge, Pool, User
from localpool.state.world import SignIn, digits

SELECT, PASSWORD, PASSWORD_SRP = "SELECT_CHALLENGE", "PASSWORD", "PASSWORD_SRP"
SMS_OTP, EMAIL_OTP, WEB_AUTHN = "SMS_OTP", "EMAIL_OTP", "WEB_AUTHN"
_CHANNEL = {SMS_OTP: SMS, EMAIL_OTP: EMAIL}


def available(pool: Pool, user: User) -> list[str]:
    """The first factors that this user can choose, in the order of the pool's sign-in policy.

    A code by text or mail needs the factor in the pool's MFA configuration (SEEN BLK). No MFA can
    follow it, so a pool that requires MFA does not offer it.
    """
    allowed = pool.settings.get("Policies", {}).get("SignInPolicy", {})
    able = {
        "PASSWORD": [PASSWORD, PASSWORD_SRP] if user.password_hash else [],
        "EMAIL_OTP": [EMAIL_OTP] if _has_verified(pool, user, EMAIL) else [],
        "SMS_OTP": [SMS_OTP] if _has_verified(pool, user, SMS) else [],
        "WEB_AUTHN": [WEB_AUTHN] if user.passkeys else [],
    }
    order = allowed.get("AllowedFirstAuthFactors", ["PASSWORD"])
    return [challenge for factor in order for challenge in able.get(factor, [])]


def _has_verified(pool: Pool, user: User, factor: str) -> bool:
    attribute = outbox.CHANNELS[factor][1]
    verified = user.attributes.get(f"{attribute}_verified") == "true"
    return verified and factor in offered_factors(pool) and mfa_mode(pool) != "ON"


def first_challenge(sign_in: SignIn, given: dict[str, str]) -> tuple[Challenge | None, list[str]]:
    """The first challenge, or None if the sign-in is complete, and the methods used so far.

    Errors: FeatureUnavailableInTierException, and those of each first factor.
    """
    pool, user = sign_in.pool, sign_in.user
    if pool.lite:
        raise Refusal(SignInRule.USER_AUTH_NEEDS_TIER)
    if "ACCESS_TOKEN" in given:
        stepped = _step_up(sign_in, given)
        if stepped is not None:
            return stepped
    check_may_sign_in(sign_in.world, pool, user)
    check_lock_out(sign_in.world, user)
    able = available(pool, user)
    preferred = given.get("PREFERRED_CHALLENGE", "")
    if preferred in able:
        return _issue(sign_in, preferred, given)
    return challenges.issue(sign_in, SELECT, [], able), []


def _step_up(sign_in: SignIn, given: dict[str, str]) -> tuple[Challenge | None, list[str]] | None:
    """The missing challenge and the methods, or None if the sign-in is older than MAX_AGE."""
    caller = tokens.caller_of(sign_in.world, given["ACCESS_TOKEN"])
    if caller.user is not sign_in.user:
        raise Refusal(SignInRule.ACCESS_INVALID)
    longest = given.get("MAX_AGE", "")
    if longest and not longest.isdecimal():
        raise Refusal(SignInRule.BAD_MAX_AGE)
    age = sign_in.world.clock.seconds() - caller.grant.auth_time
    if longest and age > int(longest):
        return None
    methods = list(caller.grant.methods)
    wanted = {"acr_values": given.get("TARGET_ACR_VALUES", "")}
    return step_up.missing_challenge(sign_in, methods, wanted), methods


def _issue(sign_in: SignIn, name: str, given: dict[str, str]) -> tuple[Challenge | None, list[str]]:
    """Issue the chosen first factor, or check it at once if `given` has its answer."""
    if name == PASSWORD and given.get("PASSWORD"):
        return _password(sign_in, given), ["pwd"]
    if name == PASSWORD_SRP and given.get("SRP_A"):
        return srp_challenges.start_srp(sign_in, given), []
    # A passwordless code has eight digits (SEEN BLK).
    code = digits(8) if name in _CHANNEL else None
    challenge = challenges.issue(sign_in, name, [], code=code)
    if code:
        outbox.send_mfa_code(sign_in.world, sign_in.pool, sign_in.user, _CHANNEL[name], code)
    return challenge, []


def _password(sign_in: SignIn, given: dict[str, str]) -> Challenge | None:
    password = required(given, "PASSWORD")
    check_password(sign_in.world, sign_in.pool, sign_in.user, password, hidden=True)
    return challenges.first_challenge(sign_in, ["pwd"])


def _chosen(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    answer = required(answers, "ANSWER")
    if answer not in challenge.choices:
        raise Refusal(SignInRule.CHOICE_UNKNOWN, answer=answer)
    following, challenge.methods = _issue(sign_in, answer, answers)
    return following


def _given_password(
    sign_in: SignIn, challenge: Challenge, answers: dict[str, str]
) -> Challenge | None:
    challenge.methods = ["pwd"]
    return _password(sign_in, answers)


def _given_srp(sign_in: SignIn, _: Challenge, answers: dict[str, str]) -> Challenge:
    return srp_challenges.start_srp(sign_in, answers)


def _text_code(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    check_lock_out(sign_in.world, sign_in.user)
    challenges.check_message_code(sign_in, challenge, required(answers, "SMS_OTP_CODE"), SMS)
    challenge.methods = ["sms"]


def _passkey(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    """Check the passkey; where it does not satisfy MFA, a switch decides what follows."""
    found = passkey_sign_in.complete_assertion(
        sign_in.world, sign_in.pool, sign_in.client, required(answers, "CREDENTIAL"), sign_in.user
    )
    challenge.methods = [found.method]
    asked = next_challenge_for(sign_in.world, sign_in.pool, sign_in.user)
    if asked.name is None or passkey_sign_in.satisfies_mfa(sign_in.world, sign_in.pool, found):
        return None
    if sign_in.switch(Switch.passkey_before_mfa) == "refuse":
        raise Refusal(FactorRule.PASSKEY_NOT_ENOUGH)
    return challenges.issue(sign_in, asked.name, challenge.methods, list(asked.choices))


def _passkey_options(sign_in: SignIn, _: Challenge) -> dict[str, Any]:
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    options = passkey_sign_in.begin_assertion(world, pool, sign_in.client, user)
    return {"USERNAME": user.username, "CREDENTIAL_REQUEST_OPTIONS": json.dumps(options)}


challenges.RESPONDERS |= {
    SELECT: _chosen,
    PASSWORD: _given_password,
    PASSWORD_SRP: _given_srp,
    SMS_OTP: _text_code,
    WEB_AUTHN: _passkey,
}
challenges.PARAMETERS[WEB_AUTHN] = _passkey_options
