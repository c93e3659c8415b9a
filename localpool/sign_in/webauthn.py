"""What the two ceremonies of WebAuthn share: the pool's settings, the challenge, the verifier.

A challenge is good once and for five minutes. The relying-party id is the pool's, by default the
host of its domain (DOC `API/SetUserPoolMfaConfig`); an origin is allowed if it is https, or http
on localhost, and its host is that id or below it (https://www.w3.org/TR/webauthn-3/).
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from fido2.attestation.base import Attestation
from fido2.rpid import verify_rp_id
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestationObject,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    RegistrationResponse,
)

from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.state.records import Ceremony, Json, Passkey, Pool, User
from localpool.state.world import World

LASTS = timedelta(minutes=5)
ALGORITHMS = (-7, -257)  # ES256 and RS256, as in the example of API/StartWebAuthnRegistration


def sign_in_allowed(pool: Pool) -> bool:
    """WEB_AUTHN among the first factors of the sign-in policy, which Lite does not have."""
    policy = pool.settings.get("Policies", {}).get("SignInPolicy", {})
    allowed = "WEB_AUTHN" in policy.get("AllowedFirstAuthFactors", [])
    return allowed and pool.settings["UserPoolTier"] != "LITE"


def relying_party(world: World, pool: Pool) -> str | None:
    """The configured id, else the host of the domain; None where the switch plays no domain."""
    configured: str | None = pool.mfa.get("WebAuthnConfiguration", {}).get("RelyingPartyId")
    if configured or world.plays(Switch.relying_party_by_domain, "no", pool):
        return configured
    return urlsplit(world.base_url).hostname


def verification(pool: Pool) -> str:
    """`required` or `preferred`."""
    wanted: str = pool.mfa.get("WebAuthnConfiguration", {}).get("UserVerification", "preferred")
    return wanted


def may_register(world: World, pool: Pool) -> str:
    """The relying-party id. Errors: WebAuthnNotEnabled, WebAuthnConfigurationMissing."""
    if not sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEYS_NOT_ENABLED)
    rp_id = relying_party(world, pool)
    if rp_id is None:
        raise Refusal(FactorRule.PASSKEYS_NOT_CONFIGURED)
    return rp_id


def check_passkeys(pool: Pool, asked: Json) -> None:
    """Errors: FeatureUnavailableInTierException, InvalidParameterException."""
    multi = asked.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    if multi and pool.settings["UserPoolTier"] == "LITE":
        raise Refusal(FactorRule.PASSKEY_MFA_NEEDS_TIER)
    rp_id = asked.get("RelyingPartyId", "localhost")
    if not verify_rp_id(rp_id, f"https://below.{rp_id}"):
        raise Refusal(FactorRule.PASSKEY_PUBLIC_SUFFIX, id=rp_id)


def server(rp_id: str) -> Fido2Server:
    """What is said about the authenticator is not asked for, but has to be right if it is there."""
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=rp_id, name=rp_id),
        attestation=AttestationConveyancePreference.DIRECT,
        verify_attestation=_verify_attestation,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in ALGORITHMS
    ]
    return server


def _verify_attestation(attested: AttestationObject, client_data_hash: bytes) -> None:
    kind = Attestation.for_type(attested.fmt)
    kind().verify(attested.att_stmt, attested.auth_data, client_data_hash)


def descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(passkey.id)
    )


def as_json(options: Any) -> Json:
    """Plain JSON of what python-fido2 made: `challenge` and ids in base64url."""
    shown: Json = json.loads(json.dumps(dict(options)["publicKey"], default=dict))
    return shown


def read_registration(credential: Any) -> RegistrationResponse:
    if not isinstance(credential, dict):
        raise Refusal(FactorRule.PASSKEY_UNREADABLE)
    try:
        response: RegistrationResponse = RegistrationResponse.from_dict(credential)
        return response
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Refusal(FactorRule.PASSKEY_UNREADABLE) from None


def read_assertion(credential: Any) -> AuthenticationResponse:
    try:
        document = json.loads(credential) if isinstance(credential, str) else credential
        response: AuthenticationResponse = AuthenticationResponse.from_dict(document)
        return response
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Refusal(FactorRule.PASSKEY_UNREADABLE) from None


def pose(world: World, pool: Pool, ceremony: Ceremony) -> None:
    now = world.now()
    pool.ceremonies = {k: old for k, old in pool.ceremonies.items() if old.expires > now}
    pool.ceremonies[ceremony.challenge] = ceremony


def take(
    world: World, pool: Pool, client_data: CollectedClientData, kind: str, sub: str | None
) -> Ceremony | None:
    """The posed challenge, spent now; None when it was never posed, is spent, old or another's."""
    posed = pool.ceremonies.get(websafe_encode(client_data.challenge))
    if posed is None or posed.kind != kind or posed.sub != sub:
        return None
    del pool.ceremonies[posed.challenge]
    return posed if posed.expires > world.now() else None


def holder(pool: Pool, raw_id: bytes) -> tuple[User, Passkey] | None:
    for user in pool.users.values():
        for passkey in user.passkeys:
            if passkey.id == websafe_encode(raw_id):
                return user, passkey
    return None
