"""Checks the pool for its operator: the pool itself, the settings alone, and one with the other."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.urls import reverse

from cognito.errors import CognitoError, Misconfigured
from cognito.inspection import inspect
from userpool.check import client_checks, passkey_checks, pool_checks
from userpool.check.differences import differences
from userpool.check.findings import (
    Check,
    Finding,
    Level,
    PoolSnapshot,
    PortalConfig,
    findings,
    worst_first,
)
from userpool.facts import PoolFacts, facts_of
from userpool.service import facts_of_settings, read_facts

DIFFERENCE: Final = "settings.differ"


def portal_config() -> PortalConfig:
    """The portal's configuration, from the settings and its URLs."""
    pool = settings.COGNITO
    return PortalConfig(
        region=pool.region,
        pool_id=pool.pool_id,
        client_id=pool.client_id,
        domain=pool.domain,
        portal_url=settings.PORTAL_URL,
        callback_url=f"{settings.PORTAL_URL}{reverse('cognito_callback')}",
        sign_out_url=f"{settings.PORTAL_URL}{reverse('signed_out')}",
        passkeys_back_url=f"{settings.PORTAL_URL}{reverse('passkey_return')}",
    )


def every_check(portal: PortalConfig) -> tuple[Check, ...]:
    """The table of checks for this portal's pool; a local pool has fewer."""
    of_domain = (
        client_checks.DOMAIN_CHECKS if portal.domain_name else client_checks.LOCAL_DOMAIN_CHECKS
    )
    return (*client_checks.CHECKS, *of_domain, *pool_checks.CHECKS, *passkey_checks.CHECKS)


def check_pool() -> tuple[Finding, ...]:
    """Reads the pool and returns every finding, the worst first. Failed reads are findings too."""
    portal = portal_config()
    inspection = inspect(pool=settings.COGNITO, domain_name=portal.domain_name)
    snapshot = PoolSnapshot(
        portal,
        facts_of(
            inspection.answers.get("GetUserPoolMfaConfig", {}),
            inspection.answers.get("DescribeUserPool"),
            domain_host=portal.domain_host,
            adaptive=settings.COGNITO_MFA_BY_RISK,
        ),
        inspection.answers,
        {operation: error.code for operation, error in inspection.errors.items()},
        inspection.secret_fits,
    )
    found = [*findings(snapshot, every_check(portal))]
    if settings.COGNITO_MFA:
        found.append(_compared_with_settings(snapshot.facts, inspection.errors))
    return worst_first(found)


def check_settings() -> tuple[Finding, ...]:
    """The findings in the settings alone, the worst first; none where COGNITO_MFA is not set."""
    if not settings.COGNITO_MFA:
        return ()
    snapshot = PoolSnapshot(portal_config(), facts_of_settings())
    results = {c.id: c.judge(snapshot) for c in every_check(snapshot.portal) if c.of_settings}
    # No `fix`: a line would reset the pool's other settings, which are not known here.
    return worst_first(Finding(name, r.level, r.what, r.why) for name, r in results.items())


def read_differences() -> tuple[str, ...]:
    """Reads the pool and returns where the settings contradict it. Raises `CognitoError`.

    Meant where COGNITO_MFA is set.
    """
    return differences(said=facts_of_settings(), pool=read_facts())


def _compared_with_settings(pool: PoolFacts, errors: Mapping[str, CognitoError]) -> Finding:
    """Compare pool and settings; do without a DescribeUserPool that the role may not call."""
    error = errors.get("GetUserPoolMfaConfig") or errors.get("DescribeUserPool")
    may_do_without = isinstance(error, Misconfigured) and error.operation == "DescribeUserPool"
    if error and not may_do_without:
        return Finding(
            DIFFERENCE,
            Level.UNKNOWN,
            "Whether the settings say what the pool says could not be checked.",
            f"Not read ({error.operation}: {error.code}).",
            f"Allow cognito-idp:{error.operation} to whoever runs this.",
        )
    found = differences(said=facts_of_settings(), pool=pool)
    if not found:
        return Finding(DIFFERENCE, Level.OK, "The settings say what the pool says.")
    return Finding(
        DIFFERENCE,
        Level.WARNING,
        "The settings and the pool do not say the same.",
        "; ".join(found) + ".",
        "Change the settings, or leave COGNITO_MFA out and let the portal read the pool.",
    )
