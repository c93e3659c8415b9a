"""Attempts that a limit has counted, without making them."""

from django.utils import timezone

from signin.limits.domain import LimitedAction
from signin.limits.models import Attempt


def use_up(action: LimitedAction, *, key: str) -> None:
    """As many attempts as the first limit of the action takes."""
    attempt = {"key": f"{action.name}:{key}", "at": timezone.now()}
    Attempt.objects.bulk_create(Attempt(**attempt) for _ in range(action.limits[0].most))
