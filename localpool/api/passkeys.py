"""Passkeys: the four operations of a person's own list, and the assertion of a sign-in.

Start poses a challenge that is good once and for five minutes; Complete verifies the attestation
with python-fido2 and writes the credential down. Signing in is `begin_assertion` and
`complete_assertion`, which the hosted pages and the API share. Sources:
`API/StartWebAuthnRegistration` and its neighbours, `API/SetUserPoolMfaConfig`, `DG/quotas`,
https://www.w3.org/TR/webauthn-3/. Errors: those of `rules` under "Passkeys".
"""

from dataclasses import dataclass
from typing import Any

from fido2.attestation.base import InvalidAttestation
from fido2.rpid import verify_rp_id
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from localpool.api.pools import page
from localpool.rules.rule import Rule, refuse
from localpool.rules.switches import Switch
from localpool.sign_in.tokens import person
from localpool.sign_in.webauthn import (
    ALGORITHMS,
    LASTS,
    as_json,
    descriptor,
    holder,
    may_register,
    pose,
    read_assertion,
    read_registration,
    relying_party,
    server,
    sign_in_allowed,
    take,
    verification,
)
from localpool.state.records import Ceremony, Client, Passkey, Pool, User
from localpool.state.world import World
from localpool.wire.aws_json import Json, operation

MOST = 20
_KNOWN = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
}


@dataclass(frozen=True)
class Assertion:
    """Who proved to hold which passkey. `method` is `swk` (this device) or `hwk` (roaming);
    `verified` says that the device checked a fingerprint, face or PIN."""

    user: User
    passkey: Passkey
    method: str
    verified: bool


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
        raise refuse(Rule.TOO_MANY_PASSKEYS)
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
        raise refuse(Rule.PASSKEY_CHALLENGE_GONE)
    if posed.client_id != client_id:
        raise refuse(Rule.PASSKEY_OTHER_CLIENT)
    rp_id = relying_party(world, pool) or ""
    verifier = server(rp_id)
    if posed.rp_id != rp_id or attested.auth_data.rp_id_hash != verifier.rp.id_hash:
        raise refuse(Rule.PASSKEY_OTHER_RELYING_PARTY)
    if not verify_rp_id(rp_id, client_data.origin):
        raise refuse(Rule.PASSKEY_ORIGIN)
    data = attested.auth_data.credential_data
    state = {"challenge": posed.challenge, "user_verification": posed.verification}
    try:
        verifier.register_complete(state, given)
    except (ValueError, InvalidAttestation):
        raise refuse(Rule.PASSKEY_NOT_SUPPORTED) from None
    if data is None or data.public_key.get(3) not in ALGORITHMS or holder(pool, given.raw_id):
        raise refuse(Rule.PASSKEY_NOT_SUPPORTED)
    if len(user.passkeys) >= MOST:
        raise refuse(Rule.TOO_MANY_PASSKEYS)
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
        raise refuse(Rule.PASSKEY_MISSING)
    me.user.passkeys = left
    me.user.modified = world.now()
    return {}


def begin_assertion(world: World, pool: Pool, client: Client, user: User | None = None) -> Json:
    """PublicKeyCredentialRequestOptionsJSON for a sign-in; with no user, any passkey may answer.

    Errors: NotAuthorizedException where the pool's sign-in policy has no WEB_AUTHN.
    """
    rp_id = relying_party(world, pool)
    if rp_id is None or not sign_in_allowed(pool):
        raise refuse(Rule.PASSKEY_SIGN_IN_OFF)
    wanted = verification(pool)
    usable = [descriptor(each) for each in user.passkeys if each.rp_id == rp_id] if user else None
    options, _ = server(rp_id).authenticate_begin(usable, UserVerificationRequirement(wanted))
    shown = as_json(options)
    sub = user.sub if user else None
    pose(world, pool, Ceremony(
        shown["challenge"], "get", client.id, sub, rp_id, wanted, world.now() + LASTS
    ))  # fmt: skip
    return shown | {"timeout": 60000}


def complete_assertion(
    world: World, pool: Pool, client: Client, credential: Any, user: User | None = None
) -> Assertion:
    """Verify AuthenticationResponseJSON (a dict, or its text) against what `begin_assertion` posed.

    The challenge is spent either way. Errors: NotAuthorizedException for everything that is
    wrong with it, so that nothing can be learned from the answer; InvalidParameterException for
    what is no such document.
    """
    given = read_assertion(credential)
    client_data = given.response.client_data
    posed = take(world, pool, client_data, "get", user.sub if user else None)
    found = holder(pool, given.raw_id)
    if posed is None or posed.client_id != client.id or found is None:
        raise refuse(Rule.PASSKEY_REFUSED)
    owner, passkey = found
    handle = given.response.user_handle
    if (posed.sub or owner.sub) != owner.sub or (handle and handle != owner.sub.encode()):
        raise refuse(Rule.PASSKEY_REFUSED)
    if not owner.enabled:
        raise refuse(Rule.DISABLED)
    state = {"challenge": posed.challenge, "user_verification": posed.verification}
    known = AttestedCredentialData(websafe_decode(passkey.public))
    try:
        server(posed.rp_id).authenticate_complete(state, [known], given)
    except ValueError:
        raise refuse(Rule.PASSKEY_REFUSED) from None
    seen = given.response.authenticator_data
    if passkey.counter and seen.counter <= passkey.counter:
        raise refuse(Rule.PASSKEY_REFUSED)  # a copy of the authenticator (WebAuthn 7.2 step 22)
    passkey.counter = seen.counter
    world.calls.note(username=owner.username)
    method = "swk" if passkey.attachment == "platform" else "hwk"
    return Assertion(owner, passkey, method, seen.is_user_verified())


def satisfies_mfa(world: World, pool: Pool, found: Assertion) -> bool:
    """Whether this passkey is enough where MFA is asked (DOC `API/SetUserPoolMfaConfig`)."""
    passkeys = pool.mfa.get("WebAuthnConfiguration", {})
    multi = passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    per_person = world.plays(Switch.passkey_mfa_by_person, "only-if-on", pool)
    return multi and found.verified and (found.user.passkey_mfa or not per_person)


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, dict) else None
