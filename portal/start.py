"""The text that gunicorn prints for the portal at its start, and the problems that stop it."""

from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from cognito.admin import has_credentials
from portal.env import refuse_problems


def announcement() -> str:
    """Name the portal's address, its pool, and where the pool's policy comes from.

    Raises ImproperlyConfigured with the next step where the portal could serve nobody.
    """
    django.setup()
    refuse_problems([*_database_problems(), *_static_problems()])
    return (
        f"The portal serves {settings.PORTAL_URL} for the user pool {settings.COGNITO.pool_id}.\n"
        f"{_policy_words()}"
    )


def _database_problems() -> list[str]:
    try:
        executor = MigrationExecutor(connections["default"])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [f"The database can't be opened: {error}."]
    finally:
        # Workers must not share what was opened before they were forked.
        connections.close_all()
    return ["The database is not up to date: run manage.py migrate."] if waiting else []


def _static_problems() -> list[str]:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        return []
    return ["There are no styles and scripts yet: run manage.py collectstatic --no-input."]


def _policy_words() -> str:
    if settings.COGNITO_MFA:
        offered = ", ".join(settings.COGNITO_MFA_FACTORS) or "nothing"
        return f"What the pool allows comes from the settings: {settings.COGNITO_MFA}, {offered}."
    if has_credentials():
        return "What the pool allows is read from the pool with the AWS credentials at hand."
    return (
        "WARNING: what the pool allows is not known, so no page can be shown. Give the portal AWS\n"
        "credentials that allow cognito-idp:GetUserPoolMfaConfig, or set COGNITO_MFA and\n"
        "COGNITO_MFA_FACTORS."
    )
