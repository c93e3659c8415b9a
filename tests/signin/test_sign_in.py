"""The way through managed login and back, over the wire."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from activity.models import LogEntry
from cognito.pool import UserPool
from signin.guards import person_of
from signin.models import TokenSet, User
from tests import log
from tests.people import Browser, Person, Pool
from tests.signin.conftest import hosted_login, session_cookie, sign_in, start, with_session

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.signin.urls"),
    pytest.mark.real_socket,
]


def test_a_person_signs_in_and_comes_back_to_where_they_wanted_to_go(
    client: Browser, person: Person
) -> None:
    answer = sign_in(client, person, next_path="/probe/?a=b")
    assert (answer.status_code, answer["Location"]) == (302, "/probe/?a=b")
    assert client.get("/probe/").json()["subject"] == person.subject


def test_the_identity_is_issuer_and_subject(
    client: Browser, person: Person, user_pool: UserPool
) -> None:
    sign_in(client, person)
    uid = f"{user_pool.issuer}#{person.subject}"
    user = User.objects.get()
    assert (user.uid, user.subject) == (uid, person.subject)
    assert SocialAccount.objects.get().uid == uid
    assert not user.has_usable_password()
    assert client.get("/probe/").json()["person"] == uid


def test_two_people_with_one_email_address_both_get_in(pool: Pool) -> None:
    for name in ("one", "two"):
        somebody = pool.person(name, email="shared@example.com")
        browser = Browser()
        sign_in(browser, somebody)
        assert browser.get("/probe/").json()["subject"] == somebody.subject
    assert User.objects.count() == 2


def test_the_second_sign_in_finds_the_same_person(client: Browser, person: Person) -> None:
    sign_in(client, person)
    sign_in(Browser(), person)
    assert User.objects.count() == 1
    assert TokenSet.objects.count() == 2


def test_a_view_never_takes_a_stranger_for_a_person(rf: Any) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        person_of(request)


def test_only_a_form_with_a_csrf_token_starts_a_sign_in_or_ends_one() -> None:
    browser = Browser(enforce_csrf_checks=True)
    for path in ("/sign-in/start/", "/sign-out/"):
        assert browser.get(path).status_code == 405
        assert browser.submit(path).status_code == 403
    assert browser.submit("/sign-in/callback/").status_code in {403, 405}
    assert Browser().submit("/sign-in/callback/").status_code == 405
    assert Browser().generic("TRACE", "/sign-in/").status_code == 405


def test_the_session_id_changes_at_sign_in_and_the_old_one_is_dead(
    client: Browser, person: Person
) -> None:
    location = start(client)
    before = client.session.session_key
    client.get(hosted_login(location, person))
    assert client.session.session_key != before
    assert with_session(before).get("/probe/").status_code == 302


def test_the_cookie_holds_a_random_id_and_the_session_no_token(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    token = client.get("/probe/token/").content.decode()
    assert len(session_cookie(client)) == 32
    assert token not in str(dict(client.session))
    assert str(TokenSet.objects.get().pk) in str(dict(client.session))
    assert SocialToken.objects.count() == 0


def test_a_sign_in_is_kept_with_when_and_how_it_was_done(client: Browser, person: Person) -> None:
    sign_in(client, person)
    row = TokenSet.objects.get()
    assert row.acr == "urn:cognito:loa:1"
    assert row.amr == ["pwd"]
    assert abs((row.began_at - row.auth_time).total_seconds()) < 30
    assert row.origin_jti


def test_a_sign_in_is_recorded(client: Browser, person: Person, user_pool: UserPool) -> None:
    sign_in(client, person)
    event = log.intents().get()
    assert event.event == "sign-in:session:started"
    assert event.person == f"{user_pool.issuer}#{person.subject}"


def test_an_event_names_the_request_and_the_browser(client: Browser, person: Person) -> None:
    sign_in(client, person)
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 " * 30
    answer = client.submit("/sign-out/")
    for entry in LogEntry.objects.filter(event="sign-in:session:ended"):
        assert entry.request_id == answer.headers["X-Request-ID"]
        assert entry.device == ("Mozilla/5.0 " * 30)[:255]


def test_when_somebody_else_signs_in_the_first_session_is_over(
    client: Browser, person: Person, pool: Pool
) -> None:
    """A new session id, and the first person's tokens erased and revoked."""
    sign_in(client, person)
    first_token = client.get("/probe/token/").content.decode()
    first_session = client.session.session_key
    other = pool.person("grace")
    sign_in(client, other)
    assert client.session.session_key != first_session
    assert client.get("/probe/").json()["subject"] == other.subject
    assert TokenSet.objects.get().user.subject == other.subject
    with pytest.raises(pool.admin.exceptions.NotAuthorizedException):
        pool.admin.get_user(AccessToken=first_token)
    ended = log.intents("sign-in:session:ended").get()
    assert ended.person.endswith(person.subject)


def test_the_same_person_may_sign_in_again_for_a_fresh_session(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    first = TokenSet.objects.get()
    sign_in(client, person)
    assert TokenSet.objects.get().pk != first.pk
    assert client.get("/probe/").status_code == 200


@pytest.mark.parametrize("client_options", [{"GenerateSecret": True}])
def test_an_app_client_with_a_secret_works_too(client: Browser, person: Person) -> None:
    sign_in(client, person)
    assert client.get("/probe/").status_code == 200


@pytest.mark.parametrize("client_options", [{"AllowedOAuthScopes": ["openid"]}])
@pytest.mark.usefixtures("person")
def test_a_client_without_the_scope_is_the_operators_to_mend(client: Browser) -> None:
    """Managed login refuses at once, before anybody types a password."""
    refused = requests.get(start(client), allow_redirects=False, timeout=5)
    parts = urlsplit(refused.headers["Location"])
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 502
    assert b"aws.cognito.signin.user.admin" in answer.content


def test_the_sign_in_page_has_one_button_and_keeps_the_way_back(client: Browser) -> None:
    page = client.get("/sign-in/?next=/probe/").content.decode()
    assert 'name="next" value="/probe/"' in page
    assert "You have been signed out" not in page


def test_somebody_signed_in_is_sent_on_from_the_sign_in_page(
    client: Browser, person: Person
) -> None:
    sign_in(client, person)
    assert client.get("/sign-in/?next=/probe/")["Location"] == "/probe/"
    assert client.get("/sign-in/")["Location"] == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
        "/%0d%0aX",
    ],
)
def test_no_way_back_leads_to_another_site(client: Browser, person: Person, wanted: str) -> None:
    assert 'name="next" value="/"' in client.get("/sign-in/", {"next": wanted}).content.decode()
    assert sign_in(client, person, next_path=wanted)["Location"] == "/"
    assert client.get("/sign-in/", {"next": wanted})["Location"] == "/"


def test_a_person_shut_out_of_this_portal_is_told_so(client: Browser, person: Person) -> None:
    sign_in(client, person)
    User.objects.update(is_active=False)
    assert client.get("/probe/").status_code == 302
    assert not TokenSet.objects.exists()
    answer = sign_in(client, person)
    assert answer.status_code == 403
    assert b"may not use this page" in answer.content
