"""Signing in with a passkey: the options for the browser, and the check of its answer.

Sources: `API/InitiateAuth`, `API/SetUserPoolMfaConfig`, https://www.w3.org/TR/webauthn-3/.
"""

from dataclasses import dataclass
from typing import Any

from fido2.utils import websafe_decode
from fido2.webauthn import AttestedCredentialData, UserVerificationRequirement

from localpool.rules.factor_rules import FactorRule
from localpool.rules.rule import Refusal
from localpool.rules.switches import Switch
from localpool.rules.user_rules import UserRule
from localpool.sign_in.webauthn import (
    LASTS,
    as_json,
    descriptor,
    holder,
    pose,
    read_assertion,
    relying_party,
    server,
    sign_in_allowed,
    take,
    verification,
)
from localpool.state.records import Ceremony, Client, Json, Passkey, Pool, User
from localpool.state.world import World


@dataclass(frozen=True)
class Assertion:
    """Who proved to hold which passkey. `method` is `swk` (this device) or `hwk` (roaming);
    `verified` says that the device checked a fingerprint, face or PIN."""

    user: User
    passkey: Passkey
    method: str
    verified: bool


def begin_assertion(world: World, pool: Pool, client: Client, user: User | None = None) -> Json:
    """PublicKeyCredentialRequestOptionsJSON for a sign-in; with no user, any passkey may answer.

    Errors: NotAuthorizedException where the pool's sign-in policy has no WEB_AUTHN.
    """
    rp_id = relying_party(world, pool)
    if rp_id is None or not sign_in_allowed(pool):
        raise Refusal(FactorRule.PASSKEY_SIGN_IN_OFF)
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
        raise Refusal(FactorRule.PASSKEY_REFUSED)
    owner, passkey = found
    handle = given.response.user_handle
    if (posed.sub or owner.sub) != owner.sub or (handle and handle != owner.sub.encode()):
        raise Refusal(FactorRule.PASSKEY_REFUSED)
    if not owner.enabled:
        raise Refusal(UserRule.DISABLED)
    state = {"challenge": posed.challenge, "user_verification": posed.verification}
    known = AttestedCredentialData(websafe_decode(passkey.public))
    try:
        server(posed.rp_id).authenticate_complete(state, [known], given)
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
    """Whether this passkey is enough where MFA is asked (DOC `API/SetUserPoolMfaConfig`)."""
    passkeys = pool.mfa.get("WebAuthnConfiguration", {})
    multi = passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    per_person = world.plays(Switch.passkey_mfa_by_person, "only-if-on", pool)
    return multi and found.verified and (found.user.passkey_mfa or not per_person)
