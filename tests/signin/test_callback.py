"""What comes back from managed login, when it is forged, late, broken or a lie."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from signin import id_token
from signin.models import TokenSet, User
from tests.people import Browser, Person
from tests.signin.conftest import asked, hosted_login, sign_in, start
from tests.signin.lying_pool import (
    CLIENT_ID,
    OTHER_KEY,
    SUBJECT,
    LyingPool,
    public_key,
    unsigned,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]

RETRY = b"Try again"


def come_back(client: Browser, pool: LyingPool, **changes: Any) -> Any:
    """Start a sign-in, let the token endpoint say its answer with `changes`, come back."""
    request = asked(start(client))
    pool.say(pool.tokens(request["nonce"], **changes))
    return client.get("/sign-in/callback/", {"state": request["state"], "code": "the-code"})


def refused(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert RETRY in answer.content
    assert not TokenSet.objects.exists()
    assert not User.objects.exists()


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
def test_a_forged_or_empty_callback_gets_a_page_with_a_retry_r29(
    client: Browser, lying_pool: LyingPool, query: dict[str, str]
) -> None:
    refused(client.get("/sign-in/callback/", query), 400)
    assert lying_pool.requests == []


@pytest.mark.usefixtures("lying_pool")
def test_a_callback_without_a_code_is_refused_r29(client: Browser) -> None:
    state = asked(start(client))["state"]
    refused(client.get("/sign-in/callback/", {"state": state}), 400)


def test_the_callback_of_another_browser_is_refused_r22(
    client: Browser, lying_pool: LyingPool
) -> None:
    state = asked(start(client))["state"]
    refused(Browser().get("/sign-in/callback/", {"state": state, "code": "x"}), 400)
    assert lying_pool.requests == []


def test_a_state_is_good_once_r22(client: Browser, lying_pool: LyingPool) -> None:
    request = asked(start(client))
    lying_pool.say(lying_pool.tokens(request["nonce"]))
    callback = ("/sign-in/callback/", {"state": request["state"], "code": "x"})
    assert client.get(*callback).status_code == 302
    assert client.get(*callback).status_code == 400
    assert len(lying_pool.requests) == 1


@pytest.mark.usefixtures("lying_pool")
def test_a_state_is_good_for_ten_minutes_r22(client: Browser) -> None:
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
def test_an_error_of_managed_login_gets_its_own_words_r29(
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


@pytest.mark.parametrize(
    "spoil",
    [
        {"id_claims": {"iss": "https://evil.example/pool"}},
        {"id_claims": {"iss": None}},
        {"id_claims": {"aud": "another-client"}},
        {"id_claims": {"aud": [CLIENT_ID, "another-client"]}},
        {"id_claims": {"aud": None}},
        {"id_claims": {"nonce": "another-nonce"}},
        {"id_claims": {"nonce": None}},
        {"id_claims": {"nonce": 7}},
        {"id_claims": {"token_use": "access"}},
        {"id_claims": {"exp": 1_000_000_000}},
        {"id_claims": {"exp": None}},
        {"id_claims": {"exp": "soon"}},
        {"id_claims": {"exp": 1e400}},
        {"id_claims": {"iat": 4_000_000_000}},
        {"id_claims": {"iat": None}},
        {"id_claims": {"nbf": 4_000_000_000}},
        {"id_claims": {"auth_time": None}},
        {"id_claims": {"auth_time": True}},
        {"id_claims": {"auth_time": "noon"}},
        {"id_claims": {"auth_time": 4_000_000_000}},
        {"id_claims": {"auth_time": 10**30}},
        {"id_claims": {"auth_time": -1}},
        {"id_claims": {"sub": ""}},
        {"id_claims": {"sub": None}},
        {"id_claims": {"sub": 7}},
        {"id_claims": {"sub": "x" * 200}},
        {"id_header": {"kid": "unknown"}},
        {"id_header": {"kid": "key-1", "crit": ["exp"]}},
        {"id_header": {"key": OTHER_KEY}},
        {"id_header": {"alg": "HS256", "key": "a-shared-secret-of-thirty-two-bytes!"}},
        {"id_header": {"alg": "RS512"}},
        {"id_token": "not.a.token"},
        {"id_token": "e30.e30.e30"},
        {"access_claims": {"token_use": "id"}},
        {"access_claims": {"client_id": "another-client"}},
        {"access_claims": {"sub": "somebody-else"}},
        {"access_claims": {"iss": "https://evil.example/pool"}},
        {"access_claims": {"exp": 1_000_000_000}},
        {"access_header": {"key": OTHER_KEY}},
        {"access_token": "opaque"},
    ],
    ids=str,
)
def test_a_token_that_is_not_what_it_must_be_signs_nobody_in_r25_r26(
    client: Browser, lying_pool: LyingPool, spoil: dict[str, Any]
) -> None:
    answer = come_back(client, lying_pool, **spoil)
    refused(answer, 400)
    assert b"could not be verified" in answer.content


def test_an_unsigned_id_token_signs_nobody_in_r25(client: Browser, lying_pool: LyingPool) -> None:
    request = asked(start(client))
    forged = unsigned(lying_pool.id_claims(nonce=request["nonce"]))
    lying_pool.say(lying_pool.tokens(request["nonce"], id_token=forged))
    answer = client.get("/sign-in/callback/", {"state": request["state"], "code": "x"})
    refused(answer, 400)


@pytest.mark.parametrize("seconds", [-55, 55])
def test_a_clock_that_is_a_little_off_is_forgiven_r25(
    client: Browser, lying_pool: LyingPool, seconds: int
) -> None:
    with time_machine.travel("2026-11-24T08:00:00Z", tick=False) as clock:
        request = asked(start(client))
        lying_pool.say(lying_pool.tokens(request["nonce"], id_claims={"exp": 1795507200 + 10}))
        clock.shift(seconds)
        answer = client.get("/sign-in/callback/", {"state": request["state"], "code": "x"})
        assert answer.status_code == 302


def test_a_sign_in_without_the_scope_names_it_for_the_operator_r26(
    client: Browser, lying_pool: LyingPool
) -> None:
    answer = come_back(client, lying_pool, access_claims={"scope": "openid"})
    refused(answer, 502)
    assert b"the app client must allow the scope aws.cognito.signin.user.admin" in answer.content


@pytest.mark.parametrize(
    "spoil",
    [
        {"expires_in": "soon"},
        {"expires_in": "3600"},
        {"expires_in": 10**18},
        {"expires_in": 0},
        {"expires_in": -5},
        {"expires_in": True},
        {"expires_in": 1e400},
        {"expires_in": None},
        {"id_token": None},
        {"id_token": ["a"]},
        {"id_token": ""},
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "with a space"},
        {"access_token": "x" * 20_000},
        {"refresh_token": None},
        {"refresh_token": 7},
        {"token_type": "MAC"},
        {"token_type": None},
    ],
    ids=lambda spoil: str(spoil)[:40],
)
def test_a_token_answer_of_bad_shape_is_the_services_fault(
    client: Browser, lying_pool: LyingPool, spoil: dict[str, Any]
) -> None:
    answer = come_back(client, lying_pool, **spoil)
    refused(answer, 502)
    assert b"makes no sense" in answer.content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>It works!</html>", 502),
        (b"", 502),
        (b"[]", 502),
        (b"null", 502),
        (b'"text"', 502),
        (b"{", 502),
        (b"\xff\xfe", 502),
        (b"[" * 100_000, 502),
        (b'{"expires_in": ' + b"9" * 5000 + b"}", 502),
        (b"x" * 200_000, 503),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_that_is_not_a_token_answer_is_the_services_fault(
    client: Browser, lying_pool: LyingPool, body: bytes, status: int
) -> None:
    state = asked(start(client))["state"]
    lying_pool.say(body, content_type=None)
    refused(client.get("/sign-in/callback/", {"state": state, "code": "x"}), status)


@pytest.mark.parametrize(
    ("said", "status", "page_status"),
    [
        ({"error": "invalid_grant"}, 400, 400),
        ({"error": "invalid_client"}, 400, 502),
        ({"error": "unauthorized_client", "error_description": "invalid_redirect"}, 400, 502),
        ({"error": "a made up one"}, 400, 502),
        ({"error": ["invalid_grant"]}, 400, 502),
        ({}, 403, 502),
        ({}, 301, 502),
        ({}, 429, 503),
        ({}, 500, 503),
        ({"error": "invalid_grant"}, 503, 503),
    ],
)
def test_a_refusal_of_the_token_endpoint_says_who_can_mend_it(
    client: Browser, lying_pool: LyingPool, said: Any, status: int, page_status: int
) -> None:
    state = asked(start(client))["state"]
    lying_pool.say(said, status=status)
    refused(client.get("/sign-in/callback/", {"state": state, "code": "x"}), page_status)


def test_a_token_endpoint_out_of_reach_is_said_so(
    client: Browser, lying_pool: LyingPool, settings: Any
) -> None:
    state = asked(start(client))["state"]
    settings.COGNITO = lying_pool.as_user_pool(domain="http://127.0.0.1:9")
    answer = client.get("/sign-in/callback/", {"state": state, "code": "x"})
    refused(answer, 503)


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (b"<html>", 200),
        ({}, 200),
        ({"keys": "none"}, 200),
        ({"keys": []}, 200),
        ({"keys": [7, {"kty": "EC"}, {**public_key(), "use": "enc"}]}, 200),
        ({"keys": [{**public_key(), "alg": "RS512"}, {**public_key(), "n": "!"}]}, 200),
        ({"keys": [public_key()]}, 500),
    ],
    ids=lambda value: str(value)[:40],
)
def test_without_the_pools_keys_nobody_is_signed_in(
    client: Browser, lying_pool: LyingPool, document: object, status: int
) -> None:
    lying_pool.say_keys(document, status=status)
    refused(come_back(client, lying_pool), 503)


def test_the_keys_are_fetched_once_and_again_for_an_unknown_one_but_not_for_each(
    client: Browser, lying_pool: LyingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back(client, lying_pool)
    come_back(client, lying_pool)
    assert lying_pool.key_requests == 1
    for _ in range(3):
        come_back(client, lying_pool, id_header={"kid": "unknown"})
    assert lying_pool.key_requests == 1
    monkeypatch.setattr(id_token, "KEYS_MIN_AGE_SECONDS", 0)
    lying_pool.say_keys({"keys": [public_key(), public_key(OTHER_KEY, "key-2")]})
    answer = come_back(client, lying_pool, id_header={"kid": "key-2", "key": OTHER_KEY})
    assert answer.status_code == 302
    assert lying_pool.key_requests == 2


def test_a_failed_sign_in_leaves_the_session_before_it_alone_r29(
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
def test_a_session_that_ends_during_the_callback_is_no_crash_r29(client: Browser) -> None:
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


def together(jobs: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(jobs))

    def at_once(job: Callable[[], None]) -> None:
        barrier.wait()
        job()

    threads = [threading.Thread(target=at_once, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_subject_of_a_lying_pool_is_the_one_it_signed(
    client: Browser, lying_pool: LyingPool
) -> None:
    come_back(client, lying_pool)
    assert User.objects.get().uid == f"{lying_pool.as_user_pool().issuer}#{SUBJECT}"
