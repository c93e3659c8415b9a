"""Setting a factor up during a hosted sign-in, where the pool requires MFA.

Choose a method; then scan a QR code, or give a number or address; then type a code. Source:
`DG/user-pool-settings-mfa` (managed login "prompts to enrol"). The steps live on the challenge.
"""

from collections.abc import Mapping

import pyotp
import segno

from localpool.api.self_service import adopt
from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.sign_in_rules import SignInRule
from localpool.rules.switches import Switch
from localpool.sign_in.challenges import METHODS, needed
from localpool.sign_in.passwords import count_failure, refuse_locked_out
from localpool.state import outbox, totp
from localpool.state.records import EMAIL, SMS, TOTP, Challenge, User
from localpool.state.users import set_attributes
from localpool.state.world import SignIn, new_id


def prepare(challenge: Challenge) -> None:
    """With one method on offer there is nothing to choose."""
    if challenge.name == "MFA_SETUP" and len(challenge.choices) == 1:
        _choose(challenge, challenge.choices[0])


def _choose(challenge: Challenge, factor: str) -> None:
    challenge.setting_up = factor
    if factor == TOTP:
        challenge.pending_token = totp.new_token()


def step(sign_in: SignIn, challenge: Challenge, form: Mapping[str, str]) -> bool:
    """One form of the set-up; True when the factor is ready.

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
    """A trial copy of the person refuses what the pool would not accept as a value."""
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    attribute = outbox.CHANNELS[challenge.setting_up or ""][1]
    trial = User(**vars(user) | {"attributes": dict(user.attributes)})
    set_attributes(world, pool, trial, {attribute: contact})
    challenge.pending_contact, challenge.code = contact, new_id(6, "0123456789")
    factor = challenge.setting_up or ""
    outbox.send_code(world, pool, user, factor, challenge.code, to=contact)


def _check(sign_in: SignIn, challenge: Challenge, code: str) -> None:
    world, pool, user = sign_in.world, sign_in.pool, sign_in.user
    refuse_locked_out(world, user)
    factor = challenge.setting_up or ""
    needed({"code": code}, "code")
    if factor == TOTP and challenge.pending_token:
        verdict = totp.present(challenge.pending_token, code, world.clock.seconds())
        if verdict is not totp.Verdict.GOOD:
            count_failure(world, pool, user)
            raise Refusal(FactorRule.WRONG_CODE_AT_VERIFY)
        adopt(world, pool, user, challenge.pending_token, None, challenge)
        return
    if challenge.pending_contact is None or code != challenge.code:
        count_failure(world, pool, user)
        raise Refusal(SignInRule.WRONG_MESSAGE_CODE)
    attribute = outbox.CHANNELS[factor][1]
    verified = {attribute: challenge.pending_contact, f"{attribute}_verified": "true"}
    set_attributes(world, pool, user, verified)
    challenge.verified = True
    challenge.methods = [*challenge.methods, METHODS[factor]]
    if factor not in user.mfa_on and world.plays(Switch.mfa_setup_turns_on, "yes", pool):
        user.mfa_on.append(factor)


def qr_code(challenge: Challenge, user: User) -> str:
    """The pending secret as SVG, always dark on white with its quiet zone."""
    if challenge.pending_token is None:
        return ""
    totp_of = pyotp.TOTP(challenge.pending_token.secret)
    uri = totp_of.provisioning_uri(name=user.username, issuer_name="Local pool")
    svg: str = segno.make(uri, error="m").svg_inline(border=4, light="white", omitsize=True)
    return svg
