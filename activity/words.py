"""A sentence for each event and each way it can end, for the person's own list."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.domain import UNDOES, Event, Outcome
from activity.service import RecentEvent

_Endings = tuple[str | Promise, str | Promise, str | Promise]
_BY_THE_PERSON: Final = "signed-out"

# In the order of `Outcome`: confirmed, refused, unknown.
_SENTENCES: Final[Mapping[Event, _Endings]] = {
    Event.OTHERS_ENDED: (
        _("You were signed out in other places."),
        _("Signing out in other places was refused."),
        _("You may have been signed out in other places."),
    ),
    Event.SIGNED_OUT_EVERYWHERE: (
        _("You signed out everywhere."),
        _("Signing out everywhere was refused."),
        _("You may have been signed out everywhere."),
    ),
    Event.PREFERENCE_CHANGED: (
        _("Your second step was changed."),
        _("A change of your second step was refused."),
        _("A change of your second step could not be confirmed."),
    ),
    Event.APP_SET_UP_STARTED: (
        _("The set-up of an authenticator app was started."),
        _("The set-up of an authenticator app was refused."),
        _("The set-up of an authenticator app may have been started."),
    ),
    Event.APP_SET_UP_FINISHED: (
        _("An authenticator app was set up."),
        _("A code for setting up an authenticator app was not accepted."),
        _("The set-up of an authenticator app could not be confirmed."),
    ),
    # Contact points
    Event.CONTACT_ENTERED: (
        _("A new phone number or email address was entered."),
        _("A new phone number or email address was refused."),
        _("A new phone number or email address may have been entered."),
    ),
    Event.CONTACT_CODE_SENT: (
        _("A code to confirm a phone number or email address was sent."),
        _("A code to confirm a phone number or email address was not sent."),
        _("A code to confirm a phone number or email address may have been sent."),
    ),
    Event.CONTACT_CONFIRMED: (
        _("A phone number or email address was confirmed."),
        _("A code for a phone number or email address was not accepted."),
        _("The confirmation of a phone number or email address is not certain."),
    ),
    Event.CONTACT_REMOVED: (
        _("A phone number or email address was removed."),
        _("The removal of a phone number or email address was refused."),
        _("The removal of a phone number or email address is not certain."),
    ),
    Event.DEVICES_FORGOTTEN: (
        _("Remembered devices were forgotten."),
        _("Forgetting remembered devices was refused."),
        _("Forgetting remembered devices could not be confirmed."),
    ),
    # Passkeys
    Event.PASSKEY_ADDED: (
        _("A passkey was added."),
        _("A new passkey was not accepted."),
        _("A new passkey could not be confirmed."),
    ),
    Event.PASSKEY_REMOVED: (
        _("A passkey was removed."),
        _("The removal of a passkey was refused."),
        _("The removal of a passkey could not be confirmed."),
    ),
    Event.FACTOR_TESTED: (
        _("You tested a way to sign in, and it worked."),
        _("You tested a way to sign in, and it was not seen to work."),
        _("You began to test a way to sign in. Whether it works is not known."),
    ),
}
_UNDOING: Final[_Endings] = (
    _("A change of your second step was taken back."),
    _("Taking back a change of your second step was refused."),
    _("Taking back a change of your second step could not be confirmed."),
)
# The outcome was UNKNOWN, and a later read showed that the pool is as before.
_CAME_TO_NOTHING: Final[Mapping[Event, str | Promise]] = {
    Event.PREFERENCE_CHANGED: _("A change of your second step did not take effect."),
    Event.CONTACT_CONFIRMED: _("A phone number or email address was not confirmed."),
    Event.CONTACT_REMOVED: _("A phone number or email address was not removed."),
    Event.PASSKEY_ADDED: _("A new passkey was not added."),
    Event.PASSKEY_REMOVED: _("A passkey was not removed."),
}
# Recorded after they have happened, so that they end in one way only.
_HAPPENED: Final[Mapping[Event, str | Promise]] = {
    Event.SIGNED_IN: _("You signed in to this page."),
    Event.SIGNED_OUT: _("You were signed out of this page."),
}


def sentence(entry: RecentEvent) -> str | Promise:
    """The sentence that tells the person of this event and its outcome."""
    if entry.event is Event.SIGNED_OUT and entry.detail.get("how") == _BY_THE_PERSON:
        return _("You signed out of this page.")
    if entry.event in _HAPPENED:
        return _HAPPENED[entry.event]
    if entry.settled_at and entry.outcome is Outcome.REFUSED:
        return _CAME_TO_NOTHING[entry.event]
    endings = _UNDOING if entry.detail.get(UNDOES) else _SENTENCES[entry.event]
    return endings[list(Outcome).index(entry.outcome)]
