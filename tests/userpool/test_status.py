"""The status that the portal makes of Cognito's answers, whatever they hold."""

import json

import pytest

from cognito.user_pool import User
from userpool.passkey_factor import PasskeyFlag
from userpool.status import status_of
from userpool.values import ContactPoint, Factor, Preference, Status
from userpool.words import masked


def said(username: str = "ana", *, mfa_on: str = "", first: str = "", **attributes: str) -> Status:
    user = User(username, attributes, frozenset(mfa_on.split()), first, frozenset())
    return status_of(user, passkey=PasskeyFlag())


def test_a_factor_that_the_portal_does_not_know_is_left_out() -> None:
    assert said(mfa_on="SMS_MFA CARRIER_PIGEON", first="CARRIER_PIGEON").preference == Preference(
        frozenset({Factor.SMS})
    )


def test_an_app_that_is_on_is_ready_whatever_the_auth_factors_say() -> None:
    assert Factor.TOTP in said(mfa_on="SOFTWARE_TOKEN_MFA").ready


def test_a_number_is_ready_only_when_it_is_verified() -> None:
    assert Factor.SMS not in said(phone_number="+49151").ready
    assert Factor.SMS in said(phone_number="+49151", phone_number_verified="true").ready


@pytest.mark.parametrize(
    ("username", "provider"),
    [
        ("examplecorp_gus@example.org", "ExampleCorp"),
        ("ExampleCorp_gus", "ExampleCorp"),
        # Linked to a provider, but a person of the pool with a password and MFA of their own.
        ("ana", ""),
    ],
)
def test_who_signs_a_person_in_is_told_by_their_user_name(username: str, provider: str) -> None:
    identities = json.dumps([{"userId": "gus", "providerName": "ExampleCorp"}])
    assert said(username, identities=identities).identity_provider == provider


@pytest.mark.parametrize("junk", ["", "no json", "{}", "[1]", '[{"userId": 1}]', "null"])
def test_identities_that_make_no_sense_name_nobody(junk: str) -> None:
    assert said("examplecorp_gus", identities=junk).identity_provider == ""


def test_a_masked_contact_point_can_be_recognised_but_not_used() -> None:
    assert masked(ContactPoint("+4915123456789", verified=True)) == "\u2068••• 789\u2069"
    assert masked(ContactPoint("ana@example.com", verified=True)) == (
        "\u2068a•••@example.com\u2069"
    )


def test_people_without_an_address_are_called_by_their_user_name() -> None:
    assert said("ana").account_name == "ana"
    verified = said("ana", email="ana@example.com", email_verified="true")
    assert verified.account_name == "ana@example.com"
    assert said("ana", email="not-hers@example.com").account_name == "ana"
