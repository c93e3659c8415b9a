"""The portal's own addresses, and views that show what a sign-in gives to a view."""

from django.conf import settings
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
from signin import service, side_sign_in
from signin.guards import person_of, with_access_token
from signin.views import leaving


@require_GET
@with_access_token
def probe(request: HttpRequest, access_token: str) -> HttpResponse:
    """Who Cognito says it is, and who the portal says it is."""
    asked = user_pool.get_user(pool=settings.COGNITO, access_token=access_token)
    row = service.current(request)
    return JsonResponse(
        {
            "subject": asked.attributes["sub"],
            "person": person_of(request).uid,
            "acr": row.acr if row else None,
            "groups": row.groups if row else None,
        }
    )


@require_POST
@with_access_token
def form(_request: HttpRequest, access_token: str) -> HttpResponse:
    asked = user_pool.get_user(pool=settings.COGNITO, access_token=access_token)
    return HttpResponse(f"done for {asked.username}")


@require_GET
@with_access_token
def token(_request: HttpRequest, access_token: str) -> HttpResponse:
    """The token itself, for tests that compare tokens; no view of the portal does this."""
    return HttpResponse(access_token)


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
