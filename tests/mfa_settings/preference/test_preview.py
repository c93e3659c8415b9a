"""What a review says of a change: a case for each sentence, and what holds for every change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mfa_settings.preference.domain.password_reset import (
    PasswordReset,
    ResetNews,
    reset_channels,
)
from mfa_settings.preference.domain.preview import Preview
from mfa_settings.preference.domain.rules import PreferenceChange, plan
from mfa_settings.preference.domain.statements import Move
from mfa_settings.preference.words import password_reset, preview
from mfa_settings.preference.words.changes import STATEMENTS
from mfa_settings.preference.words.password_reset import reset_sentence
from mfa_settings.preference.words.preview import ReviewSection, review_sections, undo_sentence
from tests.mfa_settings.strategies import held_preferences, sets_of_factors
from userpool.next_sign_in import NOTHING_ASKED, Asked, NextSignIn, next_sign_in_with
from userpool.policy import DeviceTracking, Mode, PasskeyConfig, Policy
from userpool.values import PREFERABLE, Attribute, Factor, Preference, Status
from userpool.words import next_sign_in_sentence

APP, TEXT, EMAIL, PASSKEY = Factor.TOTP, Factor.SMS, Factor.EMAIL, Factor.PASSKEY
PHONE, MAIL = Attribute.PHONE, Attribute.EMAIL
PASSKEYS = PasskeyConfig("example.com", counts_as_factor=True)


def on(*factors: Factor, first: Factor | None = None) -> Preference:
    return Preference(frozenset(factors), first)


NOTHING = on()
DRAFT = "/?draft=1"
TEXT_ON, APP_ON, EMAIL_ON = on(TEXT, first=TEXT), on(APP, first=APP), on(EMAIL, first=EMAIL)


def pool(*offered: Factor, mode: Mode = Mode.OPTIONAL, **more: Any) -> Policy:
    known = {"reset_channels": frozenset(Attribute), "devices": DeviceTracking.OFF} | more
    return Policy(mode, frozenset(offered or Factor), **known)


@dataclass(frozen=True)
class Case:
    """A change of somebody, and what the review of it says under one heading."""

    before: Preference
    after: Preference
    says: str
    policy: Policy = field(default_factory=pool)
    reachable: frozenset[Factor] = frozenset({APP, TEXT, EMAIL})
    verified: frozenset[Attribute] = frozenset(Attribute)

    def sections(self) -> list[ReviewSection]:
        change = PreferenceChange(self.before, self.after)
        found = Preview(change, self.policy, reachable=self.reachable, verified=self.verified)
        return review_sections(found, draft_url=DRAFT)

    def said(self) -> list[str]:
        return [str(words) for section in self.sections() for words in all_of(section)]


def all_of(section: ReviewSection) -> list[Any]:
    return [section.heading, *(words for words, _links in section.lines)]


WITH_PASSKEY = frozenset({APP, TEXT, EMAIL, PASSKEY})
ONLY_MAIL, ONLY_PHONE = frozenset({MAIL}), frozenset({PHONE})
BY_PHONE, BY_MAIL = pool(reset_channels=ONLY_PHONE), pool(reset_channels=ONLY_MAIL)
NOT_KNOWN = pool(reset_channels=None)
NO_APP = pool(TEXT, EMAIL, PASSKEY)
NO_APP_BY_PHONE = pool(TEXT, EMAIL, reset_channels=ONLY_PHONE)
SAFE_WAYS = "you are not asked for a second step"

MOVES = {
    "app-on": Case(NOTHING, APP_ON, "Your authenticator app will be turned on."),
    "text-on": Case(NOTHING, TEXT_ON, "Text messages will be turned on."),
    "email-on": Case(NOTHING, EMAIL_ON, "Email codes will be turned on."),
    "passkey-on": Case(
        TEXT_ON,
        on(TEXT, PASSKEY, first=TEXT),
        "Your passkey alone will be enough to sign in, without a password or code.",
        reachable=WITH_PASSKEY,
    ),
    "app-off": Case(APP_ON, NOTHING, "Your authenticator app will be turned off."),
    "text-off": Case(TEXT_ON, NOTHING, "Text messages will be turned off."),
    "email-off": Case(EMAIL_ON, NOTHING, "Email codes will be turned off."),
    "passkey-off": Case(
        on(TEXT, PASSKEY, first=TEXT),
        TEXT_ON,
        "Your passkey alone will no longer be enough to sign in.",
        reachable=WITH_PASSKEY,
    ),
    "passkey-off-with-everything": Case(
        on(TEXT, PASSKEY, first=TEXT),
        NOTHING,
        "Your passkey will be turned off as a second step. It still signs you in, like your "
        "password alone.",
        reachable=WITH_PASSKEY,
    ),
    "app-first": Case(TEXT_ON, on(TEXT, APP, first=APP), "app will be asked for first."),
    "text-first": Case(APP_ON, on(TEXT, APP, first=TEXT), "A text message will be asked for first"),
    "email-first": Case(APP_ON, on(EMAIL, APP, first=EMAIL), "An email code will be asked for fir"),
    "none-first": Case(
        on(TEXT, APP, first=APP),
        on(TEXT, APP),
        "No way comes first any more.",
        reachable=frozenset({APP}),
    ),
    "ask-each-time": Case(
        on(TEXT, APP, first=APP),
        on(TEXT, APP),
        "No way comes first any more: you choose each time you sign in.",
    ),
}

LASTING = {
    "app-off-for-good": Case(
        APP_ON, NOTHING, "You can't turn your authenticator app on again: your", pool(TEXT)
    ),
    "text-off-for-good": Case(
        TEXT_ON, NOTHING, "You can't turn text messages on again: your account no", pool(APP)
    ),
    "email-off-for-good": Case(
        EMAIL_ON, NOTHING, "You can't turn email codes on again: your account no", pool(APP)
    ),
    "passkey-off-for-good": Case(
        on(TEXT, PASSKEY, first=TEXT),
        TEXT_ON,
        "You can't turn your passkey on again: your account no longer offers it.",
        pool(TEXT),
        WITH_PASSKEY,
    ),
    "app-to-be-set-up-again": Case(
        APP_ON, NOTHING, "you would have to set it up first", reachable=frozenset({TEXT})
    ),
    "number-to-be-confirmed-again": Case(
        TEXT_ON,
        NOTHING,
        "To turn text messages on again, you would have to confirm your phone number first.",
        verified=ONLY_MAIL,
    ),
    "address-to-be-confirmed-again": Case(
        EMAIL_ON,
        NOTHING,
        "To turn email codes on again, you would have to confirm your email address first.",
        verified=ONLY_PHONE,
    ),
    "passkey-to-be-added-again": Case(
        on(TEXT, PASSKEY, first=TEXT),
        TEXT_ON,
        "To turn your passkey on again, you would have to add one first.",
    ),
    "app-first-no-more": Case(
        on(APP, TEXT, first=APP),
        on(APP, TEXT, first=TEXT),
        "Your authenticator app can't be asked first again: your account no longer offers it.",
        pool(TEXT),
    ),
    "text-first-no-more": Case(
        on(APP, TEXT, first=TEXT),
        on(APP, TEXT, first=APP),
        "Text messages can't be asked first again: your account no longer offers them.",
        pool(APP),
    ),
    "email-first-no-more": Case(
        on(APP, EMAIL, first=EMAIL),
        on(APP, EMAIL, first=APP),
        "Email codes can't be asked first again: your account no longer offers them.",
        pool(APP),
    ),
    "app-first-after-set-up": Case(
        on(APP, TEXT, first=APP),
        on(APP, TEXT, first=TEXT),
        "To let your authenticator app be asked first again, you would have to set it up first.",
        reachable=frozenset({TEXT}),
    ),
    "text-first-after-confirming": Case(
        on(APP, TEXT, first=TEXT),
        on(APP, TEXT, first=APP),
        "To let text messages be asked first again, you would have to confirm your phone number.",
        verified=ONLY_MAIL,
    ),
    "email-first-after-confirming": Case(
        on(APP, EMAIL, first=EMAIL),
        on(APP, EMAIL, first=APP),
        "To let email codes be asked first again, you would have to confirm your email address.",
        verified=ONLY_PHONE,
    ),
    "on-for-good": Case(
        TEXT_ON,
        on(TEXT, PASSKEY, first=TEXT),
        "You can't turn it off again here: your account must always ask for a second step.",
        pool(mode=Mode.ON),
        WITH_PASSKEY,
    ),
    "no-way-back": Case(
        on(PASSKEY), NOTHING, "You can't go back to what is set now.", reachable=WITH_PASSKEY
    ),
}

NEXT = {
    "asked-for-the-app": Case(NOTHING, APP_ON, "asked for the code from your authenticator app."),
    "asked-for-nothing": Case(APP_ON, NOTHING, "your password alone will be enough."),
    "asked-only-if-unusual": Case(
        APP_ON, NOTHING, "unless something about the sign-in looks unusual.", pool(adaptive=True)
    ),
    "chooses": Case(
        APP_ON, on(APP, TEXT), "choose between your authenticator app and a text message."
    ),
    "chooses-from-three": Case(
        APP_ON,
        on(APP, TEXT, EMAIL),
        "choose between your authenticator app, a text message and an email.",
    ),
    "app-idle": Case(
        APP_ON, on(APP, TEXT, first=TEXT), "Your authenticator app is on as well, but is not asked"
    ),
    "text-idle": Case(
        APP_ON, on(APP, TEXT, first=APP), "Text messages are on as well, but are not asked for."
    ),
    "email-idle": Case(
        APP_ON, on(APP, EMAIL, first=APP), "Email codes are on as well, but are not asked for."
    ),
    "app-and-text-idle": Case(
        on(APP, TEXT, first=APP),
        on(APP, TEXT, EMAIL, first=EMAIL),
        "Your authenticator app and text messages are on as well, but are not asked for.",
    ),
    "app-and-email-idle": Case(
        on(APP, EMAIL, first=APP),
        on(APP, TEXT, EMAIL, first=TEXT),
        "Your authenticator app and email codes are on as well, but are not asked for.",
    ),
    "text-and-email-idle": Case(
        APP_ON,
        on(APP, TEXT, EMAIL, first=APP),
        "Text messages and email codes are on as well, but are not asked for.",
    ),
    "whichever-is-at-hand": Case(
        APP_ON,
        on(APP, TEXT, first=APP),
        "To use whichever is at hand, go back and choose “Ask me each time”.",
    ),
}

WEAKER = {
    "easier": Case(TEXT_ON, NOTHING, "This makes your account easier to get into"),
    "one-less": Case(on(APP, TEXT, first=APP), APP_ON, "You will have one way less to sign in"),
    "two-less": Case(
        on(APP, TEXT, EMAIL, first=APP), APP_ON, "You will have 2 ways less to sign in"
    ),
    "another-instead": Case(APP_ON, TEXT_ON, "Is this your own idea?"),
    "not-asked-for-anyway": Case(TEXT_ON, NOTHING, "Is this your own idea?", pool(APP)),
    "scam": Case(APP_ON, TEXT_ON, "on the phone or in a message, stop here: it may be a scam."),
}

LOST = {
    "lost": Case(
        NOTHING, TEXT_ON, "You could no longer reset a forgotten password yourself", BY_PHONE
    ),
    "perhaps-lost": Case(
        NOTHING,
        on(TEXT, EMAIL, first=TEXT),
        "You may no longer be able to reset a forgotten password yourself",
        NOT_KNOWN,
    ),
    "why-lost": Case(NOTHING, TEXT_ON, "and you would have no other.", BY_PHONE),
    "helped-by-others-only": Case(
        NOTHING, TEXT_ON, "only the people who look after your account can help you.", BY_PHONE
    ),
    "one-of-both": Case(
        NOTHING,
        on(TEXT, EMAIL, first=TEXT),
        "To keep a way, go back and turn on only one of text messages and email codes.",
    ),
    "leave-text-off": Case(
        EMAIL_ON,
        on(TEXT, EMAIL, first=EMAIL),
        "To keep a way, go back and leave text messages off.",
    ),
    "leave-email-off": Case(
        on(APP, TEXT, first=APP),
        on(APP, TEXT, EMAIL, first=APP),
        "To keep a way, go back and leave email codes off.",
        BY_PHONE,
    ),
    "app-first-keeps-it": Case(
        NOTHING, TEXT_ON, "To keep a way, let an authenticator app be asked first.", BY_PHONE
    ),
    "confirm-an-address": Case(
        NOTHING,
        TEXT_ON,
        "To keep a way, first add an email address and confirm that it is yours.",
        NO_APP,
        verified=ONLY_PHONE,
    ),
    "confirm-a-number": Case(
        NOTHING,
        EMAIL_ON,
        "To keep a way, first add a phone number and confirm that it is yours.",
        NO_APP,
        verified=ONLY_MAIL,
    ),
    "app-first-or-an-address": Case(
        NOTHING, TEXT_ON, "asked first, or add an email address and confirm", verified=ONLY_PHONE
    ),
    "app-first-or-a-number": Case(
        NOTHING, EMAIL_ON, "asked first, or add a phone number and confirm", verified=ONLY_MAIL
    ),
}

PASSKEY_THEN = {
    "may-not-be-enough": Case(
        NOTHING,
        TEXT_ON,
        "Your passkey alone may not be enough then",
        pool(passkeys=PASSKEYS),
        WITH_PASSKEY,
    ),
    "keep-using-it": Case(
        NOTHING,
        TEXT_ON,
        "To keep using it, go back and turn on Passkey too.",
        pool(passkeys=PASSKEYS),
        WITH_PASSKEY,
    ),
    "know-your-password": Case(
        NOTHING,
        TEXT_ON,
        "Make sure that you know your password.",
        pool(APP, TEXT, passkeys=PasskeyConfig("example.com")),
        WITH_PASSKEY,
    ),
}

RESET = {
    "still-by-phone": Case(NOTHING, APP_ON, "can still reset it with a code texted", BY_PHONE),
    "still-by-email": Case(NOTHING, APP_ON, "still reset it with a code sent to your em", BY_MAIL),
    "still-by-either": Case(NOTHING, APP_ON, "with a code sent to your phone or your email add"),
    "now-by-phone": Case(NOTHING, EMAIL_ON, "then go to your phone only, no longer to your email"),
    "now-by-email": Case(NOTHING, TEXT_ON, "your email address only, no longer to your phone."),
    "now-by-either": Case(TEXT_ON, NOTHING, "can then go to your phone or your email address."),
    "gained-by-phone": Case(TEXT_ON, NOTHING, "yourself, with a code texted to your", BY_PHONE),
    "gained-by-email": Case(EMAIL_ON, NOTHING, "with a code sent to your email address.", BY_MAIL),
    "gained-by-either": Case(
        on(TEXT, EMAIL),
        NOTHING,
        "you will be able to reset it yourself, with a code sent to your phone or your email",
    ),
    "perhaps-by-phone": Case(
        NOTHING, APP_ON, "to your phone only, if your", NOT_KNOWN, verified=ONLY_PHONE
    ),
    "perhaps-by-email": Case(NOTHING, TEXT_ON, "address only, if your account sends", NOT_KNOWN),
    "perhaps-by-either": Case(NOTHING, APP_ON, "or your email address, if your acco", NOT_KNOWN),
    "never-where-sign-ins-are-confirmed": Case(
        on(TEXT, EMAIL, first=TEXT),
        on(TEXT, EMAIL, first=EMAIL),
        "As now, you can't reset a forgotten password yourself: the code for it is never sent to",
    ),
    "no-number": Case(
        NOTHING, APP_ON, "has no confirmed phone number that a code", BY_PHONE, verified=ONLY_MAIL
    ),
    "no-address": Case(
        NOTHING, APP_ON, "has no confirmed email address that a", BY_MAIL, verified=ONLY_PHONE
    ),
    "no-contact-point": Case(
        NOTHING, APP_ON, "no confirmed phone number or email", NOT_KNOWN, verified=frozenset()
    ),
    "decided-by-others": Case(
        NOTHING,
        APP_ON,
        "As now, only the people who look after your account can reset a forgotten password.",
        pool(reset_channels=frozenset()),
    ),
}

GOOD_TO_KNOW = {
    "device-that-was-let": Case(
        NOTHING,
        APP_ON,
        f"Where you let an app remember your phone or computer, {SAFE_WAYS}",
        pool(devices=DeviceTracking.ASK),
    ),
    "each-device": Case(
        NOTHING,
        APP_ON,
        "Apps remember the phone or computer you use them on.",
        pool(devices=DeviceTracking.ALWAYS),
    ),
    "perhaps-a-device": Case(
        NOTHING,
        APP_ON,
        f"If an app remembers your phone or computer, {SAFE_WAYS}",
        pool(devices=None),
    ),
    "other-sessions": Case(
        NOTHING,
        APP_ON,
        "You stay signed in, here and wherever else you are signed in. The change counts from your",
    ),
    "a-browser-of-the-last-hour": Case(
        NOTHING,
        APP_ON,
        "A browser that signed in within the last hour may let you in without asking.",
    ),
}

CASES = MOVES | LASTING | NEXT | WEAKER | LOST | PASSKEY_THEN | RESET | GOOD_TO_KNOW


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_the_review_says_it_once(case: Case) -> None:
    assert sum(case.says in sentence for sentence in case.said()) == 1, case.said()


def every_sentence() -> Iterator[str]:
    """Each sentence of each table, with each of its parts."""
    tables: list[Mapping[Any, Any]] = [
        STATEMENTS,
        preview._REMEMBERED,  # noqa: SLF001 - the tables are private to the words, not to their test
        password_reset.REMEDY,
        password_reset._NO_RESET_AS_NOW,  # noqa: SLF001
    ]
    for table in tables:
        yield from (str(words) for words in table.values())
    for size in (1, 2):
        for idle in combinations((APP, TEXT, EMAIL), size):
            yield preview._idle_sentence(frozenset(idle))  # noqa: SLF001
    by_channel = {ResetNews.STILL, ResetNews.MOVES, ResetNews.GAINED, ResetNews.NO_CONTACT}
    for channels in (ONLY_PHONE, ONLY_MAIL, frozenset(Attribute)):
        for news in by_channel:
            yield str(reset_sentence(PasswordReset(news, channels)))
        yield str(reset_sentence(PasswordReset(ResetNews.STILL, channels, sure=False)))


def test_there_is_a_case_for_each_sentence() -> None:
    said = " ".join(sentence for case in CASES.values() for sentence in case.said())
    assert [sentence for sentence in every_sentence() if sentence not in said] == []


@pytest.mark.parametrize(("minutes", "said"), [(1, "For 1 minute after"), (15, "For 15 minutes")])
def test_how_long_it_may_be_taken_back_is_counted(
    monkeypatch: pytest.MonkeyPatch, minutes: int, said: str
) -> None:
    monkeypatch.setattr(preview, "UNDO_LIVES", timedelta(minutes=minutes))
    change = PreferenceChange(NOTHING, APP_ON)
    found = Preview(change, pool(), reachable=frozenset({APP}), verified=frozenset())
    assert str(undo_sentence(found)).startswith(said)


# --- what is not said, since it would not be so or does not matter ---


@dataclass(frozen=True)
class Silence:
    about: str
    case: Case


SILENT = {
    "no-device-is-remembered-here": Silence("forget the device", Case(NOTHING, APP_ON, "")),
    "devices-where-nothing-is-asked": Silence(
        "forget the device",
        Case(APP_ON, NOTHING, "", pool(devices=DeviceTracking.ALWAYS)),
    ),
    "devices-where-a-passkey-is-turned-on": Silence(
        "forget the device",
        Case(TEXT_ON, on(TEXT, PASSKEY, first=TEXT), "", pool(devices=DeviceTracking.ASK)),
    ),
    "the-last-hour-where-nothing-is-asked": Silence(
        "within the last hour", Case(APP_ON, NOTHING, "")
    ),
    "idle-as-before": Silence(
        "on as well",
        Case(
            on(APP, TEXT, first=APP),
            on(APP, TEXT, PASSKEY, first=APP),
            "",
            reachable=WITH_PASSKEY,
        ),
    ),
    "a-choice-that-can-not-be-made": Silence(
        "Ask me each time",
        Case(on(APP, TEXT, first=APP), on(APP, TEXT, first=TEXT), "", pool(TEXT)),
    ),
    "a-passkey-that-was-not-enough-before": Silence(
        "may not be enough",
        Case(TEXT_ON, on(TEXT, APP, first=APP), "", pool(passkeys=PASSKEYS), WITH_PASSKEY),
    ),
    "nobody's-passkey": Silence(
        "may not be enough", Case(NOTHING, TEXT_ON, "", pool(passkeys=PASSKEYS))
    ),
    "first-of-one": Silence("asked for first", Case(NOTHING, APP_ON, "")),
    "scam-where-nothing-goes": Silence("scam", Case(APP_ON, on(APP, TEXT, first=TEXT), "")),
    "an-app-that-is-not-offered-as-a-remedy": Silence(
        "authenticator app be asked", Case(NOTHING, TEXT_ON, "", NO_APP_BY_PHONE)
    ),
    "an-address-that-would-not-help": Silence(
        "email address", Case(NOTHING, TEXT_ON, "", NO_APP_BY_PHONE, verified=ONLY_PHONE)
    ),
}


@pytest.mark.parametrize("silence", [pytest.param(s, id=name) for name, s in SILENT.items()])
def test_the_review_leaves_out_what_is_not_so_or_does_not_matter(silence: Silence) -> None:
    assert not [said for said in silence.case.said() if silence.about in said]


# --- what holds for every change ---

Drawn = tuple[PreferenceChange, Policy, frozenset[Factor], frozenset[Attribute]]
ALL_WISHES = [
    Preference(frozenset(enabled), preferred)
    for size in range(len(Factor) + 1)
    for enabled in combinations(Factor, size)
    for preferred in (None, *enabled)
]
CONTACTS = st.frozensets(st.sampled_from(list(Attribute)))


@st.composite
def changes(draw: st.DrawFn) -> Drawn:
    """A change that the rules allow, with all that its preview depends on."""
    ready, on_now = draw(sets_of_factors), draw(held_preferences)
    status = Status("ana", on_now, ready=ready, reachable=ready | draw(sets_of_factors))
    policy = Policy(
        draw(st.sampled_from([Mode.OPTIONAL, Mode.OPTIONAL, Mode.ON, Mode.OFF])),
        draw(sets_of_factors),
        reset_channels=draw(st.none() | CONTACTS),
        devices=draw(st.sampled_from([None, *DeviceTracking])),
        passkeys=draw(st.sampled_from([None, PASSKEYS])),
        adaptive=draw(st.booleans()),
    )
    planned = (plan(wanted=wanted, status=status, policy=policy) for wanted in ALL_WISHES)
    able = [
        change for change in planned if isinstance(change, PreferenceChange) and not change.is_empty
    ]
    assume(able)
    return draw(st.sampled_from(able)), policy, status.reachable, draw(CONTACTS)


ASKED_NEXT = {
    str(next_sign_in_sentence(coming))
    for coming in (
        *(NextSignIn(asked) for asked in Asked if asked not in {Asked.FACTOR, Asked.CHOICE}),
        *(NextSignIn(Asked.FACTOR, (factor,)) for factor in (APP, TEXT, EMAIL)),
        NextSignIn(Asked.CHOICE, (APP, TEXT)),
        NextSignIn(Asked.CHOICE, (APP, EMAIL)),
        NextSignIn(Asked.CHOICE, (TEXT, EMAIL)),
        NextSignIn(Asked.CHOICE, (APP, TEXT, EMAIL)),
    )
}


@given(drawn=changes())
def test_each_change_is_told_once_and_so_is_what_is_asked_next(
    drawn: Drawn,
) -> None:
    change, policy, reachable, verified = drawn
    found = Preview(change, policy, reachable=reachable, verified=verified)
    sections = review_sections(found, draft_url=DRAFT)
    moves = {(s.kind, s.factor) for s in found.moves}
    assert moves
    said_first = {f for kind, f in moves if kind is Move.ASKED_FIRST}
    newly_first = {change.after.preferred} - {None, change.before.preferred}
    is_a_choice = len(change.after.enabled & PREFERABLE) > 1
    assert said_first <= newly_first
    assert said_first == newly_first or not is_a_choice
    assert (Move.CHOSEN_EACH_TIME, None) not in moves or found.coming.asked is Asked.CHOICE
    assert {
        f for kind, f in moves if f and kind is not Move.ASKED_FIRST
    } == change.turned_on | change.turned_off
    said = [str(words) for section in sections for words in all_of(section)[1:]]
    coming = next_sign_in_with(change.after, policy, reachable=reachable)
    assert [s for s in said if s in ASKED_NEXT] == [str(next_sign_in_sentence(coming))]
    assert len(said) == len(set(said))


@given(drawn=changes())
def test_no_sentence_says_other_than_the_rules(
    drawn: Drawn,
) -> None:
    change, policy, reachable, verified = drawn
    found = Preview(change, policy, reachable=reachable, verified=verified)
    had, keeps = (
        reset_channels(p, policy, verified=verified) for p in (change.before, change.after)
    )
    assert found.coming == next_sign_in_with(change.after, policy, reachable=reachable)
    assert not found.idle & set(found.coming.factors)
    assert found.idle <= change.after.enabled
    assert bool(keeps) is (found.reset.news in {ResetNews.STILL, ResetNews.MOVES, ResetNews.GAINED})
    assert (found.reset.news is ResetNews.LOST) is (bool(had) and not keeps)
    assert (found.weakening is not None) is change.weakens
    asks_nothing = found.coming.asked in NOTHING_ASKED
    said = [
        str(words)
        for section in review_sections(found, draft_url=DRAFT)
        for words in all_of(section)
    ]
    assert any("within the last hour" in sentence for sentence in said) is not asks_nothing
    assert not (asks_nothing and found.spares_devices)
    assert not found.spares_devices or policy.devices is not DeviceTracking.OFF


@given(drawn=changes())
def test_what_can_be_taken_back_is_what_the_rules_would_take_back(
    drawn: Drawn,
) -> None:
    """Where something stands in the way, it is said, or is no loss."""
    change, policy, reachable, verified = drawn
    found = Preview(change, policy, reachable=reachable, verified=verified)
    ready = frozenset(
        f
        for f in reachable
        if (f is not TEXT or PHONE in verified) and (f is not EMAIL or MAIL in verified)
    )
    then = Status("ana", change.after, ready=ready, reachable=reachable)
    back = plan(wanted=change.before, status=then, policy=policy)
    assert found.can_be_undone is isinstance(back, PreferenceChange)
    assert bool(undo_sentence(found)) is found.can_be_undone
    assert not (found.lasting and found.can_be_undone)
