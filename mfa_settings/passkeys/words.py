"""The words for the kinds of passkeys, and for why one can't be added."""

from collections.abc import Mapping
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mfa_settings.passkeys.domain import AddMethod, Problem
from mfa_settings.passkeys.service import Passkey
from userpool.words import Words

_PROBLEMS: Final[Mapping[Problem, Words]] = {
    Problem.TOO_LATE: _(
        "That took too long, or it was finished in another window, so no passkey was added. "
        "Add a passkey again. If your device has kept a new passkey for this account, delete it "
        "there."
    ),
    Problem.WRONG_PLACE: _(
        "The passkey was made for another web address, so it was not added. Tell the people who "
        "run this page: its address does not match their settings for passkeys."
    ),
    Problem.NOT_SUPPORTED: _(
        "This device or security key can't be used here, so no passkey was added. Set a screen "
        "lock or a PIN on it, or try another device."
    ),
    Problem.NOT_OFFERED: _(
        "Passkeys are not switched on for your account, so nothing was added. You don't need to "
        "do anything; your other ways to sign in still work."
    ),
    Problem.FULL: _(
        "You have as many passkeys as there can be. Remove one that you no longer use, then add "
        "the new one."
    ),
    Problem.WAIT_AN_HOUR: _(
        "That was too often. To keep your account safe, you can add a passkey again in an hour."
    ),
    Problem.ONLY_WAY_IN: _(
        "Nothing was removed: this passkey is the only way into your account. Add another passkey "
        "first, then remove this one."
    ),
    Problem.UNREADABLE: _(
        "Your browser sent something we could not read, so no passkey was added. Update your "
        "browser or use another one, then add a passkey again."
    ),
    Problem.REFUSED: _(
        "The passkey was not accepted, so it was not added. Add a passkey again, or try another "
        "device."
    ),
    Problem.NOT_KNOWN: _(
        "We did not get an answer in time. Look at the list below: if the new passkey is there, "
        "it works. If not, add a passkey again."
    ),
}

# By the browser's name for the error (https://www.w3.org/TR/webauthn-3/#sctn-createCredential);
# "Other" is for every name that is not here.
BROWSER_PROBLEMS: Final[Mapping[str, Words]] = {
    "NotAllowedError": _(
        "It was cancelled or took too long, so nothing was added. You can try again."
    ),
    "InvalidStateError": _(
        "This device already has a passkey for your account, so there is nothing to add. To add "
        "another one, use another device or a security key."
    ),
    "SecurityError": _(
        "Your browser does not allow a passkey at this web address. Tell the people who run this "
        "page."
    ),
    "NotSupportedError": _(
        "This device can't make the kind of passkey that is needed. Try another device or a "
        "security key."
    ),
    "ConstraintError": _(
        "This device has no screen lock, or can't check a fingerprint, a face or a PIN. Set one "
        "up in its settings, then try again."
    ),
    "AbortError": _("It was interrupted, so nothing was added. You can try again."),
    "NoWebAuthn": _("This browser can't use passkeys. Update it, or use another one."),
    "Other": _(
        "Your browser could not make a passkey, so nothing was added. Try again, or use another "
        "browser or device."
    ),
}

_REASONS: Final[Mapping[AddMethod, Words]] = {
    AddMethod.NOT_OFFERED: _(
        "Passkeys are not switched on for your account. Only the people who run this service can "
        "change that; your other ways to sign in still work."
    ),
    AddMethod.ANOTHER_PROVIDER: _(
        "You sign in through another provider, so passkeys are managed there and not here."
    ),
    AddMethod.NOWHERE: _(
        "Passkeys can't be added from this page, because its web address does not match the "
        "settings for passkeys. Tell the people who run this service."
    ),
}

_TRANSPORTS: Final[Mapping[str, Words]] = {
    "internal": _("unlocked on the device itself"),
    "hybrid": _("also from a phone nearby"),
    "usb": _("plugged in"),
    "nfc": _("held against the device"),
    "ble": _("by Bluetooth"),
    "smart-card": _("as a smart card"),
}


def problem_sentence(problem: Problem) -> Words:
    """Say why no passkey was added or removed, and the next step."""
    return _PROBLEMS[problem]


def obstacle_sentence(method: AddMethod) -> Words:
    """Say why no passkey can be added."""
    return _REASONS[method]


def kind_of(passkey: Passkey) -> Words:
    """Say what kind of passkey it is, from its attachment and transports."""
    found = passkey.credential
    if found.attachment == "platform" or "internal" in found.transports:
        return _("On a phone or computer")
    if found.attachment == "cross-platform" or found.transports:
        return _("Security key")
    return _("Passkey")


def transports_of(passkey: Passkey) -> Words:
    """Say how the passkey is used; leaves out a transport that this portal does not know."""
    known = [_TRANSPORTS[each] for each in passkey.credential.transports if each in _TRANSPORTS]
    return format_lazy(", ".join(["{}"] * len(known)), *known)
