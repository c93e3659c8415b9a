"""How often a person may press "forget", counted in the database for every worker alike."""

from django.db import transaction
from django.utils import timezone

from mfa_settings.devices.domain import PRESSES_COUNT_FOR, Forgotten, too_often
from mfa_settings.models import DevicesPress
from signin.models import User


def take_a_press(person: User) -> Forgotten | None:
    """None: it is counted and may go on; else how long to wait, and nothing is counted.

    The person's row is locked, so presses side by side are counted one after the other.
    """
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        counted = DevicesPress.objects.filter(person=person, at__gt=now - PRESSES_COUNT_FOR)
        refused = too_often(list(counted.order_by("-at").values_list("at", flat=True)), now)
        if refused is None:
            DevicesPress.objects.create(person=person, at=now)
    return refused


def erase_expired() -> int:
    return DevicesPress.objects.filter(at__lte=timezone.now() - PRESSES_COUNT_FOR).delete()[0]
