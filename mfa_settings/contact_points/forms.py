"""The forms for a phone number, an email address, and the code that was sent to one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.contact_points.domain import clean_phone
from signin.codes import CodeField

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
    """The code of six digits, and the id of the change that its page showed."""

    change = forms.UUIDField(required=False)
    code = CodeField(
        required_message=_("Enter the code that we sent you."),
        invalid_message=_("The code is six digits, like 123 456."),
    )
