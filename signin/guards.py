"""Guards of views: the method of a request, its signed-in person, the row that its URL names."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from cognito.errors import AccessTokenExpired, SignInAgain
from signin import domain, service
from signin.caller import Caller
from signin.models import User

P = ParamSpec("P")
Found = TypeVar("Found")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# A page that takes the form it holds.
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


def form_posted_from(url_name: str) -> Callable[[View[P]], View[P]]:
    """Accept the form that the page `url_name` holds; a GET leads to that page.

    A GET comes from a reload, a bookmark, or the way back from a sign-in. A page whose address
    takes arguments gets those of this view's own.
    """

    def decorate(view: View[P]) -> View[P]:
        @page_with_form
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(_page(url_name, kwargs))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _page(url_name: str, arguments: Mapping[str, object]) -> str:
    try:
        return reverse(url_name, kwargs=dict(arguments))
    except NoReverseMatch:
        return reverse(url_name)


def signed_in(
    view: Callable[Concatenate[HttpRequest, Caller, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Call `view(request, caller, …)` with the signed-in person and a fresh access token of theirs.

    Where Cognito calls the token expired before the portal's clock does, the view runs once more
    with a new one. Any other SignInAgain ends the session; the person signs in and comes back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            caller = service.caller(request=request)
            try:
                return view(request, caller, *args, **kwargs)
            except AccessTokenExpired:
                caller = service.caller(request=request, rejected_token=caller.access_token)
                return view(request, caller, *args, **kwargs)
        except SignInAgain:
            service.end_session(request=request)
            return sign_in_again(request)

    return guarded


def person_of(request: HttpRequest) -> User:
    """The signed-in person, in a view that LoginRequiredMiddleware guards."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def or_404(found: Found | None) -> Found:
    """Return the row that a search among the person's own found; raise Http404 for None."""
    if found is None:
        raise Http404
    return found


def found_by_query(
    request: HttpRequest, name: str, find: Callable[[UUID], Found | None]
) -> Found | None:
    """Return the row that `find` returns for the UUID in this query field; None without one."""
    try:
        row_id = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return find(row_id)


def sign_in_again(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the sign-in page, which says that the sign-in has ended and leads back here.

    After a form it leads back to the page that held the form.
    """
    query = urlencode({"next": way_back(request), "again": "1"})
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{query}")


def way_back(request: HttpRequest) -> str:
    """The path of this page; after a form, of the page that held the form."""
    if request.method in {"GET", "HEAD"}:
        return domain.own_path(request.get_full_path())
    came_from = request.headers.get("Referer", "")
    if came_from.startswith(f"{settings.PORTAL_URL}/"):
        return domain.own_path(came_from.removeprefix(settings.PORTAL_URL))
    return "/"
