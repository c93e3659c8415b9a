"""Provokes each error of passkeys (`FactorRule`)."""

from typing import Any

from localpool.rules import FactorRule
from tests.localpool.rules.proofs import proves
from tests.localpool.stage import SMS, Stage
from tests.soft_passkey import SoftPasskey


def _passkeys(
    stage: Stage, *, allowed: bool = True, tier: str = "ESSENTIALS", **settings: str
) -> str:
    """A pool whose sign-in policy has WEB_AUTHN; returns an access token."""
    first: Any = ["PASSWORD", "WEB_AUTHN"] if allowed else ["PASSWORD"]
    policy: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": first}}
    stage.build(Policies=policy, UserPoolTier=tier)
    if settings:
        _relying_party(stage, **settings)
    return stage.somebody()


def _relying_party(stage: Stage, **settings: str) -> None:
    stage.aws.set_user_pool_mfa_config(
        UserPoolId=stage.pool,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration=SMS,
        WebAuthnConfiguration=settings,
    )


def _begin(stage: Stage, access: str) -> Any:
    return stage.aws.start_web_authn_registration(AccessToken=access)["CredentialCreationOptions"]


def _end(stage: Stage, access: str, credential: Any) -> None:
    stage.aws.complete_web_authn_registration(AccessToken=access, Credential=credential)


@proves(FactorRule.PASSKEYS_NOT_ENABLED)
def _(stage: Stage) -> None:
    _begin(stage, _passkeys(stage, allowed=False))


@proves(FactorRule.PASSKEYS_NOT_CONFIGURED)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    stage.server.switches.set(stage.pool, relying_party_by_domain="no")
    _begin(stage, access)


@proves(FactorRule.TOO_MANY_PASSKEYS)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    for _ in range(20):
        _end(stage, access, SoftPasskey().create(_begin(stage, access)))
    _begin(stage, access)


@proves(FactorRule.PASSKEY_UNREADABLE)
def _(stage: Stage) -> None:
    _end(stage, _passkeys(stage), {"id": "x"})


@proves(FactorRule.PASSKEY_CHALLENGE_GONE)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    options = _begin(stage, access)
    stage.server.clock.advance(301)
    _end(stage, access, SoftPasskey().create(options))


@proves(FactorRule.PASSKEY_OTHER_CLIENT)
def _(stage: Stage) -> None:
    options = _begin(stage, _passkeys(stage))
    other = stage.tokens(client=stage.add_client())["AccessToken"]
    _end(stage, other, SoftPasskey().create(options))


@proves(FactorRule.PASSKEY_OTHER_RELYING_PARTY)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    _end(stage, access, SoftPasskey().create(_begin(stage, access), rp_id="elsewhere.example"))


@proves(FactorRule.PASSKEY_ORIGIN)
def _(stage: Stage) -> None:
    access = _passkeys(stage, RelyingPartyId="auth.example.com")
    options = _begin(stage, access)
    _end(stage, access, SoftPasskey(origin="https://account.example.com").create(options))


@proves(FactorRule.PASSKEY_NOT_SUPPORTED)
def _(stage: Stage) -> None:
    access = _passkeys(stage, RelyingPartyId="localhost", UserVerification="required")
    _end(stage, access, SoftPasskey(verified=False).create(_begin(stage, access)))


@proves(FactorRule.PASSKEY_MISSING)
def _(stage: Stage) -> None:
    access = _passkeys(stage)
    stage.aws.delete_web_authn_credential(AccessToken=access, CredentialId="x")


@proves(FactorRule.PASSKEY_MFA_NEEDS_TIER)
def _(stage: Stage) -> None:
    multi = "MULTI_FACTOR_WITH_USER_VERIFICATION"
    _passkeys(stage, tier="LITE", RelyingPartyId="localhost", FactorConfiguration=multi)


@proves(FactorRule.PASSKEY_PUBLIC_SUFFIX)
def _(stage: Stage) -> None:
    _passkeys(stage, RelyingPartyId="co.uk")
