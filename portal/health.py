"""Health pages for load balancers, without any detail for strangers."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase


def answer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer `/healthz` (the process lives) and `/readyz` (its database answers too).

    Middleware, since a load balancer asks over plain http and by address, which Django's checks
    would refuse. Cognito is not asked: no restart cures its troubles, and the pages tell of them.
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
