"""The context of every template."""

from django.conf import settings
from django.http import HttpRequest

from signin.service import seconds_left


def page(request: HttpRequest) -> dict[str, object]:
    """Django's context processor: the portal's name and help, and the state of the session."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "help_url": settings.HELP_URL,
        "is_signed_in": request.user.is_authenticated,
        "seconds_left": seconds_left(request=request),
        "signed_in_again": request.session.pop("signed_in_again", ""),
    }
