"""Answers of the token endpoint that are not what they must be sign nobody in."""

from typing import Any

import pytest
import time_machine

from signin import id_token
from tests.people import Browser
from tests.signin.conftest import asked, come_back, refused, start
from tests.signin.lying_pool import CLIENT_ID, OTHER_KEY, LyingPool, public_key, unsigned

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]


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
    ids=lambda spoil: str(spoil).partition(" object at")[0],
)
def test_a_token_that_is_not_what_it_must_be_signs_nobody_in(
    client: Browser, lying_pool: LyingPool, spoil: dict[str, Any]
) -> None:
    answer = come_back(client, lying_pool, **spoil)
    refused(answer, 400)
    assert b"could not be verified" in answer.content


def test_an_unsigned_id_token_signs_nobody_in(client: Browser, lying_pool: LyingPool) -> None:
    request = asked(start(client))
    forged = unsigned(lying_pool.id_claims(nonce=request["nonce"]))
    lying_pool.say(lying_pool.tokens(request["nonce"], id_token=forged))
    answer = client.get("/sign-in/callback/", {"state": request["state"], "code": "x"})
    refused(answer, 400)


@pytest.mark.parametrize("seconds", [-55, 55])
def test_a_clock_that_is_a_little_off_is_forgiven(
    client: Browser, lying_pool: LyingPool, seconds: int
) -> None:
    with time_machine.travel("2026-11-24T08:00:00Z", tick=False) as clock:
        request = asked(start(client))
        lying_pool.say(lying_pool.tokens(request["nonce"], id_claims={"exp": 1795507200 + 10}))
        clock.shift(seconds)
        answer = client.get("/sign-in/callback/", {"state": request["state"], "code": "x"})
        assert answer.status_code == 302


def test_a_sign_in_without_the_scope_names_it_for_the_operator(
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
    ids=lambda value: str(value)[:24],
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
