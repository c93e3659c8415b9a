"""Reads the pool's policy: from the settings where they state it, else from the pool, cached."""

import logging
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from cognito import admin
from cognito.errors import CognitoError, Misconfigured
from userpool.facts import PoolFacts, facts_of, policy_of
from userpool.policy import Policy
from userpool.values import Factor

# A whole AWS account may make each of the two calls 15 times a second. A pool that gives no answer
# is still configured as it was.
FRESH_SECONDS: Final = 60
STALE_IF_ERROR_SECONDS: Final = 24 * 60 * 60

_log = logging.getLogger(__name__)


def read_policy() -> Policy:
    """The pool's policy, from the settings if COGNITO_MFA is set, else from the pool, cached.

    Raises `CognitoError` when the pool was not read in the last day and can't be read now.
    """
    return policy_of(facts_of_settings()) if settings.COGNITO_MFA else _cached_policy()


def facts_of_settings() -> PoolFacts:
    """The facts that the operator states in the settings; they count if COGNITO_MFA is set."""
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
        # No setting of its own states it.
        enforces_threat_protection=settings.COGNITO_MFA_BY_RISK,
        acr_names={
            f"Level{level}": name for level, name in enumerate(settings.COGNITO_ACR_NAMES, 1)
        },
    )


_ATTRIBUTE: Final = {"phone": "phone_number", "email": "email"}
_MECHANISM: Final = {name: f"verified_{attribute}" for name, attribute in _ATTRIBUTE.items()}
_DEVICE_PROMPT: Final = {"ask": True, "always": False}


def read_facts() -> PoolFacts:
    """The facts that the pool gives of itself now. Raises `CognitoError`.

    A role that may not call DescribeUserPool still serves; the facts lack what only that tells.
    """
    mfa = admin.get_user_pool_mfa_config(pool=settings.COGNITO)
    try:
        described = admin.describe_user_pool(pool=settings.COGNITO)
    except Misconfigured as error:
        _log.warning("Recovery, devices and plan of the pool are not known: %s", error)
        described = None
    return facts_of(
        mfa,
        described,
        domain_host=urlsplit(settings.COGNITO.domain).hostname or "",
        adaptive=settings.COGNITO_MFA_BY_RISK,
    )


@dataclass(frozen=True, slots=True)
class CachedPolicy:
    """A policy, when the pool gave it (`read_at`) and when the pool was last asked (`asked_at`).

    Both times are POSIX seconds.
    """

    policy: Policy
    read_at: float
    asked_at: float


def _cached_policy() -> Policy:
    key = f"pool-policy:{settings.COGNITO.pool_id}"
    now = timezone.now().timestamp()
    known: CachedPolicy | None = cache.get(key)
    if known and now - known.asked_at < FRESH_SECONDS:
        return known.policy
    try:
        cached = CachedPolicy(policy_of(read_facts()), read_at=now, asked_at=now)
    except CognitoError:
        if not known:
            raise
        # The next page within FRESH_SECONDS does not ask again: the pool is in trouble already.
        cached = replace(known, asked_at=now)
    cache.set(key, cached, cached.read_at + STALE_IF_ERROR_SECONDS - now)
    return cached.policy
