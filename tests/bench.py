"""`make bench`: what a view and a save cost, as ratios of one round trip to the pool.

Ratios only, each from one run on one machine: an absolute time says more about the machine.
"""

import statistics
import time
from collections.abc import Callable

import pytest

from cognito import user_pool
from cognito.account import Account
from localpool import Fault
from tests.pages import form_of
from tests.people import Browser, Person

pytestmark = pytest.mark.django_db

ROUNDS = 15
LATENCY_SECONDS = 0.05
OPERATIONS = ("GetUser", "GetUserAuthFactors", "SetUserMFAPreference")


def median_seconds(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def test_what_a_view_and_a_save_cost(
    client: Browser, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(person.pool.config, "", person.access_token())
    person.set_up_app()
    person.use_text_messages(first=False)
    person.sign_in(client)  # With the second step, so that no save asks for it first.
    client.get("/")
    for operation in OPERATIONS:
        person.pool.server.faults.add(Fault(operation, seconds=LATENCY_SECONDS, times=None))

    def round_trip() -> None:
        user_pool.get_user(account)

    def view() -> None:
        assert client.get("/").status_code == 200

    reviews: list[str] = []

    def prepare() -> None:
        posted = form_of(client.get("/"))
        posted["first"] = "text" if posted["first"] == "app" else "app"
        reviews.append(client.submit("/review/", **posted)["Location"])

    def save_only() -> float:
        prepare()
        began = time.perf_counter()
        saved = client.submit(f"{reviews[-1]}save/")
        assert saved["Location"].startswith("/?saved=")
        assert client.get(saved["Location"]).status_code == 200
        return time.perf_counter() - began

    trip, seen = median_seconds(round_trip), median_seconds(view)
    saved = statistics.median(save_only() for _ in range(ROUNDS))
    with capsys.disabled():
        print(f"\nwith a pool that takes {LATENCY_SECONDS * 1000:.0f} ms to answer each call:")
        print(f"  a view                     {seen / trip:.2f} round trips (1 is the least)")
        print(f"  a save and the page after  {saved / trip:.2f} round trips (4 is the least)")
