"""The six digits of a one-time code, as people type and paste them."""

import re
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CodeField(forms.CharField):
    """A code that cleans to six ASCII digits; spaces and hyphens between them are dropped."""

    def __init__(
        self, *, required_message: "StrOrPromise", invalid_message: "StrOrPromise"
    ) -> None:
        super().__init__(
            max_length=20,
            error_messages={"required": required_message, "invalid": invalid_message},
        )

    def clean(self, value: Any) -> str:
        try:
            return clean_code(super().clean(value))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


def clean_code(typed: str) -> str:
    """The six ASCII digits in `typed`. Raises ValueError where there are no six."""
    code = re.sub(r"[\s\-\u2010-\u2015]", "", typed)
    if not re.fullmatch("[0-9]{6}", code):
        raise ValueError("not six digits")
    return code
