"""The check of a request or an answer against a shape of botocore's service model.

The sentences are Cognito's: "1 validation error detected: Value at 'userCode' failed to satisfy
constraint: ...". Sensitive values are not repeated.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import Shape

# Java's Unicode classes for printable characters and for spaces, which `re` lacks.
_SPACES = "\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_PRINTABLE = (
    "!-~\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff"
    "\\u3001-\\U0010ffff"
)
_FAILED = "failed to satisfy constraint: Member must"
_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,), "map": (dict,), "list": (list,), "string": (str,), "boolean": (bool,),
    "integer": (int,), "long": (int,), "timestamp": (int, float, datetime), "double": (int, float),
}  # fmt: skip


class WrongType(Exception):
    """A member has another JSON type than its shape."""


@cache
def _pattern(java: str) -> re.Pattern[str]:
    python = java.replace(r"\p{L}\p{M}\p{S}\p{N}\p{P}", _PRINTABLE).replace(r"\p{Z}", _SPACES)
    return re.compile(python, re.ASCII)


def violations(shape: Shape | None, value: Any, *, strict: bool) -> list[str]:
    """The violations of the value, in Cognito's words; `strict` also counts unknown members.

    Errors: WrongType when a member has another JSON type.
    """
    return [] if shape is None else list(_walk(shape, value, "", strict))


def sentence(problems: list[str]) -> str:
    plural = "error" if len(problems) == 1 else "errors"
    return f"{len(problems)} validation {plural} detected: {'; '.join(problems)}"


def _walk(shape: Any, value: Any, path: str, strict: bool) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    allowed = _TYPES[shape.type_name]
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise WrongType(f"{path or shape.name} is not a {shape.type_name}")
    json: Any = value
    if shape.type_name == "structure":
        yield from _members(shape, json, path, strict)
    elif shape.type_name == "list":
        yield from _sizes(shape, value, path)
        for index, item in enumerate(json, 1):
            yield from _walk(shape.member, item, f"{path}.{index}.member", strict)
    elif shape.type_name == "map":
        for key, item in json.items():
            yield from _walk(shape.key, key, f"{path}.key", strict)
            yield from _walk(shape.value, item, f"{path}.{key}", strict)
    else:
        yield from _sizes(shape, value, path)


def _members(shape: Any, value: dict[str, Any], path: str, strict: bool) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_at(path, name)}' {_FAILED} not be null"
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None and strict:
            yield f"{_at(path, name)} is not in the model"
        if member is not None and item is not None:
            yield from _walk(member, item, _at(path, name), strict)


def _at(path: str, name: str) -> str:
    return f"{path}.{name[0].lower()}{name[1:]}".lstrip(".")


def _sizes(shape: Any, value: Any, path: str) -> Iterator[str]:
    """The violations of length, pattern, enum and range by a string, number or list."""
    meta = shape.metadata
    shown = "Value" if meta.get("sensitive") else f"Value '{value}'"
    number = shape.type_name in ("integer", "long", "double")
    size = value if number else len(value) if isinstance(value, str | list) else None
    what = "value" if number else "length"
    wrong = []
    if size is not None and size < meta.get("min", size):
        wrong.append(f"have {what} greater than or equal to {meta['min']}")
    if size is not None and size > meta.get("max", size):
        wrong.append(f"have {what} less than or equal to {meta['max']}")
    if "pattern" in meta and not _pattern(meta["pattern"]).fullmatch(value):
        wrong.append(f"satisfy regular expression pattern: {meta['pattern']}")
    if "enum" in meta and value not in meta["enum"]:
        wrong.append(f"satisfy enum value set: [{', '.join(meta['enum'])}]")
    for constraint in wrong:
        yield f"{shown} at '{path}' {_FAILED} {constraint}"
