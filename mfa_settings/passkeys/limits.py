"""How often a person may start, counted in the database for every worker alike."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mfa_settings.models import PasskeyCeremony
from mfa_settings.passkeys.domain import MAX_STARTS_AN_HOUR
from signin.models import User


def take_a_start(person: User) -> PasskeyCeremony | None:
    """A ceremony that has ended until it has a challenge, or None after too many within an hour.

    Each start spends a quota that the whole AWS account shares, a refused one too. The person's
    row is locked, so starts side by side are counted one after the other.
    """
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        since = now - timedelta(hours=1)
        started = PasskeyCeremony.objects.filter(person=person, created_at__gte=since).count()
        if started >= MAX_STARTS_AN_HOUR:
            return None
        return PasskeyCeremony.objects.create(person=person, ended_at=now)
