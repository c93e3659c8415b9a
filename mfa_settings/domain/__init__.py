"""The rules of factors and preference.

Plain Python: no Django, no boto3, no clock, no I/O. A form, a save, taking back, the check-up and
the command line all ask `plan`; nobody decides for themselves.
"""

from mfa_settings.domain.cards import FactorView, State, factor_views
from mfa_settings.domain.policy import (
    STANDARD_ACR_NAMES,
    DeviceTracking,
    Mode,
    Obstacle,
    PasskeySettings,
    Policy,
    Tier,
)
from mfa_settings.domain.preview import (
    PasskeyThen,
    Preview,
    Remembering,
    Weakening,
    preview_of,
)
from mfa_settings.domain.recoverability import (
    Recoverability,
    ResetCode,
    WayIn,
    recoverability,
)
from mfa_settings.domain.recovery import Remedy, Reset, ResetNews, reset_after, resets_by
from mfa_settings.domain.rules import (
    Change,
    Refused,
    Rule,
    Violation,
    plan,
    with_preference_settled,
)
from mfa_settings.domain.sign_in import (
    NOTHING_ASKED,
    Asked,
    NextSignIn,
    coming_sign_in,
    effective,
    next_sign_in,
)
from mfa_settings.domain.statements import Lasting, Move, Statement
from mfa_settings.domain.values import (
    ATTRIBUTE_OF_FACTOR,
    PREFERABLE,
    Attribute,
    ContactPoint,
    Factor,
    Preference,
    Status,
    in_page_order,
)

__all__ = [
    "ATTRIBUTE_OF_FACTOR",
    "NOTHING_ASKED",
    "PREFERABLE",
    "STANDARD_ACR_NAMES",
    "Asked",
    "Attribute",
    "Change",
    "ContactPoint",
    "DeviceTracking",
    "Factor",
    "FactorView",
    "Lasting",
    "Mode",
    "Move",
    "NextSignIn",
    "Obstacle",
    "PasskeySettings",
    "PasskeyThen",
    "Policy",
    "Preference",
    "Preview",
    "Recoverability",
    "Refused",
    "Remedy",
    "Remembering",
    "Reset",
    "ResetCode",
    "ResetNews",
    "Rule",
    "State",
    "Statement",
    "Status",
    "Tier",
    "Violation",
    "WayIn",
    "Weakening",
    "coming_sign_in",
    "effective",
    "factor_views",
    "in_page_order",
    "next_sign_in",
    "plan",
    "preview_of",
    "recoverability",
    "reset_after",
    "resets_by",
    "with_preference_settled",
]
