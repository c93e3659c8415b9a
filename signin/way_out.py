"""The way out, once nothing of the session is left here."""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from signin.domain import Left

_LEFT: Final = "left"
_TOLD_SECONDS: Final = 10 * 60


def remember(*, request: HttpRequest, left: Left) -> None:
    """For the page that this browser sees next, out of every session."""
    request.session[_LEFT] = left.value
    request.session.set_expiry(_TOLD_SECONDS)


def remembered(*, request: HttpRequest) -> Left:
    return Left(request.session.get(_LEFT, Left.HERE))


def out_of_managed_login() -> HttpResponseRedirect:
    """To Cognito's /logout, which takes the cookie of managed login and sends the browser back.

    https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """
    pool = settings.COGNITO
    query = urlencode(
        {
            "client_id": pool.client_id,
            "logout_uri": f"{settings.PORTAL_URL}{reverse('signed_out')}",
        }
    )
    response = HttpResponseRedirect(f"{pool.logout_url}?{query}")
    response["Clear-Site-Data"] = '"cache"'
    return response
