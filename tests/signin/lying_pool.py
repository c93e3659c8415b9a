"""A loopback server that says at the token endpoint whatever a test wants it to say."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from cognito.pool import UserPool

KEY: RSAPrivateKey = generate_private_key(65537, 2048)
OTHER_KEY: RSAPrivateKey = generate_private_key(65537, 2048)
CLIENT_ID = "lying-client"
SUBJECT = "6c6a8c5e-0000-4000-8000-000000000001"


def public_key(key: RSAPrivateKey = KEY, kid: str = "key-1") -> dict[str, Any]:
    numbers: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"kty": "RSA", "n": numbers["n"], "e": numbers["e"], "alg": "RS256", "use": "sig"} | {
        "kid": kid
    }


class LyingPool:
    """`answer` is what the token endpoint sends: (status, headers, body)."""

    def __init__(self) -> None:
        pool = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                pool.key_requests += 1
                self._send(*pool.keys_answer)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                sent = parse_qs(self.rfile.read(length).decode())
                form = {name: values[0] for name, values in sent.items()}
                pool.requests.append((self.path, form, dict(self.headers)))
                if self.path == "/oauth2/revoke":
                    self._send(*pool.revoke_answer)
                else:
                    self._send(*pool.answer)

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.key_requests = 0
        self.say_keys({"keys": [public_key()]})
        self.revoke_answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")
        self.say({})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def as_user_pool(self, *, domain: str = "", client_secret: str = "") -> UserPool:
        return UserPool(
            region="eu-central-1",
            pool_id="eu-central-1_lies",
            client_id=CLIENT_ID,
            client_secret=client_secret,
            domain=domain or self.url,
            endpoint_url=self.url,
        )

    def say(
        self, body: object, status: int = 200, content_type: str | None = "application/json"
    ) -> None:
        headers = {"Content-Type": content_type} if content_type else {}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer: tuple[int, dict[str, str], bytes] = (status, headers, raw)

    def say_keys(self, document: object, status: int = 200) -> None:
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.keys_answer: tuple[int, dict[str, str], bytes] = (status, {}, raw)

    def tokens(self, nonce: str, **changes: Any) -> dict[str, Any]:
        """A token answer that is right, but for `id_token={claim: value}` and the like.

        A value of None leaves the claim, or the member of the answer, out.
        """
        access = self.access_claims(**changes.pop("access_claims", {}))
        identity = self.id_claims(**{"nonce": nonce, **changes.pop("id_claims", {})})
        answer = {
            "access_token": self.signed(access, **changes.pop("access_header", {})),
            "id_token": self.signed(identity, **changes.pop("id_header", {})),
            "refresh_token": "refresh-token-1",
            "expires_in": 3600,
            "token_type": "Bearer",
        }
        return _without_none({**answer, **changes})

    def signed(self, claims: dict[str, Any], **how: Any) -> str:
        key, alg = how.pop("key", KEY), how.pop("alg", "RS256")
        return jwt.encode(claims, key, alg, headers={"kid": "key-1", **how})

    def id_claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time())
        claims = {
            "sub": SUBJECT,
            "iss": self.as_user_pool().issuer,
            "aud": CLIENT_ID,
            "token_use": "id",
            "auth_time": now,
            "iat": now,
            "exp": now + 3600,
            "origin_jti": "origin-1",
            "acr": "urn:cognito:loa:4",
            "amr": ["pwd", "otp", "mfa"],
        }
        return _without_none({**claims, **changes})

    def access_claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time())
        claims = {
            "sub": SUBJECT,
            "iss": self.as_user_pool().issuer,
            "client_id": CLIENT_ID,
            "token_use": "access",
            "scope": "openid aws.cognito.signin.user.admin",
            "auth_time": now,
            "iat": now,
            "exp": now + 3600,
            "origin_jti": "origin-1",
        }
        return _without_none({**claims, **changes})


def unsigned(claims: dict[str, Any]) -> str:
    """`alg: none`, by hand."""
    parts = ({"alg": "none", "kid": "key-1"}, claims)
    encoded = [
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts
    ]
    return ".".join([*encoded, ""])


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
