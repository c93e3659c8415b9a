"""The set-up of a factor during a hosted sign-in, where the pool requires MFA.

The user chooses a method; then scans a QR code or gives a number or address; then types a code.
The challenge stores the steps. Source: `DG/user-pool-settings-mfa` ("prompts to enrol").
"""

from collections.abc import Mapping

import pyotp
import segno

from localpool.api.self_service import adopt
from localpool.rules import FactorRule, Refusal, SignInRule, Switch
from localpool.sign_in.attempts import check_lock_out, count_failure
from localpool.sign_in.challenges import METHODS, required
from localpool.state import outbox, totp
from localpool.state.records import EMAIL, SMS, TOTP, Challenge, User
from localpool.state.users import check_attributes, set_attributes
from localpool.state.world import SignIn, digits


def prepare(challenge: Challenge) -> None:
    """Choose the method of an MFA_SETUP challenge if the pool offers only one."""
    if challenge.name == "MFA_SETUP" and len(challenge.choices) == 1:
        _choose(challenge, challenge.choices[0])


def _choose(challenge: Challenge, factor: str) -> None:
    challenge.setting_up = factor
    if factor == TOTP:
        challenge.pending_token = totp.new_token()


def step(sign_in: SignIn, challenge: Challenge, form: Mapping[str, str]) -> bool:
    """Handle one form of the set-up; returns True once the factor is ready.

    Errors: InvalidParameterException, CodeMismatchException, EnableSoftwareTokenMFAException.
    """
    if "answer" in form:
        if form["answer"] not in challenge.choices:
            raise Refusal(SignInRule.CHOICE_UNKNOWN, answer=form["answer"])
        _choose(challenge, form["answer"])
        return False
    if "contact" in form and challenge.setting_up in (SMS, EMAIL):
        _send(sign_in, challenge, form["contact"].replace(" ", ""))
        return False
    _check(sign_in, challenge, form.get("code", "").replace(" ", ""))
    return True


def _send(sign_in: SignIn, challenge: Challenge, contact: str) -> None:
    """Errors: InvalidParameterException for what is no phone number or address."""
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    factor = challenge.setting_up or ""
    attribute = outbox.CHANNELS[factor][1]
    check_attributes(pool, user, {attribute: contact})
    challenge.pending_contact, challenge.code = contact, digits(6)
    outbox.send_mfa_code(world, pool, user, factor, challenge.code, to=contact)


def _check(sign_in: SignIn, challenge: Challenge, code: str) -> None:
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    check_lock_out(world, user)
    factor = challenge.setting_up or ""
    required({"code": code}, "code")
    if factor == TOTP and challenge.pending_token:
        verdict = totp.use_code(challenge.pending_token, code, world.clock.seconds())
        if verdict is not totp.CodeCheck.GOOD:
            count_failure(world, pool, user)
            raise Refusal(FactorRule.WRONG_CODE_AT_VERIFY)
        adopt(world, pool, user, challenge.pending_token, name=None, challenge=challenge)
        return
    if challenge.pending_contact is None or code != challenge.code:
        count_failure(world, pool, user)
        raise Refusal(SignInRule.WRONG_MESSAGE_CODE)
    attribute = outbox.CHANNELS[factor][1]
    verified = {attribute: challenge.pending_contact, f"{attribute}_verified": "true"}
    set_attributes(world, pool, user, verified)
    challenge.verified = True
    challenge.methods = [*challenge.methods, METHODS[factor]]
    if factor not in user.mfa_on and world.switch_is(Switch.mfa_setup_turns_on, "yes", pool):
        user.mfa_on.append(factor)


def qr_code(challenge: Challenge, user: User) -> str:
    """The pending secret as an SVG, dark on white with its quiet zone."""
    if challenge.pending_token is None:
        return ""
    totp_of = pyotp.TOTP(challenge.pending_token.secret)
    uri = totp_of.provisioning_uri(name=user.username, issuer_name="Local pool")
    svg: str = segno.make(uri, error="m").svg_inline(border=4, light="white", omitsize=True)
    return svg
