"""The pages around managed login: before it, on the way back from it, and after signing out."""

import logging
from typing import Any, Final

from allauth.socialaccount.helpers import complete_social_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST, require_safe

from activity.request import current_request
from cognito.errors import CognitoError, Misconfigured, SignInAgain
from signin import domain, id_token, logout, oauth, provider, service, side_sign_in
from signin.domain import Failure, NotVerified, ScopeMissing
from signin.service import current

STATUS_OF_FAILURE: Final = {
    Failure.STALE: 400,
    Failure.CANCELLED: 400,
    Failure.REFUSED: 400,
    Failure.NOT_VERIFIED: 400,
    Failure.CLOSED: 403,
    Failure.SOMEBODY_ELSE: 403,
    Failure.BAD_ANSWER: 502,
    Failure.SCOPE_MISSING: 502,
    Failure.MISCONFIGURED: 502,
    Failure.UNREACHABLE: 503,
}

# What managed login may put into `error`. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
FAILURE_OF_ERROR: Final = {
    "access_denied": Failure.CANCELLED,
    "server_error": Failure.UNREACHABLE,
    "temporarily_unavailable": Failure.UNREACHABLE,
    "invalid_scope": Failure.SCOPE_MISSING,
    "unauthorized_client": Failure.MISCONFIGURED,
}

_log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    next_path = domain.own_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_path)
    has_ended = request.GET.get("again") == "1"
    return render(request, "signin/sign_in.html", {"next_path": next_path, "has_ended": has_ended})


@login_not_required
@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    next_path = domain.own_path(request.POST.get("next"))
    try:
        # Managed login's cookie lasts an hour, without a password or a second step.
        answer = provider.to_managed_login(
            request=request, next_path=next_path, max_age=settings.RECENT_SIGN_IN_SECONDS
        )
    except UpdateError:
        return _failed(request, Failure.STALE)
    return leaving(request, answer)


def leaving(request: HttpRequest, to_managed_login: HttpResponse) -> HttpResponse:
    """Lead to managed login by a page of our own instead of a redirect.

    A pool may redirect people on to another organisation. After a form, Chromium checks each
    redirect of that chain against `form-action`, and nobody can list them all.
    """
    return render(request, "signin/leaving.html", {"address": to_managed_login["Location"]})


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take the code or the error with which managed login sends the browser back.

    Answers with a redirect, so that no page has the code in its address unless the sign-in failed.
    """
    state_id = request.GET.get("state", "")
    try:
        state = provider.provider_of(request).unstash_redirect_state(request, state_id)
    except (PermissionDenied, UpdateError):
        return _failed(request, Failure.STALE)
    if state.get("side"):
        return _end_aside(request, state)
    next_path, same_person = state["next"], state.get("same_person", "")
    try:
        login = _acceptable_login(request, state, same_person=same_person)
    except _Failed as error:
        if same_person and current(request) is not None:
            _log.warning("Nobody signed in again: %s (%s)", error.failure.value, error.reason)
            return HttpResponseRedirect(f"{next_path}&failure={error.failure.value}")
        return _failed(request, error.failure, error.reason, next_path=next_path)
    response: HttpResponse = complete_social_login(request, login)
    return response


class _Failed(Exception):
    """The browser came back from managed login, and the person can't be signed in."""

    def __init__(self, failure: Failure, reason: str = "") -> None:
        super().__init__(failure)
        self.failure, self.reason = failure, reason


def _acceptable_login(
    request: HttpRequest, state: dict[str, Any], *, same_person: str
) -> provider.CognitoLogin:
    """The verified sign-in of somebody who may come in here. Raises _Failed."""
    login = _login(request, state)
    if same_person and login.sign_in.uid != same_person:
        service.revoke_unused(login.issued)
        raise _Failed(Failure.SOMEBODY_ELSE)
    if not service.person_for(login.sign_in).is_active:
        raise _Failed(Failure.CLOSED)
    return login


def _login(request: HttpRequest, state: dict[str, Any]) -> provider.CognitoLogin:
    """The verified sign-in that the browser came back with. Raises _Failed."""
    if "error" in request.GET:
        raise _Failed(FAILURE_OF_ERROR.get(request.GET["error"], Failure.REFUSED))
    code = request.GET.get("code", "")
    if not code:
        raise _Failed(Failure.STALE)
    try:
        return _verified(code, state)
    except ScopeMissing as error:
        raise _Failed(Failure.SCOPE_MISSING, error.reason) from None
    except NotVerified as error:
        raise _Failed(Failure.NOT_VERIFIED, error.reason) from None
    except CognitoError as error:
        raise _Failed(_failure_of(error), error.code) from None


@login_not_required
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out of the portal, and of managed login, whose cookie would sign in again silently."""
    service.sign_out(request=request)
    return logout.out_of_managed_login()


@never_cache
@require_safe
def stay(request: HttpRequest) -> JsonResponse:
    """Keep the session alive; the request itself does. Answers how many seconds it has now."""
    return JsonResponse({"seconds": service.seconds_left(request=request)})


@login_not_required
@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        # A bookmark, or another tab: nobody may walk away from a screen that says the opposite.
        return HttpResponseRedirect("/")
    return render(
        request, "signin/signed_out.html", {"kind": logout.remembered_kind(request=request)}
    )


@sensitive_variables("code", "state", "issued")
def _end_aside(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Record the result of a side sign-in, and go on to the page that shows it.

    Begins no session and ends none.
    """
    row = side_sign_in.claim(side_id=state["side"], person=request.user)
    if row is None:
        return _failed(request, Failure.STALE)
    code = request.GET.get("code", "")
    if "error" in request.GET:
        failure = FAILURE_OF_ERROR.get(request.GET["error"], Failure.REFUSED)
        side_sign_in.fail(row, failure=failure)
    elif not code:
        side_sign_in.fail(row, failure=Failure.STALE)
    else:
        try:
            issued = _exchanged(code, state)
        except CognitoError as error:
            side_sign_in.fail(row, failure=_failure_of(error), reason=error.code)
        else:
            side_sign_in.finish(row, issued=issued, nonce=state["nonce"])
    return HttpResponseRedirect(state["next"])


@sensitive_variables("code", "state")
def _exchanged(code: str, state: dict[str, Any]) -> oauth.Tokens:
    return oauth.exchange_code(
        pool=settings.COGNITO,
        code=code,
        code_verifier=state["pkce_code_verifier"],
        redirect_uri=provider.callback_url(),
    )


@sensitive_variables("code", "state", "issued")
def _verified(code: str, state: dict[str, Any]) -> provider.CognitoLogin:
    issued = _exchanged(code, state)
    verified = id_token.verified_sign_in(
        pool=settings.COGNITO, tokens=issued, nonce=state["nonce"], now=timezone.now()
    )
    return provider.CognitoLogin(sign_in=verified, issued=issued, state=state)


def _failure_of(error: CognitoError) -> Failure:
    if isinstance(error, SignInAgain):
        return Failure.STALE
    if isinstance(error, Misconfigured):
        return Failure.MISCONFIGURED
    if isinstance(error, oauth.BadAnswer):
        return Failure.BAD_ANSWER
    return Failure.UNREACHABLE


def _failed(
    request: HttpRequest, failure: Failure, reason: str = "", *, next_path: str = "/"
) -> HttpResponse:
    """The page that explains the failure and what to do next. The session before it goes on."""
    _log.warning("Nobody was signed in: %s (%s)", failure.value, reason or "no detail")
    return render(
        request,
        "signin/sign_in_failed.html",
        {
            "failure": failure.value,
            "next_path": next_path,
            "request_id": current_request().request_id,
        },
        status=STATUS_OF_FAILURE[failure],
    )
