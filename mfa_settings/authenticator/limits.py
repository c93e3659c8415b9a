"""How often a person may start and guess, counted in the database for every worker alike."""

from datetime import timedelta

from django.db.models import Count, F, Sum
from django.utils import timezone

from mfa_settings.authenticator.domain import (
    MAX_STARTS_AN_HOUR,
    MAX_WRONG_CODES,
    MAX_WRONG_CODES_AN_HOUR,
    SET_UP_LIVES,
)
from mfa_settings.models import AuthenticatorSetUp
from signin.models import User


def too_much_in_the_last_hour(person: User) -> bool:
    """Counted by person and not by address, over every set-up that was open in the last hour.

    Each start and each try spends a quota that the whole AWS account shares.
    """
    since = timezone.now() - timedelta(hours=1) - SET_UP_LIVES
    recent = AuthenticatorSetUp.objects.filter(person=person, created_at__gte=since)
    spent = recent.aggregate(wrong_codes=Sum("wrong_codes", default=0), starts=Count("id"))
    return bool(
        spent["wrong_codes"] >= MAX_WRONG_CODES_AN_HOUR or spent["starts"] >= MAX_STARTS_AN_HOUR
    )


def take_a_try(set_up: AuthenticatorSetUp) -> bool:
    """Before the code is sent, so that codes sent side by side can't outnumber the tries."""
    left = AuthenticatorSetUp.objects.filter(id=set_up.id, wrong_codes__lt=MAX_WRONG_CODES)
    return bool(left.update(wrong_codes=F("wrong_codes") + 1))


def give_the_try_back(set_up: AuthenticatorSetUp) -> None:
    AuthenticatorSetUp.objects.filter(id=set_up.id).update(wrong_codes=F("wrong_codes") - 1)
