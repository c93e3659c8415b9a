"""Middleware for every request: headers, ids, limits of its size, and pages for refusals."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from activity.request import DEVICE_CHARACTERS, RequestContext, answering
from activity.service import NotRecorded
from cognito.errors import CognitoError
from portal import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]

LARGEST_BODY = 64 * 1024
FORM = "application/x-www-form-urlencoded"


def response_headers(get_response: GetResponse) -> GetResponse:
    """Security headers on every answer, errors and redirects too (so this one stands first).

    `form-action` names managed login: Chromium counts the redirect that answers a form.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = content_security_policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), "
            "publickey-credentials-create=(self), publickey-credentials-get=()"
        )
        # WhiteNoise sets its own for the files that may be kept.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def content_security_policy() -> str:
    managed_login = urlsplit(settings.COGNITO.domain)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {managed_login.scheme}://{managed_login.netloc}"
    )


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id, for its log lines, its security events and its error page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = str(uuid.uuid4())
        device = request.headers.get("User-Agent", "")[:DEVICE_CHARACTERS]
        with answering(RequestContext(request_id=name, device=device)):
            response = get_response(request)
        response.headers["X-Request-ID"] = name
        return response

    return middleware


def bounded_requests(get_response: GetResponse) -> GetResponse:
    """Refuse a body that no page of the portal sends, before anything parses it.

    Django would spool a multipart body of any size to disk before its CSRF check, and fail with
    a bare 500 on a form in a foreign charset.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or "HTTP_TRANSFER_ENCODING" in request.META:
            return errors.page(400)
        if int(length) > LARGEST_BODY:
            return errors.page(413)
        if int(length) and not _is_plain_form(request):
            return errors.page(415)
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response.headers["Allow"]
            response = errors.page(405)
            response.headers["Allow"] = allowed
        return response

    return middleware


def _is_plain_form(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    return request.content_type == FORM and charset == "utf-8"


class CognitoRefusals:
    """Answer an error of Cognito, and a change that could not be recorded, with its page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotRecorded):
            return errors.not_recorded(request)
        if isinstance(exception, CognitoError):
            return errors.refusal(request, exception)
        return None
