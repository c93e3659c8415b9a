"""How often codes may be sent and entered, counted in the database before each call."""

from django.db import transaction
from django.utils import timezone

from mfa_settings.contact_points.domain import CHECKS, SENDS, Limit, Wait, wait_for
from mfa_settings.models import ContactTry
from signin.models import User

LIMITS: dict[str, tuple[Limit, ...]] = {"send": SENDS, "check": CHECKS}


def take(person: User, kind: str) -> ContactTry | Wait:
    """One try of this kind, or how long to wait. The person's row is locked, so tries side by
    side are counted one after the other."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        wait = waiting(person, kind)
        return wait or ContactTry.objects.create(person=person, kind=kind, at=timezone.now())


def waiting(person: User, kind: str) -> Wait | None:
    limits, now = LIMITS[kind], timezone.now()
    since = now - max(limit.span for limit in limits)
    tries = ContactTry.objects.filter(person=person, kind=kind, at__gt=since).order_by("-at")
    return wait_for(limits, list(tries.values_list("at", flat=True)), now)


def erase_expired() -> int:
    since = timezone.now() - max(limit.span for limits in LIMITS.values() for limit in limits)
    return ContactTry.objects.filter(at__lte=since).delete()[0]
