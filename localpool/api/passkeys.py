"""Passkeys: the four operations of a person's own list, and the assertion of a sign-in.

Start poses a challenge that is good once and for five minutes; Complete verifies the attestation
with python-fido2 and writes the credential down. Signing in is `begin_assertion` and
`complete_assertion`, which the hosted pages and the API share. Sources:
`API/StartWebAuthnRegistration` and its neighbours, `API/SetUserPoolMfaConfig`, `DG/quotas`,
https://www.w3.org/TR/webauthn-3/. Errors: those of `rules` under "Passkeys".
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
from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.sign_in.tokens import person
from localpool.sign_in.webauthn import (
    ALGORITHMS,
    LASTS,
    as_json,
    descriptor,
    holder,
    may_register,
    pose,
    read_registration,
    relying_party,
    server,
    take,
    verification,
)
from localpool.state.records import Ceremony, Json, Passkey, Pool, User
from localpool.state.world import World

MOST = 20
_KNOWN = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
}


@operation("StartWebAuthnRegistration")
def start_web_authn_registration(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    return {
        "CredentialCreationOptions": begin_registration(world, me.pool, me.grant.client_id, me.user)
    }


def begin_registration(world: World, pool: Pool, client_id: str, user: User) -> Json:
    """PublicKeyCredentialCreationOptionsJSON, and the challenge written down.

    Errors: WebAuthnNotEnabled, WebAuthnConfigurationMissing, LimitExceeded.
    """
    rp_id = may_register(world, pool)
    if len(user.passkeys) >= MOST:
        raise Refusal(FactorRule.TOO_MANY_PASSKEYS)
    wanted = verification(pool)
    options, _ = server(rp_id).register_begin(
        PublicKeyCredentialUserEntity(
            id=user.sub.encode(), name=user.username, display_name=user.username
        ),
        [descriptor(passkey) for passkey in user.passkeys],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement(wanted),
    )
    shown = as_json(options)
    pose(world, pool, Ceremony(
        shown["challenge"], "create", client_id, user.sub, rp_id, wanted, world.now() + LASTS
    ))  # fmt: skip
    return shown | {"attestation": "none", "timeout": 60000}


@operation("CompleteWebAuthnRegistration")
def complete_web_authn_registration(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    may_register(world, me.pool)
    complete_registration(world, me.pool, me.grant.client_id, me.user, ask["Credential"])
    return {}


def complete_registration(
    world: World, pool: Pool, client_id: str, user: User, credential: Any
) -> Passkey:
    """The new passkey of the person, after everything about it was verified.

    Errors: InvalidParameter, WebAuthnChallengeNotFound, WebAuthnClientMismatch,
    WebAuthnRelyingPartyMismatch, WebAuthnOriginNotAllowed, WebAuthnCredentialNotSupported,
    LimitExceeded.
    """
    given = read_registration(credential)
    client_data, attested = given.response.client_data, given.response.attestation_object
    posed = take(world, pool, client_data, "create", user.sub)
    if posed is None:
        raise Refusal(FactorRule.PASSKEY_CHALLENGE_GONE)
    if posed.client_id != client_id:
        raise Refusal(FactorRule.PASSKEY_OTHER_CLIENT)
    rp_id = relying_party(world, pool) or ""
    verifier = server(rp_id)
    if posed.rp_id != rp_id or attested.auth_data.rp_id_hash != verifier.rp.id_hash:
        raise Refusal(FactorRule.PASSKEY_OTHER_RELYING_PARTY)
    if not verify_rp_id(rp_id, client_data.origin):
        raise Refusal(FactorRule.PASSKEY_ORIGIN)
    data = attested.auth_data.credential_data
    state = {"challenge": posed.challenge, "user_verification": posed.verification}
    try:
        verifier.register_complete(state, given)
    except (ValueError, InvalidAttestation):
        raise Refusal(FactorRule.PASSKEY_NOT_SUPPORTED) from None
    if data is None or data.public_key.get(3) not in ALGORITHMS or holder(pool, given.raw_id):
        raise Refusal(FactorRule.PASSKEY_NOT_SUPPORTED)
    if len(user.passkeys) >= MOST:
        raise Refusal(FactorRule.TOO_MANY_PASSKEYS)
    passkey = Passkey(
        id=websafe_encode(given.raw_id), rp_id=rp_id, public=websafe_encode(data),
        name=_KNOWN.get(str(data.aaguid), f"Passkey {len(user.passkeys) + 1}"),
        attachment=_member(credential, "authenticatorAttachment"),
        transports=_member(credential["response"], "transports") or [],
        created=world.now(), counter=attested.auth_data.counter,
    )  # fmt: skip
    user.passkeys.append(passkey)
    user.modified = world.now()
    return passkey


@operation("ListWebAuthnCredentials")
def list_web_authn_credentials(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    found, following = page(me.user.passkeys, ask.get("MaxResults") or MOST, ask.get("NextToken"))
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
def delete_web_authn_credential(world: World, ask: Json) -> Json:
    me = person(world, ask["AccessToken"])
    left = [passkey for passkey in me.user.passkeys if passkey.id != ask["CredentialId"]]
    if len(left) == len(me.user.passkeys):
        raise Refusal(FactorRule.PASSKEY_MISSING)
    me.user.passkeys = left
    me.user.modified = world.now()
    return {}


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, dict) else None
