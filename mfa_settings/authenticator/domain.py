"""Keys and codes of authenticator apps. Plain Python: no Django, no clock.

Time-based codes: RFC 6238 (SHA-1, six digits, 30 seconds), the only kind that Cognito takes.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final
from urllib.parse import quote, urlencode

import pyotp

STEP: Final = timedelta(seconds=30)
# Cognito takes the code before and the code after. A clock further off than this is in a wrong
# time zone: looking for its code as well would take too many mistyped codes for one.
FURTHEST_CLOCK: Final = timedelta(minutes=15)
MAX_WRONG_CODES: Final = 5
MAX_WRONG_CODES_AN_HOUR: Final = 10
MAX_STARTS_AN_HOUR: Final = 12
# A longer name makes a QR code that phones can't read.
LONGEST_ACCOUNT_NAME: Final = 40
SET_UP_LIVES: Final = timedelta(minutes=30)


def tries_left(wrong_codes: int) -> int:
    """Return how many more wrong codes a set-up allows."""
    return MAX_WRONG_CODES - wrong_codes


class Problem(StrEnum):
    """Why a set-up did not succeed."""

    # Another code may succeed.
    WRONG_CODE = auto()
    ALREADY_USED = auto()
    CLOCK_OUT_OF_STEP = auto()
    NOT_KNOWN = auto()
    # This set-up is over.
    OVER = auto()
    TOO_MANY_TRIES = auto()
    WAIT_AN_HOUR = auto()
    NOT_OFFERED = auto()


class TurnOnMode(StrEnum):
    """The way in which a sign-in shall ask for an app that has just been set up."""

    FIRST = auto()
    ON = auto()
    LATER = auto()


def key_uri(*, key: str, account_name: str, issuer: str) -> str:
    """The address in the QR code: `otpauth://totp/issuer:account?secret=…&issuer=…`.

    https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    """
    label = f"{quote(issuer, safe='')}:{quote(account_name, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': issuer}, quote_via=quote)}"


def key_in_groups(key: str) -> str:
    """The key in groups of four characters, as people read and type it."""
    return " ".join(re.findall(".{1,4}", key))


def clock_offset(*, key: str, code: str, now: datetime) -> timedelta | None:
    """Return how far ahead (negative: behind) the clock is that made this code.

    None if no clock within FURTHEST_CLOCK made it, as with a mistyped code. A mistyped code has
    about one chance in 17,000 to be taken for a wrong clock.
    """
    totp = pyotp.TOTP(key)
    steps = FURTHEST_CLOCK // STEP
    for distance in range(steps + 1):
        for step in {distance, -distance}:
            if totp.verify(code, for_time=now + step * STEP):
                return step * STEP
    return None
