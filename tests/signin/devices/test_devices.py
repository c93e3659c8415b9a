"""Remembered devices, through the URL to the wire: real SRP sign-ins make them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from botocore.exceptions import ClientError
from django.core.management import call_command
from django.utils import timezone
from pycognito.exceptions import SoftwareTokenMFAChallengeException
from pytest_django.fixtures import Settings

from localpool.wire.faults import Fault
from signin import batch
from signin.devices import service
from signin.limits.domain import HOUR, Limit, LimitedAction
from signin.limits.models import Attempt
from signin.untrusted import LONGEST_NAME, shown_address, shown_name
from tests import log
from tests.devices import app_of, device_of, srp
from tests.pages import fields, words
from tests.people import Browser, Person, Pool

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def app(pool: Pool) -> str:
    return app_of(pool)


def calls(pool: Pool, name: str) -> int:
    return len(pool.server.calls.of(name, pool_id=pool.config.pool_id))


def test_a_forgotten_device_is_asked_again(client: Browser, person: Person, app: str) -> None:
    device = device_of(person, app)
    person.set_up_app()
    assert srp(person, app, **device)["AuthenticationResult"]
    person.sign_in(client)
    page = client.get("/devices/")
    assert "Ana's phone" in words(page)
    assert "127.0.0.1" in words(page)
    answer = client.submit("/devices/forget/", device=fields(page)["device"]["value"])
    assert "Forgotten" in words(client.get(answer["Location"]))
    assert "No device is remembered" in words(client.get("/devices/"))
    with pytest.raises(ClientError, match="Device does not exist"):
        srp(person, app, **device)
    with pytest.raises(SoftwareTokenMFAChallengeException):
        srp(person, app)
    outcome = log.outcomes("mfa:devices:forgotten").get()
    assert (outcome.result, outcome.detail) == (
        "confirmed",
        {"forgotten": 1, "left": 0},
    )


def test_a_look_costs_one_call_and_forgetting_two_reads_more(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    key = device_of(person, app)["device_key"]
    person.sign_in(client)
    pool.server.calls.clear()
    client.get("/devices/")
    assert (calls(pool, "ListDevices"), calls(pool, "GetUser")) == (1, 0)
    client.submit("/devices/forget/", device=key)
    assert (calls(pool, "ForgetDevice"), calls(pool, "ListDevices")) == (1, 3)
    client.submit("/devices/forget/", device=key)
    client.submit("/devices/forget/", device="eu-central-1_00000000-foreign")
    client.get("/devices/forget/")
    assert calls(pool, "ForgetDevice") == 1


def test_all_are_forgotten_after_a_question(client: Browser, person: Person, app: str) -> None:
    for number in range(3):
        device_of(person, app, f"Device {number}")
    person.sign_in(client)
    assert "3 devices are remembered" in words(client.get("/devices/forget-all/"))
    answer = client.submit("/devices/forget-all/")
    assert "Forgotten" in words(client.get(answer["Location"]))
    assert client.get("/devices/forget-all/")["Location"] == "/devices/"


def test_what_one_press_does_not_reach_is_told_and_can_go_on(
    client: Browser, person: Person, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_AT_ONCE", 2)
    for number in range(3):
        device_of(person, app, f"Device {number}")
    person.sign_in(client)
    page = client.get(client.submit("/devices/forget-all/")["Location"])
    assert "2 devices are forgotten. 1 is still remembered." in words(page)
    page = client.get(client.submit("/devices/forget-all/")["Location"])
    assert "No device is remembered" in words(page)


def test_trouble_halfway_is_told_truthfully(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    for number in range(3):
        device_of(person, app, f"Device {number}")
    person.sign_in(client)
    busy = "TooManyRequestsException"
    pool.server.faults.add(Fault("ForgetDevice"))
    pool.server.faults.add(Fault("ForgetDevice", "error", code=busy, status=400, times=2))
    page = client.get(client.submit("/devices/forget-all/")["Location"])
    assert "1 device is forgotten. 2 are still remembered." in words(page)


def test_a_lost_answer_is_settled_by_the_list(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    device_of(person, app)
    person.sign_in(client)
    key = fields(client.get("/devices/"))["device"]["value"]
    pool.server.faults.add(Fault("ForgetDevice", "drop", done=True))
    page = client.get(client.submit("/devices/forget/", device=key)["Location"])
    assert "Forgotten" in words(page)
    assert calls(pool, "ForgetDevice") == 1


def test_what_cannot_be_read_back_is_not_called_forgotten(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    device_of(person, app)
    person.sign_in(client)
    pool.server.faults.add(Fault("ListDevices"))
    pool.server.faults.add(Fault("ListDevices", "error", times=2))
    page = client.get(client.submit("/devices/forget-all/")["Location"])
    assert "Not confirmed" in words(page)
    assert log.outcomes("mfa:devices:forgotten").get().result == "unknown"


def test_too_many_presses_reach_nothing_and_are_told_how_long_to_wait(
    client: Browser, person: Person, pool: Pool, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seldom = LimitedAction("seldom", (Limit(2, HOUR),))
    monkeypatch.setattr(service, "FORGET_DEVICES", seldom)
    keys = [device_of(person, app, f"Device {number}")["device_key"] for number in range(4)]
    person.sign_in(client)
    start = timezone.now()
    for minute, key in enumerate(keys[:2]):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            client.submit("/devices/forget/", device=key)
    pool.server.calls.clear()
    with time_machine.travel(start + timedelta(minutes=2), tick=False):
        for _ in range(2):
            answer = client.submit("/devices/forget/", device=keys[2])
            page = client.get(answer["Location"])
            assert "try again in 58 minutes." in words(page)
            assert "Device 2" in words(page)
    assert calls(pool, "ForgetDevice") == 0
    assert log.intents("mfa:devices:forgotten").count() == 2
    # The first press counts no more, the second still does.
    with time_machine.travel(start + timedelta(minutes=60, seconds=1), tick=False):
        person.sign_in(client)
        assert "Forgotten" in words(
            client.get(client.submit("/devices/forget/", device=keys[2])["Location"])
        )
        answer = client.submit("/devices/forget/", device=keys[3])
        assert "wait 59 seconds, then try again." in words(client.get(answer["Location"]))
        call_command("erase_expired")
        # A day is the longest span of all limits.
        assert Attempt.objects.count() == 3
    with time_machine.travel(start + timedelta(days=1, minutes=2), tick=False):
        call_command("erase_expired")
    assert Attempt.objects.count() == 1


def test_the_limit_is_each_persons_own(
    client: Browser, pool: Pool, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seldom = LimitedAction("seldom", (Limit(1, HOUR),))
    monkeypatch.setattr(service, "FORGET_DEVICES", seldom)
    for name in ("ida", "jon"):
        somebody = pool.person(name)
        device_of(somebody, app)
        somebody.sign_in(client)
        page = client.get(client.submit("/devices/forget-all/")["Location"])
        assert "No device is remembered" in words(page)


def test_devices_beyond_the_first_page_of_the_list_are_shown_too(
    client: Browser, person: Person, pool: Pool, app: str
) -> None:
    device_of(person, app, "Device number 0.")
    held = pool.server.state.pools[pool.config.pool_id].users[person.subject].devices
    first = next(iter(held.values()))
    for number in range(1, 61):
        named = {**first.attributes, "device_name": f"Device number {number}."}
        key = f"eu-central-1_{uuid4()}"
        held[key] = replace(first, key=key, attributes=named)
    person.sign_in(client)
    pool.server.calls.clear()
    text = words(client.get("/devices/"))
    assert all(f"Device number {number}." in text for number in range(61))
    assert calls(pool, "ListDevices") == 2


@pytest.mark.parametrize(
    "code", ["InvalidUserPoolConfigurationException", "InvalidParameterException"]
)
def test_a_pool_without_tracking_says_why(
    client: Browser, person: Person, pool: Pool, settings: Settings, code: str
) -> None:
    settings.COGNITO_MFA = "OPTIONAL"
    settings.COGNITO_DEVICES = ""
    pool.server.switches.set(pool.config.pool_id, tracking_off_code=code)
    person.sign_in(client)
    assert "Your account remembers no devices" in words(client.get("/devices/"))


def test_where_tracking_is_known_to_be_off_nobody_is_asked(
    client: Browser, person: Person, pool: Pool
) -> None:
    person.sign_in(client)
    pool.server.calls.clear()
    assert "Your account remembers no devices" in words(client.get("/devices/"))
    assert calls(pool, "ListDevices") == 0


def test_the_name_that_an_app_gave_a_device_can_not_break_the_page(
    client: Browser, person: Person, app: str
) -> None:
    device_of(person, app, "<script>x</script>\u202e\u0007" + "long" * 200)
    person.sign_in(client)
    html = client.get("/devices/").content.decode()
    assert "<bdi>&lt;script&gt;x&lt;/script&gt; longlong" in html
    assert "\u202e" not in html
    assert "long" * 50 not in html


def test_nobody_else_can_make_the_page_say_that_all_is_well(
    client: Browser, person: Person, app: str
) -> None:
    device_of(person, app)
    person.sign_in(client)
    assert "Forgotten" not in words(client.get("/devices/?told=eyJlbmQiOiJhbGwifQ:x:y"))


def test_what_is_shown_of_a_device() -> None:
    assert shown_name("  two\nlines \t") == "two lines"
    assert len(shown_name("x" * 500)) == LONGEST_NAME
    assert shown_address("2001:db8::1") == "2001:db8::1"
    assert shown_address("<b>") == ""
