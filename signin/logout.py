"""The end of a session: the logout at managed login, and the kind of notice after it."""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from signin.domain import LogoutKind

_KIND: Final = "logout_kind"
_REMEMBERED_SECONDS: Final = 10 * 60


def remember_kind(*, request: HttpRequest, kind: LogoutKind) -> None:
    """Remember in this browser's session the kind of logout, for the page "You are signed out".

    The new, empty session holds it for ten minutes.
    """
    request.session[_KIND] = kind.value
    request.session.set_expiry(_REMEMBERED_SECONDS)


def remembered_kind(*, request: HttpRequest) -> LogoutKind:
    """Return the kind of logout that this browser remembers; `LogoutKind.HERE` without one."""
    return LogoutKind(request.session.get(_KIND, LogoutKind.HERE))


def out_of_managed_login() -> HttpResponseRedirect:
    """The last answer of a session: a redirect to managed login, which ends its own session too."""
    response = HttpResponseRedirect(out_of_managed_login_url())
    response["Clear-Site-Data"] = '"cache"'
    return response


def out_of_managed_login_url() -> str:
    """Cognito's /logout, which takes the cookie of managed login and sends the browser back.

    It revokes no token and ends no session of the portal.
    https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """
    pool = settings.COGNITO
    back = f"{settings.PORTAL_URL}{reverse('signed_out')}"
    return f"{pool.logout_url}?{urlencode({'client_id': pool.client_id, 'logout_uri': back})}"
