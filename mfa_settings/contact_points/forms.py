"""A number or an address as people type it, and the code that was sent to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.authenticator.domain import clean_code
from mfa_settings.contact_points.domain import clean_phone

_PHONE_ERRORS = {
    "country": _(
        "Start with your country code, like +44 for the United Kingdom or +49 for Germany."
    ),
    "number": _("This is not a complete phone number. Enter it with its country code."),
}


class PhoneForm(forms.Form):
    value = forms.CharField(
        max_length=40, error_messages={"required": _("Enter your phone number.")}
    )

    def clean_value(self) -> str:
        try:
            return clean_phone(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(_PHONE_ERRORS[str(error)]) from None


class EmailForm(forms.Form):
    value = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("This is not a complete email address. It looks like name@example.com."),
        },
    )


class CodeForm(forms.Form):
    """Six digits, and the change they belong to."""

    change = forms.UUIDField(required=False)
    code = forms.CharField(
        max_length=20, error_messages={"required": _("Enter the code that we sent you.")}
    )

    def clean_code(self) -> str:
        try:
            return clean_code(self.cleaned_data["code"])
        except ValueError:
            raise forms.ValidationError(_("The code is six digits, like 123 456.")) from None
