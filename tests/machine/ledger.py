"""One intent and one outcome for each change that leaves the portal, and neither lies."""

from collections import Counter
from typing import Any

from django.conf import settings

from activity.domain import Event, Outcome
from activity.models import LogEntry
from cognito.client import client
from tests import log

# Each write of the portal, and the event that announces it.
EVENT_OF = {
    "SetUserMFAPreference": Event.PREFERENCE_CHANGED,
    "AssociateSoftwareToken": Event.APP_SET_UP_STARTED,
    "VerifySoftwareToken": Event.APP_SET_UP_FINISHED,
    "UpdateUserAttributes": Event.CONTACT_ENTERED,
    "GetUserAttributeVerificationCode": Event.CONTACT_CODE_SENT,
    "VerifyUserAttribute": Event.CONTACT_CONFIRMED,
    "DeleteUserAttributes": Event.CONTACT_REMOVED,
    "CompleteWebAuthnRegistration": Event.PASSKEY_ADDED,
    "DeleteWebAuthnCredential": Event.PASSKEY_REMOVED,
}
# One press may end many sign-ins, or none that the pool knows of.
ENDS = {
    "RevokeUserSession": {Event.OTHERS_ENDED, Event.SIGNED_OUT_EVERYWHERE},
    "GlobalSignOut": {Event.SIGNED_OUT_EVERYWHERE},
}


class Ledger:
    """Listens at the portal's own clients; a call that boto3 repeats is one call."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._known = {event.pk for event in log.intents()}
        self._clients = [client(settings.COGNITO, kind) for kind in ("person", "person-once")]
        for each in self._clients:
            each.meta.events.register("before-call.cognito-idp", self._note)

    def close(self) -> None:
        for each in self._clients:
            each.meta.events.unregister("before-call.cognito-idp", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls[model.name] += 1

    def writes(self) -> dict[str, int]:
        """How often each has left since `new` was last asked."""
        return {name: self.calls[name] for name in (*EVENT_OF, *ENDS) if self.calls[name]}

    def new(self) -> list[LogEntry]:
        """What was written down since the last time, oldest first; each with its outcome."""
        fresh = list(log.intents().exclude(pk__in=self._known).order_by("at"))
        self._known |= {event.pk for event in fresh}
        calls, self.calls = self.calls, Counter()
        intents = Counter(event.event for event in fresh)
        for operation, name in EVENT_OF.items():
            assert intents[name] == calls[operation], (
                f"I4: {calls[operation]} calls of {operation}, {intents[name]} intents"
            )
        for operation, names in ENDS.items():
            announced = any(intents[name] for name in names)
            assert announced or not calls[operation], f"I4: {operation} without an intent"
        # A test changes nothing, and is judged when its person comes back.
        fresh = [e for e in fresh if e.event != Event.FACTOR_TESTED or e.outcome]
        for event in fresh:
            assert event.outcome, f"I4: {event} has no outcome"
            assert event.outcome.result in set(Outcome), event.outcome.result
        return fresh
