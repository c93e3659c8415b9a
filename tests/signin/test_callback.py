"""What comes back from managed login, when it is forged, late, broken or a lie."""

from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from signin.models import TokenSet, User
from tests.people import Browser, Person
from tests.signin.conftest import asked, come_back, hosted_login, refused, sign_in, start, together
from tests.signin.lying_pool import CLIENT_ID, SUBJECT, LyingPool

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]


def test_a_true_answer_signs_in(client: Browser, lying_pool: LyingPool) -> None:
    answer = come_back(client, lying_pool)
    assert (answer.status_code, answer["Location"]) == (302, "/probe/")
    row = TokenSet.objects.get()
    assert (row.acr, row.amr) == ("urn:cognito:loa:4", ["pwd", "otp", "mfa"])
    path, form, _ = lying_pool.requests[0]
    assert path == "/oauth2/token"
    assert (form["code"], form["client_id"]) == ("the-code", CLIENT_ID)
    assert len(form["code_verifier"]) >= 43


def test_a_client_secret_travels_in_the_authorization_header(
    client: Browser, lying_pool: LyingPool, settings: Any
) -> None:
    settings.COGNITO = lying_pool.as_user_pool(client_secret="s3cr3t")
    come_back(client, lying_pool)
    _, form, headers = lying_pool.requests[0]
    assert headers["Authorization"].startswith("Basic ")
    assert "s3cr3t" not in str(form)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "x"},
        {"state": "made-up", "code": "x"},
        {"state": "made-up", "error": "access_denied"},
        {"error": "access_denied"},
    ],
)
def test_a_forged_or_empty_callback_gets_a_page_with_a_retry(
    client: Browser, lying_pool: LyingPool, query: dict[str, str]
) -> None:
    refused(client.get("/sign-in/callback/", query), 400)
    assert lying_pool.requests == []


@pytest.mark.usefixtures("lying_pool")
def test_a_callback_without_a_code_is_refused(client: Browser) -> None:
    state = asked(start(client))["state"]
    refused(client.get("/sign-in/callback/", {"state": state}), 400)


def test_the_callback_of_another_browser_is_refused(client: Browser, lying_pool: LyingPool) -> None:
    state = asked(start(client))["state"]
    refused(Browser().get("/sign-in/callback/", {"state": state, "code": "x"}), 400)
    assert lying_pool.requests == []


def test_a_state_is_good_once(client: Browser, lying_pool: LyingPool) -> None:
    request = asked(start(client))
    lying_pool.say(lying_pool.tokens(request["nonce"]))
    callback = ("/sign-in/callback/", {"state": request["state"], "code": "x"})
    assert client.get(*callback).status_code == 302
    assert client.get(*callback).status_code == 400
    assert len(lying_pool.requests) == 1


@pytest.mark.usefixtures("lying_pool")
def test_a_state_is_good_for_ten_minutes(client: Browser) -> None:
    with time_machine.travel("2026-11-24T08:00:00Z", tick=False) as clock:
        state = asked(start(client))["state"]
        clock.shift(601)
        refused(client.get("/sign-in/callback/", {"state": state, "code": "x"}), 400)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 400, b"cancelled"),
        ("login_required", 400, b"did not let this sign-in through"),
        ("made-up", 400, b"did not let this sign-in through"),
        ("server_error", 503, b"be reached"),
        ("temporarily_unavailable", 503, b"be reached"),
        ("invalid_scope", 502, b"aws.cognito.signin.user.admin"),
        ("unauthorized_client", 502, b"whoever runs this portal"),
    ],
)
@pytest.mark.usefixtures("lying_pool")
def test_an_error_of_managed_login_gets_its_own_words(
    client: Browser, error: str, status: int, words: bytes
) -> None:
    state = asked(start(client))["state"]
    answer = client.get(
        "/sign-in/callback/",
        {"state": state, "error": error, "error_description": "<b>quokka</b>"},
    )
    refused(answer, status)
    assert words in answer.content
    assert b"quokka" not in answer.content


def test_a_failed_sign_in_leaves_the_session_before_it_alone(
    client: Browser, lying_pool: LyingPool
) -> None:
    come_back(client, lying_pool)
    row = TokenSet.objects.get()
    assert come_back(client, lying_pool, id_claims={"aud": "x"}).status_code == 400
    assert client.get("/sign-in/callback/").status_code == 400
    assert TokenSet.objects.get().pk == row.pk
    assert client.get("/probe/token/").status_code == 200


def test_a_sign_in_that_cognito_counts_as_the_same_one_is_not_revoked(
    client: Browser, lying_pool: LyingPool
) -> None:
    """Both share `origin_jti`: revoking the old refresh token could kill the new one."""
    come_back(client, lying_pool)
    come_back(client, lying_pool)
    assert [path for path, *_ in lying_pool.requests] == ["/oauth2/token"] * 2
    come_back(client, lying_pool, access_claims={"origin_jti": "origin-2"})
    assert lying_pool.requests[-1][0] == "/oauth2/revoke"
    assert TokenSet.objects.count() == 1


@pytest.mark.usefixtures("lying_pool")
def test_a_session_that_ends_during_the_callback_is_no_crash(client: Browser) -> None:
    """Another tab signs out after this request has read its session."""
    state = asked(start(client))["state"]
    with pytest.MonkeyPatch.context() as patch:

        def gone(*_: object, **__: object) -> None:
            raise UpdateError

        patch.setattr(SessionStore, "save", gone)
        assert client.get("/sign-in/callback/", {"state": state, "code": "x"}).status_code == 400
        assert client.submit("/sign-in/start/").status_code == 400


def test_the_same_code_twice_signs_in_once_over_the_wire(client: Browser, person: Person) -> None:
    callback = hosted_login(start(client), person)
    assert client.get(callback).status_code == 302
    assert client.get(callback).status_code == 400
    assert TokenSet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("user_pool")
def test_two_first_sign_ins_at_the_same_moment_both_succeed(person: Person) -> None:
    browsers = [Browser() for _ in range(4)]
    callbacks = [hosted_login(start(browser), person) for browser in browsers]
    answers: list[int] = []

    def finish(browser: Browser, callback: str) -> None:
        try:
            answers.append(browser.get(callback).status_code)
        finally:
            connection.close()

    together([partial(finish, *pair) for pair in zip(browsers, callbacks, strict=True)])
    assert answers == [302] * 4
    assert User.objects.get().subject == person.subject
    assert sign_in(Browser(), person).status_code == 302


def test_the_subject_of_a_lying_pool_is_the_one_it_signed(
    client: Browser, lying_pool: LyingPool
) -> None:
    come_back(client, lying_pool)
    assert User.objects.get().uid == f"{lying_pool.as_user_pool().issuer}#{SUBJECT}"
