"""From the arguments of a command line to a wish. Plain Python.

The shorthand syntax is the AWS CLI's, as far as these four structures of true and false need it:
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mfa_settings.domain import Factor, Preference

# The member of SetUserMFAPreference that a factor has.
MEMBER_OF_FACTOR: Final[Mapping[Factor, str]] = {
    Factor.SMS: "SMSMfaSettings",
    Factor.TOTP: "SoftwareTokenMfaSettings",
    Factor.EMAIL: "EmailMfaSettings",
    Factor.PASSKEY: "WebAuthnMfaSettings",
}

_KEY: Final = re.compile(r"[A-Za-z0-9\-_.#/:]*")
_SPACES: Final = re.compile(r"\s*")
# Quoted either way, or anything up to a comma; what begins with another mark is no value.
_VALUE: Final = re.compile(
    r"""'(?P<single>(?:\\'|[^'])*)'|"(?P<double>(?:\\"|[^"])*)"|(?P<plain>[^\s"',=\[\]{}][^"',]*)"""
)
_PAIR_FOLLOWS: Final = re.compile(r"\s*[A-Za-z0-9\-_.#/:]*\s*=")
_BOOLEANS: Final = {"true": True, "false": False}
_BOOLEAN_MEMBERS: Final = frozenset({"Enabled", "PreferredMfa"})


class NotParsed(Exception):
    """An argument can't be read. The text says why, in the AWS CLI's words."""


@dataclass(frozen=True, slots=True)
class Block:
    """One factor's part of a wish. What the caller leaves out is false, as for Cognito."""

    enabled: bool = False
    preferred: bool = False


def structure(text: str) -> dict[str, object]:
    """The structure that an argument holds, in JSON or in shorthand (`Enabled=true`).

    Its members are not checked here. Raises NotParsed.
    """
    begins = text.lstrip()[:1]
    if begins == "{":
        return json_object(text, f"Invalid JSON: {{problem}}\nJSON received: {text}")
    if begins == "[":
        raise NotParsed(f"Invalid JSON:\n{text}")
    return _shorthand(text)


def json_object(text: str, words: str) -> dict[str, object]:
    """Raises NotParsed with `words`, whose `{problem}` says what is wrong."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise NotParsed(words.replace("{problem}", "nested too deeply")) from None
    except ValueError as error:
        raise NotParsed(words.replace("{problem}", str(error))) from None
    if not isinstance(found, dict):
        raise NotParsed(words.replace("{problem}", "not an object"))
    return found


def _shorthand(text: str) -> dict[str, object]:
    pairs: dict[str, object] = {}
    at = began = 0
    while True:
        key, at = _key(text, at)
        value, at = _value(text, at)
        if key in pairs:
            raise NotParsed(
                f'Second instance of key "{key}" encountered for input:\n{_pointed(text, began)}\n'
                'This is often because there is a preceding "," instead of a space.'
            )
        is_boolean = key in _BOOLEAN_MEMBERS and value.lower() in _BOOLEANS
        pairs[key] = _BOOLEANS[value.lower()] if is_boolean else value
        if at == len(text):
            return pairs
        at = began = _after(",", text, at)
        if at == len(text):
            raise _expected("<second>", text, at)
        if not _PAIR_FOLLOWS.match(text, at):
            raise NotParsed(f"{key} takes true or false, not a list, for input:\n{text}")


def _key(text: str, at: int) -> tuple[str, int]:
    """The name before an equals sign, and where its value begins."""
    found = _KEY.match(text, at)
    key = found[0] if found else ""
    return key, _after("=", text, at + len(key))


def _value(text: str, at: int) -> tuple[str, int]:
    """What stands there, without its quotes, and where the next comma or the end is."""
    if text[at : at + 1] in {"[", "{"}:
        raise NotParsed(f"Only true and false are values here, for input:\n{_pointed(text, at)}")
    found = _VALUE.match(text, at)
    if found is None:
        if text[at : at + 1] in {"'", '"'}:
            kind = "singled quoted" if text[at] == "'" else "double quoted"
            raise _expected(f"<{kind}>", text, at)
        return "", _skip_spaces(text, at)
    value = next(part for part in found.groups() if part is not None)
    return value.rstrip() if found["plain"] else value, _skip_spaces(text, found.end())


def _after(mark: str, text: str, at: int) -> int:
    at = _skip_spaces(text, at)
    if text[at : at + 1] != mark:
        raise _expected(mark, text, at)
    return _skip_spaces(text, at + 1)


def _skip_spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


def _expected(what: str, text: str, at: int) -> NotParsed:
    received = "<none>" if what.startswith("<") else text[at : at + 1] or "EOF"
    return NotParsed(f"Expected: '{what}', received: '{received}' for input:\n{_pointed(text, at)}")


def _pointed(text: str, at: int) -> str:
    """The text, and an arrow below the place, in whichever line that is."""
    line_ends = text.find("\n", at)
    line_ends = len(text) if line_ends < 0 else line_ends
    column = at - (text.rfind("\n", 0, at) + 1)
    return f"{text[:line_ends]}\n{' ' * column}^{text[line_ends:]}"


def blocks_of(request: Mapping[str, object]) -> dict[Factor, Block]:
    """The blocks of a SetUserMFAPreference request whose types have been checked."""
    blocks = {}
    for factor, member in MEMBER_OF_FACTOR.items():
        settings = request.get(member)
        if isinstance(settings, dict):
            blocks[factor] = Block(
                bool(settings.get("Enabled", False)), bool(settings.get("PreferredMfa", False))
            )
    return blocks


def laid_over(now: Preference, blocks: Mapping[Factor, Block]) -> Preference | None:
    """What the blocks make of what is so now, as SetUserMFAPreference does it: a factor without a
    block stays as it is, and one that is on and not preferred gives its preference up.

    None for blocks that contradict one another (two preferred, or preferred but off).
    """
    preferred = [factor for factor, block in blocks.items() if block.preferred]
    if len(preferred) > 1 or any(not blocks[factor].enabled for factor in preferred):
        return None
    on = frozenset(factor for factor, block in blocks.items() if block.enabled)
    enabled = (now.enabled - blocks.keys()) | on
    kept = None if now.preferred in blocks else now.preferred
    return Preference(enabled, preferred[0] if preferred else kept)
