"""The sessions of a person over the wire."""

import pytest
from botocore.exceptions import ClientError

from tests.localpool.stage import Browser, Stage


def track(stage: Stage) -> None:
    stage.aws.set_user_pool_session_configuration(
        UserPoolId=stage.pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 20}
    )


def test_another_sign_in_is_ended_and_the_own_one_stays(stage: Stage, browser: Browser) -> None:
    mine = stage.somebody()
    track(stage)
    other = stage.access()
    browser.go().sign_in()
    sessions = stage.aws.list_user_sessions(AccessToken=mine)["Sessions"]
    assert sorted(each["SessionType"] for each in sessions) == ["SSO", "TOKEN", "TOKEN"]
    assert [each["IsCurrentSession"] for each in sessions].count(True) == 1
    for each in sessions:
        if not each["IsCurrentSession"]:
            stage.aws.revoke_user_session(AccessToken=mine, SessionId=each["SessionId"])
    left = stage.aws.list_user_sessions(AccessToken=mine)["Sessions"]
    assert [each["IsCurrentSession"] for each in left] == [True]
    with pytest.raises(ClientError, match="revoked"):
        stage.aws.get_user(AccessToken=other)
    assert browser.go().name == "login"


def test_sessions_of_others_are_neither_seen_nor_ended(stage: Stage) -> None:
    mine = stage.somebody()
    track(stage)
    stage.person("ben")
    bens = stage.access("ben")
    foreign = stage.aws.list_user_sessions(AccessToken=bens)["Sessions"][0]["SessionId"]
    assert len(stage.aws.list_user_sessions(AccessToken=mine)["Sessions"]) == 1
    with pytest.raises(ClientError, match="Session does not exist"):
        stage.aws.revoke_user_session(AccessToken=mine, SessionId=foreign)
    assert stage.aws.get_user(AccessToken=bens)["Username"] == "ben"


def test_where_nothing_is_tracked_a_pool_may_also_list_nothing(stage: Stage) -> None:
    mine = stage.somebody()
    stage.server.switches.set(stage.pool, untracked_sessions="accept", unknown_session="accept")
    assert stage.aws.list_user_sessions(AccessToken=mine)["Sessions"] == []
    stage.aws.revoke_user_session(AccessToken=mine, SessionId="tkn0000000000000000000000000")


def test_a_session_tells_what_the_pool_saw_of_it(stage: Stage, browser: Browser) -> None:
    mine = stage.somebody()
    track(stage)
    browser.go().sign_in()
    for each in stage.aws.list_user_sessions(AccessToken=mine)["Sessions"]:
        assert each["DeviceType"] != ""
        assert each["LastIPAddress"] == "127.0.0.1"
        assert each["LastLocation"] == {"Country": "unknown"}
        assert each["LastActiveDate"] >= each["CreateDate"].replace(microsecond=0)


def test_linked_sessions_end_with_a_token_session_or_with_its_cookie(
    stage: Stage, browser: Browser
) -> None:
    mine = stage.somebody()
    track(stage)
    for kind in ("TOKEN", "SSO"):
        theirs = stage.exchange(browser.go().sign_in().back["code"]).json()["access_token"]
        listed = stage.aws.list_user_sessions(AccessToken=mine)["Sessions"]
        token = next(each for each in listed if "OriginSessionId" in each)
        named = token["SessionId"] if kind == "TOKEN" else token["OriginSessionId"]
        stage.aws.revoke_user_session(
            AccessToken=mine, SessionId=named, RevokeAssociatedSessions="LINKED"
        )
        with pytest.raises(ClientError, match="revoked"):
            stage.aws.get_user(AccessToken=theirs)
        assert browser.go().name == "login"
