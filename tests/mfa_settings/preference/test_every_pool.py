"""Every kind of pool, every kind of person, every wish, through the URL to the wire.

Whatever is wished for: no error page, no promise that the pool does not keep at the next sign-in,
nobody asked for something they do not have, and nothing changed where the portal said no.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

import localpool
from signin.models import TokenSet
from tests.conftest import make_pool
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, is_enough
from tests.pages import Page, fields, words
from tests.people import Browser, Person, Pool
from userpool.models import PasskeyFactor
from userpool.next_sign_in import Asked, NextSignIn
from userpool.passkey_factor import read_passkey_flag
from userpool.values import Factor
from userpool.words import SLUG_OF_FACTOR, next_sign_in_sentence

pytestmark = pytest.mark.django_db

SMS, APP, EMAIL, PASSKEY = Factor.SMS, Factor.TOTP, Factor.EMAIL, Factor.PASSKEY
ALL = (SMS, APP, EMAIL)
OFFERED = list(chain.from_iterable(combinations(ALL, size) for size in (1, 2, 3)))
# In each of them a passkey counts beside another factor.
POOLS = [("OFF", ()), *((mode, offered) for mode in ("OPTIONAL", "ON") for offered in OFFERED)]

BLOCK = {SMS: "SMSMfaSettings", APP: "SoftwareTokenMfaSettings", EMAIL: "EmailMfaSettings"}
NO_PHONE = {"phone_number": "", "phone_number_verified": ""}
NO_EMAIL = {"email": "", "email_verified": ""}


@dataclass(frozen=True)
class Situation:
    """What a person has before the wish: attributes, an app, what is on and what comes first."""

    attributes: tuple[tuple[str, str], ...] = ()
    app: bool = False
    on: tuple[Factor, ...] = ()
    first: Factor | None = None
    passkey: bool = False

    def hold(self, person: Person) -> None:
        """Turn on and off until it is so; where everything is offered and nothing required."""
        held, _ = person.mfa()
        if self.passkey:
            person.prefer(WebAuthnMfaSettings={"Enabled": False})
        for factor in ALL:
            if factor in self.on:
                person.prefer(**{BLOCK[factor]: {"Enabled": True, "PreferredMfa": False}})
            elif factor in held:
                person.prefer(**{BLOCK[factor]: {"Enabled": False, "PreferredMfa": False}})
        if self.first:
            person.prefer(**{BLOCK[self.first]: {"Enabled": True, "PreferredMfa": True}})
        PasskeyFactor.objects.filter(person=person.uid).delete()


SITUATIONS = {
    "nothing": Situation((*NO_PHONE.items(), *NO_EMAIL.items())),
    "fresh": Situation(),
    "app-off": Situation(app=True),
    "app-first": Situation(tuple(NO_PHONE.items()), app=True, on=(APP,), first=APP),
    "text-unverified": Situation((("phone_number_verified", "false"),), on=(SMS,), first=SMS),
    "messages": Situation(on=(SMS, EMAIL), first=EMAIL),
    "everything": Situation(app=True, on=ALL),
    "passkey": Situation(passkey=True),
    "passkey-and-text": Situation(passkey=True, on=(SMS,), first=SMS),
}


def wishes(*, passkey: bool) -> Iterator[dict[str, str]]:
    """Each set of switches, with each answer to "asked first" that a form could send."""
    yield {"passkey": "on"} if not passkey else {}
    for wish in _wishes():
        yield wish | ({"passkey": "on"} if passkey else {})


def _wishes() -> Iterator[dict[str, str]]:
    for on in chain.from_iterable(combinations(ALL, size) for size in range(4)):
        switches = {SLUG_OF_FACTOR[factor]: "on" for factor in on}
        yield switches | ({"first": "ask"} if len(on) > 1 else {})
        for factor in on:
            yield switches | {"first": SLUG_OF_FACTOR[factor]}


ASKED = {None: NextSignIn(Asked.NOTHING), "MFA_SETUP": NextSignIn(Asked.SET_UP)} | {
    factor.value: NextSignIn(Asked.FACTOR, (factor,)) for factor in ALL
}


def really_asked(person: Person) -> str:
    """The sentence that tells what a sign-in asks now, after a real one."""
    challenge = person.challenge()
    name = challenge.get("ChallengeName")
    if name == "SELECT_MFA_TYPE":
        choices = re.findall(r"[A-Z_]+", challenge["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
        coming = NextSignIn(Asked.CHOICE, tuple(Factor(choice) for choice in choices))
    else:
        coming = ASKED[name]
    able = {SMS: "phone_number", EMAIL: "email"}
    has = person.attributes()
    for factor in coming.factors:
        assert person.secret if factor is APP else has.get(able[factor]), f"{factor} is asked for"
    return str(next_sign_in_sentence(coming))


class Somebody:
    """One person with an open page of the portal, put back into their situation after a change."""

    def __init__(self, pool: Pool, name: str) -> None:
        self.pool, self.situation, self.browser = pool, SITUATIONS[name], Browser()
        self.person = pool.person(name, **dict(self.situation.attributes))
        if self.situation.app:
            self.person.set_up_app(on=False)
        self.passkey = add_passkey(self.person) if self.situation.passkey else None
        self.situation.hold(self.person)
        self.person.sign_in(self.browser)
        # What a change demands of a sign-in is test_step_up's; here each has shown enough.
        TokenSet.objects.filter(user__uid=self.person.uid).update(acr="urn:cognito:loa:4")

    def put_back(self, mode: str, offered: tuple[Factor, ...]) -> None:
        self.pool.set_mfa("OPTIONAL", *ALL, PASSKEY)
        self.situation.hold(self.person)
        self.pool.set_mfa(mode, *offered)

    def try_passkey(self, *, counts: bool) -> None:
        """What the portal remembers of it is what the pool does."""
        if self.passkey and counts:
            asks_nothing = self.person.asked() is None
            is_on = read_passkey_flag(person=self.person.uid).on
            assert is_enough(self.passkey) is (asks_nothing or is_on)

    def wish(self, seen: str, wanted: dict[str, str]) -> tuple[Page, bool]:
        """The page at the end, and whether something was saved."""
        answer = self.browser.submit("/review/", seen=seen, **wanted)
        if answer.status_code != 302 or answer["Location"] == "/?unchanged":
            return answer, False
        review = self.browser.get(answer["Location"])
        promised = next(s for s in SENTENCES if s in words(review))
        saved = self.browser.submit(f"{answer['Location']}save/")
        assert saved["Location"].startswith("/?saved="), words(saved)
        page = self.browser.get(saved["Location"])
        assert promised == really_asked(self.person)
        assert promised in words(page)
        assert "Saved" in words(page)
        return page, True


SENTENCES = [
    str(next_sign_in_sentence(coming))
    for coming in (
        *ASKED.values(),
        *(NextSignIn(Asked.CHOICE, pair) for pair in combinations((APP, SMS, EMAIL), 2)),
        NextSignIn(Asked.CHOICE, (APP, SMS, EMAIL)),
    )
]


@pytest.mark.parametrize(
    ("mode", "offered"),
    [
        pytest.param(*pool, id=" ".join([pool[0], *(SLUG_OF_FACTOR[f] for f in pool[1])]))
        for pool in POOLS
    ],
)
def test_no_wish_ends_in_an_error_a_lie_or_a_lock_out(
    pool_server: localpool.PoolServer, settings: Settings, mode: str, offered: tuple[Factor, ...]
) -> None:
    saved = every_wish(make_pool(pool_server, settings), mode, offered)
    assert saved or mode == "OFF" or len(offered) == 1


def test_neither_does_one_in_a_pool_that_requires_mfa_and_lists_nothing(
    pool_server: localpool.PoolServer, settings: Settings
) -> None:
    pool = make_pool(pool_server, settings)
    with pool_server.switches.played(setting_list_in_required_pool="empty"):
        assert every_wish(pool, "ON", ALL)


def every_wish(pool: Pool, mode: str, offered: tuple[Factor, ...]) -> int:
    """How many were saved."""
    pool.allow_passkeys("localhost")
    pool.set_mfa("OPTIONAL", *ALL, PASSKEY)
    people = {name: Somebody(pool, name) for name in SITUATIONS}
    pool.set_mfa(mode, *offered)
    cache.clear()
    saved = 0
    for name, somebody in people.items():
        page = somebody.browser.get("/")
        assert really_asked(somebody.person) in words(page), name
        seen = fields(page).get("seen")
        if seen is None:
            continue  # The page offers nothing to change.
        before = somebody.person.mfa()
        for wanted in wishes(passkey=somebody.situation.passkey):
            end, changed = somebody.wish(seen["value"], wanted)
            assert end.status_code in {200, 302, 422}, (name, wanted, words(end))
            if changed:
                saved += 1
                somebody.try_passkey(counts=mode != "OFF")
                somebody.put_back(mode, offered)
            assert somebody.person.mfa() == before, (name, wanted)
    return saved
