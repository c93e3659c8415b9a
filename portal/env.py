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


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`, or "" when it is not set."""
    value = text(name, "")
    if value and value not in allowed:
        raise ImproperlyConfigured(f"{name} is one of {', '.join(allowed)}, not {value!r}.")
    return value


def choices(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Some of `allowed`, separated by commas."""
    values = tuple(part.strip() for part in text(name, "").split(",") if part.strip())
    unknown = [value for value in values if value not in allowed]
    if unknown:
        raise ImproperlyConfigured(
            f"{name} takes {', '.join(allowed)}, separated by commas, but not {unknown[0]!r}."
        )
    return values
