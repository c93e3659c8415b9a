"""A page for every way a request can fail: what happened, whether anything changed, what next.

The pages need neither the database nor a signed-in person, so they work when those do not.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from activity.request import current_request
from cognito.errors import (
    Applied,
    CognitoError,
    LimitReached,
    Misconfigured,
    SignInAgain,
    TryLater,
)
from signin.guards import way_back
from userpool.words import Words

_log = logging.getLogger(__name__)

_TO_SETTINGS = _("Go to your security settings")
_TRY_AGAIN = _("Try again")


@dataclass(frozen=True, slots=True)
class ErrorText:
    """`next_step` is the label of the button that leads on."""

    title: Words
    text: Words
    next_step: Words = _TO_SETTINGS


_NOTHING_CHANGED = _("Nothing was changed.")

PAGES: Final[dict[int, ErrorText]] = {
    400: ErrorText(
        _("We could not read that request"),
        _("Your browser sent something we did not understand. Nothing was changed."),
    ),
    403: ErrorText(
        _("Please try that again"),
        _(
            "The page you sent was too old, or came from another browser window. "
            "Nothing was changed. Open the page again and repeat what you did."
        ),
    ),
    404: ErrorText(
        _("This page does not exist"),
        _("The address is wrong, or what it led to is over. Nothing was changed."),
    ),
    405: ErrorText(
        _("This page can't be opened like that"),
        _("It only answers a button on another page. Nothing was changed."),
    ),
    413: ErrorText(_("That was too much to send"), _NOTHING_CHANGED),
    415: ErrorText(_("We can't read that kind of form"), _NOTHING_CHANGED),
    429: ErrorText(
        _("You have tried too often"),
        _(
            "To keep your account safe, no more tries are taken for now. Nothing was "
            "changed. Wait a few minutes, then try again."
        ),
    ),
    500: ErrorText(
        _("Something went wrong on our side"),
        _(
            "We don't know whether your last change was saved. Your security settings show "
            "what is set now: look there before you try again."
        ),
    ),
    502: ErrorText(
        _("This portal is not set up correctly"),
        _(
            "You can't mend this, and nothing was changed. Please tell the people who run this "
            "portal, and give them the reference below."
        ),
        next_step=_TRY_AGAIN,
    ),
    503: ErrorText(
        _("We can't reach your account just now"),
        _("Nothing was changed, and you are still signed in. Try again in a minute."),
        next_step=_TRY_AGAIN,
    ),
}

_NOT_KNOWN = ErrorText(
    _("We did not get an answer in time"),
    _(
        "We don't know whether your change was saved. Your security settings show what is set "
        "now: look there before you try again."
    ),
)
# For a page that only shows something: it may follow a change, and so says nothing of one.
_NOT_SHOWN = ErrorText(
    _("We can't reach your account just now"),
    _("So this page can't show what is set. You are still signed in. Try again in a minute."),
    next_step=_TRY_AGAIN,
)
_NOT_RECORDED = ErrorText(
    _("We can't save changes just now"),
    _(
        "Each change is written down before it is made, and that is not possible at the moment. "
        "Nothing was changed. Try again in a minute."
    ),
    next_step=_TRY_AGAIN,
)
_NOT_ALLOWED = ErrorText(
    _("Your account does not allow that"),
    _("The change was refused, so nothing was changed."),
)


def page(status: int, text: ErrorText | None = None, *, link: str = "/") -> HttpResponse:
    """The page for a status; `link` is where its button leads."""
    context = {
        "words": text or PAGES[status],
        "link": link,
        # Enough to find the request in the log, and short enough to be read out on the phone.
        "request_id": current_request().request_id[:8],
        "portal_name": settings.PORTAL_NAME,
        "help_url": settings.HELP_URL,
    }
    return HttpResponse(render_to_string("error.html", context), status=status)


def refusal(request: HttpRequest, error: CognitoError) -> HttpResponse:
    """The page for an error of Cognito that no view has answered; logs it."""
    # Its text is Cognito's own and holds no secret. The person reads ours.
    level = logging.ERROR if isinstance(error, Misconfigured) else logging.WARNING
    _log.log(level, "Cognito refused: %s", error)
    if error.applied is Applied.UNKNOWN:
        return page(503, _NOT_KNOWN)
    if isinstance(error, LimitReached):
        return page(429)
    only_shows = request.method in {"GET", "HEAD"}
    if isinstance(error, TryLater | SignInAgain):
        return page(503, _NOT_SHOWN if only_shows else None, link=way_back(request))
    if isinstance(error, Misconfigured) or only_shows:
        return page(502)
    return page(409, _NOT_ALLOWED)


def not_recorded(request: HttpRequest) -> HttpResponse:
    """The page for a change that was not begun, since its intent could not be written; logs it."""
    _log.error("A security event could not be recorded, so the change was not made.")
    return page(503, _NOT_RECORDED, link=way_back(request))


def _handler(status: int) -> Callable[..., HttpResponse]:
    """A view for Django's handler400 and the like, which get the request and an exception."""
    return lambda *_request, **_exception: page(status)


bad_request, permission_denied = _handler(400), _handler(403)
page_not_found, server_error = _handler(404), _handler(500)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW; logs the reason."""
    _log.warning("Refused a form: %s", reason)
    return page(403)
