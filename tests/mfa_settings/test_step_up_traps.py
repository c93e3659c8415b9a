"""Nobody is asked for what no sign-in of theirs could ever show."""

from datetime import timedelta

import pytest
import requests

from mfa_settings.models import AuthenticatorSetUp, ProposedChange
from signin.models import TokenSet
from tests.choosing import propose
from tests.mfa_settings.test_step_up import (
    APP,
    TEXT,
    asked_first,
    both_on,  # noqa: F401 - a fixture
    grow_old,
)
from tests.pages import way_out, words
from tests.people import Browser, Person, Pool

pytestmark = pytest.mark.django_db


def passes(client: Browser, path: str) -> bool:
    return not asked_first(client.insist(path))


def test_a_first_protection_that_does_not_work_can_be_taken_back(
    client: Browser, person: Person
) -> None:
    """The phone gets no code, so no other sign-in can be finished; this one was enough to save."""
    person.sign_in(client)
    grow_old(14)
    client.submit(f"{propose(client, text='on')}save/")
    grow_old(14)
    change = ProposedChange.objects.get()
    assert client.submit(f"/undo/{change.id}/")["Location"].startswith("/?saved=")
    assert person.mfa() == (set(), None)


def test_a_move_that_silenced_the_old_app_can_be_finished(client: Browser, pool: Pool) -> None:
    """GetUser lists the app, and Cognito asks for nothing."""
    pool.server.switches.set(pool.config.pool_id, associate_over_verified="drop")
    bea = pool.person("bea", phone_number="", phone_number_verified="")
    bea.set_up_app()
    bea.sign_in(client)
    client.submit("/authenticator/start/")
    long_ago = AuthenticatorSetUp.objects.get().created_at - timedelta(hours=1)
    AuthenticatorSetUp.objects.update(created_at=long_ago)
    later = Browser()
    assert bea.sign_in(later) == []
    assert "Finish moving" in words(later.get("/"))
    assert passes(later, "/authenticator/start/")


def test_an_app_that_the_helpdesk_deleted_can_be_set_up_anew(client: Browser, pool: Pool) -> None:
    pool.server.switches.set(pool.config.pool_id, deleted_token_in_list="left")
    bea = pool.person("bea", phone_number="", phone_number_verified="")
    bea.set_up_app()
    pool.admin.admin_delete_software_token(UserPoolId=pool.config.pool_id, Username=bea.username)
    assert bea.sign_in(client) == []
    assert passes(client, "/authenticator/start/")


@pytest.mark.parametrize("tier", ["LITE", "ESSENTIALS"])
@pytest.mark.parametrize("asked", ["nothing", "first"])
def test_where_nothing_comes_first_and_the_pool_asks_less_than_it_says(
    client: Browser,
    both_on: Person,  # noqa: F811 - the fixture
    pool: Pool,
    tier: str,
    asked: str,
) -> None:
    pool.server.switches.set(pool.config.pool_id, lite_claims="yes", none_preferred=asked)
    both_on.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    pool.admin.update_user_pool(UserPoolId=pool.config.pool_id, UserPoolTier=tier)
    pool.set_mfa("OPTIONAL", TEXT, APP)
    both_on.sign_in(client)
    assert passes(client, "/contact/email/confirm/")


def test_what_was_turned_off_by_a_helper_meanwhile_is_not_demanded(
    client: Browser,
    both_on: Person,  # noqa: F811 - the fixture
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    address = propose(client, off=("app",), first="text")
    answer = client.submit("/contact/email/remove/")
    both_on.prefer(SoftwareTokenMfaSettings={"Enabled": False}, SMSMfaSettings={"Enabled": False})
    back = both_on.step_up(client, answer)
    assert back.request["PATH_INFO"] == "/contact/email/remove/"
    saved = client.submit(f"{address}save/")
    assert "Your settings have changed meanwhile" in words(saved)


def test_a_strong_sign_in_is_still_demanded_of_a_session_that_never_asked_for_one(
    client: Browser, person: Person
) -> None:
    """A password alone is believed only where a second step was asked for, and none came."""
    person.sign_in(client)
    person.use_text_messages()
    assert asked_first(client.submit("/contact/email/remove/"))
    assert TokenSet.objects.get().stepped_up is False


def test_a_sign_in_again_from_before_anything_was_on_is_no_second_step(
    client: Browser, person: Person
) -> None:
    """It was not asked for one, so that none came says nothing of the pool."""
    person.sign_in(client)
    grow_old(16)
    first = f"{propose(client, text='on')}save/"
    person.step_up(client, client.submit(first))
    assert client.submit(first)["Location"].startswith("/?saved=")
    assert asked_first(client.submit(f"{propose(client, off=('text',))}save/"))


# --- and no thief gets past it ---


def test_the_key_of_an_open_set_up_is_not_shown_to_an_old_sign_in(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    begun = client.submit("/authenticator/start/")["Location"]
    assert client.get(f"{begun}qr.svg").status_code == 200
    grow_old(16)
    answer = client.get(begun)
    assert asked_first(answer)
    assert client.get(f"{begun}qr.svg").status_code == 404
    assert 'id="key"' in person.step_up(client, answer).content.decode()


def test_a_new_picture_is_a_new_picture_after_signing_in_again(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    begun = client.submit("/authenticator/start/")["Location"]
    grow_old(6)
    person.step_up(client, client.submit("/authenticator/start/", again="1"))
    assert client.submit("/authenticator/start/")["Location"] != begun


@pytest.mark.parametrize("plays", ["kept", "now"])
def test_the_cookie_of_managed_login_makes_no_sign_in_recent(
    client: Browser, person: Person, pool: Pool, plays: str
) -> None:
    """Whatever `auth_time` a silent sign-in has: an old cookie leads to the password first."""
    pool.server.switches.set(pool.config.pool_id, silent_auth_time=plays)
    with requests.Session() as browser:
        start = way_out(client.submit("/sign-in/start/", next="/"))
        person.walk_managed_login(start, browser)
        pool.server.clock.advance(360)
        page = browser.get(way_out(client.submit("/sign-in/start/", next="/")))
    assert 'data-page="login"' in page.text


def test_however_often_it_is_pressed_one_change_waits(
    client: Browser,
    both_on: Person,  # noqa: F811 - the fixture
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    pressed = {client.submit("/contact/phone/change/", value="x" * 5000)["Location"] for _ in "123"}
    assert len(pressed) == 1
