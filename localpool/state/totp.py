"""Codes of authenticator apps: HMAC-SHA1, six digits, 30 seconds.

Source: `DG/user-pool-settings-mfa-totp` (DOC).
"""

from enum import Enum

import pyotp

from localpool.state.records import SoftwareToken

STEP = 30


class Verdict(Enum):
    GOOD, WRONG, USED = "good", "wrong", "used"


def new_token() -> SoftwareToken:
    return SoftwareToken(pyotp.random_base32(52))


def code_of(token: SoftwareToken, seconds: int) -> str:
    return pyotp.TOTP(token.secret).at(seconds)


def present(token: SoftwareToken, code: str, seconds: int) -> Verdict:
    """Judge a code and remember it: each step's code works once, the steps beside count too."""
    now = seconds // STEP
    matching = [step for step in (now - 1, now, now + 1) if code_of(token, step * STEP) == code]
    fresh = [step for step in matching if step not in token.used_steps]
    if not matching:
        return Verdict.WRONG
    if not fresh:
        return Verdict.USED
    token.used_steps = [step for step in token.used_steps if step >= now - 1] + fresh[:1]
    return Verdict.GOOD
