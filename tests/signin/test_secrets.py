"""No token, code or verifier in the database, the logs, the pages or the exceptions."""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cognito.errors import CognitoError
from signin import id_token, oauth, tokens
from signin.domain import NotVerified
from signin.models import TokenSet
from tests.pages import way_out
from tests.people import Browser, Person
from tests.signin.conftest import age_token, asked, come_back, hosted_login, sign_in, start
from tests.signin.lying_pool import LyingPool

pytestmark = [pytest.mark.urls("tests.signin.urls")]

PLANTED = "planted-secret-0123456789"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        for name in ("requests", "urllib3", "django", "allauth", "signin", "botocore"):
            caplog.set_level(logging.DEBUG, logger=name)
        yield caplog


def dump() -> str:
    """The whole database as SQL text."""
    connection.ensure_connection()
    assert isinstance(connection.connection, sqlite3.Connection)
    return "\n".join(connection.connection.iterdump())


@pytest.mark.django_db(transaction=True)
def test_no_secret_of_a_whole_visit_is_left_anywhere(
    client: Browser, person: Person, everything_logged: pytest.LogCaptureFixture
) -> None:
    callback = hosted_login(start(client), person)
    answer = client.get(callback)
    held = [tokens.open_tokens(TokenSet.objects.get())]
    pages = [answer.content.decode() + str(answer.headers), client.get("/probe/").content.decode()]
    age_token(seconds_left=1)
    pages.append(client.get("/probe/").content.decode())
    held.append(tokens.open_tokens(TokenSet.objects.get()))
    secrets = {asked(callback)["code"]}
    secrets |= {part for pair in held for part in (pair.access, pair.refresh)}
    assert len(secrets) == 4
    database = dump()
    pages.append(client.submit("/sign-out/").headers["Location"])
    logged = "\n".join([everything_logged.text, *map(repr, everything_logged.records)])
    for secret in secrets:
        for place in (database, dump(), logged, *pages):
            assert secret not in place


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("revoked", [True, False], ids=["revoked", "not-revoked-yet"])
def test_a_side_sign_in_leaves_no_secret_either(
    client: Browser,
    lying_pool: LyingPool,
    everything_logged: pytest.LogCaptureFixture,
    revoked: bool,
) -> None:
    come_back(client, lying_pool)
    request = asked(way_out(client.submit("/probe/aside/")))
    said = lying_pool.tokens(
        request["nonce"], refresh_token=PLANTED, access_claims={"origin_jti": "origin-2"}
    )
    lying_pool.say(said)
    if not revoked:
        lying_pool.revoke_answer = (503, {}, PLANTED.encode())
    answer = client.get("/sign-in/callback/", {"state": request["state"], "code": "side-code"})
    assert lying_pool.requests[-1][1]["token"] == PLANTED
    page = f"{answer.headers} {client.get('/probe/token/').content.decode()}"
    for secret in (PLANTED, said["access_token"], said["id_token"]):
        for place in (dump(), everything_logged.text, page):
            assert secret not in place


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        {"access_token": f"{PLANTED}.x.y"},
        {"id_token": f"{PLANTED}.x.y"},
        {"refresh_token": f"{PLANTED} "},
        {"expires_in": PLANTED},
        {"token_type": PLANTED},
        {"id_claims": {"aud": PLANTED}},
        {"id_claims": {"iss": PLANTED}},
        {"id_claims": {"nonce": PLANTED}},
        {"id_claims": {"sub": PLANTED * 9}},
        {"id_header": {"kid": PLANTED}},
        {"access_claims": {"scope": PLANTED}},
    ],
    ids=str,
)
def test_a_failed_sign_in_shows_and_logs_nothing_of_the_answer(
    client: Browser,
    lying_pool: LyingPool,
    everything_logged: pytest.LogCaptureFixture,
    spoil: dict[str, Any],
) -> None:
    answer = come_back(client, lying_pool, **spoil)
    assert answer.status_code >= 400
    assert "Nobody was signed in" in everything_logged.text
    for place in (answer.content.decode(), everything_logged.text):
        assert PLANTED not in place
        assert "the-code" not in place


@pytest.mark.django_db
def test_what_managed_login_says_in_the_address_is_not_repeated(
    client: Browser, lying_pool: LyingPool, everything_logged: pytest.LogCaptureFixture
) -> None:
    assert lying_pool.requests == []
    state = asked(start(client))["state"]
    answer = client.get(
        "/sign-in/callback/",
        {"state": state, "error": PLANTED, "error_description": PLANTED},
    )
    ours = [r.getMessage() for r in everything_logged.records if r.name.startswith("signin")]
    for place in (answer.content.decode(), *ours):
        assert PLANTED not in place


def everything_in(error: BaseException | None) -> str:
    """The error, what it came from, and the local variables of its frames."""
    told = []
    while error is not None:
        told += [repr(error), str(vars(error))]
        told += traceback.TracebackException.from_exception(error).format()
        error = error.__cause__ or error.__context__
    return "\n".join(told)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (f'{{"access_token": "{PLANTED}"'.encode(), 200),
        (f"<html>{PLANTED}</html>".encode(), 200),
        (f'{{"error": "{PLANTED}"}}'.encode(), 400),
        (f'{{"error_description": "{PLANTED}"}}'.encode(), 500),
        (PLANTED.encode() * 10_000, 200),
    ],
    ids=["cut", "html", "refused", "broken", "large"],
)
def test_errors_of_the_token_endpoint_hold_neither_question_nor_answer(
    lying_pool: LyingPool, body: bytes, status: int
) -> None:
    lying_pool.say(body, status=status)
    with pytest.raises(CognitoError) as refused:
        oauth.refresh(pool=lying_pool.as_user_pool(), refresh_token=PLANTED)
    assert PLANTED not in everything_in(refused.value)


def test_a_lost_connection_does_not_keep_the_request(lying_pool: LyingPool) -> None:
    nowhere = lying_pool.as_user_pool(domain="http://127.0.0.1:9")
    with pytest.raises(CognitoError) as refused:
        oauth.exchange_code(
            pool=nowhere, code=PLANTED, code_verifier=PLANTED, redirect_uri="http://localhost"
        )
    assert refused.value.__context__ is None
    assert PLANTED not in everything_in(refused.value)


def test_an_unreadable_token_is_not_kept_by_its_error(lying_pool: LyingPool) -> None:
    issued = oauth.Tokens(access=PLANTED, refresh=PLANTED, id=PLANTED, expires_in=1)
    with pytest.raises(NotVerified) as refused:
        id_token.verified_sign_in(
            pool=lying_pool.as_user_pool(), tokens=issued, nonce=PLANTED, now=timezone.now()
        )
    assert refused.value.__context__ is None
    assert PLANTED not in everything_in(refused.value)


@pytest.mark.django_db
def test_nothing_that_holds_a_token_shows_it(client: Browser, person: Person) -> None:
    sign_in(client, person)
    row = TokenSet.objects.get()
    held = tokens.open_tokens(row)
    issued = oauth.Tokens(access=PLANTED, refresh=PLANTED, id=PLANTED, expires_in=1)
    shown = f"{row!r} {row} {held!r} {issued!r}"
    assert PLANTED not in shown
    assert held.access not in shown
    assert held.refresh not in shown
