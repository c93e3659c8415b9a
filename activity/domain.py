"""The words of the security log."""

from enum import StrEnum


class Event(StrEnum):
    """What happened, as area:subject:action."""

    SIGNED_IN = "sign-in:session:started"
    SIGNED_OUT = "sign-in:session:ended"
    PREFERENCE_CHANGED = "mfa:preference:changed"
    APP_SET_UP_STARTED = "mfa:authenticator-app:associated"
    APP_SET_UP_FINISHED = "mfa:authenticator-app:verified"


class Outcome(StrEnum):
    """How it ended. UNKNOWN: a later read of the pool has to settle it."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
