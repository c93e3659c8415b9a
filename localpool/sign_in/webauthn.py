"""What passkey registration and passkey sign-in share: settings, challenges, verifier.

A challenge is valid once and for five minutes. The relying-party id is the pool's, by default the
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

from localpool.rules import FactorRule, Refusal, Switch
from localpool.state.records import Ceremony, Json, Passkey, Pool, User
from localpool.state.world import World

CHALLENGE_LIFETIME = timedelta(minutes=5)
MULTI_FACTOR = "MULTI_FACTOR_WITH_USER_VERIFICATION"
ALGORITHMS = (-7, -257)  # ES256 and RS256, as in the example of API/StartWebAuthnRegistration


def passkey_sign_in_allowed(pool: Pool) -> bool:
    """True if the sign-in policy has WEB_AUTHN; Lite pools have no such policy."""
    policy = pool.settings.get("Policies", {}).get("SignInPolicy", {})
    allowed = "WEB_AUTHN" in policy.get("AllowedFirstAuthFactors", [])
    return allowed and not pool.lite


def relying_party_id(world: World, pool: Pool) -> str | None:
    """The configured id, or the host of the pool's domain, or None without both."""
    configured: str | None = pool.mfa.get("WebAuthnConfiguration", {}).get("RelyingPartyId")
    if configured or world.switch_is(Switch.relying_party_by_domain, "no", pool):
        return configured
    return urlsplit(world.base_url).hostname


def is_mfa(pool: Pool) -> bool:
    """True if a passkey can satisfy MFA in this pool."""
    configured = pool.mfa.get("WebAuthnConfiguration", {}).get("FactorConfiguration")
    return bool(configured == MULTI_FACTOR)


def user_verification(pool: Pool) -> str:
    """`required` or `preferred`."""
    wanted: str = pool.mfa.get("WebAuthnConfiguration", {}).get("UserVerification", "preferred")
    return wanted


def registration_rp_id(world: World, pool: Pool) -> str:
    """The relying-party id for a new passkey.

    Errors: WebAuthnNotEnabledException, WebAuthnConfigurationMissingException.
    """
    if not passkey_sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEYS_NOT_ENABLED)
    rp_id = relying_party_id(world, pool)
    if rp_id is None:
        raise Refusal(FactorRule.PASSKEYS_NOT_CONFIGURED)
    return rp_id


def check_passkey_settings(pool: Pool, configuration: Json) -> None:
    """Errors: FeatureUnavailableInTierException, InvalidParameterException."""
    if configuration.get("FactorConfiguration") == MULTI_FACTOR and pool.lite:
        raise Refusal(FactorRule.PASSKEY_MFA_NEEDS_TIER)
    rp_id = configuration.get("RelyingPartyId", "localhost")
    if not verify_rp_id(rp_id, f"https://below.{rp_id}"):
        raise Refusal(FactorRule.PASSKEY_PUBLIC_SUFFIX, id=rp_id)


def relying_party_server(rp_id: str) -> Fido2Server:
    """A verifier that asks for no attestation, but checks one that is there."""
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


def options_json(options: Any) -> Json:
    """The options of python-fido2 as JSON, with `challenge` and ids in base64url."""
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


def store_challenge(world: World, pool: Pool, ceremony: Ceremony) -> None:
    now = world.now()
    pool.ceremonies = {k: old for k, old in pool.ceremonies.items() if old.expires > now}
    pool.ceremonies[ceremony.challenge] = ceremony


def spend_challenge(
    world: World, pool: Pool, client_data: CollectedClientData, kind: str, sub: str | None
) -> Ceremony | None:
    """Remove and return the stored challenge, or None if it is unknown, expired or another's."""
    stored = pool.ceremonies.get(websafe_encode(client_data.challenge))
    if stored is None or stored.kind != kind or stored.sub != sub:
        return None
    del pool.ceremonies[stored.challenge]
    return stored if stored.expires > world.now() else None


def find_passkey(pool: Pool, raw_id: bytes) -> tuple[User, Passkey] | None:
    for user in pool.users.values():
        for passkey in user.passkeys:
            if passkey.id == websafe_encode(raw_id):
                return user, passkey
    return None
