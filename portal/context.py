"""What every page of the portal knows."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    return {
        "portal_name": settings.PORTAL_NAME,
        "help_url": settings.HELP_URL,
        "is_signed_in": request.user.is_authenticated,
    }
