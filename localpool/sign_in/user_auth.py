"""USER_AUTH: a sign-in that begins with whichever first factor the person has and chooses.

Sources: `API/InitiateAuth`, `DG/amazon-cognito-user-pools-authentication-flow-methods`, BLK; the
step-up parameters: `DG/cognito-user-pools-step-up-authentication`.
"""

import json
from typing import Any

from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.sign_in import challenges, passkey_sign_in, srp_challenges, step_up, tokens
from localpool.sign_in.challenges import needed
from localpool.sign_in.mfa import mode_of, offered_factors, question_for
from localpool.sign_in.passwords import admit, check_password, refuse_locked_out
from localpool.state import outbox
from localpool.state.records import EMAIL, SMS, Challenge, Pool, User
from localpool.state.world import SignIn, new_id

SELECT, PASSWORD, PASSWORD_SRP = "SELECT_CHALLENGE", "PASSWORD", "PASSWORD_SRP"
SMS_OTP, EMAIL_OTP, WEB_AUTHN = "SMS_OTP", "EMAIL_OTP", "WEB_AUTHN"
_CHANNEL = {SMS_OTP: SMS, EMAIL_OTP: EMAIL}


def available(pool: Pool, user: User) -> list[str]:
    """What this person can begin with, in the order of the pool's sign-in policy.

    A code by text or mail needs the factor in the pool's MFA configuration (SEEN BLK), and stands
    for itself: nobody can add MFA to such a session, so a pool that requires MFA has none.
    """
    allowed = pool.settings.get("Policies", {}).get("SignInPolicy", {})
    able = {
        "PASSWORD": [PASSWORD, PASSWORD_SRP] if user.password_hash else [],
        "EMAIL_OTP": [EMAIL_OTP] if _proved(pool, user, EMAIL) else [],
        "SMS_OTP": [SMS_OTP] if _proved(pool, user, SMS) else [],
        "WEB_AUTHN": [WEB_AUTHN] if user.passkeys else [],
    }
    order = allowed.get("AllowedFirstAuthFactors", ["PASSWORD"])
    return [challenge for factor in order for challenge in able.get(factor, [])]


def _proved(pool: Pool, user: User, factor: str) -> bool:
    attribute = outbox.CHANNELS[factor][1]
    verified = user.attributes.get(f"{attribute}_verified") == "true"
    return verified and factor in offered_factors(pool) and mode_of(pool) != "ON"


def begin(sign_in: SignIn, given: dict[str, str]) -> tuple[Challenge | None, list[str]]:
    """The first challenge, and how the person has proved themself so far; None: that is enough.

    Errors: FeatureUnavailableInTierException, and those of each first factor.
    """
    pool, user = sign_in.pool, sign_in.user
    if pool.settings["UserPoolTier"] == "LITE":
        raise Refusal(SignInRule.USER_AUTH_NEEDS_TIER)
    if "ACCESS_TOKEN" in given:
        stepped = _step_up(sign_in, given)
        if stepped is not None:
            return stepped
    admit(sign_in.world, pool, user)
    refuse_locked_out(sign_in.world, user)
    able = available(pool, user)
    preferred = given.get("PREFERRED_CHALLENGE", "")
    if preferred in able:
        return _pose(sign_in, preferred, given)
    return challenges.pose(sign_in, SELECT, [], able), []


def _step_up(sign_in: SignIn, given: dict[str, str]) -> tuple[Challenge | None, list[str]] | None:
    """What is missing for the level asked for, or None where MAX_AGE wants a new sign-in."""
    me = tokens.person(sign_in.world, given["ACCESS_TOKEN"])
    if me.user is not sign_in.user:
        raise Refusal(SignInRule.ACCESS_INVALID)
    longest = given.get("MAX_AGE", "")
    if longest and not longest.isdecimal():
        raise Refusal(SignInRule.BAD_MAX_AGE)
    age = sign_in.world.clock.seconds() - me.grant.auth_time
    if longest and age > int(longest):
        return None
    methods = list(me.grant.methods)
    wanted = {"acr_values": given.get("TARGET_ACR_VALUES", "")}
    return step_up.question(sign_in, methods, wanted), methods


def _pose(sign_in: SignIn, name: str, given: dict[str, str]) -> tuple[Challenge | None, list[str]]:
    """A first factor; one whose proof is in `given` already is judged at once."""
    if name == PASSWORD and given.get("PASSWORD"):
        return _password(sign_in, given), ["pwd"]
    if name == PASSWORD_SRP and given.get("SRP_A"):
        return srp_challenges.start_srp(sign_in, given), []
    # A passwordless code has eight digits (SEEN BLK).
    code = new_id(8, "0123456789") if name in _CHANNEL else None
    challenge = challenges.pose(sign_in, name, [], code=code)
    if code:
        outbox.send_code(sign_in.world, sign_in.pool, sign_in.user, _CHANNEL[name], code)
    return challenge, []


def _password(sign_in: SignIn, given: dict[str, str]) -> Challenge | None:
    password = needed(given, "PASSWORD")
    check_password(sign_in.world, sign_in.pool, sign_in.user, password, hidden=True)
    return challenges.begin(sign_in, ["pwd"])


def _chosen(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    answer = needed(answers, "ANSWER")
    if answer not in challenge.choices:
        raise Refusal(SignInRule.CHOICE_UNKNOWN, answer=answer)
    following, challenge.methods = _pose(sign_in, answer, answers)
    return following


def _given_password(
    sign_in: SignIn, challenge: Challenge, answers: dict[str, str]
) -> Challenge | None:
    challenge.methods = ["pwd"]
    return _password(sign_in, answers)


def _given_srp(sign_in: SignIn, _: Challenge, answers: dict[str, str]) -> Challenge:
    return srp_challenges.start_srp(sign_in, answers)


def _text_code(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    refuse_locked_out(sign_in.world, sign_in.user)
    challenges.judge_message(sign_in, challenge, needed(answers, "SMS_OTP_CODE"), SMS)
    challenge.methods = ["sms"]


def _passkey(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    """A passkey that is not enough where MFA is on is refused, or MFA follows (a switch)."""
    found = passkey_sign_in.complete_assertion(
        sign_in.world, sign_in.pool, sign_in.client, needed(answers, "CREDENTIAL"), sign_in.user
    )
    challenge.methods = [found.method]
    asked = question_for(sign_in.world, sign_in.pool, sign_in.user)
    if asked.name is None or passkey_sign_in.satisfies_mfa(sign_in.world, sign_in.pool, found):
        return None
    if sign_in.plays(Switch.passkey_before_mfa) == "refuse":
        raise Refusal(FactorRule.PASSKEY_NOT_ENOUGH)
    return challenges.pose(sign_in, asked.name, challenge.methods, list(asked.choices))


def _passkey_options(sign_in: SignIn, _: Challenge) -> dict[str, Any]:
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    options = passkey_sign_in.begin_assertion(world, pool, sign_in.client, user)
    return {"USERNAME": user.username, "CREDENTIAL_REQUEST_OPTIONS": json.dumps(options)}


challenges.ANSWERS |= {
    SELECT: _chosen,
    PASSWORD: _given_password,
    PASSWORD_SRP: _given_srp,
    SMS_OTP: _text_code,
    WEB_AUTHN: _passkey,
}
challenges.SHOWN[WEB_AUTHN] = _passkey_options
