"""The rules of signing in, alone."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signin import domain
from signin.domain import Ending

SITE = "https://portal.example.com"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=12)


@given(st.text() | st.from_regex(r"[/\\%.:a-z0-9@]{0,12}"))
def test_whatever_is_wanted_a_browser_stays_on_the_site(wanted: str) -> None:
    path = domain.own_path(wanted)
    # What browsers do to an address before they follow it: https://url.spec.whatwg.org/
    read = path.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    parts = urlsplit(urljoin(f"{SITE}/sign-in/", read))
    assert (parts.scheme, parts.netloc) == ("https", "portal.example.com")
    assert path.startswith("/")


@pytest.mark.parametrize("path", ["/", "/a/?b=c&d=%20e", "/a#b", "/ä/", "/a//b", "/a?u=https://b/"])
def test_a_path_of_the_site_stays_as_it_is(path: str) -> None:
    assert domain.own_path(path) == path


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        " //evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: b",
        "/%0d%0aSet-Cookie:%20b",
        "/%5Cevil.example",
        "/a\x00",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_becomes_the_start_page(wanted: str | None) -> None:
    assert domain.own_path(wanted) == "/"


@pytest.mark.parametrize(
    ("age", "unseen", "ending"),
    [
        (timedelta(0), timedelta(0), None),
        (LONGEST - timedelta(seconds=1), timedelta(0), None),
        (LONGEST, timedelta(0), Ending.TOO_OLD),
        (LONGEST, IDLE, Ending.TOO_OLD),
        (IDLE, IDLE - timedelta(seconds=1), None),
        (IDLE, IDLE, Ending.IDLE),
        # A clock that was set back: seen later than now.
        (timedelta(0), -IDLE, None),
    ],
)
def test_a_session_is_over_when_it_is_idle_or_too_old(
    age: timedelta, unseen: timedelta, ending: Ending | None
) -> None:
    assert (
        domain.end_reason(
            began_at=NOW - age, last_seen_at=NOW - unseen, now=NOW, idle=IDLE, longest=LONGEST
        )
        is ending
    )


def test_a_token_is_renewed_in_its_last_minute() -> None:
    assert not domain.needs_refresh(expires_at=NOW + timedelta(seconds=60), now=NOW)
    assert domain.needs_refresh(expires_at=NOW + timedelta(seconds=59), now=NOW)
    assert domain.needs_refresh(expires_at=NOW - timedelta(seconds=1), now=NOW)


@pytest.mark.parametrize(
    ("amr", "kept"),
    [(None, ()), ("pwd", ()), (["pwd", 7, "otp"], ("pwd", "otp")), ([], ())],
)
def test_methods_that_make_no_sense_count_as_none(amr: object, kept: tuple[str, ...]) -> None:
    """A pool of the Lite plan may send neither `acr` nor `amr`."""
    common = {"sub": "s", "iss": "https://issuer"}
    signed_in = domain.sign_in(
        id_claims={**common, "token_use": "id", "nonce": "n", "auth_time": 1, "amr": amr},
        access_claims={
            **common,
            "token_use": "access",
            "client_id": "c",
            "scope": "aws.cognito.signin.user.admin openid",
        },
        issuer="https://issuer",
        client_id="c",
        nonce="n",
        now=NOW,
    )
    assert (signed_in.acr, signed_in.amr, signed_in.origin_jti) == ("", kept, "")
    assert signed_in.uid == "https://issuer#s"
