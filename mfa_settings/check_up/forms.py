"""The form that the buttons of the card send."""

from typing import Final

from django import forms

from mfa_settings.check_up.domain import StepKind
from userpool.values import Attribute, Factor

_ABOUT: Final = ("", *(f":{about}" for about in (*Factor, *Attribute)))
STEP_IDS: Final = tuple(f"{kind}{about}" for kind in StepKind for about in _ABOUT)


class StepForm(forms.Form):
    """`situation_key` is the situation that the page showed; only a dismissal keeps it."""

    step = forms.ChoiceField(choices=[(step_id, step_id) for step_id in STEP_IDS])
    situation_key = forms.CharField(max_length=200, required=False)
