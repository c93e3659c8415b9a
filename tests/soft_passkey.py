"""An authenticator without a screen: makes passkeys and signs with them, as a browser would send.

Each wrong answer that a server has to refuse is one argument. Source:
https://www.w3.org/TR/webauthn-3/ (RegistrationResponseJSON, AuthenticationResponseJSON).
"""

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from fido2 import cbor
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class SoftPasskey:
    origin: str = "http://localhost:8000"
    attachment: str = "platform"
    transports: tuple[str, ...] = ("internal",)
    verified: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    raw_id: bytes = field(default_factory=lambda: os.urandom(32))
    user_handle: str = ""
    counter: int = 0

    def __getstate__(self) -> dict[str, Any]:
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return vars(self) | {"key": pem}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state | {"key": load_pem_private_key(state["key"], None)})

    @property
    def id(self) -> str:
        return websafe_encode(self.raw_id)

    def create(self, options: Any, *, rp_id: str = "", attestation: Any = None) -> dict[str, Any]:
        """RegistrationResponseJSON for PublicKeyCredentialCreationOptionsJSON."""
        self.user_handle = options["user"]["id"]
        public = cbor.encode(self._public())
        credential = bytes(16) + struct.pack(">H", len(self.raw_id)) + self.raw_id + public
        data = self._data(rp_id or options["rp"]["id"], ATTESTED) + credential
        fmt, statement = attestation or ("none", {})
        attested: Any = {"fmt": fmt, "attStmt": statement, "authData": data}
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", options)),
                "attestationObject": websafe_encode(cbor.encode(attested)),
                "transports": list(self.transports),
            }
        )

    def get(self, options: Any, *, broken: bool = False) -> dict[str, Any]:
        """AuthenticationResponseJSON for PublicKeyCredentialRequestOptionsJSON."""
        self.counter += 1
        data, client = self._data(options["rpId"], 0), self._client("webauthn.get", options)
        signed = data + hashlib.sha256(client).digest() + (b"x" if broken else b"")
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user_handle,
            }
        )

    def _public(self) -> dict[int, Any]:
        """The COSE key: elliptic curve, ES256, P-256 (RFC 9053)."""
        numbers = self.key.public_key().public_numbers()
        point = [number.to_bytes(32) for number in (numbers.x, numbers.y)]
        return {1: 2, 3: -7, -1: 1, -2: point[0], -3: point[1]}

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, options: Any) -> bytes:
        asked = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(asked | {"crossOrigin": False}).encode()

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self.id,
            "rawId": self.id,
            "type": "public-key",
            "authenticatorAttachment": self.attachment,
            "clientExtensionResults": {},
            "response": response,
        }
