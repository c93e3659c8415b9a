"""How often a person may start, counted in the database for every worker alike."""

from datetime import timedelta

from django.utils import timezone

from mfa_settings.models import PasskeyCeremony
from mfa_settings.passkeys.domain import MAX_STARTS_AN_HOUR
from signin.models import User


def may_start(person: User) -> bool:
    """Each start spends a quota that the whole AWS account shares."""
    since = timezone.now() - timedelta(hours=1)
    started = PasskeyCeremony.objects.filter(person=person, created_at__gte=since).count()
    return started < MAX_STARTS_AN_HOUR
