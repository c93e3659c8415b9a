"""Codes of authenticator apps: HMAC-SHA1, six digits, 30 seconds.

Source: `DG/user-pool-settings-mfa-totp` (DOC).
"""

from enum import Enum

import pyotp

from localpool.state.records import SoftwareToken

STEP = 30


class CodeCheck(Enum):
    GOOD, WRONG, USED = "good", "wrong", "used"


def new_token() -> SoftwareToken:
    return SoftwareToken(pyotp.random_base32(52))


def code_of(token: SoftwareToken, seconds: int) -> str:
    """The code of the token at this Unix time."""
    return pyotp.TOTP(token.secret).at(seconds)


def use_code(token: SoftwareToken, code: str, seconds: int) -> CodeCheck:
    """Check a code against this step and its neighbours; a right code is used up."""
    now = seconds // STEP
    matching = [step for step in (now - 1, now, now + 1) if code_of(token, step * STEP) == code]
    fresh = [step for step in matching if step not in token.used_steps]
    if not matching:
        return CodeCheck.WRONG
    if not fresh:
        return CodeCheck.USED
    token.used_steps = [step for step in token.used_steps if step >= now - 1] + fresh[:1]
    return CodeCheck.GOOD
