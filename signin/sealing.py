"""Encryption of secrets in the database: tokens, keys of apps, and what people typed.

Fernet (AES-128-CBC with HMAC-SHA256) with the keys of `PORTAL_TOKEN_KEYS`, newest first. The
purpose is sealed together with the text, so a text sealed for one row does not open in another.
https://cryptography.io/en/latest/fernet/
"""

import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_END_OF_PURPOSE = b"\x00"


class Unsealable(Exception):
    """No key opens the text, or it was sealed for another purpose."""


def seal(text: str, *, purpose: str) -> str:
    """The encrypted text. `purpose` names the one place that may open it: `tokens:{user}:{row}`."""
    return _keys().encrypt(_label(purpose) + text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed for this purpose. Raises Unsealable."""
    label = _label(purpose)
    try:
        content = _keys().decrypt(sealed.encode())
    except InvalidToken:
        raise Unsealable from None
    if not hmac.compare_digest(content[: len(label)], label):
        raise Unsealable
    return content[len(label) :].decode()


def reseal(sealed: str, *, purpose: str) -> str:
    """Return the text encrypted anew, with the newest key. Raises Unsealable."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def check_keys() -> None:
    """Raise ImproperlyConfigured unless each of `PORTAL_TOKEN_KEYS` is a Fernet key."""
    _keys()


def _label(purpose: str) -> bytes:
    label = purpose.encode()
    if _END_OF_PURPOSE in label:
        raise ValueError("A purpose holds no NUL.")
    return label + _END_OF_PURPOSE


def _keys() -> MultiFernet:
    return _fernet(tuple(settings.TOKEN_KEYS))


@lru_cache(maxsize=4)
def _fernet(keys: Sequence[str]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("PORTAL_TOKEN_KEYS is empty: tokens could not be encrypted.")
    return MultiFernet([_key(key, place) for place, key in enumerate(keys, start=1)])


def _key(key: str, place: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        # Neither the key nor the library's error, which could hold it.
        raise ImproperlyConfigured(
            f"Key {place} of PORTAL_TOKEN_KEYS is not a key: each is 32 random bytes in URL-safe "
            'base64. Make one with: python -c "from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"'
        ) from None
