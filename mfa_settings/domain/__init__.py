"""The rules of factors and preference.

Plain Python: no Django, no boto3, no clock, no I/O. A view, a form, a command and the helpdesk all
ask `plan`; nobody decides for themselves.
"""

from mfa_settings.domain.cards import FactorView, State, factor_views
from mfa_settings.domain.rules import (
    Change,
    Refused,
    Rule,
    Violation,
    plan,
    with_preference_settled,
)
from mfa_settings.domain.sign_in import Asked, NextSignIn, effective, next_sign_in
from mfa_settings.domain.values import (
    PREFERABLE,
    ContactPoint,
    Factor,
    Mode,
    Policy,
    Preference,
    Status,
    in_page_order,
)

__all__ = [
    "PREFERABLE",
    "Asked",
    "Change",
    "ContactPoint",
    "Factor",
    "FactorView",
    "Mode",
    "NextSignIn",
    "Policy",
    "Preference",
    "Refused",
    "Rule",
    "State",
    "Status",
    "Violation",
    "effective",
    "factor_views",
    "in_page_order",
    "next_sign_in",
    "plan",
    "with_preference_settled",
]
