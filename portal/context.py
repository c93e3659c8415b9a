"""What every page of the portal knows."""

from django.conf import settings
from django.http import HttpRequest


def page(_request: HttpRequest) -> dict[str, str]:
    return {"portal_name": settings.PORTAL_NAME, "help_url": settings.HELP_URL}
