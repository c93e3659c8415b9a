"""What is sealed opens with the right key, for the right purpose, and not otherwise."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from signin import sealing
from signin.sealing import Unsealable

KEYS = [Fernet.generate_key().decode() for _ in range(3)]
text = st.text(st.characters(exclude_categories=["Cs"]))
purposes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(text, purposes)
def test_what_is_sealed_opens_again(content: str, purpose: str) -> None:
    assert sealing.unseal(sealing.seal(content, purpose=purpose), purpose=purpose) == content


@given(text, purposes, purposes)
def test_what_is_sealed_opens_for_no_other_purpose(content: str, purpose: str, other: str) -> None:
    sealed = sealing.seal(content, purpose=purpose)
    if purpose != other:
        with pytest.raises(Unsealable):
            sealing.unseal(sealed, purpose=other)


def test_a_purpose_can_not_be_stretched_into_the_content() -> None:
    with pytest.raises(ValueError, match="NUL"):
        sealing.seal("a", purpose="tokens:1\x00")


@pytest.mark.parametrize("sealed", ["", "gAAAAA", "ä", "x" * 200])
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(Unsealable):
        sealing.unseal(sealed, purpose="a")


def test_an_older_key_opens_and_resealing_retires_it(settings: Any) -> None:
    settings.TOKEN_KEYS = (KEYS[0],)
    sealed = sealing.seal("secret", purpose="a")
    settings.TOKEN_KEYS = (KEYS[1], KEYS[0])
    assert sealing.unseal(sealed, purpose="a") == "secret"
    resealed = sealing.reseal(sealed, purpose="a")
    settings.TOKEN_KEYS = (KEYS[1],)
    assert sealing.unseal(resealed, purpose="a") == "secret"
    with pytest.raises(Unsealable):
        sealing.unseal(sealed, purpose="a")


@pytest.mark.parametrize(
    "keys", [(), ("",), ("short",), (KEYS[0], "ä" * 44), (KEYS[0], KEYS[1][:-4])]
)
def test_what_is_no_key_stops_the_start_in_plain_words(
    settings: Any, keys: tuple[str, ...]
) -> None:
    settings.TOKEN_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match="PORTAL_TOKEN_KEYS") as refused:
        sealing.check_keys()
    assert not any(key and key in str(refused.value) for key in keys)


def test_the_error_of_opening_holds_nothing_of_the_content() -> None:
    sealed = sealing.seal("planted", purpose="a")
    with pytest.raises(Unsealable) as refused:
        sealing.unseal(sealed, purpose="b")
    assert refused.value.args == ()
