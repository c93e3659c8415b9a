"""A change asks for a recent and strong enough sign-in first, and is never made by itself."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from mfa_settings.authenticator.models import AuthenticatorSetUp
from signin.assurance import Demand
from signin.models import TokenSet, User
from signin.step_up import service
from signin.step_up.models import SuspendedForm
from signin.step_up.service import SUSPENDED_FOR
from tests import log
from tests.choosing import propose
from tests.pages import Page, fields, way_out, words
from tests.people import Browser, Person, Pool
from userpool.values import Factor

pytestmark = pytest.mark.django_db

APP, TEXT, EMAIL = "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP"


def grow_old(minutes: float) -> None:
    """The sign-ins of everybody here were so long ago."""
    for row in TokenSet.objects.all():
        row.auth_time -= timedelta(minutes=minutes)
        row.save(update_fields=["auth_time"])


def asked_first(answer: Page) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/confirm/")


def changes() -> int:
    return log.intents("mfa:preference:changed").count()


# --- what is asked when ---


def test_a_fresh_sign_in_with_the_second_step_is_enough(client: Browser, both_on: Person) -> None:
    assert both_on.sign_in(client) == [APP]
    page = client.get(propose(client, off=("text",)))
    assert "you sign in once more first" not in words(page)
    saved = client.submit(f"{page.request['PATH_INFO']}save/")
    assert saved["Location"].startswith("/?saved=")
    assert both_on.mfa() == ({APP}, APP)


def test_after_five_minutes_a_change_waits_for_a_sign_in_and_is_shown_again(
    client: Browser, both_on: Person
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    address = propose(client, off=("text",))
    assert "To save it, you sign in once more first" in words(client.get(address))
    answer = client.submit(f"{address}save/")
    assert asked_first(answer)
    assert both_on.mfa() == ({APP, TEXT}, APP)
    page = client.get(answer["Location"])
    assert "Confirm that it is you" in words(page)
    assert "your password and the code from your authenticator app" in words(page)
    back = both_on.step_up(client, answer)
    assert back.request["PATH_INFO"] == address
    assert "Thank you, it is you Nothing has been changed yet." in words(back)
    assert "Text messages will be turned off." in words(back)
    assert both_on.mfa() == ({APP, TEXT}, APP)
    assert changes() == 0
    assert client.submit(f"{address}save/")["Location"].startswith("/?saved=")
    assert both_on.mfa() == ({APP}, APP)
    assert "Thank you" not in words(client.get("/"))


def test_managed_login_is_asked_for_age_level_and_a_new_sign_in(
    client: Browser, both_on: Person
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    answer = client.submit(f"{propose(client, off=('text',))}save/")
    query = parse_qs(urlsplit(way_out(client.submit(f"{answer['Location']}start/"))).query)
    assert query["prompt"] == ["login"]
    assert query["max_age"] == ["300"]
    assert query["acr_values"] == ["urn:cognito:loa:4 urn:cognito:loa:3"]


def test_a_sign_in_with_the_password_alone_is_too_weak_once_something_is_on(
    client: Browser, person: Person
) -> None:
    person.set_up_app(on=False)
    assert person.sign_in(client) == []
    assert client.submit(f"{propose(client, app='on')}save/")["Location"].startswith("/?saved=")
    answer = client.submit(f"{propose(client, off=('app',))}save/")
    assert asked_first(answer)
    person.step_up(client, answer)
    assert client.submit(f"{propose(client, off=('app',))}save/")["Location"].startswith("/?saved=")
    assert person.mfa() == (set(), None)


def test_how_recent_is_a_setting(client: Browser, both_on: Person, settings: Settings) -> None:
    settings.RECENT_SIGN_IN_SECONDS = 600
    both_on.sign_in(client)
    grow_old(9)
    address = propose(client, off=("text",))
    assert not asked_first(client.submit(f"{address}save/"))


def test_the_first_protection_asks_for_as_little_as_is_safe(
    client: Browser, person: Person
) -> None:
    """A password of the last quarter of an hour: what it turns on was bound with a newer one."""
    person.sign_in(client)
    grow_old(14)
    assert not asked_first(client.submit(f"{propose(client, text='on')}save/"))
    assert person.mfa() == ({TEXT}, TEXT)


def test_after_a_quarter_of_an_hour_the_first_protection_asks_for_the_password(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    grow_old(16)
    answer = client.submit(f"{propose(client, text='on')}save/")
    assert "You will sign in the way you always do." in words(client.get(answer["Location"]))
    start = client.submit(f"{answer['Location']}start/")
    assert "acr_values" not in way_out(start)
    assert "I can't use this" not in words(client.get(answer["Location"]))


def test_a_pool_that_asks_for_nothing_is_not_asked_for_a_second_step(
    client: Browser, both_on: Person, pool: Pool
) -> None:
    """What is on counts for nothing there, so no sign-in could ever show it."""
    pool.set_mfa("OFF")
    both_on.sign_in(client)
    page = client.submit("/contact/email/remove/")
    assert not asked_first(page)


# --- each change that decides who gets in ---


@pytest.mark.parametrize(
    ("path", "posted"),
    [
        ("/authenticator/start/", {}),
        ("/passkeys/start/", {}),
        ("/passkeys/away/", {}),
        ("/passkeys/some-id/remove/", {}),
        ("/contact/phone/change/", {"value": "+4915112345678"}),
        ("/contact/phone/confirm/", {}),
        ("/contact/phone/remove/", {}),
        ("/contact/email/change/", {"value": "new@example.com"}),
        ("/contact/email/remove/", {}),
    ],
    ids=lambda value: value.strip("/").replace("/", "-") if isinstance(value, str) else "",
)
def test_each_form_waits_for_a_recent_sign_in_and_calls_nothing_before(
    client: Browser, both_on: Person, path: str, posted: dict[str, str]
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    both_on.pool.server.calls.clear()
    answer = client.submit(path, **posted)
    assert asked_first(answer)
    reads = {"GetUser", "GetUserAuthFactors", "DescribeUserPool", "GetUserPoolMfaConfig"}
    assert set(both_on.pool.server.calls.names()) <= reads


def test_taking_a_change_back_waits_and_the_button_is_there_again(
    client: Browser, both_on: Person
) -> None:
    both_on.sign_in(client)
    client.submit(f"{propose(client, first='text')}save/")
    grow_old(21)
    button = re.search(r'action="(/undo/[^"]+)"', client.get("/").content.decode())
    assert button
    answer = client.submit(button[1])
    assert asked_first(answer)
    back = both_on.step_up(client, answer)
    assert f'action="{button[1]}"' in back.content.decode()
    assert both_on.mfa() == ({APP, TEXT}, TEXT)
    assert changes() == 1


def test_what_was_typed_is_there_again_and_nothing_was_sent(
    client: Browser, both_on: Person
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    answer = client.submit("/contact/phone/change/", value="+49 1511 2345678")
    back = both_on.step_up(client, answer)
    assert back.request["PATH_INFO"] == "/contact/phone/change/"
    assert fields(back)["value"]["value"] == "+49 1511 2345678"
    assert both_on.attributes()["phone_number"] == "+4915123456789"


def test_the_fields_of_a_suspended_form_are_sealed(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    grow_old(6)
    client.submit("/contact/phone/change/", value="+4915112345678")
    assert "15112345678" not in SuspendedForm.objects.get().sealed_fields


def test_connecting_an_app_is_not_interrupted_for_a_quarter_of_an_hour(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    begun = client.submit("/authenticator/start/")
    grow_old(14)
    wrong = client.submit(f"{begun['Location']}verify/", code="000000")
    assert not asked_first(wrong)
    grow_old(2)
    late = client.submit(f"{begun['Location']}verify/", code="000000")
    assert asked_first(late)
    back = person.step_up(client, late)
    assert back.request["PATH_INFO"] == begun["Location"]
    assert AuthenticatorSetUp.objects.get().wrong_codes == 1


# --- the claims decide, whatever else came back ---


def test_the_session_gets_a_new_id_and_the_old_tokens_die(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    before, row = client.cookies["sessionid"].value, TokenSet.objects.get()
    grow_old(6)
    both_on.step_up(client, client.submit(f"{propose(client, off=('text',))}save/"))
    assert client.cookies["sessionid"].value != before
    assert TokenSet.objects.get().id != row.id


def test_somebody_else_changes_nothing_and_the_person_stays_signed_in(
    client: Browser, both_on: Person, pool: Pool
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    row = TokenSet.objects.get()
    address = propose(client, off=("text",))
    answer = client.submit(f"{address}save/")
    thief = pool.person("thief", email="thief@example.com", phone_number="+4915100000000")
    page = thief.step_up(client, answer)
    assert "Somebody else signed in just now, and that was not used." in words(page)
    assert TokenSet.objects.get().id == row.id
    assert asked_first(client.submit(f"{address}save/"))
    assert both_on.mfa() == ({APP, TEXT}, APP)
    assert f"{both_on.username}@example.com" in words(client.get("/"))


def test_a_cancelled_sign_in_says_so_and_changes_nothing(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    grow_old(6)
    address = propose(client, off=("text",))
    answer = client.submit(f"{address}save/")
    query = parse_qs(urlsplit(way_out(client.submit(f"{answer['Location']}start/"))).query)
    back = client.get(
        f"/sign-in/callback/?error=access_denied&state={query['state'][0]}", follow=True
    )
    assert "You came back without signing in." in words(back)
    assert asked_first(client.submit(f"{address}save/"))
    assert both_on.mfa() == ({APP, TEXT}, APP)


def test_a_replayed_way_back_changes_nothing(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    grow_old(6)
    answer = client.submit(f"{propose(client, off=('text',))}save/")
    start = client.submit(f"{answer['Location']}start/")
    location, _ = both_on.walk_managed_login(way_out(start))
    path = location[location.index("/sign-in/") :]
    assert client.get(path).status_code == 302
    row = TokenSet.objects.get()
    assert client.get(path).status_code == 400
    assert TokenSet.objects.get().id == row.id
    assert both_on.mfa() == ({APP, TEXT}, APP)


def test_a_way_back_with_an_old_sign_in_is_not_enough(client: Browser, both_on: Person) -> None:
    """A sign-in page that ignores both `prompt` and `max_age` leads straight back."""
    both_on.sign_in(client)
    grow_old(6)
    address = propose(client, off=("text",))
    answer = client.submit(f"{address}save/")
    start = client.submit(f"{answer['Location']}start/")
    location, _ = both_on.walk_managed_login(way_out(start))
    client.get(location[location.index("/sign-in/") :])
    grow_old(6)
    page = client.get(f"{answer['Location']}?returned")
    assert "The sign-in page let you through without asking again." in words(page)
    assert asked_first(client.submit(f"{address}save/"))


def test_a_sign_in_without_the_second_step_is_not_enough(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    address = propose(client, off=("text",))
    TokenSet.objects.update(acr="urn:cognito:loa:1", amr=["pwd"])
    answer = client.submit(f"{address}save/")
    assert asked_first(answer)
    page = client.get(f"{answer['Location']}?returned")
    assert "You signed in, but without the second step" in words(page)


def test_where_the_pool_says_nothing_of_how_the_time_decides_and_the_page_says_so(
    client: Browser, both_on: Person, pool: Pool
) -> None:
    pool.admin.update_user_pool(UserPoolId=pool.config.pool_id, UserPoolTier="LITE")
    pool.set_mfa("OPTIONAL", TEXT, APP)
    both_on.sign_in(client)
    assert TokenSet.objects.get().acr == ""
    grow_old(6)
    address = propose(client, off=("text",))
    answer = client.submit(f"{address}save/")
    page = client.get(answer["Location"])
    assert "can only tell us when you signed in, not how" in words(page)
    both_on.step_up(client, answer)
    assert client.submit(f"{address}save/")["Location"].startswith("/?saved=")


# --- a factor by name ---


def test_a_demand_for_an_app_or_a_passkey_is_met_by_the_app_alone(
    client: Browser, both_on: Person
) -> None:
    both_on.prefer(SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    assert both_on.sign_in(client) == [TEXT]
    demand = Demand(
        timedelta(minutes=5), second_step=False, factors=frozenset({Factor.TOTP, Factor.PASSKEY})
    )
    person = User.objects.get()
    suspended = service.suspend(person=person, back="/devices/", leave_to="/", demand=demand)
    assert SuspendedForm.objects.get().demand == demand
    assert "Confirm that it is you" in words(client.get(f"/confirm/{suspended.id}/"))
    start = client.submit(f"/confirm/{suspended.id}/start/", way="app")
    assert parse_qs(urlsplit(way_out(start)).query)["acr_values"][0].startswith("urn:cognito:loa:4")
    page = both_on.step_up(client, client.get(f"/confirm/{suspended.id}/start/"), way="app")
    assert page.request["PATH_INFO"] == "/devices/"


# --- "I can't use this" ---


def test_what_was_lost_is_not_demanded(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    grow_old(6)
    answer = client.submit(f"{propose(client, off=('app',), first='text')}save/")
    assert "I can't use this" in words(client.get(answer["Location"]))
    page = client.get(f"{answer['Location']}other/")
    assert "Sign in with a text message" in words(page)
    assert "Sign in with the code from your authenticator app" not in words(page)
    start = client.submit(f"{answer['Location']}start/", way="text")
    query = parse_qs(urlsplit(way_out(start)).query)
    assert query["acr_values"] == ["urn:cognito:loa:3"]
    assert "a code that we text to your phone" in words(client.get(answer["Location"]))


def test_with_nothing_else_on_the_way_leads_to_people(
    client: Browser, person: Person, settings: Settings
) -> None:
    settings.HELP_URL = "https://help.example.com/"
    person.set_up_app()
    person.sign_in(client)
    grow_old(6)
    answer = client.submit(f"{propose(client, off=('app',))}save/")
    page = client.get(f"{answer['Location']}other/")
    assert "Nothing else is on for your account." in words(page)
    assert 'href="https://help.example.com/"' in page.content.decode()


# --- nobody else's ---


def test_somebody_elses_suspended_form_is_not_found(
    client: Browser, both_on: Person, pool: Pool
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    waiting = client.submit(f"{propose(client, off=('text',))}save/")["Location"]
    stranger, other = Browser(), pool.person("stranger", email="s@example.com")
    other.sign_in(stranger)
    for path in (waiting, f"{waiting}other/"):
        assert stranger.get(path).status_code == 404
    assert stranger.submit(f"{waiting}start/").status_code == 404


def test_after_an_hour_a_suspended_form_is_gone(client: Browser, both_on: Person) -> None:
    both_on.sign_in(client)
    grow_old(6)
    waiting = client.submit(f"{propose(client, off=('text',))}save/")["Location"]
    SuspendedForm.objects.update(
        created_at=SuspendedForm.objects.get().created_at - timedelta(hours=2)
    )
    assert client.get(waiting).status_code == 404


def test_the_hour_of_a_suspended_form_begins_anew_with_each_press(
    client: Browser, both_on: Person
) -> None:
    """Else signing in again could end at a page that does not exist."""
    both_on.sign_in(client)
    grow_old(6)
    client.submit("/signed-in/end-others/")
    nearly = timezone.now() - SUSPENDED_FOR + timedelta(seconds=1)
    SuspendedForm.objects.update(created_at=nearly)
    answer = client.submit("/signed-in/end-others/")
    assert SuspendedForm.objects.get().created_at > nearly
    assert asked_first(answer)


def test_a_way_that_was_chosen_before_is_not_promised_for_the_next_press(
    client: Browser, both_on: Person
) -> None:
    both_on.sign_in(client)
    grow_old(6)
    asked = client.submit("/authenticator/start/")
    client.submit(f"{asked['Location']}start/", way="text")
    both_on.prefer(SMSMfaSettings={"Enabled": False, "PreferredMfa": False})
    page = client.get(client.submit("/authenticator/start/")["Location"])
    assert "the code from your authenticator app" in words(page)
    assert "that we text to your phone" not in words(page)


def test_not_now_leads_away_from_a_page_that_is_guarded_itself(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    set_up = client.submit("/authenticator/start/")["Location"]
    grow_old(16)
    for asked in (client.get(set_up), client.submit(f"{set_up}verify/", code="000000")):
        assert asked_first(asked)
        page = client.get(asked["Location"])
        assert '<a class="button" href="/">Not now</a>' in page.content.decode()
        # The key was made already, and in some pools the old app is silent by now.
        assert "Nothing has been changed yet" not in words(page)
    back = words(person.step_up(client, client.get(set_up)))
    assert "Thank you, it is you Go on where you were" in back
    assert "Nothing has been changed yet" not in back


def test_the_picture_of_a_key_is_guarded_like_its_page(client: Browser, person: Person) -> None:
    """Also for a recent sign-in that has not shown the second step which is on by now."""
    person.sign_in(client)
    set_up = client.submit("/authenticator/start/")["Location"]
    assert client.get(f"{set_up}qr.svg").status_code == 200
    grow_old(16)
    assert client.get(f"{set_up}qr.svg").status_code == 404
    grow_old(-16)
    person.use_text_messages()
    assert asked_first(client.get(set_up))
    assert client.get(f"{set_up}qr.svg").status_code == 404
