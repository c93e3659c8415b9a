"""Put a form aside while its person signs in again, and find it afterwards."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils import timezone

from signin.assurance import Demand
from signin.models import User
from signin.sealing import Unsealable, seal, unseal
from signin.step_up.domain import TIME_TO_FINISH
from signin.step_up.models import SuspendedForm

# How long the person has to sign in again.
SUSPENDED_FOR: Final = timedelta(hours=1)
# Longer than any number or address.
LONGEST_FIELD: Final = 300


def recent() -> timedelta:
    """Return the greatest age of a sign-in for a change, by the settings."""
    return timedelta(seconds=settings.RECENT_SIGN_IN_SECONDS)


def time_to_finish() -> timedelta:
    """Return the greatest age of a sign-in for finishing a set-up, or for the first protection."""
    return max(recent(), TIME_TO_FINISH)


def recent_demand() -> Demand:
    """Return the demand on a sign-in before a change."""
    return Demand(max_age=recent(), second_step=True)


def demand_to_finish() -> Demand:
    """Return the demand on a sign-in before the person finishes a set-up that it began."""
    return Demand(max_age=time_to_finish(), second_step=True)


def suspend(
    *,
    person: User,
    back: str,
    leave_to: str,
    demand: Demand,
    fields: Iterable[tuple[str, str]] = (),
) -> SuspendedForm:
    """Put a form aside until its person has met `demand`; one row for each person and `back`.

    `back` is the path whose GET shows the form again, `fields` what to fill in there.
    """
    since = timezone.now() - SUSPENDED_FOR
    found = SuspendedForm.objects.filter(person=person, back=back, created_at__gte=since).first()
    suspended = found or SuspendedForm(person=person, back=back)
    # Its time begins anew, and a way that was chosen the last time may be off by now.
    suspended.created_at, suspended.way, suspended.leave_to = timezone.now(), "", leave_to
    suspended.demand = demand
    text = urlencode([(name, value[:LONGEST_FIELD]) for name, value in fields])
    suspended.sealed_fields = seal(text, purpose=_purpose(suspended)) if text else ""
    suspended.save()
    return suspended


def suspended_form_of(*, person: User, form_id: uuid.UUID) -> SuspendedForm | None:
    """The person's own suspended form of this id; None once its time is over."""
    since = timezone.now() - SUSPENDED_FOR
    return SuspendedForm.objects.filter(id=form_id, person=person, created_at__gte=since).first()


def fields_of(suspended: SuspendedForm) -> dict[str, str]:
    """Return the text typed into the form, by field name; nothing where no key opens it."""
    try:
        text = unseal(suspended.sealed_fields, purpose=_purpose(suspended))
    except Unsealable:
        return {}
    return dict(parse_qsl(text))


def erase_expired() -> int:
    """Delete the suspended forms that nobody came back for; how many."""
    return SuspendedForm.objects.filter(created_at__lt=timezone.now() - SUSPENDED_FOR).delete()[0]


def _purpose(suspended: SuspendedForm) -> str:
    return f"suspended-form:{suspended.person_id}:{suspended.id}"
