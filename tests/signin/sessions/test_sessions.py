"""Signing out elsewhere, through the URL to the wire: of apps and browsers that are signed in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import time_machine
from django.conf import settings as portal_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from localpool.wire.faults import Fault
from signin import batch
from signin.limits.domain import HOUR, Limit, LimitedAction
from signin.models import TokenSet
from signin.sessions import service
from tests import log
from tests.doctor import Doctor
from tests.pages import Page, fields, words
from tests.people import Browser, Person, Pool, sign_in_elsewhere
from tests.sessions import OtherBrowser, app_of, is_alive, sign_in_with_app, track

pytestmark = pytest.mark.django_db(transaction=True)

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
BUSY = {"code": "TooManyRequestsException", "status": 400}


@pytest.fixture
def app(pool: Pool) -> str:
    track(pool)
    return app_of(pool)


@pytest.fixture
def browser(person: Person, app: str) -> Iterator[OtherBrowser]:
    opened = OtherBrowser(person, app, CHROME)
    yield opened
    opened.close()


def calls(pool: Pool, name: str) -> int:
    return len(pool.server.calls.of(name, pool_id=pool.config.pool_id))


def press(client: Browser, path: str, **form: str) -> str:
    """The words of the page that follows."""
    return words(client.get(client.submit(path, **form)["Location"]))


def outcome(event: str) -> tuple[str, dict[str, object]]:
    found = log.outcomes(event).get()
    return found.result, found.detail


def key_on(page: Page) -> str:
    return str(fields(page)["place"]["value"])


# --- where the pool keeps count ---


def test_each_place_is_told_in_words_this_one_first(
    client: Browser, person: Person, app: str, browser: OtherBrowser
) -> None:
    browser.open_app()
    sign_in_with_app(person, app, device="iOS, Example app", address="192.0.2.7")
    person.sign_in(client)
    text = words(client.get("/signed-in/"))
    assert "Here, in this browser" in text
    assert "An app: iOS, Example app Near Lisbon, Portugal . Internet address 192.0.2.7 ." in text
    assert "A browser: Chrome, Windows Internet address 127.0.0.1 ." in text
    assert "1 app was opened from it." in text
    assert text.index("Here, in this browser") < text.index("An app: ")
    assert "unknown" not in text
    assert app not in client.get("/signed-in/").content.decode()


def test_what_is_not_known_is_left_out(client: Browser, person: Person, app: str) -> None:
    sign_in_with_app(person, app, device="unknown", address="x")
    person.sign_in(client)
    text = words(client.get("/signed-in/"))
    assert "An app Last active on" in text
    assert "Near" not in text


def test_texts_that_apps_and_browsers_sent_can_not_break_the_page(
    client: Browser, person: Person, app: str
) -> None:
    sign_in_with_app(person, app, device="<script>x</script>\u202e" + "long" * 200)
    person.sign_in(client)
    html = client.get("/signed-in/").content.decode()
    assert "<bdi>&lt;script&gt;x&lt;/script&gt; longlong" in html
    assert "\u202e" not in html
    assert "long" * 50 not in html


def test_an_app_is_signed_out_and_this_page_stays(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    token = sign_in_with_app(person, app)["AccessToken"]
    person.sign_in(client)
    page = client.get("/signed-in/")
    assert "Signed out there" in press(client, "/signed-in/end/", place=key_on(page))
    assert not is_alive(pool, token)
    assert "You are signed in only here" in words(client.get("/signed-in/"))
    assert outcome("sign-in:others:ended") == ("confirmed", {"ended": 1, "left": 0})
    assert "You were signed out in other places." in words(client.get("/"))


def test_a_browser_is_signed_out_with_what_was_opened_in_it(
    client: Browser, person: Person, pool: Pool, browser: OtherBrowser
) -> None:
    token = browser.open_app()
    person.sign_in(client)
    assert browser.is_let_in_silently()
    press(client, "/signed-in/end/", place=key_on(client.get("/signed-in/")))
    assert not is_alive(pool, token)
    assert not browser.is_let_in_silently()


def test_all_others_are_signed_out_the_portals_too(
    client: Browser, person: Person, pool: Pool, app: str, browser: OtherBrowser
) -> None:
    elsewhere = Browser()
    person.sign_in(elsewhere)
    tokens = [browser.open_app(), sign_in_with_app(person, app)["AccessToken"]]
    person.sign_in(client)
    assert "Signed out there" in press(client, "/signed-in/end-others/")
    assert not any(is_alive(pool, token) for token in tokens)
    assert elsewhere.get("/")["Location"].startswith("/sign-in/")
    assert client.get("/").status_code == 200
    assert TokenSet.objects.count() == 1
    assert "You are signed in only here" in words(client.get("/signed-in/"))


def test_a_look_costs_one_call_and_ending_a_sign_in_two_reads_more(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    pool.server.calls.clear()
    key = key_on(client.get("/signed-in/"))
    assert (calls(pool, "ListUserSessions"), calls(pool, "GetUser")) == (1, 0)
    client.submit("/signed-in/end/", place=key)
    assert (calls(pool, "RevokeUserSession"), calls(pool, "ListUserSessions")) == (1, 3)


def test_what_is_gone_already_is_signed_out(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    """A page that was left open, or a second press: no call, no event."""
    sign_in_with_app(person, app)
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    assert "Signed out there" in press(client, "/signed-in/end/", place=key)
    assert "Signed out there" in press(client, "/signed-in/end/", place=key)
    assert "Signed out there" in press(client, "/signed-in/end/", place="foreign")
    assert "Signed out there" in press(client, "/signed-in/end-others/")
    assert calls(pool, "RevokeUserSession") == 1
    assert log.intents("sign-in:others:ended").count() == 1


def test_what_goes_while_it_is_pressed_is_signed_out(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    """Two presses at once: the second is told that there is no such sign-in."""
    sign_in_with_app(person, app)
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    missing = Fault(
        "RevokeUserSession", "error", True, code="ResourceNotFoundException", status=400
    )
    pool.server.faults.add(missing)
    assert "Signed out there" in press(client, "/signed-in/end/", place=key)


def test_the_own_sign_in_is_never_ended_from_the_list(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    token = person.access_token()
    for each in pool.admin.list_user_sessions(AccessToken=token)["Sessions"]:
        if each.get("ClientId") == pool.config.client_id or each["SessionType"] == "SSO":
            client.submit("/signed-in/end/", place=each["SessionId"])
    assert client.get("/signed-in/").status_code == 200


def test_what_the_list_still_shows_may_take_a_few_seconds(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    pool.server.faults.add(Fault("RevokeUserSession", "normal", done=False))
    page = press(client, "/signed-in/end/", place=key)
    assert "Signing out there It may take a few seconds until it is gone from the list" in page
    assert outcome("sign-in:others:ended")[0] == "unknown"


def test_trouble_halfway_is_told_and_can_go_on(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    tokens = [sign_in_with_app(person, app)["AccessToken"] for _ in range(5)]
    person.sign_in(client)
    pool.server.faults.add(Fault("RevokeUserSession", times=3))
    pool.server.faults.add(Fault("RevokeUserSession", "error", **BUSY))  # type: ignore[arg-type]
    page = press(client, "/signed-in/end-others/")
    assert "Not finished yet You are signed out in 3 places." in page
    assert "In 2 places you are still signed in." in page
    assert sum(is_alive(pool, token) for token in tokens) == 2
    assert outcome("sign-in:others:ended") == ("confirmed", {"ended": 3, "left": 2})
    assert "Signed out there" in press(client, "/signed-in/end-others/")
    assert not any(is_alive(pool, token) for token in tokens)


def test_a_refusal_of_one_does_not_keep_the_others(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    for _ in range(3):
        sign_in_with_app(person, app)
    person.sign_in(client)
    no = {"code": "InvalidParameterException", "status": 400}
    pool.server.faults.add(Fault("RevokeUserSession", "error", **no))  # type: ignore[arg-type]
    page = press(client, "/signed-in/end-others/")
    assert "You are signed out in 2 places. In 1 place you are still signed in." in page


def test_a_pool_that_takes_none_is_told(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    no = {"code": "InvalidParameterException", "status": 400}
    pool.server.faults.add(Fault("RevokeUserSession", "error", **no))  # type: ignore[arg-type]
    page = press(client, "/signed-in/end/", place=key_on(client.get("/signed-in/")))
    assert "Not signed out Nothing was changed." in page
    assert outcome("sign-in:others:ended")[0] == "refused"


def test_a_busy_service_changes_nothing_and_leads_back(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    pool.server.faults.add(Fault("RevokeUserSession", "error", **BUSY))  # type: ignore[arg-type]
    answer = client.submit("/signed-in/end/", place=key)
    assert answer.status_code == 503
    assert "Nothing was changed" in words(answer)
    assert outcome("sign-in:others:ended")[0] == "refused"


@pytest.mark.parametrize("answer", ["error", "empty"])
def test_what_cannot_be_read_back_is_not_called_done(
    client: Browser, person: Person, pool: Pool, app: str, answer: str
) -> None:
    sign_in_with_app(person, app)
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    pool.server.faults.add(Fault("ListUserSessions"))
    pool.server.faults.add(Fault("ListUserSessions", answer, times=2 if answer == "error" else 1))
    assert "Not confirmed" in press(client, "/signed-in/end/", place=key)
    assert outcome("sign-in:others:ended")[0] == "unknown"


def test_what_one_press_does_not_reach_is_left_for_the_next(
    client: Browser, person: Person, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_AT_ONCE", 2)
    for _ in range(3):
        sign_in_with_app(person, app)
    person.sign_in(client)
    page = press(client, "/signed-in/end-others/")
    assert "You are signed out in 2 places. In 1 place you are still signed in." in page
    monkeypatch.setattr(service, "MAX_SECONDS", 0.0)
    sign_in_with_app(person, app)
    assert "In 1 place you are still signed in." in press(client, "/signed-in/end-others/")
    assert "Signed out there" in press(client, "/signed-in/end-others/")


def test_sign_ins_beyond_the_first_page_of_the_list_are_shown_too(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    for number in range(126):
        sign_in_with_app(person, app, device=f"Device number {number}.")
    person.sign_in(client)
    pool.server.calls.clear()
    text = words(client.get("/signed-in/"))
    assert all(f"Device number {number}." in text for number in range(126))
    assert calls(pool, "ListUserSessions") == 2


def test_too_many_presses_reach_nothing(
    client: Browser, person: Person, pool: Pool, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seldom = LimitedAction("seldom", (Limit(1, HOUR),))
    monkeypatch.setattr(service, "END_SIGN_INS", seldom)
    for _ in range(2):
        sign_in_with_app(person, app)
    person.sign_in(client)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        press(client, "/signed-in/end/", place=key_on(client.get("/signed-in/")))
        page = press(client, "/signed-in/end/", place=key_on(client.get("/signed-in/")))
        assert "Too often Nothing was changed." in page
        assert "try again in 60 minutes." in page
        assert "Too often" in press(client, "/signed-in/everywhere/")
    assert (calls(pool, "RevokeUserSession"), calls(pool, "GlobalSignOut")) == (1, 0)


# --- where it keeps none ---


@pytest.mark.parametrize("answer", ["refuse", "accept"])
def test_a_pool_that_keeps_no_count_says_what_it_can(
    client: Browser, person: Person, pool: Pool, answer: str
) -> None:
    pool.server.switches.set(pool.config.pool_id, untracked_sessions=answer)
    person.sign_in(client)
    text = words(client.get("/signed-in/"))
    assert "This page is open in no other browser." in text
    assert "keeps no list of the apps" in text
    assert "may sign in again without being asked" in text
    for _ in range(2):
        person.sign_in(Browser())
    assert "This page is also open in 2 other browsers" in words(client.get("/signed-in/"))
    assert "Signed out there" in press(client, "/signed-in/end-others/")
    assert "This page is open in no other browser." in words(client.get("/signed-in/"))
    assert outcome("sign-in:others:ended") == ("confirmed", {"ended": 0, "left": 0})


def test_other_peoples_sign_ins_are_neither_counted_nor_ended(
    client: Browser, person: Person, pool: Pool
) -> None:
    other = Browser()
    pool.person("ben").sign_in(other)
    person.sign_in(client)
    assert "open in no other browser" in words(client.get("/signed-in/"))
    client.submit("/signed-in/everywhere/")
    assert other.get("/").status_code == 200


def test_one_that_is_gone_already_ends_neither_the_press_nor_this_sign_in(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    """What the pool says of it is not known: NotAuthorized may mean that one as well as ours."""
    tokens = [sign_in_with_app(person, app)["AccessToken"] for _ in range(2)]
    person.sign_in(client)
    gone = Fault("RevokeUserSession", "error", code="NotAuthorizedException", status=400)
    pool.server.faults.add(gone)
    page = press(client, "/signed-in/end-others/")
    assert "You are signed out in 1 place. In 1 place you are still signed in." in page
    assert sum(is_alive(pool, token) for token in tokens) == 1
    assert client.get("/").status_code == 200


def test_a_lost_answer_is_settled_by_the_list(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    """And by no second call: its refusal would look as if nothing had been ended."""
    token = sign_in_with_app(person, app)["AccessToken"]
    person.sign_in(client)
    key = key_on(client.get("/signed-in/"))
    pool.server.faults.add(Fault("RevokeUserSession", "drop", done=True))
    assert "Signed out there" in press(client, "/signed-in/end/", place=key)
    assert outcome("sign-in:others:ended") == ("confirmed", {"ended": 1, "left": 0})
    assert not is_alive(pool, token)
    assert calls(pool, "RevokeUserSession") == 1


# --- everywhere ---


@pytest.mark.parametrize("tracked", [False, True], ids=["untracked", "tracked"])
def test_everywhere_ends_apps_other_browsers_and_this_one(
    client: Browser, person: Person, pool: Pool, tracked: bool
) -> None:
    app = app_of(pool)
    if tracked:
        track(pool)
    token = sign_in_with_app(person, app)["AccessToken"]
    elsewhere = Browser()
    person.sign_in(elsewhere)
    person.sign_in(client)
    answer = client.submit("/signed-in/everywhere/")
    assert answer["Location"].startswith(f"{pool.config.logout_url}?")
    assert answer["Clear-Site-Data"] == '"cache"'
    back = requests.get(answer["Location"], allow_redirects=False, timeout=5)
    path = back.headers["Location"].removeprefix(portal_settings.PORTAL_URL)
    assert "You are signed out everywhere" in words(client.get(path))
    assert not is_alive(pool, token)
    assert not TokenSet.objects.exists()
    for each in (client, elsewhere):
        assert each.get("/")["Location"].startswith("/sign-in/")
    assert outcome("sign-in:everywhere:ended") == ("confirmed", {"portal": 1})
    person.sign_in(client)
    assert "You signed out everywhere." in words(client.get("/"))
    client.submit("/sign-out/")
    assert "everywhere" not in words(client.get("/signed-out/"))


@pytest.mark.parametrize(
    ("tracked", "silent"), [(False, True), (True, False)], ids=["untracked", "tracked"]
)
def test_everywhere_also_ends_cookies_where_the_pool_lists_them(
    client: Browser, person: Person, pool: Pool, tracked: bool, silent: bool
) -> None:
    browser = OtherBrowser(person, app_of(pool), CHROME)
    if tracked:
        track(pool)
    browser.open_app()
    person.sign_in(client)
    client.submit("/signed-in/everywhere/")
    assert browser.is_let_in_silently() is silent
    browser.close()


def test_a_second_press_still_ends_on_the_way_out(
    client: Browser, person: Person, pool: Pool
) -> None:
    """Else the cookie of managed login would stay, and sign in again silently."""
    person.sign_in(client)
    client.submit("/signed-in/everywhere/")
    answer = client.submit("/signed-in/everywhere/")
    assert answer["Location"].startswith(f"{pool.config.logout_url}?")
    assert "If you pressed twice, you are signed out everywhere" in words(
        client.get("/signed-out/")
    )
    assert calls(pool, "GlobalSignOut") == 1


def test_signing_out_everywhere_while_another_press_has_done_it_ends_on_the_way_out(
    client: Browser, person: Person, pool: Pool
) -> None:
    """Both were let in; the other one's sign-out reaches the pool first."""
    person.use_text_messages()  # So that the guard asks the pool nothing.
    person.sign_in(client)
    pool.admin.admin_user_global_sign_out(UserPoolId=pool.config.pool_id, Username=person.username)
    answer = client.submit("/signed-in/everywhere/")
    assert answer["Location"].startswith(f"{pool.config.logout_url}?")
    assert "signed out here before your press arrived" in words(client.get("/signed-out/"))
    assert not TokenSet.objects.exists()


def test_a_session_that_was_idle_is_asked_to_sign_in_first(
    client: Browser, person: Person, pool: Pool
) -> None:
    person.sign_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.submit("/signed-in/everywhere/")
    assert answer["Location"].startswith("/sign-in/?")
    assert calls(pool, "GlobalSignOut") == 0


def test_a_refusal_ends_the_portals_others_and_says_what_stays(
    client: Browser, person: Person, pool: Pool
) -> None:
    elsewhere = Browser()
    person.sign_in(elsewhere)
    person.sign_in(client)
    pool.server.faults.add(Fault("GlobalSignOut", "error", **BUSY))  # type: ignore[arg-type]
    page = press(client, "/signed-in/everywhere/")
    assert "Not signed out everywhere This page was closed in 1 other browser." in page
    assert "Wait a minute, then sign out everywhere again." in page
    assert elsewhere.get("/")["Location"].startswith("/sign-in/")
    assert outcome("sign-in:everywhere:ended")[0] == "refused"
    assert "logout" in client.submit("/signed-in/everywhere/")["Location"]


@pytest.mark.parametrize("answer", ["drop", "error", "empty", "html"])
def test_an_answer_that_is_lost_is_settled_by_a_read(
    client: Browser, person: Person, pool: Pool, answer: str
) -> None:
    """And by no second call, which would be refused since the first has ended the token."""
    elsewhere = Browser()
    person.sign_in(elsewhere)
    person.sign_in(client)
    pool.server.faults.add(Fault("GlobalSignOut", answer, done=True))
    answered = client.submit("/signed-in/everywhere/")
    assert "logout" in answered["Location"]
    assert "You are signed out everywhere" in words(client.get("/signed-out/"))
    assert outcome("sign-in:everywhere:ended") == ("confirmed", {"portal": 1})
    assert calls(pool, "GlobalSignOut") == 1


@pytest.mark.parametrize("answer", ["normal", "drop"])
def test_what_the_pool_does_not_show_is_not_called_done(
    client: Browser, person: Person, pool: Pool, answer: str
) -> None:
    person.sign_in(client)
    pool.server.faults.add(Fault("GlobalSignOut", answer, done=False))
    page = press(client, "/signed-in/everywhere/")
    assert "Not confirmed" in page
    assert "If not, sign out everywhere again." in page
    assert outcome("sign-in:everywhere:ended")[0] == "unknown"
    pool.server.faults.clear()


def test_what_cannot_be_read_is_not_called_done(
    client: Browser, person: Person, pool: Pool
) -> None:
    person.use_text_messages()  # So that the guard asks the pool nothing.
    person.sign_in(client)
    pool.server.faults.add(Fault("GetUser", "error", times=2))
    client.submit("/signed-in/everywhere/")
    assert outcome("sign-in:everywhere:ended")[0] == "unknown"


def test_one_that_is_gone_already_does_not_stop_signing_out_everywhere(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    """What the pool says of it is not known: NotAuthorized may mean that one as well as ours."""
    token = sign_in_with_app(person, app)["AccessToken"]
    elsewhere = Browser()
    person.sign_in(elsewhere)
    person.sign_in(client)
    gone = Fault("RevokeUserSession", "error", code="NotAuthorizedException", status=400)
    pool.server.faults.add(gone)
    assert "logout" in client.submit("/signed-in/everywhere/")["Location"]
    assert "You are signed out everywhere" in words(client.get("/signed-out/"))
    assert outcome("sign-in:everywhere:ended")[0] == "confirmed"
    assert not is_alive(pool, token)
    assert elsewhere.get("/")["Location"].startswith("/sign-in/")


def test_trouble_with_the_list_does_not_stop_signing_out_everywhere(
    client: Browser, person: Person, pool: Pool
) -> None:
    person.sign_in(client)
    pool.server.faults.add(Fault("ListUserSessions", "error", times=2))
    assert "logout" in client.submit("/signed-in/everywhere/")["Location"]
    assert outcome("sign-in:everywhere:ended")[0] == "confirmed"


def test_an_expired_access_token_is_renewed_first(
    client: Browser, person: Person, pool: Pool
) -> None:
    person.sign_in(client)
    pool.server.clock.advance(3601)
    assert "logout" in client.submit("/signed-in/everywhere/")["Location"]
    assert calls(pool, "/oauth2/token") == 2


# --- the ways to it ---


@pytest.mark.parametrize("path", ["end/", "end-others/", "everywhere/"])
def test_a_look_ends_nothing(client: Browser, person: Person, pool: Pool, path: str) -> None:
    person.sign_in(client)
    assert client.get(f"/signed-in/{path}")["Location"] == "/signed-in/"
    assert client.put(f"/signed-in/{path}").status_code == 405
    assert calls(pool, "GlobalSignOut") + calls(pool, "RevokeUserSession") == 0


@pytest.mark.parametrize("path", ["end/", "end-others/", "everywhere/"])
@pytest.mark.usefixtures("pool")
def test_a_form_of_another_site_ends_nothing(path: str) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.submit(f"/signed-in/{path}").status_code == 403


@pytest.mark.usefixtures("pool")
def test_a_stranger_signs_in_first(client: Browser) -> None:
    assert client.get("/signed-in/everywhere/")["Location"].startswith("/sign-in/")
    assert client.submit("/signed-in/end/", place="x")["Location"].startswith("/sign-in/")


def test_nobody_else_can_make_the_page_say_that_all_is_well(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    text = words(client.get("/signed-in/?told=eyJlbmQiOiJhbGwifQ:x:y"))
    assert "Signed out there" not in text


def test_the_settings_page_leads_to_it(client: Browser, person: Person) -> None:
    person.sign_in(client)
    html = client.get("/").content.decode()
    assert html.count('href="/signed-in/"') == 2
    assert "by choosing “Forgot your password?”" in words(client.get("/"))


def test_somebody_whom_another_organisation_signs_in_is_led_there_too(
    client: Browser, pool: Pool
) -> None:
    sign_in_elsewhere(pool, client, provider="ExampleCorp", email="eve@example.com")
    text = words(client.get("/"))
    assert "Where you are signed in" in text
    assert "change your password at ExampleCorp" in text
    assert "Forgot your password?" not in text
    assert client.get("/signed-in/").status_code == 200


# --- what the operator is told ---


def test_the_pool_doctor_says_what_people_can_do(
    pool: Pool, settings: Settings, tmp_path: Path
) -> None:
    doctor = Doctor(pool, settings, tmp_path)
    assert "only sign out everywhere" in doctor.findings()["sessions"]["what"]
    track(pool)
    assert "people see where they are signed in" in doctor.findings()["sessions"]["what"]
