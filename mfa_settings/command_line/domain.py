"""Turns the arguments of the command line into a preference. Plain Python."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mfa_settings.command_line.shorthand import Load, NotShorthand, Value, parse
from mfa_settings.preference.domain.rules import Rule, Violation
from userpool.policy import Mode, Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Factor, Preference, Status

_BOOLEANS: Final = {"true": True, "false": False}
_BOOLEAN_MEMBERS: Final = frozenset({"Enabled", "PreferredMfa"})
# Longer than any name or code of Amazon's, shorter than any token.
_LIKE_A_TOKEN: Final = re.compile(r"[A-Za-z0-9_=.-]{48,}")


class NotParsed(Exception):
    """An argument is neither JSON nor shorthand. The text explains it in the AWS CLI's words."""


class Block(NamedTuple):
    """The settings that a request has for one factor. A member left out is false, as in Cognito."""

    enabled: bool = False
    preferred: bool = False


def structure(text: str, *, load: Load = str) -> dict[str, object]:
    """Returns the structure that an argument holds, in JSON or in shorthand (`Enabled=true`).

    Does not check its members. `load` reads the file that a value of shorthand may name
    (`Enabled@=file://…`). Raises NotParsed, and the errors of `load`.
    """
    begins = text.lstrip()[:1]
    if begins == "{":
        return json_object(text, f"Invalid JSON: {{problem}}\nJSON received: {text}")
    if begins == "[":
        raise NotParsed(f"Invalid JSON:\n{text}")
    try:
        members = parse(text, load=load)
    except NotShorthand as error:
        raise NotParsed(str(error)) from None
    except RecursionError:
        raise NotParsed("It is nested too deeply.") from None
    return {name: _boolean(name, value) for name, value in members.items()}


def _boolean(name: str, value: Value) -> object:
    if isinstance(value, str) and name in _BOOLEAN_MEMBERS:
        return _BOOLEANS.get(value.lower(), value)
    return value


def json_object(text: str, words: str) -> dict[str, object]:
    """Returns the JSON object in the text. Raises NotParsed with `words`, `{problem}` filled in."""
    problem = "not an object"
    try:
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    except RecursionError:
        problem = "nested too deeply"
    except ValueError as error:
        problem = str(error)
    raise NotParsed(words.replace("{problem}", problem))


def without_tokens(text: str) -> str:
    """Returns the text with every run of characters hidden that is as long as a token."""
    return _LIKE_A_TOKEN.sub("(not shown)", text)


def apply_blocks(now: Preference, blocks: Mapping[Factor, Block]) -> Preference | None:
    """Returns the preference that SetUserMFAPreference makes of the one `now` with these blocks.

    A factor without a block stays as it is; a block that is not preferred ends the preference for
    its factor. None for blocks that contradict one another (two preferred, or preferred but off).
    """
    preferred = [factor for factor, block in blocks.items() if block.preferred]
    if len(preferred) > 1 or any(not blocks[factor].enabled for factor in preferred):
        return None
    on = frozenset(factor for factor, block in blocks.items() if block.enabled)
    enabled = (now.enabled - blocks.keys()) | on
    kept = None if now.preferred in blocks else now.preferred
    return Preference(enabled, preferred[0] if preferred else kept)


def refused_by_cognito(
    blocks: Mapping[Factor, Block],
    violations: Iterable[Violation],
    *,
    status: Status,
    policy: Policy,
) -> frozenset[Factor]:
    """Returns the factors whose blocks break a rule that Cognito enforces too, in its own words.

    Holds only rules that Cognito was seen to enforce, or whose breach harms nobody: a sign-in never
    asks for a factor that can't be reached or that the pool does not offer.
    """
    if status.identity_provider:
        return frozenset()
    broken = {(violation.rule, violation.factor) for violation in violations}
    not_there = {Factor.TOTP} | (set(ATTRIBUTE_OF_FACTOR) - status.reachable)
    refused = {factor for factor in not_there if (Rule.NOT_READY, factor) in broken}
    if (Rule.NOT_OFFERED, Factor.EMAIL) in broken and policy.mode is not Mode.OFF:
        refused.add(Factor.EMAIL)
    return frozenset(refused & blocks.keys())
