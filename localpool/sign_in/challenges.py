"""The challenges of a sign-in: issued, shown and answered, for the API and the hosted pages.

Sources: `API/RespondToAuthChallenge`, `DG/authentication`, BLK.
"""

import json
from collections.abc import Callable
from datetime import timedelta

from localpool.rules import Refusal, SignInRule, Switch, UserRule
from localpool.sign_in import devices
from localpool.sign_in.attempts import check_lock_out, count_failure, reset_failures
from localpool.sign_in.mfa import NextChallenge, mfa_mode, next_challenge_for, offered_factors
from localpool.sign_in.passwords import set_password
from localpool.state import outbox, totp
from localpool.state.records import EMAIL, SMS, TOTP, Challenge, Pool, User
from localpool.state.world import SignIn, World, digits, opaque

METHODS = {SMS: "sms", TOTP: "otp", EMAIL: "email_otp"}
CODE_ANSWERS = {
    SMS: "SMS_MFA_CODE",
    TOTP: "SOFTWARE_TOKEN_MFA_CODE",
    EMAIL: "EMAIL_OTP_CODE",
}


def first_challenge(sign_in: SignIn, methods: list[str]) -> Challenge | None:
    """The first challenge after a right password, or None if the sign-in is complete."""
    if sign_in.user.status == "FORCE_CHANGE_PASSWORD":
        return issue(sign_in, "NEW_PASSWORD_REQUIRED", methods)
    return _first_factor_challenge(sign_in, methods)


def _first_factor_challenge(sign_in: SignIn, methods: list[str]) -> Challenge | None:
    following = next_challenge_for(sign_in.world, sign_in.pool, sign_in.user)
    first, sign_in.user.first_sign_in = sign_in.user.first_sign_in, False
    if first and mfa_mode(sign_in.pool) == "ON":
        following = NextChallenge(None)
    device = devices.remembered(sign_in)
    instead = device and following.name != "MFA_SETUP" and devices.replaces_factor(sign_in.pool)
    if instead or (device and following.name is None):
        return issue(sign_in, "DEVICE_SRP_AUTH", methods)
    if following.name is None:
        reset_failures(sign_in.user)
        return None
    return issue(sign_in, following.name, methods, list(following.choices))


def issue(
    sign_in: SignIn, name: str, methods: list[str], choices: list[str] | None = None,
    *, code: str | None = None,
) -> Challenge:  # fmt: skip
    """Store a new challenge and send its text or mail, unless the caller sends `code`."""
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    now = world.now()
    minutes = sign_in.client.settings["AuthSessionValidity"]
    challenge = Challenge(
        session=opaque(), client_id=sign_in.client.id, sub=user.sub, name=name,
        expires=now + timedelta(minutes=minutes), choices=choices or [], methods=methods,
        device_key=sign_in.device_key, code=code,
    )  # fmt: skip
    if name == "MFA_SETUP":
        challenge.choices = offered_factors(pool)
    if name in (SMS, EMAIL) and code is None:
        challenge.code = digits(6)
        outbox.send_mfa_code(world, pool, user, name, challenge.code)
    stale = [key for key, old in pool.challenges.items() if now > old.expires + timedelta(hours=1)]
    for key in stale:
        del pool.challenges[key]
    pool.challenges[challenge.session] = challenge
    return challenge


def find_open(world: World, pool: Pool, session: str | None) -> tuple[Challenge, User]:
    """The open challenge of a session string, and its user.

    Errors: NotAuthorizedException (unknown, used, expired), UserNotFoundException.
    """
    challenge = pool.challenges.get(session or "")
    if challenge is None:
        raise Refusal(SignInRule.SESSION_UNKNOWN)
    if challenge.used:
        raise Refusal(SignInRule.SESSION_USED)
    if world.now() >= challenge.expires:
        raise Refusal(SignInRule.SESSION_EXPIRED)
    user = pool.users.get(challenge.sub)
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    world.calls.note(username=user.username)
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    return challenge, user


def renew_session(pool: Pool, challenge: Challenge) -> str:
    """Give the challenge a new session string and mark the old one as used."""
    old = Challenge(**vars(challenge) | {"used": True, "pending_token": None})
    pool.challenges[old.session] = old
    challenge.session = opaque()
    pool.challenges[challenge.session] = challenge
    return challenge.session


def parameters(sign_in: SignIn, challenge: Challenge) -> dict[str, str]:
    """The ChallengeParameters; all values are strings."""
    user, name = sign_in.user, challenge.name
    if name in PARAMETERS:
        return PARAMETERS[name](sign_in, challenge)
    shown = {"USER_ID_FOR_SRP": user.username}
    if name in (SMS, EMAIL):
        channel, attribute = outbox.CHANNELS[name]
        shown["CODE_DELIVERY_DELIVERY_MEDIUM"] = channel.upper()
        shown["CODE_DELIVERY_DESTINATION"] = outbox.masked(user.attributes.get(attribute, ""))
    elif name == TOTP and user.token and user.token.name:
        shown["FRIENDLY_DEVICE_NAME"] = user.token.name
    elif name == "SELECT_MFA_TYPE":
        email = sign_in.switch(Switch.email_answer)
        names = [email if choice == EMAIL else choice for choice in challenge.choices]
        shown["MFAS_CAN_CHOOSE"] = json.dumps(names)
    elif name == "MFA_SETUP":
        shown["MFAS_CAN_SETUP"] = json.dumps(challenge.choices)
    elif name == "NEW_PASSWORD_REQUIRED":
        visible = {name: value for name, value in user.attributes.items() if name != "sub"}
        shown |= {"requiredAttributes": "[]", "userAttributes": json.dumps(visible)}
    return shown


def respond(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    """Check the answers; returns the next challenge, or None if the sign-in is complete.

    Errors: CodeMismatchException, ExpiredCodeException, InvalidParameterException,
    InvalidPasswordException, NotAuthorizedException.
    """
    following = RESPONDERS[challenge.name](sign_in, challenge, answers)
    challenge.used = True
    if following is None and challenge.name in CODE_ANSWERS and devices.remembered(sign_in):
        following = issue(sign_in, "DEVICE_SRP_AUTH", challenge.methods)
    if following is None:
        reset_failures(sign_in.user)
    return following


_Responder = Callable[[SignIn, Challenge, dict[str, str]], Challenge | None]


def _code(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    check_lock_out(sign_in.world, sign_in.user)
    code = required(answers, CODE_ANSWERS[challenge.name])
    if challenge.name == TOTP:
        _check_totp(sign_in, challenge, code)
    else:
        check_message_code(sign_in, challenge, code, challenge.name)
    challenge.methods = [*challenge.methods, METHODS[challenge.name]]


def check_message_code(sign_in: SignIn, challenge: Challenge, code: str, factor: str) -> None:
    """Errors: CodeMismatchException."""
    if code != challenge.code:
        _count_wrong_code(sign_in, challenge)
        raise Refusal(SignInRule.WRONG_MESSAGE_CODE)
    _verify_contact(sign_in.user, outbox.CHANNELS[factor][1])


def _verify_contact(user: User, attribute: str) -> None:
    """Mark the contact as verified, since the code arrived there (SEEN AJ#11259)."""
    if attribute in user.attributes:
        user.attributes[f"{attribute}_verified"] = "true"


def _check_totp(sign_in: SignIn, challenge: Challenge, code: str) -> None:
    checked = totp.CodeCheck.WRONG
    if sign_in.user.token:
        checked = totp.use_code(sign_in.user.token, code, sign_in.world.clock.seconds())
    if checked is totp.CodeCheck.WRONG:
        _count_wrong_code(sign_in, challenge)
        raise Refusal(SignInRule.WRONG_TOTP, text=sign_in.switch(Switch.wrong_totp_text))
    if checked is totp.CodeCheck.USED:
        raise Refusal(SignInRule.TOTP_REUSED)


def _count_wrong_code(sign_in: SignIn, challenge: Challenge) -> None:
    count_failure(sign_in.world, sign_in.pool, sign_in.user)
    challenge.used = sign_in.switch(Switch.wrong_code_keeps_session) == "no"


def _choice(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge:
    answer = required(answers, "ANSWER")
    email = sign_in.switch(Switch.email_answer)
    factor = {EMAIL: "", email: EMAIL}.get(answer, answer)
    if factor not in challenge.choices:
        raise Refusal(SignInRule.CHOICE_UNKNOWN, answer=answer)
    return issue(sign_in, factor, challenge.methods)


def _new_password(
    sign_in: SignIn, challenge: Challenge, answers: dict[str, str]
) -> Challenge | None:
    set_password(sign_in.world, sign_in.pool, sign_in.user, required(answers, "NEW_PASSWORD"))
    sign_in.user.status = "CONFIRMED"
    return _first_factor_challenge(sign_in, challenge.methods)


def _set_up(_: SignIn, challenge: Challenge, __: dict[str, str]) -> None:
    """Complete the sign-in (SEEN BLK), though the guide allows for one more challenge."""
    if not challenge.verified:
        raise Refusal(SignInRule.SETUP_UNVERIFIED)


RESPONDERS: dict[str, _Responder] = {
    SMS: _code,
    TOTP: _code,
    EMAIL: _code,
    "SELECT_MFA_TYPE": _choice,
    "NEW_PASSWORD_REQUIRED": _new_password,
    "MFA_SETUP": _set_up,
}


# ChallengeParameters of challenges that other modules add, as they add to RESPONDERS.
PARAMETERS: dict[str, Callable[[SignIn, Challenge], dict[str, str]]] = {}


def required(given: dict[str, str], name: str) -> str:
    """Errors: InvalidParameterException."""
    if not given.get(name):
        raise Refusal(SignInRule.PARAMETER_MISSING, name=name)
    return given[name]
