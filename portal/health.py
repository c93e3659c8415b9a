"""Is the process alive, and can it do its work? For load balancers; no detail for strangers."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase


def answer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """`/healthz`: the process answers. `/readyz`: it can serve people.

    Middleware, since a load balancer asks over plain http and by address, which the checks for
    everybody else would refuse. Cognito is not asked: its troubles are not cured by a restart,
    and its pages say so themselves.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path not in {"/healthz", "/readyz"}:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return JsonResponse({"status": "ok"}) if request.path == "/healthz" else _readiness()

    return middleware


def _readiness() -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "failing"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})
