"""Template tags: an icon, a notice, and the summary of a form's errors."""

from typing import Final

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Drawn for this project, on a grid of 24.
_ICONS: Final = {
    "shield": "M12 2.5 4 5.6v5.9c0 4.9 3.3 8.6 8 10 4.7-1.4 8-5.1 8-10V5.6z M8.4 12l2.5 2.5 4.8-5",
    "app": "M7.5 2.5h9a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 20V4"
    "a1.5 1.5 0 0 1 1.5-1.5z M10.5 18.5h3 M9 9.5h6 M9 12.5h6",
    "text": "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9.5A1.5 1.5 0 0 1 20 17h-8l-5 4v-4H4a1.5 1.5 0 0 1"
    "-1.5-1.5V6A1.5 1.5 0 0 1 4 4.5z M7 9h10 M7 12.5h6",
    "email": "M4 5h16a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-11"
    "A1.5 1.5 0 0 1 4 5z M3 6.5l9 7 9-7",
    "passkey": "M9 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M2.5 20.5c.6-3.4 3.2-5.5 6.5-5.5"
    " 1.2 0 2.3.3 3.2.8 M17.5 14.5a2.5 2.5 0 1 0-1.2-.3v5.3l1.2 1.2 1.5-1.5-1-1.2 1-1.2-1-1.3",
    "good": "M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19z M7.8 12.2l2.9 2.9 5.5-6",
    "warning": "M12 3 1.9 20.5h20.2z M12 9.5v5 M12 17.4v.2",
    "info": "M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19z M12 11v6 M12 7.4v.2",
    "door": "M14 3.5H6.5A1.5 1.5 0 0 0 5 5v14a1.5 1.5 0 0 0 1.5 1.5H14 M10 12h11 M17.5 8.5 21 12"
    "l-3.5 3.5",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An SVG drawing beside words that say the same; hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        _ICONS[name],
    )


# kind -> (drawing, role): an alert interrupts a screen reader, a note is read in its place.
_NOTICES: Final = {
    "good": ("good", "status"),
    "open": ("warning", "status"),
    "info": ("info", "note"),
    "caution": ("warning", "note"),
    "warning": ("warning", "alert"),
}


@register.simple_block_tag
def notice(content: str, kind: str, title: str) -> SafeString:
    """A message in a box; `kind` is one of `_NOTICES`, such as "caution" before an act."""
    drawing, role = _NOTICES[kind]
    return format_html(
        '<div class="notice notice--{}" role="{}">{}<div><h2 class="notice__title">{}</h2>'
        "{}</div></div>",
        kind,
        role,
        icon(drawing),
        title,
        content,
    )


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, problem: str = "", target: str = "") -> dict[str, object]:
    """All errors of the form, each with a link to its field, in a box that takes the focus.

    `problem` is one more that the form does not know of, about the field `target`.
    """
    errors = [
        ("" if field in {"__all__", "seen"} else f"id_{field}", message)
        for field, messages in form.errors.items()
        for message in messages
    ]
    return {"errors": [(target, problem), *errors] if problem else errors}
