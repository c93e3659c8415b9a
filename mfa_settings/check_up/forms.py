"""What the buttons of the card send."""

from typing import Final

from django import forms

from mfa_settings.check_up.domain import Kind
from userpool.values import Attribute, Factor

_ABOUT: Final = ("", *(f":{about}" for about in (*Factor, *Attribute)))
STEP_IDS: Final = tuple(f"{kind}{about}" for kind in Kind for about in _ABOUT)


class StepForm(forms.Form):
    """`standing` says how the person stood when they saw the page; only a dismissal keeps it."""

    step = forms.ChoiceField(choices=[(step_id, step_id) for step_id in STEP_IDS])
    standing = forms.CharField(max_length=200, required=False)
