"""A pool that sends everybody straight on to another organisation's sign-in."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)


class StraightOn(BaseHTTPRequestHandler):
    """Managed login of a client with one external provider, and that provider at another origin."""

    def do_GET(self) -> None:
        if self.path.startswith("/oauth2/authorize"):
            self.send_response(302)
            port = self.headers["Host"].rpartition(":")[2]
            self.send_header("Location", f"http://127.0.0.1:{port}/example-corp")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>ExampleCorp</title><h1>Sign in to ExampleCorp</h1>")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), StraightOn) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.mark.usefixtures("pool")
def test_a_sign_in_that_another_organisation_takes_over_is_not_stopped(
    page: Page, elsewhere: str, settings: Settings
) -> None:
    settings.COGNITO = replace(settings.COGNITO, domain=elsewhere)
    page.goto(settings.PORTAL_URL)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in to ExampleCorp")).to_be_visible()
