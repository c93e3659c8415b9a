"""Questions about passkeys, with an authenticator that has no screen.

The pools name `example.com` as relying party; the authenticator says that its page is there.
"""

import secrets
from typing import Any

from fido2.utils import websafe_encode

from tests.soft_passkey import SoftPasskey

from .ground import PASSKEY_SIGN_IN, Ground, OutOfReach, block
from .scenarios import PASSKEY, TOTP, Answer, question, tried

RELYING_PARTY = "example.com"


def with_passkey(ground: Ground, access: str) -> SoftPasskey:
    passkey = SoftPasskey(origin=f"https://{RELYING_PARTY}")
    begun = ground.aws.start_web_authn_registration(AccessToken=access)
    _complete(ground, access, passkey.create(begun["CredentialCreationOptions"]))
    return passkey


def _complete(ground: Ground, access: str, credential: Any) -> Any:
    return ground.aws.complete_web_authn_registration(AccessToken=access, Credential=credential)


def _with_app(ground: Ground, access: str) -> None:
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})


# 1. As a second factor
@question("1", "Passkey as a factor in a pool that does not count passkeys", "refuse", "accept")
def passkey_not_in_pool(ground: Ground) -> Answer:
    """Nothing else is amiss: they have a passkey and another factor."""
    access = ground.build(passkeys=RELYING_PARTY, passkeys_count=False).person()
    with_passkey(ground, access)
    _with_app(ground, access)
    return tried(lambda: ground.prefer(access, **{PASSKEY: block(True)}))


@question("1", "Passkey as a factor without another one on", "refuse", "accept")
def passkey_alone(ground: Ground) -> Answer:
    access = ground.build(passkeys=RELYING_PARTY).person()
    with_passkey(ground, access)
    return tried(lambda: ground.prefer(access, **{PASSKEY: block(True)}))


@question("1", "Passkey as a factor for somebody who has none", "refuse", "accept")
def passkey_on_without_one(ground: Ground) -> Answer:
    access = ground.build(passkeys=RELYING_PARTY).person()
    _with_app(ground, access)
    return tried(lambda: ground.prefer(access, **{PASSKEY: block(True)}))


@question("1", "The last other factor off while passkey is on", "refuse", "accept",
          switch="last_factor_off_under_passkey")  # fmt: skip
def last_factor_off_under_passkey(ground: Ground) -> Answer:
    access = ground.build(passkeys=RELYING_PARTY).person()
    with_passkey(ground, access)
    _with_app(ground, access)
    on = tried(lambda: ground.prefer(access, **{PASSKEY: block(True)}))
    if on.given == "refuse":
        raise OutOfReach(f"the passkey could not be turned on: {on.evidence}")
    return tried(lambda: ground.prefer(access, **{TOTP: block(False)}))


# 8. The passkeys themselves
@question("8, 14", "localhost as relying-party id", "accept", "refuse")
def relying_party_localhost(ground: Ground) -> Answer:
    ground.build()
    return tried(lambda: ground.mfa("OPTIONAL", passkeys="localhost"))


@question("8", "A pool with a domain and no RelyingPartyId uses the host of its domain", "yes",
          "no", switch="relying_party_by_domain")  # fmt: skip
def relying_party_by_domain(ground: Ground) -> Answer:
    access = ground.build(Policies=PASSKEY_SIGN_IN).person()
    ground.domain()
    begun: dict[str, Any] = {}
    said = tried(
        lambda: begun.update(ground.aws.start_web_authn_registration(AccessToken=access)),
        "yes", "no",
    )  # fmt: skip
    host = begun.get("CredentialCreationOptions", {}).get("rp", {}).get("id")
    return Answer(said.given, f"{said.evidence}, relying party {host}")


@question("8", "Starting a passkey where the sign-in policy has none", "refuse", "accept")
def passkey_start_without_policy(ground: Ground) -> Answer:
    access = ground.build().person()
    return tried(lambda: ground.aws.start_web_authn_registration(AccessToken=access))


@question("8", "Completing a passkey that was never started", "refuse", "accept")
def passkey_complete_without_start(ground: Ground) -> Answer:
    """The credential is whole; only its challenge was made up here."""
    access = ground.build(passkeys=RELYING_PARTY).person()
    options = {
        "challenge": websafe_encode(secrets.token_bytes(32)), "rp": {"id": RELYING_PARTY},
        "user": {"id": websafe_encode(b"somebody")},
    }  # fmt: skip
    credential = SoftPasskey(origin=f"https://{RELYING_PARTY}").create(options)
    return tried(lambda: _complete(ground, access, credential))


@question("8", "Completing a passkey from a page of another site", "refuse", "accept")
def passkey_from_elsewhere(ground: Ground) -> Answer:
    access = ground.build(passkeys=RELYING_PARTY).person()
    begun = ground.aws.start_web_authn_registration(AccessToken=access)
    credential = SoftPasskey(origin="https://elsewhere.example").create(
        begun["CredentialCreationOptions"]
    )
    return tried(lambda: _complete(ground, access, credential))


@question("8", "Deleting a passkey that is not there", "refuse", "accept")
def passkey_delete_unknown(ground: Ground) -> Answer:
    access = ground.build(passkeys=RELYING_PARTY).person()
    with_passkey(ground, access)
    return tried(
        lambda: ground.aws.delete_web_authn_credential(AccessToken=access, CredentialId="bm9uZQ")
    )
