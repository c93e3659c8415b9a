"""Signing in with a passkey: the options for the browser, and the check of its answer.

Sources: `API/InitiateAuth`, `API/SetUserPoolMfaConfig`, https://www.w3.org/TR/webauthn-3/.
"""

from dataclasses import dataclass
from typing import Any

from fido2.utils import websafe_decode
from fido2.webauthn import AttestedCredentialData, UserVerificationRequirement

from localpool.rules import FactorRule, Refusal, Switch, UserRule
from localpool.sign_in.webauthn import (
    CHALLENGE_LIFETIME,
    descriptor,
    find_passkey,
    is_mfa,
    options_json,
    passkey_sign_in_allowed,
    read_assertion,
    relying_party_id,
    relying_party_server,
    spend_challenge,
    store_challenge,
    user_verification,
)
from localpool.state.records import Ceremony, Client, Json, Passkey, Pool, User
from localpool.state.world import World


@dataclass(frozen=True)
class Assertion:
    """A verified passkey of a user: `method` is `swk` (this device) or `hwk` (roaming).

    `verified` is true if the device checked a fingerprint, face or PIN.
    """

    user: User
    passkey: Passkey
    method: str
    verified: bool


def begin_assertion(world: World, pool: Pool, client: Client, user: User | None = None) -> Json:
    """PublicKeyCredentialRequestOptionsJSON for a sign-in; with no user, any passkey may answer.

    Errors: NotAuthorizedException where the pool's sign-in policy has no WEB_AUTHN.
    """
    rp_id = relying_party_id(world, pool)
    if rp_id is None or not passkey_sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEY_SIGN_IN_OFF)
    wanted = user_verification(pool)
    usable = [descriptor(each) for each in user.passkeys if each.rp_id == rp_id] if user else None
    options, _ = relying_party_server(rp_id).authenticate_begin(
        usable, UserVerificationRequirement(wanted)
    )
    shown = options_json(options)
    sub = user.sub if user else None
    store_challenge(world, pool, Ceremony(
        shown["challenge"], "get", client.id, sub, rp_id, wanted, world.now() + CHALLENGE_LIFETIME
    ))  # fmt: skip
    return shown | {"timeout": 60000}


def complete_assertion(
    world: World, pool: Pool, client: Client, credential: Any, user: User | None = None
) -> Assertion:
    """Verify AuthenticationResponseJSON, a dict or its text, against the stored challenge.

    The challenge is spent either way. Errors: InvalidParameterException for another document;
    NotAuthorizedException for everything else, so that the answer tells nothing.
    """
    given = read_assertion(credential)
    client_data = given.response.client_data
    stored = spend_challenge(world, pool, client_data, "get", user.sub if user else None)
    found = find_passkey(pool, given.raw_id)
    if stored is None or stored.client_id != client.id or found is None:
        raise Refusal(FactorRule.PASSKEY_REFUSED)
    owner, passkey = found
    handle = given.response.user_handle
    if (stored.sub or owner.sub) != owner.sub or (handle and handle != owner.sub.encode()):
        raise Refusal(FactorRule.PASSKEY_REFUSED)
    if not owner.enabled:
        raise Refusal(UserRule.DISABLED)
    state = {"challenge": stored.challenge, "user_verification": stored.verification}
    known = AttestedCredentialData(websafe_decode(passkey.public))
    try:
        relying_party_server(stored.rp_id).authenticate_complete(state, [known], given)
    except ValueError:
        raise Refusal(FactorRule.PASSKEY_REFUSED) from None
    seen = given.response.authenticator_data
    if passkey.counter and seen.counter <= passkey.counter:
        # A copy of the authenticator (WebAuthn 7.2 step 22).
        raise Refusal(FactorRule.PASSKEY_REFUSED)
    passkey.counter = seen.counter
    world.calls.note(username=owner.username)
    method = "swk" if passkey.attachment == "platform" else "hwk"
    return Assertion(owner, passkey, method, seen.is_user_verified())


def satisfies_mfa(world: World, pool: Pool, found: Assertion) -> bool:
    """True if the assertion satisfies MFA (DOC `API/SetUserPoolMfaConfig`)."""
    per_user = world.switch_is(Switch.passkey_mfa_by_person, "only-if-on", pool)
    return is_mfa(pool) and found.verified and (found.user.passkey_mfa or not per_user)
