"""Every kind of pool, every kind of person, every wish.

Whatever is wished for: no error page, no promise that the pool does not keep at the next sign-in,
nobody asked for something they do not have, and nothing changed where the portal said no.

Exhaustive is the first test: each wish of each person in each pool goes through the form and its
rules, the blocks of a change through botocore to the pool, and the pool's own next question is
held against what the portal promises. Pairwise is the second: each two of pool, person and wish
come together at least once, from the page through the URL to a real sign-in.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache

from cognito.account import Account
from localpool.sign_in.mfa import next_challenge_for
from mfa_settings.preference.forms import PreferenceForm
from mfa_settings.preference.passkey_flag import remember_accepted
from mfa_settings.preference.writing import send
from signin.models import TokenSet
from tests.mfa_settings.preference.test_passkey_factor import add_passkey, is_enough
from tests.pages import Page, fields, words
from tests.people import Browser, Person, Pool
from userpool.models import PasskeyFactor
from userpool.next_sign_in import Asked, NextSignIn, effective_preference, next_sign_in_of
from userpool.passkey_factor import read_passkey_flag
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor, in_page_order
from userpool.words import SLUG_OF_FACTOR, next_sign_in_sentence

pytestmark = pytest.mark.django_db

SMS, APP, EMAIL, PASSKEY = Factor.SMS, Factor.TOTP, Factor.EMAIL, Factor.PASSKEY
ALL = (SMS, APP, EMAIL)
OFFERED = list(chain.from_iterable(combinations(ALL, size) for size in (1, 2, 3)))


class Kind(NamedTuple):
    """A pool: its mode, what it offers, and whether GetUser lists what is on where MFA is
    required. In each of them a passkey counts beside another factor."""

    mode: str
    offered: tuple[Factor, ...]
    listed: str = "listed"

    def __str__(self) -> str:
        names = [SLUG_OF_FACTOR[factor] for factor in self.offered]
        return " ".join([self.mode, *names, *(["empty"] if self.listed == "empty" else [])])


KINDS = (
    Kind("OFF", ()),
    *(Kind(mode, offered) for mode in ("OPTIONAL", "ON") for offered in OFFERED),
    Kind("ON", ALL, "empty"),
)

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

    def hold(self, person: Person, held: Collection[str] = ()) -> None:
        """Turn on and off until it is so; where everything is offered and nothing required."""
        if self.passkey and held:
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


def _wishes() -> Iterator[dict[str, str]]:
    """Each set of switches, with each answer to "asked first" that a form could send."""
    for on in chain.from_iterable(combinations(ALL, size) for size in range(4)):
        switches = {SLUG_OF_FACTOR[factor]: "on" for factor in on}
        yield switches | ({"first": "ask"} if len(on) > 1 else {})
        for factor in on:
            yield switches | {"first": SLUG_OF_FACTOR[factor]}


# Of them all, and the passkey's switch moved: on for those who have none, off beside nothing else.
WISHES = list(range(len(list(_wishes())) + 1))


def wish_of(situation: Situation, number: int) -> dict[str, str]:
    """What somebody with a passkey wishes for leaves it on, but for one."""
    all_of_them = list(_wishes())
    if number == len(all_of_them):
        return {} if situation.passkey else {"passkey": "on"}
    return all_of_them[number] | ({"passkey": "on"} if situation.passkey else {})


ASKED = {None: NextSignIn(Asked.NOTHING), "MFA_SETUP": NextSignIn(Asked.SET_UP)} | {
    factor.value: NextSignIn(Asked.FACTOR, (factor,)) for factor in ALL
}


def as_next_sign_in(asked: str | None, choices: Collection[str] = ()) -> NextSignIn:
    """The pool's question after the password, in the portal's words."""
    if asked == "SELECT_MFA_TYPE":
        return NextSignIn(Asked.CHOICE, in_page_order(Factor(choice) for choice in choices))
    return ASKED[asked]


def has_what_is_asked(person: Person, coming: NextSignIn, has: Mapping[str, str]) -> None:
    able = {SMS: "phone_number", EMAIL: "email"}
    for factor in coming.factors:
        assert person.secret if factor is APP else has.get(able[factor]), f"{factor} is asked for"


def really_asked(person: Person) -> str:
    """The sentence that tells what a sign-in asks now, after a real one."""
    challenge = person.challenge()
    listed = challenge.get("ChallengeParameters", {}).get("MFAS_CAN_CHOOSE", "")
    coming = as_next_sign_in(challenge.get("ChallengeName"), re.findall(r"[A-Z_]+", listed))
    has_what_is_asked(person, coming, person.attributes())
    return str(next_sign_in_sentence(coming))


class Somebody:
    """One person who holds what their situation says, in a pool that offers everything."""

    def __init__(self, pool: Pool, name: str) -> None:
        self.name, self.pool, self.situation = name, pool, SITUATIONS[name]
        self.person = pool.person(name, **dict(self.situation.attributes))
        if self.situation.app:
            self.person.set_up_app(on=False)
        self.passkey = add_passkey(self.person) if self.situation.passkey else None
        self.account = Account(pool.config, self.person.uid, self.person.access_token())
        self.situation.hold(self.person)

    @cached_property
    def browser(self) -> Browser:
        """Signed in, with more than any change demands: that is for the tests of step-up."""
        browser = Browser()
        self.person.sign_in(browser)
        TokenSet.objects.filter(user__uid=self.person.uid).update(acr="urn:cognito:loa:4")
        return browser

    def wish(self, number: int) -> dict[str, str]:
        return wish_of(self.situation, number)


SENTENCES = [
    str(next_sign_in_sentence(coming))
    for coming in (
        *ASKED.values(),
        *(NextSignIn(Asked.CHOICE, pair) for pair in combinations((APP, SMS, EMAIL), 2)),
        NextSignIn(Asked.CHOICE, (APP, SMS, EMAIL)),
    )
]


def people_of(pool: Pool) -> list[Somebody]:
    pool.allow_passkeys("localhost")
    pool.set_mfa("OPTIONAL", *ALL, PASSKEY)
    return [Somebody(pool, name) for name in SITUATIONS]


# --- each of them, without pages ---


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_wish_ends_in_an_error_a_lie_or_a_lock_out(pool: Pool, kind: Kind) -> None:
    people = people_of(pool)
    pool.set_mfa(kind.mode, *kind.offered)
    with pool.server.switches.played(setting_list_in_required_pool=kind.listed):
        saved = sum(_every_wish(somebody, kind) for somebody in people)
    assert saved or kind.mode == "OFF" or len(kind.offered) == 1


def _every_wish(somebody: Somebody, kind: Kind) -> int:
    """How many were saved. The person is before each of them as before the first."""
    person, saved = somebody.person, 0
    pool = person.pool.server.state.pools[person.pool.config.pool_id]
    user = pool.users[person.subject]
    before = (list(user.mfa_on), user.mfa_preferred, user.passkey_mfa)

    def asked_now() -> NextSignIn:
        question = next_challenge_for(person.pool.server.world, pool, user)
        coming = as_next_sign_in(question.name, question.choices)
        has_what_is_asked(person, coming, user.attributes)
        return coming

    status, policy = read_status(somebody.account), read_policy()
    now = effective_preference(status, policy)
    assert next_sign_in_of(status, policy, preference=now) == asked_now(), somebody.name
    for number in WISHES:
        wish = (somebody.name, somebody.wish(number))
        posted = {**somebody.wish(number), "seen": str(now)}
        form = PreferenceForm(posted, status=status, policy=policy)
        change = form.change if form.is_valid() else None
        if change is None or change.is_empty:
            assert form.errors or change, wish
            continue
        send(account=somebody.account, change=change, usable=status.ready & policy.offered)
        remember_accepted(person=person.uid, change=change)
        assert next_sign_in_of(status, policy, preference=change.after) == asked_now(), wish
        after = read_status(somebody.account)
        assert effective_preference(after, policy) == change.after, wish
        if somebody.passkey and kind.mode != "OFF":
            assert user.passkey_mfa is (PASSKEY in change.after.enabled), wish
        user.mfa_on, user.mfa_preferred, user.passkey_mfa = list(before[0]), *before[1:]
        PasskeyFactor.objects.filter(person=person.uid).delete()
        saved += 1
    return saved


# --- each two of them, through the URL ---


def pairwise(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows with one of each axis, in which each two of different axes stand together somewhere.

    Greedy: first the rows all of whose pairs are new, then those with fewer new ones.
    """
    met: set[tuple[tuple[int, Any], ...]] = set()
    rows = []
    size = len(axes) * (len(axes) - 1) // 2
    for least in range(size, 0, -1):
        for row in product(*axes):
            pairs = set(combinations(enumerate(row), 2))
            if len(pairs - met) >= least:
                met |= pairs
                rows.append(row)
    return rows


SELECTED = pairwise(KINDS, list(SITUATIONS), WISHES)


def test_each_two_come_together() -> None:
    met = {pair for row in SELECTED for pair in combinations(enumerate(row), 2)}
    every = {
        pair
        for row in product(KINDS, SITUATIONS, WISHES)
        for pair in combinations(enumerate(row), 2)
    }
    assert met == every
    assert len(SELECTED) < len(KINDS) * len(WISHES) * 1.2


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_through_the_url_it_is_the_same(pool: Pool, kind: Kind) -> None:
    people = people_of(pool)
    assert all(somebody.browser for somebody in people)  # While nothing is required yet.
    pool.set_mfa(kind.mode, *kind.offered)
    cache.clear()
    with pool.server.switches.played(setting_list_in_required_pool=kind.listed):
        for somebody in people:
            numbers = [n for k, name, n in SELECTED if (k, name) == (kind, somebody.name)]
            _through_the_url(somebody, kind, numbers)


def _through_the_url(somebody: Somebody, kind: Kind, numbers: Sequence[int]) -> None:
    browser = somebody.browser
    page = browser.get("/")
    assert really_asked(somebody.person) in words(page), somebody.name
    seen = fields(page).get("seen")
    if seen is None:
        return  # The page offers nothing to change.
    before = somebody.person.mfa()
    for number in numbers:
        wanted = somebody.wish(number)
        end, changed = _wish(somebody, seen["value"], wanted)
        assert end.status_code in {200, 302, 422}, (somebody.name, wanted, words(end))
        if changed:
            _try_passkey(somebody, counts=kind.mode != "OFF")
            somebody.pool.set_mfa("OPTIONAL", *ALL, PASSKEY)
            somebody.situation.hold(somebody.person, somebody.person.mfa()[0] or {PASSKEY})
            somebody.pool.set_mfa(kind.mode, *kind.offered)
        assert somebody.person.mfa() == before, (somebody.name, wanted)


def _wish(somebody: Somebody, seen: str, wanted: dict[str, str]) -> tuple[Page, bool]:
    """The page at the end, and whether something was saved."""
    answer = somebody.browser.submit("/review/", seen=seen, **wanted)
    if answer.status_code != 302 or answer["Location"] == "/?unchanged":
        return answer, False
    review = somebody.browser.get(answer["Location"])
    promised = next(s for s in SENTENCES if s in words(review))
    saved = somebody.browser.submit(f"{answer['Location']}save/")
    assert saved["Location"].startswith("/?saved="), words(saved)
    page = somebody.browser.get(saved["Location"])
    assert promised == really_asked(somebody.person)
    assert promised in words(page)
    assert "Saved" in words(page)
    return page, True


def _try_passkey(somebody: Somebody, *, counts: bool) -> None:
    """What the portal remembers of it is what the pool does."""
    if somebody.passkey and counts:
        asks_nothing = somebody.person.asked() is None
        is_on = read_passkey_flag(person=somebody.person.uid).on
        assert is_enough(somebody.passkey) is (asks_nothing or is_on)
