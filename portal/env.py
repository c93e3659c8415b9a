"""Settings from the environment: each read fails loudly, secrets also come from files."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value; without one the default; without that either, the start fails."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set {name}. README.md says what it is.")
    return default


def base_url(name: str, default: str | None = None) -> str:
    """An http(s) URL, without the slash at its end."""
    value = text(name, default).rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} is not an http or https URL.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that `NAME_FILE` names. Never both."""
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if not file_name:
        return text(name, default)
    if os.environ.get(name):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE can't be read: {error.strerror}.") from None


def flag(name: str) -> bool:
    value = text(name, "0").lower()
    if value not in {"0", "1", "false", "true", "no", "yes"}:
        raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")
    return value in {"1", "true", "yes"}


def names(name: str, default: str = "") -> tuple[str, ...]:
    """A list separated by commas."""
    return tuple(part.strip() for part in text(name, default).split(",") if part.strip())
