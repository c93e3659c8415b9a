"""The pool's side of Cognito's SRP-6a: RFC 5054's 3072-bit group, SHA-256, an own HKDF.

Numbers go over the wire and into hashes as hexadecimal whole bytes, with a zero byte before a
high first bit. An identity is the pool's name after the underscore and the username, or the
device's group key and key. Sources: AuthenticationHelper.js of amazon-cognito-identity-js and
aws_srp.py of pycognito, which are what real pools answer; RFC 5054, RFC 5869.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from localpool.state.records import Verifier

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A0879"
    "8E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B"
    "0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA4836"
    "1C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804"
    "F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6"
    "955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64"
    "ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D226"
    "1AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
_INFO = b"Caldera Derived Key\x01"


@dataclass(frozen=True)
class Keys:
    """The pool's one-time pair, hexadecimal: `private` is RFC 5054's b, `public` its B."""

    private: str
    public: str


def padded(number: int) -> str:
    """Hexadecimal of whole bytes whose first bit is 0."""
    digits = f"{number:x}"
    if len(digits) % 2:
        return f"0{digits}"
    return f"00{digits}" if digits[0] in "89abcdef" else digits


def _hash(*numbers: str) -> int:
    return int(hashlib.sha256(bytes.fromhex("".join(numbers))).hexdigest(), 16)


_K = _hash(padded(N), padded(G))


def verifier(identity: str, password: str) -> Verifier:
    """The salt and verifier of a password, for storage."""
    salt = padded(secrets.randbits(128))
    inner = hashlib.sha256(f"{identity}:{password}".encode()).hexdigest()
    return Verifier(salt, padded(pow(G, _hash(salt, inner), N)))


def from_device(salt: str, value: str) -> Verifier:
    """The Verifier of a DeviceSecretVerifierConfig, given in base64. Errors: ValueError."""
    salt_number = int.from_bytes(base64.b64decode(salt, validate=True))
    number = int.from_bytes(base64.b64decode(value, validate=True))
    if not 0 < number < N:
        raise ValueError("no verifier of this group")
    return Verifier(padded(salt_number), padded(number))


def is_public(client_public: str) -> bool:
    """False if the client's A is zero, which would let anybody in (RFC 5054, 2.5.4)."""
    try:
        return int(client_public, 16) % N != 0
    except ValueError:
        return False


def new_keys(kept: Verifier) -> Keys:
    private = secrets.randbits(256)
    public = (_K * int(kept.value, 16) + pow(G, private, N)) % N
    return Keys(f"{private:x}", f"{public:x}")


def signature(
    kept: Verifier, keys: Keys, client_public: str, *, identity: str, block: bytes, timestamp: str
) -> str:
    """The right PASSWORD_CLAIM_SIGNATURE, base64."""
    a, b = int(client_public, 16), int(keys.public, 16)
    u = _hash(padded(a), padded(b))
    shared = pow(a * pow(int(kept.value, 16), u, N), int(keys.private, 16), N)
    secret = hmac.digest(bytes.fromhex(padded(u)), bytes.fromhex(padded(shared)), "sha256")
    key = hmac.digest(secret, _INFO, "sha256")[:16]
    claim = identity.encode() + block + timestamp.encode()
    return base64.b64encode(hmac.digest(key, claim, "sha256")).decode()
