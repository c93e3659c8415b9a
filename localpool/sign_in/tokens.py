"""Access, ID and refresh tokens: issue, check, rotate and revoke them.

A `Grant` is one sign-in. Access and ID tokens name it in `event_id`, refresh tokens begin with its
id. Revoking the grant ends them all. The tokens are RS256 JWTs. Claims: `DG/token-revocation`,
`DG/token-endpoint`, `DG/cognito-user-pools-step-up-authentication`; the full lists are INFER.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt

from localpool.rules import Refusal, SignInRule, Switch, UserRule
from localpool.sign_in import last_seen
from localpool.sign_in.levels import acr_claim, amr_claim
from localpool.state.keys import half_hash, key_of, sign
from localpool.state.records import Client, Grant, Pool, User
from localpool.state.world import SignIn, World, opaque

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_SCOPE_CLAIMS = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}


@dataclass(frozen=True)
class Caller:
    """The user, pool and grant of an access token."""

    pool: Pool
    user: User
    grant: Grant


def lifetime(client: Client, kind: str) -> int:
    """Seconds; kind is AccessToken, IdToken or RefreshToken (DOC `API/CreateUserPoolClient`)."""
    refresh = kind == "RefreshToken"
    default_unit = "days" if refresh else "hours"
    unit = client.settings.get("TokenValidityUnits", {}).get(kind, default_unit)
    amount = client.settings.get(f"{kind}Validity") or 0
    return (amount or (30 if refresh else 1)) * _UNITS[unit if amount else default_unit]


def new_grant(
    sign_in: SignIn, *, scopes: list[str], methods: list[str], auth_time: int | None = None,
    nonce: str | None = None, browser: str | None = None,
) -> Grant:  # fmt: skip
    seconds = sign_in.world.clock.seconds()
    grant = Grant(
        id=str(uuid4()), origin_jti=str(uuid4()), client_id=sign_in.client.id,
        sub=sign_in.user.sub, scopes=scopes, methods=methods, nonce=nonce, browser=browser,
        auth_time=seconds if auth_time is None else auth_time, issued=sign_in.world.now(),
    )  # fmt: skip
    last_seen.record(grant, sign_in.world.now())
    sign_in.pool.grants[grant.id] = grant
    return grant


def new_refresh_token(grant: Grant) -> str:
    token = f"{grant.id}.{opaque()}"
    grant.refresh_tokens[token] = None
    return token


def token_set(sign_in: SignIn, grant: Grant) -> dict[str, Any]:
    """An AuthenticationResult without a refresh token."""
    access = sign(sign_in.pool, _access_claims(sign_in, grant))
    tokens = {
        "AccessToken": access,
        "ExpiresIn": lifetime(sign_in.client, "AccessToken"),
        "TokenType": "Bearer",
    }
    if "openid" in grant.scopes or grant.scopes == [ADMIN_SCOPE]:
        claims = _id_claims(sign_in, grant)
        tokens["IdToken"] = sign(sign_in.pool, claims | {"at_hash": half_hash(access)})
    return tokens


def _common_claims(sign_in: SignIn, grant: Grant) -> dict[str, Any]:
    now = sign_in.world.clock.seconds()
    claims: dict[str, Any] = {
        "sub": sign_in.user.sub,
        "iss": sign_in.world.issuer(sign_in.pool),
        "event_id": grant.id,
        "auth_time": grant.auth_time,
        "iat": now,
    }
    if sign_in.client.settings.get("EnableTokenRevocation", True):
        claims |= {"origin_jti": grant.origin_jti, "jti": str(uuid4())}
    if grant.device_key:
        claims["device_key"] = grant.device_key
    if sign_in.user.groups:
        claims["cognito:groups"] = sign_in.user.groups
    if not sign_in.pool.lite or sign_in.switch(Switch.lite_claims) == "yes":
        claims |= {"amr": amr_claim(grant.methods), "acr": acr_claim(sign_in.pool, grant.methods)}
    return claims


def _access_claims(sign_in: SignIn, grant: Grant) -> dict[str, Any]:
    claims = _common_claims(sign_in, grant)
    return claims | {
        "token_use": "access",
        "client_id": sign_in.client.id,
        "scope": " ".join(grant.scopes),
        "exp": claims["iat"] + lifetime(sign_in.client, "AccessToken"),
        "username": sign_in.user.username,
        "version": 2,
    }


def _id_claims(sign_in: SignIn, grant: Grant) -> dict[str, Any]:
    claims = _common_claims(sign_in, grant)
    claims |= {
        "token_use": "id",
        "aud": sign_in.client.id,
        "exp": claims["iat"] + lifetime(sign_in.client, "IdToken"),
        "cognito:username": sign_in.user.username,
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    for name, value in visible_attributes(sign_in.client, sign_in.user, grant.scopes).items():
        if name == "identities":
            claims[name] = json.loads(value)
        else:
            claims[name] = value == "true" if name.endswith("_verified") else value
    return claims


def visible_attributes(client: Client, user: User, scopes: list[str]) -> dict[str, str]:
    """The attributes that the client may read and the scopes ask for; `openid` asks for all."""
    readable = client.settings.get("ReadAttributes")
    mine = {
        name: value
        for name, value in user.attributes.items()
        if not readable or name in {*readable, "sub", "identities"}
    }
    if "profile" in scopes or not {"email", "phone"} & set(scopes):
        return mine
    asked = {claim for scope in scopes for claim in _SCOPE_CLAIMS.get(scope, ())}
    return {name: value for name, value in mine.items() if name in {*asked, "sub", "identities"}}


def caller_of(world: World, access_token: str, *, scope: str | None = ADMIN_SCOPE) -> Caller:
    """The caller that the access token belongs to.

    Errors: NotAuthorizedException (invalid, expired, revoked, disabled, scope),
    UserNotFoundException, PasswordResetRequiredException.
    """
    try:
        issuer = jwt.decode(access_token, options={"verify_signature": False})["iss"]
        pool = world.state.pools[issuer.rpartition("/")[2]]
        claims = jwt.decode(
            access_token, key_of(pool).public_key(), ["RS256"],
            options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
        )  # fmt: skip
        grant = pool.grants[claims["event_id"]]
    except (jwt.InvalidTokenError, KeyError, AttributeError):
        raise Refusal(SignInRule.ACCESS_INVALID) from None
    if claims["token_use"] != "access":  # noqa: S105 - the kind of a token
        raise Refusal(SignInRule.ACCESS_INVALID)
    user = pool.users.get(grant.sub)
    world.calls.note(pool_id=pool.id, client_id=grant.client_id, username=claims["username"])
    if claims["exp"] <= world.clock.seconds():
        raise Refusal(SignInRule.ACCESS_EXPIRED)
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    if grant.revoked:
        raise Refusal(SignInRule.ACCESS_REVOKED)
    reset = user.status == "RESET_REQUIRED"
    if reset and world.switch_is(Switch.reset_required_token, "refused", pool):
        raise Refusal(UserRule.RESET_REQUIRED)
    if scope and scope not in claims["scope"].split():
        raise Refusal(SignInRule.SCOPE_MISSING)
    return Caller(pool, user, grant)


def refresh(
    world: World, pool: Pool, client: Client, refresh_token: str, device_key: str | None = None
) -> dict[str, Any]:
    """New access and ID tokens; also a new refresh token where the client rotates them.

    Errors: NotAuthorizedException (invalid, revoked, expired), RefreshTokenReuseException,
    UserNotFoundException.
    """
    grant = pool.grants.get(refresh_token.partition(".")[0])
    if grant is None or refresh_token not in grant.refresh_tokens or grant.client_id != client.id:
        raise Refusal(SignInRule.REFRESH_INVALID)
    if grant.device_key and grant.device_key != device_key:
        raise Refusal(SignInRule.REFRESH_INVALID)
    user = pool.users.get(grant.sub)
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    world.calls.note(username=user.username)
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    if grant.revoked:
        raise Refusal(SignInRule.REFRESH_REVOKED)
    now = world.now()
    if now >= grant.issued + timedelta(seconds=lifetime(client, "RefreshToken")):
        raise Refusal(SignInRule.REFRESH_EXPIRED)
    rotated = grant.refresh_tokens[refresh_token]
    if rotated and now > rotated + timedelta(seconds=_grace(client)):
        raise Refusal(SignInRule.REFRESH_REUSED)
    last_seen.record(grant, world.now())
    tokens = token_set(SignIn(world, pool, client, user), grant)
    if rotates(client):
        grant.refresh_tokens[refresh_token] = rotated or now
        tokens["RefreshToken"] = new_refresh_token(grant)
    return tokens


def rotates(client: Client) -> bool:
    rotation: dict[str, Any] = client.settings.get("RefreshTokenRotation", {})
    return rotation.get("Feature") == "ENABLED"


def _grace(client: Client) -> int:
    seconds: int = client.settings["RefreshTokenRotation"].get("RetryGracePeriodSeconds", 0)
    return seconds


def revoke(pool: Pool, client: Client, token: str) -> None:
    """Revoke a refresh token and its access tokens; an unknown token is no error.

    Errors: UnsupportedOperationException, UnsupportedTokenTypeException.
    """
    if not client.settings.get("EnableTokenRevocation", True):
        raise Refusal(SignInRule.REVOCATION_OFF)
    grant = pool.grants.get(token.partition(".")[0])
    header_payload_signature = 3
    if len(token.split(".")) == header_payload_signature:
        raise Refusal(SignInRule.NOT_A_REFRESH_TOKEN)
    if grant and token in grant.refresh_tokens and grant.client_id == client.id:
        grant.revoked = True


def sign_out_everywhere(pool: Pool, user: User) -> None:
    """Revoke every token of the user; managed login's cookie stays (DOC `API/GlobalSignOut`)."""
    for grant in pool.grants.values():
        if grant.sub == user.sub:
            grant.revoked = True
