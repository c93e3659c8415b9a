"""The forms for a passkey's label, and for the browser's answer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.passkeys.domain import LONGEST_LABEL, read_credential


class LabelForm(forms.Form):
    """Any words; without any, pages show the name that Cognito gives the passkey."""

    label = forms.CharField(
        required=False,
        max_length=LONGEST_LABEL,
        error_messages={"max_length": _("Choose a name of at most 50 characters.")},
    )


class CredentialForm(forms.Form):
    """RegistrationResponseJSON in a hidden field."""

    credential = forms.CharField()

    def clean_credential(self) -> Mapping[str, Any]:
        try:
            return read_credential(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            raise forms.ValidationError("not a credential") from None
