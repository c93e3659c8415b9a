"""System checks: those of `manage.py check_pool` that need the settings alone.

One more reads the pool, and so runs only under `manage.py check --deploy`.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Info, register

from cognito.admin import has_credentials
from cognito.errors import CognitoError
from userpool.check.findings import Level
from userpool.check.service import check_settings, read_differences

POOL_TAG: Final = "pool"
# Ids are for SILENCED_SYSTEM_CHECKS and never change their meaning.
ID_OF_FINDING: Final = {
    "mfa.mode": "portal.W001",
    "factor.email": "portal.W002",
    "contact.kept-until-verified": "portal.W003",
    "recovery": "portal.W004",
    "plan": "portal.W005",
    "mfa.by-risk": "portal.W006",
    "passkeys.relying-party": "portal.W007",
}
DIFFERENT, NOT_READ = "portal.W010", "portal.I011"


@register(POOL_TAG)
def settings_of_the_pool(**_options: Any) -> Sequence[CheckMessage]:
    """Warns of problems in COGNITO_MFA and the settings beside it. No network."""
    return [
        checks.Warning(
            f"{finding.what} {finding.why}".strip(),
            hint="Run manage.py check_pool with AWS credentials: it prints the line that mends it.",
            id=ID_OF_FINDING[finding.id],
        )
        for finding in check_settings()
        if finding.level in {Level.BLOCKER, Level.WARNING}
    ]


@register(POOL_TAG, deploy=True)
def settings_and_pool(**_options: Any) -> Sequence[CheckMessage]:
    """Warns where the settings contradict the pool. Two reads, each with the client's time-outs."""
    if not settings.COGNITO_MFA:
        return []
    if not has_credentials():
        return _not_read("there are no AWS credentials", "Run this where there are some")
    try:
        found = read_differences()
    except CognitoError as error:
        return _not_read(
            f"{error.operation} answered {error.code}",
            f"Allow cognito-idp:{error.operation} to the portal",
        )
    return [
        checks.Warning(
            f"{difference}.",
            hint="Change the setting, or leave COGNITO_MFA out and let the portal read the pool.",
            id=DIFFERENT,
        )
        for difference in found
    ]


def _not_read(why: str, remedy: str) -> list[CheckMessage]:
    what = f"Whether the settings fit the pool is not known: {why}."
    return [Info(what, hint=f"{remedy}, or ignore this.", id=NOT_READ)]
