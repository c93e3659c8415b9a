"""What a sign-in is asked, and whether the answer is right. The API and the pages share it.

`what_is_asked` is pure: it decides from data. Around it, a `Challenge` is created, answered and
used up. Sources: `DG/user-pool-settings-mfa#user-pool-settings-mfa-user-outcomes`, BLK, AJ#11260.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from localpool import outbox, totp
from localpool.passwords import count_failure, forget_failures, refuse_locked_out, set_password
from localpool.rules import Rule, refuse
from localpool.state import EMAIL, FACTORS, SMS, TOTP, Challenge, Client, Pool, User
from localpool.switches import Switch
from localpool.world import World, new_id, opaque

METHODS = {SMS: "sms", TOTP: "otp", EMAIL: "email_otp"}
CODE_ANSWERS = {
    SMS: "SMS_MFA_CODE",
    TOTP: "SOFTWARE_TOKEN_MFA_CODE",
    EMAIL: "EMAIL_OTP_CODE",
}


@dataclass(frozen=True)
class Asked:
    """The challenge's name (None: no question) and, for a choice, the factors to choose from."""

    name: str | None
    choices: tuple[str, ...] = ()


def active_factors(mode: str, offered: Collection[str], on: Collection[str], ready: Collection[str]) -> list[str]:
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


def begin(world: World, pool: Pool, client: Client, user: User, methods: list[str]) -> Challenge | None:
    """The first question after a right password; None means that the sign-in is complete."""
    if user.status == "FORCE_CHANGE_PASSWORD":
        return _pose(world, pool, client, user, "NEW_PASSWORD_REQUIRED", methods)
    return _ask_factor(world, pool, client, user, methods)


def _ask_factor(world: World, pool: Pool, client: Client, user: User, methods: list[str]) -> Challenge | None:
    asked = what_is_asked(
        mode_of(pool), active_of(world, pool, user), user.mfa_preferred,
        none_preferred=world.switches.get(Switch.none_preferred, pool.id),
    )  # fmt: skip
    if asked.name is None:
        forget_failures(user)
        return None
    return _pose(world, pool, client, user, asked.name, methods, list(asked.choices))


def _pose(
    world: World, pool: Pool, client: Client, user: User, name: str, methods: list[str],
    choices: list[str] | None = None,
) -> Challenge:  # fmt: skip
    """Write the challenge down and, for a text or mail, send the code."""
    now = world.now()
    minutes = client.settings.get("AuthSessionValidity", 3)
    challenge = Challenge(
        session=opaque(), client_id=client.id, sub=user.sub, name=name,
        expires=now + timedelta(minutes=minutes), choices=choices or [], methods=methods,
    )  # fmt: skip
    if name == "MFA_SETUP":
        challenge.choices = offered_factors(pool)
    if name in (SMS, EMAIL):
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
        raise refuse(Rule.SESSION_UNKNOWN)
    if challenge.used:
        raise refuse(Rule.SESSION_USED)
    if world.now() >= challenge.expires:
        raise refuse(Rule.SESSION_EXPIRED)
    user = pool.users.get(challenge.sub)
    if user is None:
        raise refuse(Rule.USER_MISSING)
    world.calls.note(username=user.username)
    if not user.enabled:
        raise refuse(Rule.DISABLED)
    return challenge, user


def renew(pool: Pool, challenge: Challenge) -> str:
    """A new session string for the same challenge; the old one is used up."""
    old = Challenge(**vars(challenge) | {"used": True, "pending_token": None})
    pool.challenges[old.session] = old
    challenge.session = opaque()
    pool.challenges[challenge.session] = challenge
    return challenge.session


def parameters(world: World, pool: Pool, challenge: Challenge, user: User) -> dict[str, str]:
    """ChallengeParameters, all strings."""
    shown = {"USER_ID_FOR_SRP": user.username}
    if challenge.name in (SMS, EMAIL):
        channel, attribute = outbox.CHANNELS[challenge.name]
        shown["CODE_DELIVERY_DELIVERY_MEDIUM"] = channel.upper()
        shown["CODE_DELIVERY_DESTINATION"] = outbox.masked(user.attributes[attribute])
    elif challenge.name == TOTP and user.token and user.token.name:
        shown["FRIENDLY_DEVICE_NAME"] = user.token.name
    elif challenge.name == "SELECT_MFA_TYPE":
        email = world.switches.get(Switch.email_answer, pool.id)
        names = [email if choice == EMAIL else choice for choice in challenge.choices]
        shown["MFAS_CAN_CHOOSE"] = json.dumps(names)
    elif challenge.name == "MFA_SETUP":
        shown["MFAS_CAN_SETUP"] = json.dumps(challenge.choices)
    elif challenge.name == "NEW_PASSWORD_REQUIRED":
        visible = {name: value for name, value in user.attributes.items() if name != "sub"}
        shown |= {"requiredAttributes": "[]", "userAttributes": json.dumps(visible)}
    return shown


def respond(
    world: World, pool: Pool, client: Client, challenge: Challenge, user: User, answers: dict[str, str]
) -> Challenge | None:
    """Judge the answers: the next challenge, or None when the sign-in is complete.

    Errors: CodeMismatchException, ExpiredCodeException, InvalidParameterException,
    InvalidPasswordException, NotAuthorizedException.
    """
    following = _ANSWERS[challenge.name](world, pool, client, challenge, user, answers)
    challenge.used = True
    if following is None:
        forget_failures(user)
    return following


_Answer = Callable[[World, Pool, Client, Challenge, User, dict[str, str]], Challenge | None]


def _code(
    world: World, pool: Pool, client: Client, challenge: Challenge, user: User, answers: dict[str, str]
) -> None:
    refuse_locked_out(world, user)
    code = needed(answers, CODE_ANSWERS[challenge.name])
    if challenge.name == TOTP:
        _judge_totp(world, pool, challenge, user, code)
    elif code != challenge.code:
        _wrong(world, pool, challenge, user)
        raise refuse(Rule.WRONG_MESSAGE_CODE)
    else:
        attribute = outbox.CHANNELS[challenge.name][1]
        user.attributes[f"{attribute}_verified"] = "true"
    challenge.methods = [*challenge.methods, METHODS[challenge.name]]


def _judge_totp(world: World, pool: Pool, challenge: Challenge, user: User, code: str) -> None:
    verdict = totp.Verdict.WRONG
    if user.token:
        verdict = totp.present(user.token, code, world.clock.seconds())
    if verdict is totp.Verdict.WRONG:
        _wrong(world, pool, challenge, user)
        raise refuse(Rule.WRONG_TOTP, text=world.switches.get(Switch.wrong_totp_text, pool.id))
    if verdict is totp.Verdict.USED:
        raise refuse(Rule.TOTP_REUSED)


def _wrong(world: World, pool: Pool, challenge: Challenge, user: User) -> None:
    count_failure(world, pool, user)
    challenge.used = world.plays(Switch.wrong_code_keeps_session, "no", pool)


def _choice(
    world: World, pool: Pool, client: Client, challenge: Challenge, user: User, answers: dict[str, str]
) -> Challenge:
    answer = needed(answers, "ANSWER")
    email = world.switches.get(Switch.email_answer, pool.id)
    factor = EMAIL if answer == email else answer
    if factor not in challenge.choices or (answer == EMAIL and email != EMAIL):
        raise refuse(Rule.CHOICE_UNKNOWN, answer=answer)
    return _pose(world, pool, client, user, factor, challenge.methods)


def _new_password(
    world: World, pool: Pool, client: Client, challenge: Challenge, user: User, answers: dict[str, str]
) -> Challenge | None:
    set_password(world, pool, user, needed(answers, "NEW_PASSWORD"))
    user.status = "CONFIRMED"
    return _ask_factor(world, pool, client, user, challenge.methods)


def _set_up(
    world: World, pool: Pool, client: Client, challenge: Challenge, user: User, answers: dict[str, str]
) -> None:
    """Tokens come directly (SEEN BLK), though the guide allows for one more challenge."""
    if not challenge.verified:
        raise refuse(Rule.SETUP_UNVERIFIED)


_ANSWERS: dict[str, _Answer] = {
    SMS: _code,
    TOTP: _code,
    EMAIL: _code,
    "SELECT_MFA_TYPE": _choice,
    "NEW_PASSWORD_REQUIRED": _new_password,
    "MFA_SETUP": _set_up,
}


def needed(answers: dict[str, str], name: str) -> str:
    if not answers.get(name):
        raise refuse(Rule.PARAMETER_MISSING, name=name)
    return answers[name]
