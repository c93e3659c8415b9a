"""The code from the app, and what to do with an app that works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.authenticator.domain import Use
from signin.codes import CodeField


class CodeForm(forms.Form):
    """The first code of the app that is being set up."""

    code = CodeField(
        required_message=_("Enter the code that your app shows."),
        invalid_message=_("The code is six digits, like 123 456. Enter it as your app shows it."),
    )


class TurnOnForm(forms.Form):
    """How the app that has just been set up shall be used."""

    use = forms.ChoiceField(
        choices=[(use.value, use.value) for use in Use],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def clean_use(self) -> Use:
        return Use(self.cleaned_data["use"])
