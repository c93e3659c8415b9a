"""People in every state that Cognito knows, on every page of the portal."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.pages import way_out, words
from tests.people import Browser, Person, Pool, found
from tests.userpool.test_facts import configure

pytestmark = pytest.mark.django_db

PAGES = ["/", "/authenticator/", "/contact/", "/contact/phone/change/", "/passkeys/", "/devices/"]
Admin = Callable[[Any, dict[str, str]], object]
HAPPENS: dict[str, Admin] = {
    "disabled": lambda admin, who: admin.admin_disable_user(**who),
    "deleted": lambda admin, who: admin.admin_delete_user(**who),
    "signed out": lambda admin, who: admin.admin_user_global_sign_out(**who),
    "password reset": lambda admin, who: admin.admin_reset_user_password(**who),
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("happens", HAPPENS)
def test_whoever_may_not_go_on_is_led_to_the_sign_in_page(
    client: Browser, person: Person, path: str, happens: str
) -> None:
    configure(person.pool, DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
    person.sign_in(client)
    who = {"UserPoolId": person.pool.config.pool_id, "Username": person.username}
    HAPPENS[happens](person.pool.admin, who)
    with person.pool.server.switches.played(reset_required_token="refused"):
        answer = client.get(path)
    assert answer.status_code == 302, words(answer)
    assert answer["Location"].startswith("/sign-in/?next=")
    page = client.get(answer["Location"])
    assert "Nothing about your account was changed" in words(page)


def test_where_a_reset_only_stops_the_next_sign_in_the_page_stays(
    client: Browser, person: Person
) -> None:
    person.sign_in(client)
    person.pool.admin.admin_reset_user_password(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )
    with person.pool.server.switches.played(reset_required_token="works"):
        assert client.get("/").status_code == 200


def test_somebody_with_another_name_is_the_same_person(client: Browser, person: Person) -> None:
    person.sign_in(client)
    person.use_text_messages()
    person.pool.admin.admin_update_user_attributes(
        UserPoolId=person.pool.config.pool_id,
        Username=person.username,
        UserAttributes=[
            {"Name": "name", "Value": "Ana Müller-Schmidt"},
            {"Name": "email", "Value": "mueller@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    page = words(client.get("/"))
    assert "You are signed in as mueller@example.com" in page
    assert "a code that we text to your phone" in page


class HostedPages:
    """Managed login in a browser of its own, page by page."""

    def __init__(self, start: str) -> None:
        self.session = requests.Session()
        self.page = self.session.get(start)

    @property
    def name(self) -> str:
        return found(r'data-page="([^"]+)"', self.page.text)

    def send(self, **fields: str) -> str:
        """The name of the page that follows, or the address in the portal."""
        csrf = found(r'name="csrf" value="([^"]+)"', self.page.text)
        answer = self.session.post(self.page.url, {"csrf": csrf, **fields}, allow_redirects=False)
        location = answer.headers.get("Location", "")
        if "/sign-in/callback/" in location:
            return location
        host = "" if location.startswith("http") else self.page.url.split("/", 3)[:3]
        self.page = self.session.get("/".join(host) + location if host else location)
        return self.name


def test_a_temporary_password_is_changed_before_the_portal_opens(
    client: Browser, pool: Pool
) -> None:
    pool.admin.admin_create_user(
        UserPoolId=pool.config.pool_id,
        Username="finn",
        TemporaryPassword="Temporary-7",
        MessageAction="SUPPRESS",
    )
    hosted = HostedPages(way_out(client.submit("/sign-in/start/")))
    assert hosted.send(username="finn", password="Temporary-7") == "new-password"
    back = hosted.send(password="Correct-horse-8")
    assert client.get(back[back.index("/sign-in/") :]).status_code == 302
    page = words(client.get("/"))
    assert "Your account has no phone number yet. Add a number" in page


def test_a_password_that_has_to_be_reset_is_reset_before_the_portal_opens(
    client: Browser, person: Person
) -> None:
    person.pool.admin.admin_reset_user_password(
        UserPoolId=person.pool.config.pool_id, Username=person.username
    )
    hosted = HostedPages(way_out(client.submit("/sign-in/start/")))
    assert hosted.send(username=person.username, password="Correct-horse-7") == "forgot"
    assert hosted.send(username=person.username) == "confirm-forgot"
    code = person.newest_message()["code"]
    new = "Correct-horse-8"
    assert hosted.send(username=person.username, code=code, password=new) == "login"
    back = hosted.send(username=person.username, password=new)
    assert client.get(back[back.index("/sign-in/") :]).status_code == 302
    assert client.get("/").status_code == 200


def test_an_account_that_was_never_confirmed_is_confirmed_before_the_portal_opens(
    client: Browser, pool: Pool
) -> None:
    pool.admin.sign_up(
        ClientId=pool.config.client_id,
        Username="uma",
        Password="Correct-horse-7",
        UserAttributes=[{"Name": "email", "Value": "uma@example.com"}],
    )
    hosted = HostedPages(way_out(client.submit("/sign-in/start/")))
    assert hosted.send(username="uma", password="Correct-horse-7") == "confirm"
    pool.admin.admin_confirm_sign_up(UserPoolId=pool.config.pool_id, Username="uma")
    hosted = HostedPages(way_out(client.submit("/sign-in/start/")))
    back = hosted.send(username="uma", password="Correct-horse-7")
    assert client.get(back[back.index("/sign-in/") :]).status_code == 302
    assert "uma@example.com Not confirmed yet" in words(client.get("/contact/"))
