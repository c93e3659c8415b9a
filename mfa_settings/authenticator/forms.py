"""The code from the app, and what to do with an app that works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.authenticator.domain import Use, clean_code


class CodeForm(forms.Form):
    """Six digits, with the spaces and hyphens that people type or paste."""

    code = forms.CharField(
        max_length=20, error_messages={"required": _("Enter the code that your app shows.")}
    )

    def clean_code(self) -> str:
        try:
            return clean_code(self.cleaned_data["code"])
        except ValueError:
            raise forms.ValidationError(
                _("The code is six digits, like 123 456. Enter it as your app shows it.")
            ) from None


class TurnOnForm(forms.Form):
    """How the app that has just been set up shall be used."""

    use = forms.ChoiceField(
        choices=[(use.value, use.value) for use in Use],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def clean_use(self) -> Use:
        return Use(self.cleaned_data["use"])
