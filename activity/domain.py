"""The events of the security log, the kinds of its rows, and the outcomes."""

from enum import StrEnum
from typing import Final

# In the detail of PREFERENCE_CHANGED, where it undoes an earlier one.
UNDOES: Final = "takes_back"


class Event(StrEnum):
    """An action that the log records, named as area:subject:action."""

    SIGNED_IN = "sign-in:session:started"
    SIGNED_OUT = "sign-in:session:ended"
    OTHERS_ENDED = "sign-in:others:ended"
    SIGNED_OUT_EVERYWHERE = "sign-in:everywhere:ended"
    PREFERENCE_CHANGED = "mfa:preference:changed"
    APP_SET_UP_STARTED = "mfa:authenticator-app:associated"
    APP_SET_UP_FINISHED = "mfa:authenticator-app:verified"
    # Contact points
    CONTACT_ENTERED = "contact:point:entered"
    CONTACT_CODE_SENT = "contact:code:sent"
    CONTACT_CONFIRMED = "contact:point:confirmed"
    CONTACT_REMOVED = "contact:point:removed"
    DEVICES_FORGOTTEN = "mfa:devices:forgotten"
    # Passkeys
    PASSKEY_ADDED = "passkey:credential:added"
    PASSKEY_REMOVED = "passkey:credential:removed"
    # Tests of a way to sign in
    FACTOR_TESTED = "mfa:factor:tested"


class EntryKind(StrEnum):
    """The kind of a log row: an intent, its outcome, or a settlement by a later read."""

    INTENT = "intent"
    OUTCOME = "outcome"
    SETTLEMENT = "settlement"


class Outcome(StrEnum):
    """The end of an intent. UNKNOWN: a later read of the pool has to resolve it."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
