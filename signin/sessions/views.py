"""List where a person is signed in, end one or all others, and sign out everywhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cognito.errors import AccessTokenExpired, SignInAgain
from signin import logout
from signin import service as portal_sessions
from signin.batch import End, notice_of, redirect_with_notice
from signin.caller import Caller
from signin.domain import LogoutKind
from signin.guards import form_posted_from, signed_in
from signin.sessions import service
from signin.sessions.words import NOTICES, headings
from signin.step_up.guards import recent_sign_in_required


@require_safe
@signed_in
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List the places that the pool lists, or say what else is known. One call for each 125."""
    found = service.where_signed_in(account=caller.account)
    context = {
        "tracked": found is not None,
        "places": headings(found or []),
        "others": [place for place in found or [] if not place.is_here],
        "portal_others": portal_sessions.count_others(request=request),
        "flash": notice_of(request, "sessions", NOTICES),
    }
    return render(request, "signin/sessions/overview.html", context)


@form_posted_from("sessions")
@recent_sign_in_required
def end(request: HttpRequest, caller: Caller) -> HttpResponse:
    """End the sign-in whose key the form names."""
    key = request.POST.get("place", "")
    if not key:
        return redirect("sessions")
    ended = service.end(request=request, caller=caller, key=key)
    return redirect_with_notice(request, "sessions", ended)


@form_posted_from("sessions")
@recent_sign_in_required
def end_others(request: HttpRequest, caller: Caller) -> HttpResponse:
    """End as many of the other sign-ins as one press can."""
    ended = service.end(request=request, caller=caller)
    return redirect_with_notice(request, "sessions", ended)


@recent_sign_in_required
@form_posted_from("sessions")
def _everywhere(request: HttpRequest, caller: Caller) -> HttpResponse:
    try:
        ended = service.sign_out_everywhere(request=request, caller=caller)
    except AccessTokenExpired:
        raise
    except SignInAgain:
        portal_sessions.end_session(request=request)
        return _leave(request, LogoutKind.ALREADY_OVER)
    if ended.end is not End.ALL:
        return redirect_with_notice(request, "sessions", ended)
    return _leave(request, LogoutKind.EVERYWHERE)


@login_not_required
@never_cache
def everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out of all apps and pages, and of this one last."""
    is_over = portal_sessions.current(request) is None
    if request.method == "POST" and is_over and not portal_sessions.has_just_ended(request):
        return _leave(request, LogoutKind.ALREADY_OVER)
    return _everywhere(request)


def _leave(request: HttpRequest, kind: LogoutKind) -> HttpResponse:
    """Leave by managed login's logout, which takes its cookie, even where the session was over."""
    logout.remember_kind(request=request, kind=kind)
    return logout.out_of_managed_login()
