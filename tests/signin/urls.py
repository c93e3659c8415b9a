"""The portal's own addresses, and views that show what a sign-in gives to a view."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from cognito import user_pool
from portal.urls import (  # noqa: F401  # Django looks for the handlers in this module.
    handler400,
    handler403,
    handler404,
    handler500,
)
from portal.urls import urlpatterns as portal_urlpatterns
from signin import side_sign_in
from signin.caller import Caller
from signin.guards import signed_in
from signin.views import leaving


@require_GET
@signed_in
def probe(_request: HttpRequest, caller: Caller) -> HttpResponse:
    """Who Cognito says it is, and who the portal says it is."""
    asked = user_pool.get_user(caller.account)
    row = caller.session
    return JsonResponse(
        {
            "subject": asked.attributes["sub"],
            "person": caller.uid,
            "acr": row.acr,
            "groups": row.groups,
        }
    )


@require_POST
@signed_in
def form(_request: HttpRequest, caller: Caller) -> HttpResponse:
    asked = user_pool.get_user(caller.account)
    return HttpResponse(f"done for {asked.username}")


@require_GET
@signed_in
def token(_request: HttpRequest, caller: Caller) -> HttpResponse:
    """The token itself, for tests that compare tokens; no view of the portal does this."""
    return HttpResponse(caller.access_token)


@require_POST
def aside(request: HttpRequest) -> HttpResponse:
    """Begin a sign-in beside the session."""
    _, answer = side_sign_in.start(request=request, next_path="/probe/")
    return leaving(request, answer)


urlpatterns = [
    path("probe/aside/", aside),
    path("probe/", probe),
    path("probe/form/", form),
    path("probe/open/", login_not_required(token)),
    path("probe/token/", token),
    *portal_urlpatterns,
]
