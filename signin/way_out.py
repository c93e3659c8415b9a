"""The way out: of managed login, mostly once nothing of the session is left here."""

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
    """The last answer of a session: to managed login, which forgets it too."""
    response = HttpResponseRedirect(out_of_managed_login_url())
    response["Clear-Site-Data"] = '"cache"'
    return response


def out_of_managed_login_url() -> str:
    """Cognito's /logout, which takes the cookie of managed login and sends the browser back.

    Tokens stay as they are, and so does whoever is signed in to the portal.
    https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """
    pool = settings.COGNITO
    back = f"{settings.PORTAL_URL}{reverse('signed_out')}"
    return f"{pool.logout_url}?{urlencode({'client_id': pool.client_id, 'logout_uri': back})}"
