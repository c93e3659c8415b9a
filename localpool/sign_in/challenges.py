"""The questions of a sign-in: posed, shown, answered, used up. The API and the pages share it.

Sources: `API/RespondToAuthChallenge`, `DG/authentication`, BLK.
"""

import json
from collections.abc import Callable
from datetime import timedelta

from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.rules.user_rules import UserRule
from localpool.sign_in import devices
from localpool.sign_in.mfa import Asked, mode_of, offered_factors, question_for
from localpool.sign_in.passwords import (
    count_failure,
    forget_failures,
    refuse_locked_out,
    set_password,
)
from localpool.state import outbox, totp
from localpool.state.records import EMAIL, SMS, TOTP, Challenge, Pool, User
from localpool.state.world import SignIn, World, new_id, opaque

METHODS = {SMS: "sms", TOTP: "otp", EMAIL: "email_otp"}
CODE_ANSWERS = {
    SMS: "SMS_MFA_CODE",
    TOTP: "SOFTWARE_TOKEN_MFA_CODE",
    EMAIL: "EMAIL_OTP_CODE",
}


def begin(sign_in: SignIn, methods: list[str]) -> Challenge | None:
    """The first question after a right password; None means that the sign-in is complete."""
    if sign_in.user.status == "FORCE_CHANGE_PASSWORD":
        return pose(sign_in, "NEW_PASSWORD_REQUIRED", methods)
    return _ask_factor(sign_in, methods)


def _ask_factor(sign_in: SignIn, methods: list[str]) -> Challenge | None:
    asked = question_for(sign_in.world, sign_in.pool, sign_in.user)
    first, sign_in.user.first_sign_in = sign_in.user.first_sign_in, False
    if first and mode_of(sign_in.pool) == "ON":
        asked = Asked(None)
    device = devices.remembered(sign_in)
    instead = device and asked.name != "MFA_SETUP" and devices.replaces_factor(sign_in.pool)
    if instead or (device and asked.name is None):
        return pose(sign_in, "DEVICE_SRP_AUTH", methods)
    if asked.name is None:
        forget_failures(sign_in.user)
        return None
    return pose(sign_in, asked.name, methods, list(asked.choices))


def pose(
    sign_in: SignIn, name: str, methods: list[str], choices: list[str] | None = None,
    *, code: str | None = None,
) -> Challenge:  # fmt: skip
    """Write the challenge down and, for a text or mail, send the code; `code` is sent already."""
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
        challenge.code = new_id(6, "0123456789")
        outbox.send_code(world, pool, user, name, challenge.code)
    stale = [key for key, old in pool.challenges.items() if now > old.expires + timedelta(hours=1)]
    for key in stale:
        del pool.challenges[key]
    pool.challenges[challenge.session] = challenge
    return challenge


def find(world: World, pool: Pool, session: str | None) -> tuple[Challenge, User]:
    """The open challenge of a session string.

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


def renew(pool: Pool, challenge: Challenge) -> str:
    """A new session string for the same challenge; the old one is used up."""
    old = Challenge(**vars(challenge) | {"used": True, "pending_token": None})
    pool.challenges[old.session] = old
    challenge.session = opaque()
    pool.challenges[challenge.session] = challenge
    return challenge.session


def parameters(sign_in: SignIn, challenge: Challenge) -> dict[str, str]:
    """ChallengeParameters, all strings."""
    user, name = sign_in.user, challenge.name
    if name in SHOWN:
        return SHOWN[name](sign_in, challenge)
    shown = {"USER_ID_FOR_SRP": user.username}
    if name in (SMS, EMAIL):
        channel, attribute = outbox.CHANNELS[name]
        shown["CODE_DELIVERY_DELIVERY_MEDIUM"] = channel.upper()
        shown["CODE_DELIVERY_DESTINATION"] = outbox.masked(user.attributes.get(attribute, ""))
    elif name == TOTP and user.token and user.token.name:
        shown["FRIENDLY_DEVICE_NAME"] = user.token.name
    elif name == "SELECT_MFA_TYPE":
        email = sign_in.plays(Switch.email_answer)
        names = [email if choice == EMAIL else choice for choice in challenge.choices]
        shown["MFAS_CAN_CHOOSE"] = json.dumps(names)
    elif name == "MFA_SETUP":
        shown["MFAS_CAN_SETUP"] = json.dumps(challenge.choices)
    elif name == "NEW_PASSWORD_REQUIRED":
        visible = {name: value for name, value in user.attributes.items() if name != "sub"}
        shown |= {"requiredAttributes": "[]", "userAttributes": json.dumps(visible)}
    return shown


def respond(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge | None:
    """Judge the answers: the next challenge, or None when the sign-in is complete.

    Errors: CodeMismatchException, ExpiredCodeException, InvalidParameterException,
    InvalidPasswordException, NotAuthorizedException.
    """
    following = ANSWERS[challenge.name](sign_in, challenge, answers)
    challenge.used = True
    if following is None and challenge.name in CODE_ANSWERS and devices.remembered(sign_in):
        following = pose(sign_in, "DEVICE_SRP_AUTH", challenge.methods)
    if following is None:
        forget_failures(sign_in.user)
    return following


_Answer = Callable[[SignIn, Challenge, dict[str, str]], Challenge | None]


def _code(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    refuse_locked_out(sign_in.world, sign_in.user)
    code = needed(answers, CODE_ANSWERS[challenge.name])
    if challenge.name == TOTP:
        _judge_totp(sign_in, challenge, code)
    else:
        judge_message(sign_in, challenge, code, challenge.name)
    challenge.methods = [*challenge.methods, METHODS[challenge.name]]


def judge_message(sign_in: SignIn, challenge: Challenge, code: str, factor: str) -> None:
    """Errors: CodeMismatchException."""
    if code != challenge.code:
        _wrong(sign_in, challenge)
        raise Refusal(SignInRule.WRONG_MESSAGE_CODE)
    _verify_contact(sign_in.user, outbox.CHANNELS[factor][1])


def _verify_contact(user: User, attribute: str) -> None:
    """The code arrived, so the contact is theirs (SEEN AJ#11259), if it is still there."""
    if attribute in user.attributes:
        user.attributes[f"{attribute}_verified"] = "true"


def _judge_totp(sign_in: SignIn, challenge: Challenge, code: str) -> None:
    verdict = totp.Verdict.WRONG
    if sign_in.user.token:
        verdict = totp.present(sign_in.user.token, code, sign_in.world.clock.seconds())
    if verdict is totp.Verdict.WRONG:
        _wrong(sign_in, challenge)
        raise Refusal(SignInRule.WRONG_TOTP, text=sign_in.plays(Switch.wrong_totp_text))
    if verdict is totp.Verdict.USED:
        raise Refusal(SignInRule.TOTP_REUSED)


def _wrong(sign_in: SignIn, challenge: Challenge) -> None:
    count_failure(sign_in.world, sign_in.pool, sign_in.user)
    challenge.used = sign_in.plays(Switch.wrong_code_keeps_session) == "no"


def _choice(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge:
    answer = needed(answers, "ANSWER")
    email = sign_in.plays(Switch.email_answer)
    factor = {EMAIL: "", email: EMAIL}.get(answer, answer)
    if factor not in challenge.choices:
        raise Refusal(SignInRule.CHOICE_UNKNOWN, answer=answer)
    return pose(sign_in, factor, challenge.methods)


def _new_password(
    sign_in: SignIn, challenge: Challenge, answers: dict[str, str]
) -> Challenge | None:
    set_password(sign_in.world, sign_in.pool, sign_in.user, needed(answers, "NEW_PASSWORD"))
    sign_in.user.status = "CONFIRMED"
    return _ask_factor(sign_in, challenge.methods)


def _set_up(_: SignIn, challenge: Challenge, __: dict[str, str]) -> None:
    """Tokens come directly (SEEN BLK), though the guide allows for one more challenge."""
    if not challenge.verified:
        raise Refusal(SignInRule.SETUP_UNVERIFIED)


ANSWERS: dict[str, _Answer] = {
    SMS: _code,
    TOTP: _code,
    EMAIL: _code,
    "SELECT_MFA_TYPE": _choice,
    "NEW_PASSWORD_REQUIRED": _new_password,
    "MFA_SETUP": _set_up,
}


# What a module of its own shows of its challenges, and how it judges them (see above).
SHOWN: dict[str, Callable[[SignIn, Challenge], dict[str, str]]] = {}


def needed(given: dict[str, str], name: str) -> str:
    """Errors: InvalidParameterException."""
    if not given.get(name):
        raise Refusal(SignInRule.PARAMETER_MISSING, name=name)
    return given[name]
