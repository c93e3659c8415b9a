"""Read settings from the environment; collect their problems, and raise them all at once."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?")
_problems: list[str] = []


def refuse_problems(more: list[str]) -> None:
    """Raise ImproperlyConfigured with the collected problems and `more`; nothing without any."""
    problems = [*_problems, *more]
    _problems.clear()
    if problems:
        raise ImproperlyConfigured("The portal does not start:\n- " + "\n- ".join(problems))


def text(name: str, default: str | None = None) -> str:
    """The variable's value, else the default; a problem where there is neither."""
    value = os.environ.get(name, "").strip()
    if value or default is not None:
        return value or default or ""
    _problems.append(f"Set {name}. README.md says what it is.")
    return ""


def base_url(name: str, default: str | None = None) -> str:
    """Scheme and host of an http(s) URL, such as `https://account.example.com`."""
    value = text(name, default).rstrip("/")
    if value and not _ORIGIN.fullmatch(value):
        _problems.append(f"{name} is no address like https://account.example.com, without a path.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that `NAME_FILE` names; a problem with both."""
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if not file_name:
        return text(name, default)
    if os.environ.get(name):
        _problems.append(f"Set {name} or {name}_FILE, not both.")
        return ""
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        _problems.append(f"{name}_FILE can't be read: {error.strerror}.")
        return ""


def flag(name: str) -> bool:
    value = text(name, "0").lower()
    if value not in {"0", "1", "false", "true", "no", "yes"}:
        _problems.append(f"{name} is yes or no, not {value!r}.")
    return value in {"1", "true", "yes"}


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Return the variable's value, one of `allowed`, or "" when it is not set."""
    value = text(name, "")
    if value and value not in allowed:
        _problems.append(f"{name} is one of {', '.join(allowed)}, not {value!r}.")
    return value


def choices(name: str, allowed: tuple[str, ...], default: str = "") -> tuple[str, ...]:
    """Return the variable's values, some of `allowed`, separated by commas."""
    values = tuple(part.strip() for part in text(name, default).split(",") if part.strip())
    _problems.extend(
        f"{name} takes {', '.join(allowed)}, separated by commas, but not {value!r}."
        for value in values
        if value not in allowed
    )
    return values


def words(name: str) -> tuple[str, ...]:
    """Return the words of the variable, separated by spaces; none where it is not set."""
    return tuple(text(name, "").split())


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number between the two bounds."""
    value = text(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        _problems.append(f"{name} is a whole number from {least} to {most}, not {value!r}.")
        return default
    return int(value)
