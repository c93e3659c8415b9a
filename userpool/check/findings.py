"""What an operator has to know of a pool: from what was read of it to findings. Plain Python.

`checking.every_check` is the table; docs/check-pool.md lists it for people, and a test keeps the
two the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from userpool.check.fixes import Change, lines_of

Answer = Mapping[str, Any]
REQUIRED_SCOPES: Final = ("openid", "aws.cognito.signin.user.admin")


class Level(StrEnum):
    """How bad it is. BLOCKER: people can't use the portal, or could lose their account."""

    BLOCKER = "BLOCKER"
    WARNING = "WARNING"
    UNKNOWN = "UNKNOWN"
    OK = "OK"


@dataclass(frozen=True, slots=True)
class Portal:
    """What the portal's own settings say."""

    region: str
    pool_id: str
    client_id: str
    domain: str
    portal_url: str
    callback_url: str
    sign_out_url: str
    passkeys_back_url: str = ""
    adaptive: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.portal_url).hostname or ""

    @property
    def domain_host(self) -> str:
        return urlsplit(self.domain).hostname or ""

    @property
    def domain_name(self) -> str:
        """As DescribeUserPoolDomain takes it: a prefix, or the host of a custom domain; "" for a
        local pool, which has none."""
        if not self.domain.startswith("https://"):
            return ""
        prefix, _, rest = self.domain_host.partition(".")
        return prefix if self.has_prefix_domain and rest else self.domain_host

    @property
    def has_prefix_domain(self) -> bool:
        return self.domain_host.endswith(".amazoncognito.com")


@dataclass(frozen=True, slots=True)
class Seen:
    """The portal, and Cognito's answers by operation. `secret_fits` is None when not known."""

    portal: Portal
    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    secret_fits: bool | None = None

    @property
    def pool(self) -> Answer:
        return self.answers["DescribeUserPool"]

    @property
    def client(self) -> Answer:
        return self.answers["DescribeUserPoolClient"]

    @property
    def mfa(self) -> Answer:
        return self.answers["GetUserPoolMfaConfig"]

    @property
    def domain(self) -> Answer:
        return self.answers["DescribeUserPoolDomain"]

    @property
    def mode(self) -> str:
        return str(self.mfa.get("MfaConfiguration", "OFF"))

    def has_factor(self, member: str) -> bool:
        """`member` of GetUserPoolMfaConfig is there, and the pool's MFA is not off."""
        return self.mode != "OFF" and member in self.mfa


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's answer. `change` is what a line of the AWS CLI can mend; `advice` is what only
    a person can."""

    level: Level
    what: str
    why: str = ""
    change: Change | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` are the operations whose answers it looks at, `of` what it looks at."""

    id: str
    of: str
    needs: tuple[str, ...]
    judge: Callable[[Seen], Verdict]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table. `fix` holds a line of the AWS CLI, or what else to do."""

    id: str
    level: Level
    what: str
    why: str = ""
    fix: str = ""


def findings(seen: Seen, checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    """Every check's finding, the worst first; one that could not be made is UNKNOWN."""
    judged = [(check, _judged(check, seen)) for check in checks]
    lines = lines_of(
        (verdict.change for _, verdict in judged if verdict.change),
        answers=seen.answers,
        region=seen.portal.region,
        pool_id=seen.portal.pool_id,
        client_id=seen.portal.client_id,
    )
    found = [
        Finding(
            check.id,
            verdict.level,
            verdict.what,
            verdict.why,
            lines[verdict.change.operation] if verdict.change else verdict.advice,
        )
        for check, verdict in judged
    ]
    return tuple(sorted(found, key=lambda finding: list(Level).index(finding.level)))


def _judged(check: Check, seen: Seen) -> Verdict:
    missing = [operation for operation in check.needs if operation not in seen.answers]
    if not missing:
        return check.judge(seen)
    codes = {operation: seen.refused.get(operation, "not asked") for operation in missing}
    reasons = ", ".join(f"{operation}: {code}" for operation, code in codes.items())
    level, advice = next(
        (found for code, found in _ADVICE_OF_CODE.items() if code in codes.values()),
        (Level.UNKNOWN, "Cognito gave no answer that could be used. Run this again in a while."),
    )
    actions = ", ".join(f"cognito-idp:{operation}" for operation in missing)
    return Verdict(
        level,
        f"{check.of} could not be checked.",
        f"Not read ({reasons}).",
        advice=advice.format(actions=actions),
    )


_NOT_ALLOWED: Final = (
    Level.UNKNOWN,
    "Allow {actions} to whoever runs this, or look at it in the AWS console.",
)
_ADVICE_OF_CODE: Final[Mapping[str, tuple[Level, str]]] = {
    "ResourceNotFoundException": (
        Level.BLOCKER,
        "There is none: look at COGNITO_REGION, COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID.",
    ),
    "NoCredentials": (Level.UNKNOWN, "Give this AWS credentials that allow {actions}."),
    "AccessDeniedException": _NOT_ALLOWED,
    "NotAuthorizedException": _NOT_ALLOWED,
    "UnrecognizedClientException": _NOT_ALLOWED,
    "ExpiredTokenException": (Level.UNKNOWN, "The AWS credentials have expired: renew them."),
}


def is_blocked(found: tuple[Finding, ...]) -> bool:
    return any(finding.level is Level.BLOCKER for finding in found)
