"""Everything a pool stores, as plain dataclasses below `State.pools`.

Times are aware datetimes. Settings keep the shape of the API request that set them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
SMS, TOTP, EMAIL = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"
FACTORS = (SMS, TOTP, EMAIL)


@dataclass
class Client:
    """An app client; `settings` is its CreateUserPoolClient request with defaults."""

    id: str
    pool_id: str
    settings: dict[str, Any]
    secret: str | None
    created: datetime
    modified: datetime


@dataclass
class Group:
    name: str
    description: str | None
    precedence: int | None
    role_arn: str | None
    created: datetime


@dataclass
class SoftwareToken:
    """An authenticator app, pending or verified, with the time steps used up."""

    secret: str
    name: str | None = None
    used_steps: list[int] = field(default_factory=list)


@dataclass
class AttributeCode:
    """A code that was sent to verify a phone number or an email address."""

    code: str
    value: str
    expires: datetime


@dataclass
class Passkey:
    """A passkey; `id` and `public` (AttestedCredentialData) are base64url."""

    id: str
    rp_id: str
    public: str
    name: str
    attachment: str | None
    transports: list[str]
    created: datetime
    counter: int = 0


@dataclass
class Verifier:
    """The salt and verifier that SRP stores for a secret, hexadecimal (RFC 5054)."""

    salt: str
    value: str


@dataclass
class Device:
    """A confirmed device, which can sign in by its own secret once it is remembered."""

    key: str
    group_key: str
    verifier: Verifier
    remembered: bool
    attributes: dict[str, str]
    created: datetime
    modified: datetime
    last_authenticated: datetime


@dataclass
class User:
    username: str
    sub: str
    attributes: dict[str, str]
    status: str
    created: datetime
    modified: datetime
    enabled: bool = True
    password_hash: str | None = None
    password_set: datetime | None = None
    groups: list[str] = field(default_factory=list)
    mfa_on: list[str] = field(default_factory=list)
    mfa_preferred: str | None = None
    passkey_mfa: bool = False
    token: SoftwareToken | None = None
    pending_token: SoftwareToken | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    failures: int = 0
    locked_until: datetime | None = None
    # New values of contact points, which are not verified yet, and the codes sent to them.
    pending: dict[str, str] = field(default_factory=dict)
    attribute_codes: dict[str, AttributeCode] = field(default_factory=dict)
    srp: Verifier | None = None
    devices: dict[str, Device] = field(default_factory=dict)

    # The codes of a sign-up and of a forgotten password.
    confirmation: AttributeCode | None = None
    reset: AttributeCode | None = None
    # The times of the last hour's attempts, by the kind of attempt.
    attempts: dict[str, list[datetime]] = field(default_factory=dict)
    first_sign_in: bool = False

    @property
    def federated(self) -> bool:
        return self.status == "EXTERNAL_PROVIDER"


@dataclass
class Challenge:
    """A challenge of a sign-in; `session` is the opaque string that the client sends back."""

    session: str
    client_id: str
    sub: str
    name: str
    expires: datetime
    code: str | None = None
    choices: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    pending_token: SoftwareToken | None = None
    pending_contact: str | None = None
    setting_up: str | None = None
    verified: bool = False
    used: bool = False
    secret_block: str | None = None
    srp_private: str | None = None
    srp_public: str | None = None
    client_public: str | None = None
    device_key: str | None = None


@dataclass
class Ceremony:
    """An open WebAuthn challenge: `kind` is `create` or `get`, `sub` None allows any user."""

    challenge: str
    kind: str
    client_id: str
    sub: str | None
    rp_id: str
    verification: str
    expires: datetime


@dataclass
class Grant:
    """One sign-in and its tokens, which end together when it is revoked.

    `refresh_tokens` maps each refresh token to the time of its rotation, or None.
    """

    id: str
    origin_jti: str
    client_id: str
    sub: str
    scopes: list[str]
    methods: list[str]
    auth_time: int
    issued: datetime
    nonce: str | None = None
    # The cookie session that it came through, and the origin of its last call.
    browser: str | None = None
    device: str = ""
    address: str = ""
    last_active: datetime | None = None
    revoked: bool = False
    device_key: str | None = None
    device_group_key: str | None = None
    refresh_tokens: dict[str, datetime | None] = field(default_factory=dict)


@dataclass
class AuthCode:
    code: str
    client_id: str
    sub: str
    redirect_uri: str
    scopes: list[str]
    methods: list[str]
    auth_time: int
    expires: datetime
    nonce: str | None
    code_challenge: str | None
    spent: bool = False
    browser: str | None = None


@dataclass
class BrowserSession:
    """The session of a managed-login cookie."""

    id: str
    sub: str
    auth_time: int
    methods: list[str]
    expires: datetime
    device: str = ""
    address: str = ""
    last_active: datetime | None = None


@dataclass
class Visit:
    """A browser between `/oauth2/authorize` and the redirect to the app."""

    id: str
    client_id: str
    query: dict[str, str]
    challenge: str


@dataclass
class Message:
    """A text message or a mail that a real pool would have sent."""

    username: str
    channel: str
    to: str
    subject: str | None
    text: str
    code: str | None
    purpose: str
    sent_at: datetime


@dataclass
class Pool:
    """A user pool; `settings` is its CreateUserPool request, `mfa` its MFA configuration."""

    id: str
    settings: dict[str, Any]
    mfa: dict[str, Any]
    created: datetime
    modified: datetime
    key: str | None = None
    clients: dict[str, Client] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    providers: list[str] = field(default_factory=list)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    ceremonies: dict[str, Ceremony] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, AuthCode] = field(default_factory=dict)
    browsers: dict[str, BrowserSession] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    domain: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)

    @property
    def lite(self) -> bool:
        return bool(self.settings["UserPoolTier"] == "LITE")


@dataclass
class State:
    pools: dict[str, Pool] = field(default_factory=dict)
