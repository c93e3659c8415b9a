"""If the phone is lost, and what to do next: the rules, for everybody there could be."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_settings.check_up.domain import NextStep, Situation, StepKind, situation_key
from mfa_settings.check_up.forms import STEP_IDS
from mfa_settings.check_up.step_words import suggested_step
from mfa_settings.check_up.steps import next_steps
from mfa_settings.check_up.words import lost_phone_actions, lost_phone_sentences
from mfa_settings.preference.domain.lost_phone import WayIn, lost_phone
from mfa_settings.preference.domain.password_reset import ResetDestination
from mfa_settings.preference.domain.rules import PreferenceChange, plan
from tests.mfa_settings.strategies import policies, statuses
from userpool.next_sign_in import Asked, effective_preference, next_sign_in_with
from userpool.policy import DeviceTracking, Mode, PasskeyConfig, Policy
from userpool.values import Attribute, ContactPoint, Factor, Preference, Status

attributes = st.frozensets(st.sampled_from(list(Attribute)))
more_policies = st.builds(
    replace,
    policies,
    reset_channels=st.none() | attributes,
    reset_order=st.sampled_from(
        [(Attribute.PHONE, Attribute.EMAIL), (Attribute.EMAIL, Attribute.PHONE)]
    ),
    passkeys=st.none() | st.just(PasskeyConfig("localhost")),
    passwordless_attributes=attributes,
    adaptive=st.booleans(),
)


def consistent(status: Status) -> Status:
    """As the pool can say it: what is ready and reachable follows from the contact points."""
    mine = status.ready & {Factor.TOTP, Factor.PASSKEY}
    has = {Factor.SMS: status.phone, Factor.EMAIL: status.email}
    return replace(
        status,
        ready=mine | {f for f, contact in has.items() if contact and contact.verified},
        reachable=mine | {f for f, contact in has.items() if contact},
    )


situations = st.builds(
    Situation, statuses.map(consistent), more_policies, can_add_passkey=st.booleans()
)


@given(situations)
def test_every_step_is_allowed_by_the_rules_or_done_on_a_page(situation: Situation) -> None:
    for step in next_steps(situation):
        words = suggested_step(step, situation.status)
        assert bool(step.wish) is not bool(words.url)
        if step.wish:
            change = plan(wanted=step.wish, status=situation.status, policy=situation.policy)
            assert isinstance(change, PreferenceChange)
            assert not change.is_empty
            assert not change.turned_off
        assert step.id in STEP_IDS
        assert len(step.id) <= 64  # As long as DismissedStep takes.


def done(situation: Situation, step: NextStep) -> Situation:
    """The same person, once they took the step."""
    status = situation.status
    if step.wish:
        return situation.after(step.wish)
    if isinstance(step.about, Attribute):
        return situation.once_confirmed(step.about)
    if step.kind is StepKind.EMAIL_FOR_SIGN_IN:
        return situation.once_confirmed(Attribute.EMAIL)
    if step.kind is StepKind.SAVE_PASSKEY_AGAIN:
        return replace(situation, status=replace(status, passkey_is_sure=True))
    new = {StepKind.SET_UP_APP: Factor.TOTP, StepKind.ADD_PASSKEY: Factor.PASSKEY}[step.kind]
    ready, reachable = status.ready | {new}, status.reachable | {new}
    return replace(situation, status=replace(status, ready=ready, reachable=reachable))


@settings(max_examples=300)
@given(situations)
def test_who_takes_step_after_step_comes_to_an_end(situation: Situation) -> None:
    taken = []
    while steps := next_steps(situation):
        taken.append(steps[0].id)
        assert len(taken) < 10, taken
        situation = done(situation, steps[0])
    assert len(set(taken)) == len(taken)


@given(situations)
def test_no_step_takes_a_way_in_that_is_left_without_the_phone(situation: Situation) -> None:
    before = situation.without_phone
    for step in next_steps(situation):
        after = done(situation, step).without_phone
        # A second step is more than the password alone: that one ends, and is meant to.
        lost = before.ways - after.ways - {WayIn.PASSWORD, WayIn.SET_UP}
        if not isinstance(step.about, Attribute):
            assert not lost or step.kind is StepKind.TURN_ON, (step, lost)


@given(situations)
def test_what_is_left_without_the_phone_is_what_a_sign_in_asks_for(situation: Situation) -> None:
    status, policy = situation.status, situation.policy
    it = lost_phone(status, policy)
    coming = next_sign_in_with(
        effective_preference(status, policy),
        policy,
        reachable=status.reachable,
        identity_provider=status.identity_provider,
    )
    assert it.coming == coming
    nothing_asked = coming.asked in {Asked.NOTHING, Asked.NOTHING_UNLESS_RISKY}
    assert (WayIn.PASSWORD in it.ways) is (nothing_asked and status.has_password)
    if WayIn.EMAIL in it.ways:
        assert Attribute.EMAIL in status.verified
        assert Factor.EMAIL in coming.factors or not status.has_password
    if WayIn.PASSKEY in it.ways:
        assert Factor.PASSKEY in status.ready
    if it.email_is_idle:
        assert coming.asked is Asked.FACTOR
        assert WayIn.EMAIL not in it.ways


@given(situations)
def test_every_person_is_told_what_a_lost_phone_means(situation: Situation) -> None:
    if situation.status.identity_provider:
        assert next_steps(situation) == ()
        return
    assert all(str(sentence) for sentence in lost_phone_sentences(situation.without_phone))
    assert all(str(action.what) and action.page for action in lost_phone_actions(situation))
    assert len(situation_key(situation)) <= 200  # As long as DismissedStep takes.


# --- named situations: what is proposed, in its order ---

APP, TEXT, EMAIL, PASSKEY = Factor.TOTP, Factor.SMS, Factor.EMAIL, Factor.PASSKEY
PHONE = ContactPoint("+491512345678", verified=True)
MAIL = ContactPoint("ana@example.com", verified=True)
EVERYTHING = frozenset(Factor)
BY_BOTH = frozenset(Attribute)


def person(
    *on: Factor,
    first: Factor | None = None,
    app: bool = False,
    passkey: bool = False,
    phone: ContactPoint | None = PHONE,
    email: ContactPoint | None = MAIL,
    has_password: bool = True,
    passkey_is_sure: bool = True,
) -> Status:
    own = {factor for factor, has in ((APP, app or APP in on), (PASSKEY, passkey)) if has}
    return consistent(
        Status(
            "ana",
            Preference(frozenset(on), first),
            ready=frozenset(own),
            phone=phone,
            email=email,
            has_password=has_password,
            passkey_is_sure=passkey_is_sure,
        )
    )


def pool(
    *offered: Factor,
    mode: Mode = Mode.OPTIONAL,
    reset_channels: frozenset[Attribute] | None = BY_BOTH,
    email_first: bool = False,
) -> Policy:
    order = (Attribute.PHONE, Attribute.EMAIL)
    return Policy(
        mode,
        frozenset(offered or {APP, TEXT}),
        reset_channels=reset_channels,
        reset_order=order[::-1] if email_first else order,
        passkeys=PasskeyConfig("localhost", counts_as_factor=True),
    )


UNPROVED = ContactPoint("+491512345678", verified=False)
PROPOSED: dict[str, tuple[Status, Policy, list[str]]] = {
    "unconfirmed-number-asked-first": (
        person(TEXT, first=TEXT, phone=UNPROVED),
        pool(),
        ["confirm_where_codes_go:phone_number"],
    ),
    "nothing-on-app-ready": (
        person(app=True),
        pool(email_first=True),
        ["turn_on:SOFTWARE_TOKEN_MFA"],
    ),
    "nothing-on-number-ready": (person(), pool(email_first=True), ["turn_on:SMS_MFA"]),
    "nothing-on-number-is-the-only-reset": (
        person(email=None),
        pool(reset_channels=frozenset({Attribute.PHONE})),
        ["set_up_app"],
    ),
    "nothing-on-number-is-the-only-reset-and-no-app": (
        person(email=None),
        pool(TEXT, reset_channels=frozenset({Attribute.PHONE})),
        ["turn_on:SMS_MFA"],
    ),
    "nothing-ready": (
        person(phone=None, email=None),
        pool(TEXT, reset_channels=frozenset()),
        ["contact_for_second_step:phone_number"],
    ),
    "required-and-nothing-there": (
        person(phone=None, email=None),
        pool(APP, mode=Mode.ON, reset_channels=None),
        ["set_up_app"],
    ),
    "app-first-email-idle": (
        person(APP, EMAIL, first=APP),
        pool(APP, EMAIL, email_first=True),
        ["ask_each_time:EMAIL_OTP"],
    ),
    "app-only-email-ready": (
        person(APP, first=APP),
        pool(APP, EMAIL, email_first=True),
        ["email_beside"],
    ),
    "app-only-no-address": (
        person(APP, first=APP, email=None),
        pool(APP, EMAIL, reset_channels=frozenset({Attribute.PHONE})),
        ["email_for_sign_in"],
    ),
    "app-first-text-on": (
        person(APP, TEXT, first=APP),
        pool(email_first=True),
        ["ask_each_time:SMS_MFA"],
    ),
    "app-only-number-ready": (person(APP, first=APP), pool(email_first=True), ["text_beside"]),
    "app-and-text-to-choose-from": (person(APP, TEXT), pool(email_first=True), []),
    "text-first-email-would-end-the-reset": (
        person(TEXT, first=TEXT),
        pool(TEXT, EMAIL),
        [],
    ),
    "text-first-passkey-possible": (
        person(TEXT, first=TEXT),
        pool(TEXT, PASSKEY),
        ["add_passkey"],
    ),
    "text-first-passkey-off": (
        person(TEXT, first=TEXT, passkey=True),
        pool(TEXT, PASSKEY),
        ["passkey_on"],
    ),
    "text-first-passkey-on": (
        person(TEXT, PASSKEY, first=TEXT, passkey=True),
        pool(TEXT, PASSKEY),
        [],
    ),
    "passkey-not-sure": (
        person(TEXT, EMAIL, first=EMAIL, passkey=True, passkey_is_sure=False),
        pool(TEXT, EMAIL, PASSKEY, reset_channels=frozenset()),
        ["save_passkey_again"],
    ),
    "no-reset-without-an-address": (
        person(TEXT, first=TEXT, email=None),
        pool(TEXT),
        ["contact_for_reset:email"],
    ),
    "no-reset-unless-the-app-is-first": (
        person(TEXT, APP, first=TEXT, email=None),
        pool(APP, TEXT, reset_channels=frozenset({Attribute.PHONE})),
        ["app_first"],
    ),
    "reset-only-by-the-phone": (
        person(APP, first=APP, email=None),
        pool(APP, email_first=True),
        ["contact_for_reset:email"],
    ),
    "an-address-would-not-be-asked-before-the-number": (
        person(APP, first=APP, email=None),
        pool(APP),
        [],
    ),
    "only-an-administrator-resets": (
        person(EMAIL, first=EMAIL),
        pool(EMAIL, reset_channels=frozenset()),
        [],
    ),
    "email-first": (person(EMAIL, first=EMAIL), pool(EMAIL, TEXT), []),
    "begins-with-a-passkey": (
        person(passkey=True, has_password=False),
        pool(APP, TEXT),
        [],
    ),
    "pool-off": (person(), pool(APP, mode=Mode.OFF, email_first=True), []),
}


@pytest.mark.parametrize("name", PROPOSED)
def test_each_situation_has_its_next_steps(name: str) -> None:
    status, policy, expected = PROPOSED[name]
    found = next_steps(Situation(status, policy, can_add_passkey=True))
    assert [step.id for step in found] == expected
    assert all(str(suggested_step(step, status).why) for step in found)


def test_a_passkey_is_not_proposed_where_it_can_not_be_added() -> None:
    situation = Situation(person(TEXT, first=TEXT), pool(TEXT, PASSKEY), can_add_passkey=False)
    assert next_steps(situation) == ()


LEFT: dict[str, tuple[Status, Policy, set[WayIn], ResetDestination]] = {
    "nothing-on": (person(), pool(), {WayIn.PASSWORD}, ResetDestination.PHONE),
    "nothing-on-email-resets": (
        person(),
        pool(email_first=True),
        {WayIn.PASSWORD},
        ResetDestination.EMAIL,
    ),
    "app": (person(APP, first=APP), pool(), set(), ResetDestination.PHONE),
    "text": (person(TEXT, first=TEXT), pool(), set(), ResetDestination.EMAIL),
    "email": (person(EMAIL, first=EMAIL), pool(EMAIL), {WayIn.EMAIL}, ResetDestination.PHONE),
    "app-first-email-on": (
        person(APP, EMAIL, first=APP),
        pool(APP, EMAIL),
        set(),
        ResetDestination.PHONE,
    ),
    "choice": (person(APP, EMAIL), pool(APP, EMAIL), {WayIn.EMAIL}, ResetDestination.PHONE),
    "both-messages": (person(TEXT, EMAIL), pool(TEXT, EMAIL), {WayIn.EMAIL}, ResetDestination.HELP),
    "passkey-on": (
        person(TEXT, PASSKEY, first=TEXT, passkey=True),
        pool(TEXT, PASSKEY),
        {WayIn.PASSKEY},
        ResetDestination.EMAIL,
    ),
    "passkey-perhaps-on": (
        person(TEXT, PASSKEY, first=TEXT, passkey=True, passkey_is_sure=False),
        pool(TEXT, PASSKEY),
        set(),
        ResetDestination.EMAIL,
    ),
    "unconfirmed-address": (
        person(EMAIL, first=EMAIL, email=ContactPoint("ana@example.com", verified=False)),
        pool(EMAIL),
        set(),
        ResetDestination.PHONE,
    ),
    "required-nothing-set": (
        person(),
        pool(TEXT, EMAIL, mode=Mode.ON),
        {WayIn.EMAIL},
        ResetDestination.NOT_KNOWN,
    ),
    "pool-does-not-say": (
        person(),
        pool(reset_channels=None),
        {WayIn.PASSWORD},
        ResetDestination.NOT_KNOWN,
    ),
    "no-password": (
        person(passkey=True, has_password=False),
        replace(pool(), passwordless_attributes=BY_BOTH),
        {WayIn.EMAIL, WayIn.PASSKEY},
        ResetDestination.NOT_NEEDED,
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_each_person_keeps_these_ways_without_the_phone(name: str) -> None:
    status, policy, ways, reset = LEFT[name]
    it = lost_phone(status, policy)
    assert (set(it.ways), it.reset) == (ways, reset)
    said = [str(sentence) for sentence in lost_phone_sentences(it)]
    assert ("only if codes reach you" in said[0]) is (name == "unconfirmed-address")
    assert any("passkey works too" in sentence for sentence in said) is (name == "no-password")


def test_whoever_lost_a_phone_forgets_the_device_and_signs_it_out() -> None:
    policy = replace(pool(), devices=DeviceTracking.ALWAYS)
    pages = [
        action.page for action in lost_phone_actions(Situation(person(APP, first=APP), policy))
    ]
    assert pages == ["authenticator", "devices", "sessions"]
