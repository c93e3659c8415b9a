"""The pool's groups of a person: kept with the session, and read again from each access token."""

from typing import Any

import pytest

from signin.models import TokenSet
from tests.people import Browser, Person
from tests.signin.conftest import age_token, come_back, sign_in
from tests.signin.lying_pool import LyingPool

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]


def member(person: Person, group: str) -> dict[str, str]:
    """The group exists; which one and who, as the calls about members take it."""
    where = {"UserPoolId": person.pool.config.pool_id, "GroupName": group}
    person.pool.admin.create_group(**where)
    return where | {"Username": person.username}


def groups(client: Browser) -> list[str]:
    """As a view sees them."""
    found: list[str] = client.get("/probe/").json()["groups"]
    return found


def test_a_session_knows_the_groups_of_its_person(client: Browser, person: Person) -> None:
    for name in ("helpdesk", "admins"):
        person.pool.admin.admin_add_user_to_group(**member(person, name))
    sign_in(client, person)
    assert groups(client) == ["helpdesk", "admins"]


def test_each_renewed_token_says_anew_who_is_in_a_group(client: Browser, person: Person) -> None:
    who = member(person, "helpdesk")
    sign_in(client, person)
    assert groups(client) == []
    person.pool.admin.admin_add_user_to_group(**who)
    assert groups(client) == []  # The token of the sign-in still has time left.
    age_token(seconds_left=-1)
    assert groups(client) == ["helpdesk"]
    person.pool.admin.admin_remove_user_from_group(**who)
    age_token(seconds_left=-1)
    assert groups(client) == []
    assert TokenSet.objects.get().groups == []


@pytest.mark.parametrize("said", ["helpdesk", {"helpdesk": 1}, 7, [["helpdesk"], None]])
def test_what_is_no_list_of_names_names_no_group(
    client: Browser, lying_pool: LyingPool, said: Any
) -> None:
    come_back(client, lying_pool, access_claims={"cognito:groups": said})
    assert TokenSet.objects.get().groups == []


def test_the_groups_are_those_of_the_access_token(client: Browser, lying_pool: LyingPool) -> None:
    come_back(
        client,
        lying_pool,
        access_claims={"cognito:groups": ["helpdesk"]},
        id_claims={"cognito:groups": ["admins"]},
    )
    assert TokenSet.objects.get().groups == ["helpdesk"]
