"""The outbox, the clock, and who may talk to the pool at all."""

import pytest
import requests

import localpool
from localpool import PoolServer
from tests.localpool.stage import Browser, Stage


def test_the_outbox_shows_texts_and_app_codes_by_person(stage: Stage) -> None:
    access = stage.somebody()
    stage.app(access)
    stage.prefer(access, sms=(True, True))
    stage.start()
    found = stage.server.outbox(stage.pool, "ana")
    message = found["messages"][0]
    assert message.keys() == {
        "pool_id", "username", "channel", "to", "subject", "text", "code", "purpose", "sent_at"
    }  # fmt: skip
    assert (message["channel"], message["to"]) == ("sms", "+4915123456789")
    assert message["text"] == f"Your authentication code is {message['code']}."
    app = found["authenticators"][0]
    assert (app["username"], app["pool_id"], app["in_use"]) == ("ana", stage.pool, True)
    assert 1 <= app["seconds_left"] <= 30
    page = requests.get(f"{stage.server.url}/outbox", {"pool_id": stage.pool}, timeout=5)
    assert f"code is <strong>{message['code']}</strong>." in page.text
    assert f"{app['code'][:3]} {app['code'][3:]}" in page.text
    assert "s ago" in page.text
    assert page.headers["Refresh"] == "5"
    stage.server.clock.advance(600)
    page = requests.get(f"{stage.server.url}/outbox", {"pool_id": stage.pool}, timeout=5)
    assert "10 min ago" in page.text


def test_the_outbox_shows_the_code_of_an_app_that_is_being_set_up(
    stage: Stage, browser: Browser
) -> None:
    access = stage.somebody()
    stage.aws.associate_software_token(AccessToken=access)
    apps = stage.server.outbox(stage.pool, "ana")["authenticators"]
    assert [app["in_use"] for app in apps] == [False]
    stage.aws.verify_software_token(AccessToken=access, UserCode=apps[0]["code"])
    stage.mfa("ON", sms=False)
    stage.person("ben")
    browser.go().sign_in("ben")
    code = stage.server.outbox(stage.pool, "ben")["authenticators"][0]["code"]
    assert "code" in browser.send(code=code).back


def test_an_empty_outbox_says_so(stage: Stage) -> None:
    page = requests.get(f"{stage.server.url}/outbox", {"pool_id": stage.pool}, timeout=5)
    assert "Nothing yet." in page.text
    home = requests.get(stage.server.url, allow_redirects=False, timeout=5)
    assert home.headers["Location"] == "/outbox"


def test_the_outbox_can_be_made_to_stand_still(stage: Stage) -> None:
    page = requests.get(f"{stage.server.url}/outbox", {"pool_id": stage.pool}, timeout=5)
    assert f'href="?pool_id={stage.pool}&amp;still=1">Stop that' in page.text
    page = requests.get(f"{page.url}&still=1", timeout=5)
    assert "Refresh" not in page.headers
    assert f'href="?pool_id={stage.pool}">Renew it' in page.text


def test_a_clock_can_be_set_back_to_the_machines_time() -> None:
    with localpool.serve() as server:
        server.clock.advance(3600)
        ahead = server.clock.now()
        server.clock.reset()
        assert server.clock.now() < ahead


def test_words_of_the_pool_are_used_in_its_messages(stage: Stage) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration={
            "SmsAuthenticationMessage": "Shoes: {####}",
            "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/texts"},
        },
    )
    stage.prefer(stage.somebody(), sms=(True, True))
    stage.start()
    message = stage.server.outbox(stage.pool)["messages"][0]
    assert message["text"] == f"Shoes: {message['code']}"


def test_time_moves_on_request(server: PoolServer) -> None:
    before = server.clock.now()
    answer = requests.post(f"{server.url}/local/clock", json={"advance": 90}, timeout=5)
    assert answer.json()["now"] > before.isoformat()
    assert (server.clock.now() - before).total_seconds() >= 90


@pytest.mark.parametrize("body", ["{}", "[]", '{"advance": "soon"}', "{"])
def test_a_clock_is_moved_by_seconds_only(server: PoolServer, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{server.url}/local/clock"
    assert requests.post(url, body, headers=headers, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "switches"), ("POST", "faults"), ("DELETE", "faults"), ("POST", "clock")],
)
def test_a_foreign_page_cannot_turn_the_controls(
    server: PoolServer, method: str, path: str
) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = requests.request(
            method, f"{server.url}/local/{path}", data="{}",
            headers={"Content-Type": kind}, timeout=5,
        )  # fmt: skip
        assert answer.status_code == 415


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9500", "localhost.evil.example"])
@pytest.mark.parametrize("path", ["/outbox.json", "/login", "/local/switches"])
def test_a_name_that_only_leads_to_this_machine_is_refused(
    server: PoolServer, host: str, path: str
) -> None:
    answer = requests.get(server.url + path, headers={"Host": host}, timeout=5)
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9500", "[::1]:9500"])
def test_this_machine_by_any_of_its_names_is_served(server: PoolServer, host: str) -> None:
    answer = requests.get(f"{server.url}/outbox.json", headers={"Host": host}, timeout=5)
    assert answer.ok


def test_a_head_request_has_no_body(server: PoolServer) -> None:
    answer = requests.head(f"{server.url}/outbox.json", timeout=5)
    assert answer.ok
    assert answer.content == b""


def test_the_style_sheet_is_served(server: PoolServer) -> None:
    answer = requests.get(f"{server.url}/local/static/localpool.css", timeout=5)
    assert "prefers-color-scheme: dark" in answer.text
