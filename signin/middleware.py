"""Load the session of each request, and end it before any view where its time is over."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from signin import guards, service


class LivingSession:
    """Ends a session without a row, one that is idle or too old, and one of a person shut out.

    What follows sees nobody signed in then. Runs after AuthenticationMiddleware and before
    LoginRequiredMiddleware, and answers a form in its place: LoginRequiredMiddleware would send
    the person, once signed in, to an address that only takes forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        service.load_session(request=request)
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponseBase | None:
        if service.current(request) is not None or not getattr(view, "login_required", True):
            return None
        is_form = request.method not in {"GET", "HEAD"}
        if is_form or service.has_just_ended(request):
            return guards.sign_in_again(request)
        return None


living_session = LivingSession
