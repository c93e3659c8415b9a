"""The models of the app, for Django to find; each is defined in the room that it serves."""

from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.check_up.models import DismissedStep
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.factor_test.models import FactorTest
from mfa_settings.passkeys.models import PasskeyCeremony, PasskeyLabel
from mfa_settings.preference.models import ProposedChange

__all__ = [
    "AuthenticatorSetUp",
    "ContactChange",
    "DismissedStep",
    "FactorTest",
    "PasskeyCeremony",
    "PasskeyLabel",
    "ProposedChange",
]
