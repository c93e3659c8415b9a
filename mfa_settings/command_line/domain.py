"""Turns the arguments of the command line into a preference. Plain Python."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mfa_settings.command_line.shorthand import Load, NotShorthand, Value, parse
from mfa_settings.preference.domain.rules import Rule, Violation
from userpool.policy import Mode, Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Factor, Preference, Status

# The member of a SetUserMFAPreference request for each factor.
MEMBER_OF_FACTOR: Final[Mapping[Factor, str]] = {
    Factor.SMS: "SMSMfaSettings",
    Factor.TOTP: "SoftwareTokenMfaSettings",
    Factor.EMAIL: "EmailMfaSettings",
    Factor.PASSKEY: "WebAuthnMfaSettings",
}

_BOOLEANS: Final = {"true": True, "false": False}
_BOOLEAN_MEMBERS: Final = frozenset({"Enabled", "PreferredMfa"})
# Longer than any name or code of Amazon's, shorter than any token.
_LIKE_A_TOKEN: Final = re.compile(r"[A-Za-z0-9_=.-]{48,}")


class NotParsed(Exception):
    """An argument is neither JSON nor shorthand. The text explains it in the AWS CLI's words."""


@dataclass(frozen=True, slots=True)
class Block:
    """The settings that a request has for one factor. A member left out is false, as in Cognito."""

    enabled: bool = False
    preferred: bool = False


def structure(text: str, *, load: Load = str) -> dict[str, object]:
    """The structure that an argument holds, in JSON or in shorthand (`Enabled=true`).

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
    """The JSON object in the text. Raises NotParsed with `words` and the `{problem}` in them."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise NotParsed(words.replace("{problem}", "nested too deeply")) from None
    except ValueError as error:
        raise NotParsed(words.replace("{problem}", str(error))) from None
    if not isinstance(found, dict):
        raise NotParsed(words.replace("{problem}", "not an object"))
    return found


def without_tokens(text: str) -> str:
    """The text, with every run of characters that is as long as a token hidden."""
    return _LIKE_A_TOKEN.sub("(not shown)", text)


def blocks_of(request: Mapping[str, object]) -> dict[Factor, Block]:
    """The blocks in a SetUserMFAPreference request whose types were checked before."""
    blocks = {}
    for factor, member in MEMBER_OF_FACTOR.items():
        settings = request.get(member)
        if isinstance(settings, dict):
            blocks[factor] = Block(
                bool(settings.get("Enabled", False)), bool(settings.get("PreferredMfa", False))
            )
    return blocks


def apply_blocks(now: Preference, blocks: Mapping[Factor, Block]) -> Preference | None:
    """The preference after the blocks, as SetUserMFAPreference makes it of the one `now`.

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
    """The factors whose blocks break a rule that Cognito enforces too, with an answer of its own.

    Only rules that Cognito was seen to enforce, or whose breach harms nobody: a sign-in never asks
    for a factor that can't be reached or that the pool does not offer.
    """
    if status.identity_provider:
        return frozenset()
    broken = {(violation.rule, violation.factor) for violation in violations}
    not_there = {Factor.TOTP} | (set(ATTRIBUTE_OF_FACTOR) - status.reachable)
    refused = {factor for factor in not_there if (Rule.NOT_READY, factor) in broken}
    if (Rule.NOT_OFFERED, Factor.EMAIL) in broken and policy.mode is not Mode.OFF:
        refused.add(Factor.EMAIL)
    return frozenset(refused & blocks.keys())
