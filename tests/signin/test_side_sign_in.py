"""A sign-in beside the portal's own: it shows what it shows, is revoked, and changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import time_machine
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

from localpool import Fault
from signin import logout, side_sign_in
from signin.domain import Failure, Revocation
from signin.models import SideSignIn, TokenSet, User
from tests import log
from tests.pages import way_out as address_of
from tests.pages import words
from tests.people import Browser, Person, Pool
from tests.signin.conftest import asked, hosted_login, path_of, session_cookie, sign_in, together
from tests.signin.lying_pool import OTHER_KEY, LyingPool

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]

CALLBACK = "/sign-in/callback/"


def begin(client: Browser) -> str:
    """The address of managed login that the browser is sent to."""
    return address_of(client.submit("/probe/aside/"))


def held_here(client: Browser) -> tuple[Any, ...]:
    """Everything that a side sign-in has to leave alone."""
    token = client.get("/probe/token/").content
    rows = TokenSet.objects.values("id", "sealed", "user", "auth_time", "acr", "amr", "version")
    own = dict(client.session)
    own.pop("socialaccount_states", None)
    people = set(User.objects.values_list("uid", flat=True))
    signed_in = log.intents().filter(event__startswith="sign-in:session").count()
    return token, list(rows), session_cookie(client), own, people, signed_in


def is_as_before(client: Browser, before: tuple[Any, ...]) -> None:
    assert held_here(client) == before
    assert client.get("/probe/").status_code == 200  # Cognito takes the same token still.


def is_dead(pool: Pool, refresh_token: str) -> bool:
    """As the pool says it over the wire."""
    try:
        pool.admin.initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            ClientId=pool.config.client_id,
            AuthParameters={"REFRESH_TOKEN": refresh_token},
        )
    except pool.admin.exceptions.NotAuthorizedException:
        return True
    return False


def newest_refresh_token(pool: Pool) -> str:
    grants = pool.server.state.pools[pool.config.pool_id].grants
    return next(iter(list(grants.values())[-1].refresh_tokens))


def test_a_side_sign_in_is_recorded_and_revoked_and_changes_nothing_else(
    client: Browser, person: Person, pool: Pool
) -> None:
    sign_in(client, person)
    before = held_here(client)
    person.use_text_messages()
    answer = client.get(hosted_login(begin(client), person))
    assert (answer.status_code, answer["Location"]) == (302, "/probe/")
    row = SideSignIn.objects.get()
    assert (row.same_person, row.failure) == (True, "")
    assert row.amr == ["pwd", "sms", "mfa"]
    assert row.acr == "urn:cognito:loa:3"
    assert row.auth_time is not None
    assert abs(row.auth_time - datetime.now(UTC)) < timedelta(minutes=1)
    assert (row.sealed, row.revocation) == ("", Revocation.REVOKED)
    assert is_dead(pool, newest_refresh_token(pool))
    is_as_before(client, before)


def test_managed_login_is_told_to_ask_for_everything_again(client: Browser, person: Person) -> None:
    sign_in(client, person)
    query = asked(begin(client))
    assert (query["prompt"], query["max_age"]) == ("login", "1")
    assert query["code_challenge_method"] == "S256"
    assert "acr_values" not in query


def test_a_side_sign_in_of_somebody_else_is_recorded_and_makes_no_person(
    client: Browser, person: Person, pool: Pool
) -> None:
    sign_in(client, person)
    before = held_here(client)
    client.get(hosted_login(begin(client), pool.person("eve")))
    row = SideSignIn.objects.get()
    assert (row.same_person, row.revocation) == (False, Revocation.REVOKED)
    assert is_dead(pool, newest_refresh_token(pool))
    is_as_before(client, before)


@pytest.mark.parametrize(
    ("query", "failure"),
    [
        ({"error": "access_denied"}, Failure.CANCELLED),
        ({"error": "server_error"}, Failure.UNREACHABLE),
        ({"error": "anything"}, Failure.REFUSED),
        ({}, Failure.STALE),
        ({"code": "made-up"}, Failure.STALE),
    ],
    ids=["cancelled", "server-error", "refused", "no-code", "foreign-code"],
)
def test_coming_back_without_a_sign_in_records_why(
    client: Browser, person: Person, query: dict[str, str], failure: Failure
) -> None:
    sign_in(client, person)
    before = held_here(client)
    state = asked(begin(client))["state"]
    answer = client.get(CALLBACK, {"state": state, **query})
    assert (answer.status_code, answer["Location"]) == (302, "/probe/")
    row = SideSignIn.objects.get()
    assert (row.failure, row.revocation, row.auth_time) == (failure, "", None)
    is_as_before(client, before)


@pytest.mark.parametrize("answer", ["error", "drop", "html", "truncated"])
def test_a_token_endpoint_in_trouble_ends_a_side_sign_in_without_a_result(
    client: Browser, person: Person, pool: Pool, answer: str
) -> None:
    sign_in(client, person)
    before = held_here(client)
    back = hosted_login(begin(client), person)
    pool.server.faults.add(Fault(on="/oauth2/token", answer=answer))
    assert client.get(back).status_code == 302
    row = SideSignIn.objects.get()
    assert row.failure in {Failure.UNREACHABLE, Failure.BAD_ANSWER}
    is_as_before(client, before)


def test_a_replayed_callback_changes_nothing(client: Browser, person: Person) -> None:
    sign_in(client, person)
    back = hosted_login(begin(client), person)
    client.get(back)
    row, before = SideSignIn.objects.values().get(), held_here(client)
    assert client.get(back).status_code == 400
    assert SideSignIn.objects.values().get() == row
    is_as_before(client, before)


@pytest.mark.django_db(transaction=True)
def test_two_callbacks_at_once_are_one(client: Browser, person: Person) -> None:
    sign_in(client, person)
    back, cookies = hosted_login(begin(client), person), client.cookies
    answers: list[int] = []

    def come_back() -> None:
        browser = Browser()
        browser.cookies = cookies
        answers.append(browser.get(back).status_code)

    together([come_back, come_back])
    assert sorted(answers)[0] == 302
    row = SideSignIn.objects.get()
    assert (row.failure, row.revocation) == ("", Revocation.REVOKED)
    assert client.get("/probe/").status_code == 200


def test_somebody_who_signed_out_meanwhile_stays_signed_out(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    back = hosted_login(begin(client), person)
    client.submit("/sign-out/")
    assert client.get(back).status_code == 400
    assert not TokenSet.objects.exists()
    assert SideSignIn.objects.get().ended_at is None
    assert client.get("/probe/").status_code == 302


def test_a_side_sign_in_belongs_to_whoever_began_it(client: Browser, person: Person) -> None:
    sign_in(client, person)
    state = asked(begin(client))["state"]
    SideSignIn.objects.update(person=User.objects.create(uid="somebody-else"))
    assert client.get(CALLBACK, {"state": state, "code": "x"}).status_code == 400
    assert SideSignIn.objects.get().ended_at is None


def test_nobody_begins_a_side_sign_in_without_a_session(client: Browser) -> None:
    assert client.submit("/probe/aside/").status_code == 302
    assert not SideSignIn.objects.exists()


def signed_in_at(client: Browser, lying_pool: LyingPool) -> None:
    query = asked(address_of(client.submit("/sign-in/start/", next="/probe/")))
    lying_pool.say(lying_pool.tokens(query["nonce"]))
    client.get(CALLBACK, {"state": query["state"], "code": "x"})


def come_back_aside(client: Browser, lying_pool: LyingPool, **changes: Any) -> SideSignIn:
    """From a sign-in at the lying pool to the end of one beside it."""
    query = asked(begin(client))
    said = lying_pool.tokens(query["nonce"], refresh_token="side-token", **changes)
    lying_pool.say(said)
    assert client.get(CALLBACK, {"state": query["state"], "code": "x"}).status_code == 302
    return SideSignIn.objects.get()


def revoked_at(lying_pool: LyingPool) -> list[str]:
    return [form["token"] for path, form, _ in lying_pool.requests if path == "/oauth2/revoke"]


OTHER_SIGN_IN = {"origin_jti": "origin-2"}


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"id_header": {"key": OTHER_KEY}}, Failure.NOT_VERIFIED),
        ({"id_claims": {"nonce": "another"}}, Failure.NOT_VERIFIED),
        ({"access_token": "rubbish"}, Failure.NOT_VERIFIED),
        (
            {"access_claims": {"scope": "openid", "origin_jti": "origin-2"}},
            Failure.SCOPE_MISSING,
        ),
    ],
    ids=["foreign-signature", "foreign-nonce", "not-a-token", "scope-missing"],
)
def test_tokens_that_do_not_verify_are_revoked_as_well(
    client: Browser, lying_pool: LyingPool, changes: dict[str, Any], failure: Failure
) -> None:
    signed_in_at(client, lying_pool)
    held = list(TokenSet.objects.values())
    row = come_back_aside(client, lying_pool, **{"access_claims": OTHER_SIGN_IN, **changes})
    assert (row.failure, row.same_person, row.auth_time) == (failure, None, None)
    assert revoked_at(lying_pool) == ["side-token"]
    assert list(TokenSet.objects.values()) == held


def test_without_the_pools_keys_a_side_sign_in_is_revoked_unverified(
    client: Browser, lying_pool: LyingPool, settings: Any
) -> None:
    signed_in_at(client, lying_pool)
    settings.COGNITO = lying_pool.as_user_pool(client_secret="new")  # whose keys are not known yet
    lying_pool.say_keys(b"", status=500)
    row = come_back_aside(client, lying_pool, access_claims=OTHER_SIGN_IN)
    assert row.failure == Failure.UNREACHABLE
    assert revoked_at(lying_pool) == ["side-token"]


@pytest.mark.parametrize("header", [{}, {"key": OTHER_KEY}], ids=["verified", "not-verified"])
def test_what_cognito_counts_as_the_portals_own_sign_in_is_not_revoked(
    client: Browser, lying_pool: LyingPool, header: dict[str, Any]
) -> None:
    signed_in_at(client, lying_pool)
    row = come_back_aside(client, lying_pool, id_header=header)
    assert (row.revocation, row.sealed) == (Revocation.SHARED_WITH_SESSION, "")
    assert revoked_at(lying_pool) == []
    assert TokenSet.objects.exists()


def test_a_revocation_that_fails_is_tried_again_by_the_timer(
    client: Browser, person: Person, pool: Pool, caplog: Any
) -> None:
    sign_in(client, person)
    before = held_here(client)
    back = hosted_login(begin(client), person)
    pool.server.faults.add(Fault(on="/oauth2/revoke", answer="error"))
    client.get(back)
    row, token = SideSignIn.objects.get(), newest_refresh_token(pool)
    assert (row.same_person, row.revocation) == (True, Revocation.PENDING)
    assert row.sealed
    assert token not in row.sealed
    assert not is_dead(pool, token)
    assert "is not revoked yet: Http500" in caplog.text
    is_as_before(client, before)
    call_command("erase_expired")
    row.refresh_from_db()
    assert (row.sealed, row.revocation) == ("", Revocation.REVOKED)
    assert is_dead(pool, token)
    is_as_before(client, before)


def test_a_revocation_that_never_works_is_given_up_after_a_day(
    client: Browser, lying_pool: LyingPool, caplog: Any
) -> None:
    signed_in_at(client, lying_pool)
    lying_pool.revoke_answer = (503, {}, b"")
    row = come_back_aside(client, lying_pool, access_claims=OTHER_SIGN_IN)
    assert side_sign_in.erase_expired() == 0
    row.refresh_from_db()
    assert row.revocation == Revocation.PENDING
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert side_sign_in.erase_expired() == 1
    assert "given up" in caplog.text
    assert not SideSignIn.objects.exists()


@pytest.mark.parametrize(
    ("answer", "revocation"),
    [
        ((400, {}, b'{"error": "unsupported_token_type"}'), Revocation.ABANDONED),
        ((400, {}, b'{"error": "invalid_grant"}'), Revocation.REVOKED),
    ],
    ids=["revocation-is-off", "dead-already"],
)
def test_a_refused_revocation_is_not_asked_again(
    client: Browser, lying_pool: LyingPool, answer: Any, revocation: Revocation
) -> None:
    signed_in_at(client, lying_pool)
    lying_pool.revoke_answer = answer
    row = come_back_aside(client, lying_pool, access_claims=OTHER_SIGN_IN)
    assert (row.revocation, row.sealed) == (revocation, "")


def test_a_revocation_whose_key_is_lost_is_given_up(
    client: Browser, lying_pool: LyingPool, settings: Any, caplog: Any
) -> None:
    signed_in_at(client, lying_pool)
    lying_pool.revoke_answer = (503, {}, b"")
    row = come_back_aside(client, lying_pool, access_claims=OTHER_SIGN_IN)
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    side_sign_in.erase_expired()
    row.refresh_from_db()
    assert (row.revocation, row.sealed) == (Revocation.ABANDONED, "")
    assert "its key is gone" in caplog.text


def test_managed_login_forgets_whoever_was_there_and_the_portal_does_not(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    before = held_here(client)
    back = requests.get(logout.out_of_managed_login_url(), allow_redirects=False, timeout=5)
    answer = client.get(path_of(back.headers["Location"]))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    is_as_before(client, before)


def test_a_forged_callback_is_answered_with_the_failure_page(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    begin(client)
    answer = client.get(CALLBACK, {"state": "made-up", "code": "x"})
    assert answer.status_code == 400
    assert "Nothing about your account was changed" in words(answer)
    assert SideSignIn.objects.get().ended_at is None


def test_the_name_of_a_row_says_nothing_of_a_person() -> None:
    assert str(SideSignIn()).startswith("side sign-in ")
