"""What holds for every answer: headers, bounds, and a page for each way to fail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from localpool.wire.faults import Fault
from portal import health, urls
from tests.pages import title, words
from tests.people import Browser, Person, Pool
from userpool import service as pool_service

FORM = "application/x-www-form-urlencoded"


@login_not_required
def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, path("broken/", broken)]


@pytest.fixture
def quiet_client() -> Client:
    """A client that shows the error page instead of raising."""
    return Browser(raise_request_exception=False)


ANSWERS: dict[str, tuple[int, Any]] = {
    "a page": (200, lambda c: c.get("/sign-in/")),
    "a redirect": (302, lambda c: c.get("/")),
    "a static file": (200, lambda c: c.get("/static/portal.css")),
    "a bad request": (400, lambda c: c.get("/", HTTP_HOST="evil.example")),
    "a missing page": (404, lambda c: c.get("/nowhere")),
    "a wrong method": (405, lambda c: c.get("/sign-out/")),
    "trace": (405, lambda c: c.trace("/sign-in/")),
    "a large body": (413, lambda c: c.post("/review/", "x=" + "y" * 70_000, content_type=FORM)),
    "an upload": (415, lambda c: c.post("/review/", {"x": "y"})),
    "a foreign charset": (
        415,
        lambda c: c.post("/review/", "x=y", content_type=f"{FORM}; charset=utf-7"),
    ),
    "a length that is no number": (400, lambda c: c.get("/sign-in/", CONTENT_LENGTH="many")),
    "a body of unknown length": (
        400,
        lambda c: c.get("/sign-in/", HTTP_TRANSFER_ENCODING="chunked"),
    ),
    "a bug": (500, lambda c: c.get("/broken/")),
}


@pytest.mark.django_db
@pytest.mark.urls("tests.portal.test_answers")
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_carries_the_security_headers(quiet_client: Client, name: str) -> None:
    """R1, R2, R4, R5, R57, R8."""
    expected, ask = ANSWERS[name]
    answer = ask(quiet_client)
    answer.close()
    assert answer.status_code == expected
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "form-action 'self' http://localhost:" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Request-ID"]
    if expected >= 400:
        assert "<h1>" in answer.content.decode()
        assert headers["X-Request-ID"][:8] in answer.content.decode()
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    """R11."""
    strict = Browser(enforce_csrf_checks=True)
    answer = strict.submit("/sign-in/start/")
    assert answer.status_code == 403
    assert title(answer).startswith("Please try that again")
    assert "Nothing was changed." in words(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (Fault("GetUser", answer="drop", times=2), 503, "We can't reach your account just now"),
        (
            Fault("GetUser", answer="error", status=400, code="ResourceNotFoundException"),
            502,
            "This portal is not set up correctly",
        ),
        (
            Fault("GetUser", answer="error", status=400, code="InvalidParameterException"),
            502,
            "This portal is not set up correctly",
        ),
    ],
)
def test_a_page_that_cognito_does_not_answer_says_what_to_do(
    client: Browser, person: Person, fault: Fault, status: int, sentence: str
) -> None:
    """R59: and it never shows an older state as if it were so."""
    person.sign_in(client)
    person.pool.server.faults.add(fault)
    answer = client.get("/")
    assert answer.status_code == status
    assert sentence in words(answer)
    assert "Next time you sign in" not in words(answer)
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_too_many_tries_are_told_to_wait(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(
        Fault("AssociateSoftwareToken", answer="error", status=400, code="LimitExceededException")
    )
    answer = client.submit("/authenticator/start/")
    assert answer.status_code == 429
    assert "Wait a few minutes, then try again." in words(answer)


@pytest.mark.django_db
def test_a_lost_answer_to_a_start_is_not_called_nothing(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(Fault("AssociateSoftwareToken", answer="html"))
    answer = client.submit("/authenticator/start/")
    assert answer.status_code == 503
    assert "We don't know whether your change was saved." in words(answer)


@pytest.mark.django_db
def test_a_policy_that_was_read_before_outlives_a_pool_that_does_not_answer(
    client: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.sign_in(client)
    client.get("/")
    monkeypatch.setattr(pool_service, "FRESH_SECONDS", 0)
    person.pool.server.faults.add(Fault("GetUserPoolMfaConfig", answer="error", times=2))
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_but_for_no_longer_than_a_day_however_often_it_is_asked(
    client: Browser, person: Person
) -> None:
    now = timezone.now()
    with time_machine.travel(now):
        person.sign_in(client)
        client.get("/")
    person.pool.server.faults.add(Fault("GetUserPoolMfaConfig", answer="error", times=None))
    for hours, status in ((12, 200), (23, 200), (25, 503)):
        with time_machine.travel(now + timedelta(hours=hours)):
            person.sign_in(client)
            assert client.get("/").status_code == status, hours


@pytest.mark.django_db
def test_a_policy_that_was_never_read_is_not_invented(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.pool.server.faults.add(
        Fault("GetUserPoolMfaConfig", answer="error", status=400, code="NotAuthorizedException")
    )
    answer = client.get("/")
    assert answer.status_code == 502


@pytest.mark.django_db
def test_without_iam_the_settings_say_what_the_pool_allows(
    client: Browser, pool: Pool, settings: Any
) -> None:
    settings.COGNITO_MFA = "OPTIONAL"
    settings.COGNITO_MFA_FACTORS = ("sms",)
    pool.person().sign_in(client)
    page = words(client.get("/"))
    assert "Text message" in page
    assert "Authenticator app" not in page
    assert pool.server.calls.of("GetUserPoolMfaConfig") == []


@pytest.mark.django_db
def test_health_needs_nobody_and_readiness_needs_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R60."""
    balancer = Client(SERVER_NAME="10.0.0.7")
    assert balancer.get("/healthz").json() == {"status": "ok"}
    assert balancer.get("/readyz").json() == {"status": "ok", "database": "ok"}

    assert balancer.trace("/healthz").status_code == 405

    class Gone:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Gone())
    assert balancer.get("/healthz").status_code == 200
    assert balancer.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_help_is_in_the_same_place_on_every_page(client: Client, settings: Any) -> None:
    settings.HELP_URL = "https://help.example.com"
    for where in ("/sign-in/", "/nowhere"):
        assert 'href="https://help.example.com"' in client.get(where).content.decode()
