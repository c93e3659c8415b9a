"""The forms for the app's first code, and for turning the app on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.authenticator.domain import TurnOnMode
from signin.codes import CodeField


class CodeForm(forms.Form):
    """The first code of the app that is being set up."""

    code = CodeField(
        required_message=_("Enter the code that your app shows."),
        invalid_message=_("The code is six digits, like 123 456. Enter it as your app shows it."),
    )


class TurnOnForm(forms.Form):
    """The choice of how a sign-in shall ask for the app that has just been set up."""

    use = forms.ChoiceField(
        choices=[(mode.value, mode.value) for mode in TurnOnMode],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def clean_use(self) -> TurnOnMode:
        return TurnOnMode(self.cleaned_data["use"])
