"""Know the pool: from the settings where they say it, else from the pool itself, cached."""

import logging
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from cognito import admin
from cognito.errors import CognitoError, Misconfigured
from userpool.facts import ATTRIBUTE_OF_MECHANISM, PoolFacts, policy_of
from userpool.policy import Policy
from userpool.values import Factor

# Both calls may be made 15 times a second by a whole account, so they are made rarely; a pool
# that can't be asked just now is still the pool it was.
FRESH_SECONDS: Final = 60
KEPT_SECONDS: Final = 24 * 60 * 60

_log = logging.getLogger(__name__)


def read_policy() -> Policy:
    """What the pool allows: from the settings where they say it, else from the pool, cached.

    Raises `CognitoError` when the pool has never been read and can't be read now.
    """
    return policy_of(facts_of_settings() if settings.COGNITO_MFA else _facts_kept())


def facts_of_settings() -> PoolFacts:
    """What the operator says of the pool; meant where COGNITO_MFA is set."""
    recovery = tuple(_MECHANISM.get(name, name) for name in settings.COGNITO_RECOVERY)
    return PoolFacts(
        mode=settings.COGNITO_MFA,
        switched_on=frozenset(Factor[name.upper()] for name in settings.COGNITO_MFA_FACTORS),
        relying_party_id=settings.COGNITO_PASSKEYS_RP_ID or None,
        tier=settings.COGNITO_TIER,
        recovery=recovery or None,
        auto_verified=frozenset(_ATTRIBUTE[name] for name in settings.COGNITO_AUTO_VERIFIED),
        verified_before_update=frozenset(
            _ATTRIBUTE[name] for name in settings.COGNITO_KEEPS_UNTIL_VERIFIED
        ),
        devices_known=bool(settings.COGNITO_DEVICES),
        device_prompt=_DEVICE_PROMPT.get(settings.COGNITO_DEVICES),
        adaptive=settings.COGNITO_MFA_BY_RISK,
        acr_names={
            f"Level{level}": name for level, name in enumerate(settings.COGNITO_ACR_NAMES, 1)
        },
    )


_ATTRIBUTE: Final = {"phone": "phone_number", "email": "email"}
_MECHANISM: Final = {
    name: mechanism
    for name, attribute in _ATTRIBUTE.items()
    for mechanism, its_attribute in ATTRIBUTE_OF_MECHANISM.items()
    if its_attribute == attribute
}
_DEVICE_PROMPT: Final = {"ask": True, "always": False}


def read_facts() -> PoolFacts:
    """What the pool itself says, now. Raises `CognitoError`.

    A role that may not call DescribeUserPool still serves: what only that tells is then unknown.
    """
    mfa = admin.get_user_pool_mfa_config(pool=settings.COGNITO)
    known = PoolFacts(
        mode=mfa.mode,
        switched_on=mfa.switched_on,
        relying_party_id=_relying_party_id(mfa.relying_party_id),
        adaptive=settings.COGNITO_MFA_BY_RISK,
    )
    try:
        described = admin.describe_user_pool(pool=settings.COGNITO)
    except Misconfigured as error:
        _log.warning("Recovery, devices and plan of the pool are not known: %s", error)
        return known
    begins_with_passkey = "WEB_AUTHN" in described.first_factors
    return replace(
        known,
        relying_party_id=known.relying_party_id
        or (_relying_party_id("") if begins_with_passkey else None),
        tier=described.tier,
        usernames=described.usernames,
        first_factors=described.first_factors,
        recovery=described.recovery,
        auto_verified=described.auto_verified,
        verified_before_update=described.verified_before_update,
        devices_known=True,
        device_prompt=described.device_prompt,
        sends_own_email=described.sends_own_email,
        acr_names=described.acr_names,
    )


def _relying_party_id(configured: str | None) -> str | None:
    """A pool that names none takes the host of its managed-login domain.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html
    """
    return urlsplit(settings.COGNITO.domain).hostname if configured == "" else configured


@dataclass(frozen=True, slots=True)
class _Kept:
    """`read_at` is when the pool said so, `asked_at` when it was last asked; POSIX seconds."""

    facts: PoolFacts
    read_at: float
    asked_at: float


def _facts_kept() -> PoolFacts:
    key = f"pool-facts:{settings.COGNITO.pool_id}"
    now = timezone.now().timestamp()
    known: _Kept | None = cache.get(key)
    if known and now - known.asked_at < FRESH_SECONDS:
        return known.facts
    try:
        kept = _Kept(read_facts(), read_at=now, asked_at=now)
    except CognitoError:
        if not known:
            raise
        # Ask again in a while, not at every page: the pool is in trouble already.
        kept = replace(known, asked_at=now)
    cache.set(key, kept, kept.read_at + KEPT_SECONDS - now)
    return kept.facts
