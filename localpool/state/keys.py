"""The signing key of a pool, and its JWKS document."""

import base64
import hashlib
from functools import cache
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from localpool.state.records import Pool


def jwks(pool: Pool) -> dict[str, Any]:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key_of(pool).public_key(), as_dict=True)
    public = {name: public[name] for name in ("kty", "n", "e")}
    return {"keys": [public | {"alg": "RS256", "use": "sig", "kid": _key_id(pool)}]}


def sign(pool: Pool, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, key_of(pool), "RS256", headers={"kid": _key_id(pool)})


def key_of(pool: Pool) -> RSAPrivateKey:
    """The pool's signing key, which the first call generates."""
    if pool.key is None:
        pool.key = (
            generate_private_key(65537, 2048)
            .private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            .decode()
        )
    return _load(pool.key)


@cache
def _load(pem: str) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    return cast(RSAPrivateKey, key)


def _key_id(pool: Pool) -> str:
    return base64.b64encode(hashlib.sha256((pool.key or "").encode()).digest()).decode()


def half_hash(token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
