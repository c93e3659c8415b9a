"""How often a person may start and guess, counted in the database for every worker alike."""

from datetime import timedelta

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from mfa_settings.authenticator.domain import (
    MAX_STARTS_AN_HOUR,
    MAX_WRONG_CODES,
    MAX_WRONG_CODES_AN_HOUR,
    SET_UP_LIVES,
)
from mfa_settings.authenticator.models import AuthenticatorSetUp
from signin.models import User


def may_start(person: User) -> bool:
    """Each start spends a quota that the whole AWS account shares."""
    starts = _of_the_last_hour(person).count()
    return starts < MAX_STARTS_AN_HOUR and may_guess(person)


def may_guess(person: User) -> bool:
    """Counted by person and not by address, over every set-up that was open in the last hour."""
    guessed = _of_the_last_hour(person).aggregate(wrong=Sum("wrong_codes", default=0))["wrong"]
    return bool(guessed < MAX_WRONG_CODES_AN_HOUR)


def _of_the_last_hour(person: User) -> QuerySet[AuthenticatorSetUp]:
    since = timezone.now() - timedelta(hours=1) - SET_UP_LIVES
    return AuthenticatorSetUp.objects.filter(person=person, created_at__gte=since)


def take_a_try(set_up: AuthenticatorSetUp) -> bool:
    """Before the code is sent, so that codes sent side by side can't outnumber the tries."""
    left = AuthenticatorSetUp.objects.filter(id=set_up.id, wrong_codes__lt=MAX_WRONG_CODES)
    return bool(left.update(wrong_codes=F("wrong_codes") + 1))


def give_the_try_back(set_up: AuthenticatorSetUp) -> None:
    AuthenticatorSetUp.objects.filter(id=set_up.id).update(wrong_codes=F("wrong_codes") - 1)
