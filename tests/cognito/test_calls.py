"""The calls over the wire: broken answers, lost ones, and silence about secrets."""

import logging
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import boto3
import pytest

from cognito import admin, contact_points, user_pool
from cognito.account import Account
from cognito.client import Kind
from cognito.client import client as boto_client
from cognito.errors import Applied, CognitoError, Misconfigured, SignInAgain, TryLater, WrongCode
from cognito.pool import UserPool
from localpool import Fault
from tests.people import Person, Pool

pytestmark = pytest.mark.real_socket

Call = Callable[[UserPool, str], object]
PERSON = "https://issuer.example#subject"

CALLS: dict[str, Call] = {
    "GetUser": lambda pool, token: user_pool.get_user(Account(pool, PERSON, token)),
    "GetUserAuthFactors": lambda pool, token: user_pool.get_user(Account(pool, PERSON, token)),
    "SetUserMFAPreference": lambda pool, token: user_pool.set_user_mfa_preference(
        Account(pool, PERSON, token), settings={"SMS_MFA": (True, False)}
    ),
    "AssociateSoftwareToken": lambda pool, token: user_pool.associate_software_token(
        Account(pool, PERSON, token)
    ),
    "VerifySoftwareToken": lambda pool, token: user_pool.verify_software_token(
        Account(pool, PERSON, token), code="123456"
    ),
    "UpdateUserAttributes": lambda pool, token: contact_points.update_attribute(
        Account(pool, PERSON, token), attribute="email", value="new@example.com"
    ),
    "GetUserAttributeVerificationCode": lambda pool, token: contact_points.send_code(
        Account(pool, PERSON, token), attribute="email"
    ),
    "VerifyUserAttribute": lambda pool, token: contact_points.verify_attribute(
        Account(pool, PERSON, token), attribute="email", code="123456"
    ),
    "DeleteUserAttributes": lambda pool, token: contact_points.delete_attribute(
        Account(pool, PERSON, token), attribute="email"
    ),
    "DescribeUserPool": lambda pool, _token: admin.describe_user_pool(pool=pool),
    "GetUserPoolMfaConfig": lambda pool, _token: admin.get_user_pool_mfa_config(pool=pool),
}
CONTACT_POINTS = {
    "UpdateUserAttributes",
    "GetUserAttributeVerificationCode",
    "VerifyUserAttribute",
    "DeleteUserAttributes",
}
# What they may have changed although no whole answer came back.
WRITES = {"SetUserMFAPreference", "AssociateSoftwareToken", "VerifySoftwareToken"} | CONTACT_POINTS
# Of an answer without content a half is as good as the whole: only a read-back tells.
TELLS_NOTHING = {"SetUserMFAPreference"} | CONTACT_POINTS - {"GetUserAttributeVerificationCode"}


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        *product(sorted(CALLS), ["html", "empty"]),
        *product(sorted(set(CALLS) - TELLS_NOTHING), ["truncated"]),
    ],
)
def test_a_broken_answer_with_status_200_is_never_taken_for_a_good_one(
    person: Person, operation: str, answer: str
) -> None:
    token = person.access_token()
    person.pool.server.faults.add(Fault(operation, answer=answer, times=None))
    with pytest.raises(TryLater) as caught:
        CALLS[operation](person.pool.config, token)
    assert caught.value.applied is (Applied.UNKNOWN if operation in WRITES else Applied.NO)


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a_lost_connection_leaves_open_whether_a_write_took_effect(
    person: Person, operation: str
) -> None:
    token = person.access_token()
    person.pool.server.faults.add(Fault(operation, answer="drop", times=None))
    with pytest.raises(TryLater) as caught:
        CALLS[operation](person.pool.config, token)
    assert caught.value.applied is (Applied.UNKNOWN if operation in WRITES else Applied.NO)


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_a_write_is_not_repeated(person: Person, operation: str) -> None:
    """A refusal of the second call would look as if the first had done nothing."""
    token = person.access_token()
    server = person.pool.server
    server.faults.add(Fault(operation, answer="error", times=None))
    server.calls.clear()
    with pytest.raises(TryLater):
        CALLS[operation](person.pool.config, token)
    assert len(server.calls.of(operation)) == 1


def test_a_read_may_be_repeated_and_survives_one_failure(person: Person) -> None:
    token = person.access_token()
    person.pool.server.faults.add(Fault("GetUser", answer="error"))
    assert CALLS["GetUser"](person.pool.config, token)


def test_a_status_of_error_in_a_200_is_a_wrong_code(person: Person) -> None:
    token = person.access_token()
    user_pool.associate_software_token(Account(person.pool.config, PERSON, token))
    with pytest.raises(WrongCode):
        CALLS["VerifySoftwareToken"](person.pool.config, token)


def test_a_dead_token_means_sign_in_again(person: Person) -> None:
    with pytest.raises(SignInAgain):
        CALLS["GetUser"](person.pool.config, "not.a.token")


def test_without_credentials_only_the_operator_can_help(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    elsewhere = UserPool("eu-west-3", pool.config.pool_id, "", "", endpoint_url=pool.server.url)
    with pytest.raises(Misconfigured) as caught:
        admin.get_user_pool_mfa_config(pool=elsewhere)
    assert caught.value.code == "NoCredentials"


def test_one_client_serves_the_whole_process(pool: Pool) -> None:
    assert boto_client(pool.config, "person") is boto_client(pool.config, "person")


def test_a_client_has_two_connections_for_each_thread(pool: Pool) -> None:
    """A view asks two things at once, and a thread that waits for a connection waits unseen."""
    client = boto_client(replace(pool.config, threads=3), "person")
    assert vars(client.meta.config)["max_pool_connections"] == 6


@pytest.mark.parametrize(("kind", "signed"), [("person", False), ("admin", True)])
def test_the_portals_iam_role_never_signs_what_a_persons_token_authorises(
    person: Person, kind: Kind, signed: bool
) -> None:
    """Even where credentials are at hand, as they are here."""
    seen: list[bool] = []
    client = boto_client(person.pool.config, kind)
    client.meta.events.register_last(
        "before-send.cognito-idp.*",
        lambda request, **_: seen.append("Authorization" in request.headers),
        unique_id="seen",
    )
    try:
        CALLS["GetUserPoolMfaConfig" if signed else "GetUser"](
            person.pool.config, person.access_token()
        )
    finally:
        client.meta.events.unregister("before-send.cognito-idp.*", unique_id="seen")
    assert set(seen) == {signed}


def test_no_secret_reaches_a_log_at_any_level(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """botocore and urllib3 would write the body of each request at DEBUG."""
    token = person.access_token()
    CALLS["GetUser"](person.pool.config, token)
    with caplog.at_level(logging.DEBUG):
        for name in list(logging.root.manager.loggerDict):
            if name.split(".")[0] in {"botocore", "boto3", "urllib3"}:
                logging.getLogger(name).setLevel(logging.DEBUG)
        boto3.set_stream_logger("")
        try:
            secret = user_pool.associate_software_token(Account(person.pool.config, PERSON, token))
            with pytest.raises(CognitoError):
                CALLS["VerifySoftwareToken"](person.pool.config, token)
        finally:
            logging.getLogger().handlers[:] = [
                h for h in logging.getLogger().handlers if type(h) is not logging.StreamHandler
            ]
            for name in list(logging.root.manager.loggerDict):
                if name.split(".")[0] in {"botocore", "boto3", "urllib3"}:
                    logging.getLogger(name).setLevel(logging.NOTSET)
    written = caplog.text
    assert token not in written
    assert secret not in written
    assert "123456" not in written


def test_no_secret_stands_in_a_repr_or_an_error(person: Person) -> None:
    token = person.access_token()
    user = user_pool.get_user(Account(person.pool.config, PERSON, token))
    assert "+4915123456789" not in repr(user)
    assert "top-secret" not in repr(UserPool("r", "p", "c", "d", client_secret="top-secret"))
    with pytest.raises(CognitoError) as caught:
        CALLS["GetUser"](person.pool.config, token[:-4])
    assert token[:-4] not in str(caught.value)
