"""Limits on a person's starts of a set-up and tries of a code, counted in its rows."""

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
    """Tell whether the person may start a set-up, which spends a quota of the AWS account."""
    starts = _of_the_last_hour(person).count()
    return starts < MAX_STARTS_AN_HOUR and may_guess(person)


def may_guess(person: User) -> bool:
    """Tell whether the person may try a code, counting all their set-ups of the last hour."""
    guessed = _of_the_last_hour(person).aggregate(wrong=Sum("wrong_codes", default=0))["wrong"]
    return bool(guessed < MAX_WRONG_CODES_AN_HOUR)


def _of_the_last_hour(person: User) -> QuerySet[AuthenticatorSetUp]:
    since = timezone.now() - timedelta(hours=1) - SET_UP_LIVES
    return AuthenticatorSetUp.objects.filter(person=person, created_at__gte=since)


def take_a_try(set_up: AuthenticatorSetUp) -> bool:
    """Count a try, before its code is sent, so that parallel codes can't outnumber the tries.

    False, uncounted, where the set-up has no try left.
    """
    left = AuthenticatorSetUp.objects.filter(id=set_up.id, wrong_codes__lt=MAX_WRONG_CODES)
    return bool(left.update(wrong_codes=F("wrong_codes") + 1))


def give_the_try_back(set_up: AuthenticatorSetUp) -> None:
    """Uncount a try whose code was no wrong guess."""
    AuthenticatorSetUp.objects.filter(id=set_up.id).update(wrong_codes=F("wrong_codes") - 1)
