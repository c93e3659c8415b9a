"""The four operations of a user's own passkeys; the hosted pages share the registration.

Start stores a challenge; Complete verifies the attestation with python-fido2 and stores the
passkey. Sources:
`API/StartWebAuthnRegistration` and its neighbours, `API/SetUserPoolMfaConfig`, `DG/quotas`,
https://www.w3.org/TR/webauthn-3/. Errors: those of `FactorRule` under "Passkeys".
"""

from typing import Any

from fido2.attestation.base import InvalidAttestation
from fido2.rpid import verify_rp_id
from fido2.utils import websafe_encode
from fido2.webauthn import (
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from localpool.api.members import page
from localpool.api.registry import operation
from localpool.rules import FactorRule, Refusal
from localpool.sign_in.tokens import caller_of
from localpool.sign_in.webauthn import (
    ALGORITHMS,
    CHALLENGE_LIFETIME,
    descriptor,
    find_passkey,
    options_json,
    read_registration,
    registration_rp_id,
    relying_party_id,
    relying_party_server,
    spend_challenge,
    store_challenge,
    user_verification,
)
from localpool.state.records import Ceremony, Json, Passkey, Pool, User
from localpool.state.world import World

MAX_PASSKEYS = 20
_PROVIDER_NAMES = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
}


@operation("StartWebAuthnRegistration")
def start_web_authn_registration(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    return {
        "CredentialCreationOptions": begin_registration(
            world, caller.pool, caller.grant.client_id, caller.user
        )
    }


def begin_registration(world: World, pool: Pool, client_id: str, user: User) -> Json:
    """PublicKeyCredentialCreationOptionsJSON; its challenge is stored in the pool.

    Errors: WebAuthnNotEnabled, WebAuthnConfigurationMissing, LimitExceeded.
    """
    rp_id = registration_rp_id(world, pool)
    if len(user.passkeys) >= MAX_PASSKEYS:
        raise Refusal(FactorRule.TOO_MANY_PASSKEYS)
    wanted = user_verification(pool)
    options, _ = relying_party_server(rp_id).register_begin(
        PublicKeyCredentialUserEntity(
            id=user.sub.encode(), name=user.username, display_name=user.username
        ),
        [descriptor(passkey) for passkey in user.passkeys],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement(wanted),
    )
    shown = options_json(options)
    store_challenge(world, pool, Ceremony(
        shown["challenge"], "create", client_id, user.sub, rp_id, wanted,
        world.now() + CHALLENGE_LIFETIME,
    ))  # fmt: skip
    return shown | {"attestation": "none", "timeout": 60000}


@operation("CompleteWebAuthnRegistration")
def complete_web_authn_registration(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    registration_rp_id(world, caller.pool)
    complete_registration(
        world, caller.pool, caller.grant.client_id, caller.user, request["Credential"]
    )
    return {}


def complete_registration(
    world: World, pool: Pool, client_id: str, user: User, credential: Any
) -> Passkey:
    """Verify the credential and add it to the user; returns the new passkey.

    Errors: InvalidParameter, WebAuthnChallengeNotFound, WebAuthnClientMismatch,
    WebAuthnRelyingPartyMismatch, WebAuthnOriginNotAllowed, WebAuthnCredentialNotSupported,
    LimitExceeded.
    """
    given = read_registration(credential)
    client_data, attested = given.response.client_data, given.response.attestation_object
    stored = spend_challenge(world, pool, client_data, "create", user.sub)
    if stored is None:
        raise Refusal(FactorRule.PASSKEY_CHALLENGE_GONE)
    if stored.client_id != client_id:
        raise Refusal(FactorRule.PASSKEY_OTHER_CLIENT)
    rp_id = relying_party_id(world, pool) or ""
    verifier = relying_party_server(rp_id)
    if stored.rp_id != rp_id or attested.auth_data.rp_id_hash != verifier.rp.id_hash:
        raise Refusal(FactorRule.PASSKEY_OTHER_RELYING_PARTY)
    if not verify_rp_id(rp_id, client_data.origin):
        raise Refusal(FactorRule.PASSKEY_ORIGIN)
    data = attested.auth_data.credential_data
    state = {"challenge": stored.challenge, "user_verification": stored.verification}
    try:
        verifier.register_complete(state, given)
    except (ValueError, InvalidAttestation):
        raise Refusal(FactorRule.PASSKEY_NOT_SUPPORTED) from None
    if data is None or data.public_key.get(3) not in ALGORITHMS or find_passkey(pool, given.raw_id):
        raise Refusal(FactorRule.PASSKEY_NOT_SUPPORTED)
    if len(user.passkeys) >= MAX_PASSKEYS:
        raise Refusal(FactorRule.TOO_MANY_PASSKEYS)
    passkey = Passkey(
        id=websafe_encode(given.raw_id), rp_id=rp_id, public=websafe_encode(data),
        name=_PROVIDER_NAMES.get(str(data.aaguid), f"Passkey {len(user.passkeys) + 1}"),
        attachment=_member(credential, "authenticatorAttachment"),
        transports=_member(credential["response"], "transports") or [],
        created=world.now(), counter=attested.auth_data.counter,
    )  # fmt: skip
    user.passkeys.append(passkey)
    user.modified = world.now()
    return passkey


@operation("ListWebAuthnCredentials")
def list_web_authn_credentials(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    found, following = page(
        caller.user.passkeys, request.get("MaxResults") or MAX_PASSKEYS, request.get("NextToken")
    )
    return following | {"Credentials": [_shown(passkey) for passkey in found]}


def _shown(passkey: Passkey) -> Json:
    attachment = {"AuthenticatorAttachment": passkey.attachment} if passkey.attachment else {}
    return attachment | {
        "CredentialId": passkey.id,
        "FriendlyCredentialName": passkey.name,
        "RelyingPartyId": passkey.rp_id,
        "AuthenticatorTransports": passkey.transports,
        "CreatedAt": passkey.created,
    }


@operation("DeleteWebAuthnCredential")
def delete_web_authn_credential(world: World, request: Json) -> Json:
    caller = caller_of(world, request["AccessToken"])
    left = [passkey for passkey in caller.user.passkeys if passkey.id != request["CredentialId"]]
    if len(left) == len(caller.user.passkeys):
        raise Refusal(FactorRule.PASSKEY_MISSING)
    caller.user.passkeys = left
    caller.user.modified = world.now()
    return {}


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, dict) else None
