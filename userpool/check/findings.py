"""Turns a snapshot of a pool into findings for its operator. Plain Python.

`service.every_check` is the table of checks; docs/check-pool.md lists their findings for people,
and a test keeps the two the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from userpool.check.fixes import Repair, lines_of
from userpool.facts import Answer, PoolFacts, policy_of
from userpool.policy import Policy
from userpool.values import Factor


class Level(StrEnum):
    """The severity of a finding, the worst first.

    BLOCKER: people can't use the portal, or could lose their account.
    """

    BLOCKER = "BLOCKER"
    WARNING = "WARNING"
    UNKNOWN = "UNKNOWN"
    OK = "OK"


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """The portal's own settings: its pool, app client and URLs. `domain` is the pool's, a URL."""

    region: str
    pool_id: str
    client_id: str
    domain: str
    portal_url: str
    callback_url: str
    sign_out_url: str
    passkeys_back_url: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.portal_url).hostname or ""

    @property
    def domain_host(self) -> str:
        return urlsplit(self.domain).hostname or ""

    @property
    def domain_name(self) -> str:
        """The domain as DescribeUserPoolDomain takes it: a prefix, or the host of a custom domain.

        "" for a local pool, which has none.
        """
        if not self.domain.startswith("https://"):
            return ""
        prefix, _, rest = self.domain_host.partition(".")
        return prefix if self.has_prefix_domain and rest else self.domain_host

    @property
    def has_prefix_domain(self) -> bool:
        return self.domain_host.endswith(".amazoncognito.com")


@dataclass(frozen=True, slots=True)
class PoolSnapshot:
    """A pool as it was read once, beside the portal's own configuration.

    `facts` come from the answers to GetUserPoolMfaConfig and DescribeUserPool, as far as they were
    read; a check that `needs` an answer is not made without it. `answers` maps an operation to its
    answer in Cognito's own members, `error_codes` a failed one to its code. `secret_fits`: the
    settings hold the app client's secret (None: not known).
    """

    portal: PortalConfig
    facts: PoolFacts
    answers: Mapping[str, Answer] = field(default_factory=dict)
    error_codes: Mapping[str, str] = field(default_factory=dict)
    secret_fits: bool | None = None

    @property
    def pool(self) -> Answer:
        """The answer to DescribeUserPool; empty where the facts come from the settings."""
        return self.answers.get("DescribeUserPool", {})

    @property
    def mfa(self) -> Answer:
        """The answer to GetUserPoolMfaConfig; empty where the facts come from the settings."""
        return self.answers.get("GetUserPoolMfaConfig", {})

    @property
    def client(self) -> Answer:
        return self.answers["DescribeUserPoolClient"]

    @property
    def domain(self) -> Answer:
        return self.answers["DescribeUserPoolDomain"]

    @property
    def policy(self) -> Policy:
        return policy_of(self.facts)

    @property
    def factors(self) -> frozenset[Factor]:
        """The factors that the pool switches on, able to use them or not."""
        return self.policy.offered | self.policy.obstacles.keys()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check. `repair` is made by a line of the AWS CLI, `advice` is for what
    only a person can do."""

    level: Level
    what: str
    why: str = ""
    repair: Repair | None = None
    advice: str = ""


def ok(what: str) -> CheckResult:
    return CheckResult(Level.OK, what)


@dataclass(frozen=True, slots=True)
class Check:
    """A question about a snapshot, answered by `judge`.

    `id` names its finding, `of` its subject in the sentence for a check that could not be made.
    `needs` lists the operations whose answers `judge` reads. With `of_settings` it also judges
    facts that come from the settings alone.
    """

    id: str
    of: str
    needs: tuple[str, ...]
    judge: Callable[[PoolSnapshot], CheckResult]
    of_settings: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of the table for the operator. `fix` is a line of the AWS CLI, or advice."""

    id: str
    level: Level
    what: str
    why: str = ""
    fix: str = ""


def findings(snapshot: PoolSnapshot, checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    """The finding of every check; a check that lacks an answer gives UNKNOWN."""
    results = {check.id: _result(check, snapshot) for check in checks}
    lines = lines_of(
        (result.repair for result in results.values() if result.repair),
        answers=snapshot.answers,
        region=snapshot.portal.region,
        pool_id=snapshot.portal.pool_id,
        client_id=snapshot.portal.client_id,
    )
    return tuple(
        Finding(
            name,
            result.level,
            result.what,
            result.why,
            lines[result.repair.operation] if result.repair else result.advice,
        )
        for name, result in results.items()
    )


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: list(Level).index(finding.level)))


def _result(check: Check, snapshot: PoolSnapshot) -> CheckResult:
    """The check's result, or UNKNOWN (BLOCKER for a pool that is not there) without its answers."""
    missing = [operation for operation in check.needs if operation not in snapshot.answers]
    if not missing:
        return check.judge(snapshot)
    codes = {operation: snapshot.error_codes.get(operation, "not asked") for operation in missing}
    reasons = ", ".join(f"{operation}: {code}" for operation, code in codes.items())
    level, advice = next(
        (found for code, found in _ADVICE_OF_CODE.items() if code in codes.values()),
        (Level.UNKNOWN, "Cognito gave no answer that could be used. Run this again in a while."),
    )
    actions = ", ".join(f"cognito-idp:{operation}" for operation in missing)
    return CheckResult(
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
