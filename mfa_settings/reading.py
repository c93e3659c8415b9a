"""What the pool says, in the words of the domain."""

import json
from dataclasses import asdict
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from cognito import admin, user_pool
from cognito.errors import CognitoError
from mfa_settings.domain import ContactPoint, Factor, Mode, Policy, Preference, Status

# GetUserPoolMfaConfig may be asked 20 times a second by a whole account, so it is asked rarely;
# a pool that can't be asked just now is still the pool it was.
POLICY_FRESH_SECONDS: Final = 60
POLICY_KEPT_SECONDS: Final = 24 * 60 * 60


def read_status(*, access_token: str) -> Status:
    """One round trip to Cognito. Raises `CognitoError`."""
    return status_of(user_pool.get_user(pool=settings.COGNITO, access_token=access_token))


def status_of(user: user_pool.User) -> Status:
    """The person's status from GetUser and GetUserAuthFactors.

    A factor name that this portal does not know is left out rather than guessed at.
    """
    phone = _contact_point(user, "phone_number")
    email = _contact_point(user, "email")
    has_app = bool({"SOFTWARE_TOKEN", "SOFTWARE_TOKEN_MFA"} & user.auth_factors) or (
        Factor.TOTP in user.mfa_on
    )
    is_reachable = {
        Factor.TOTP: has_app,
        Factor.SMS: phone is not None,
        Factor.EMAIL: email is not None,
    }
    is_ready = {
        Factor.TOTP: has_app,
        Factor.SMS: phone is not None and phone.verified,
        Factor.EMAIL: email is not None and email.verified,
        Factor.PASSKEY: "WEB_AUTHN" in user.auth_factors,
    }
    return Status(
        username=user.username,
        preference=Preference(
            enabled=frozenset(f for f in Factor if f in user.mfa_on),
            preferred=next((f for f in Factor if f == user.preferred_mfa), None),
        ),
        ready=frozenset(f for f, ready in is_ready.items() if ready),
        reachable=frozenset(f for f, reachable in is_reachable.items() if reachable),
        phone=phone,
        email=email,
        identity_provider=_identity_provider(user),
    )


def _contact_point(user: user_pool.User, attribute: str) -> ContactPoint | None:
    value = user.attributes.get(attribute, "")
    verified = user.attributes.get(f"{attribute}_verified") == "true"
    return ContactPoint(value, verified) if value else None


def _identity_provider(user: user_pool.User) -> str:
    """The provider that signs this person in, or "" for people of the pool itself.

    A person of the pool who is only linked to a provider keeps their own user name and their MFA;
    a provider's person is named `provider_id`.
    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
    """
    try:
        identities = json.loads(user.attributes.get("identities", "[]"))
        providers = [str(identity["providerName"]) for identity in identities]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    name = user.username.lower()
    return next((p for p in providers if name.startswith(f"{p.lower()}_")), "")


def read_policy() -> Policy:
    """What the pool allows: from the settings where they say it, else from the pool, cached.

    Raises `CognitoError` when the pool has never been read and can't be read now.
    """
    if settings.COGNITO_MFA:
        offered = frozenset(Factor[name.upper()] for name in settings.COGNITO_MFA_FACTORS)
        return Policy(mode=Mode(settings.COGNITO_MFA), offered=offered)
    key = f"mfa-policy:{settings.COGNITO.pool_id}"
    now = timezone.now().timestamp()
    known = cache.get(key)
    if known and now - known[1] < POLICY_FRESH_SECONDS:
        return _policy(known[0])
    try:
        config = admin.get_user_pool_mfa_config(pool=settings.COGNITO)
    except CognitoError:
        if not known:
            raise
        # Ask again in a while, not at every page: the pool is in trouble already.
        config = known[0]
    cache.set(key, (config, now), POLICY_KEPT_SECONDS)
    return _policy(config)


def _policy(config: admin.MfaConfig) -> Policy:
    """Passkeys are left out: no call reads back whether one counts as a factor, so a switch for
    it could never be confirmed."""
    offered = frozenset(f for f in Factor if f in config.offered)
    return Policy(mode=Mode(config.mode), offered=offered - {Factor.PASSKEY})


def status_to_text(status: Status) -> str:
    """For a page that follows a save; `status_from_text` is its inverse."""
    return json.dumps(
        {
            "username": status.username,
            "preference": str(status.preference),
            "ready": sorted(status.ready),
            "reachable": sorted(status.reachable),
            "phone": asdict(status.phone) if status.phone else None,
            "email": asdict(status.email) if status.email else None,
            "identity_provider": status.identity_provider,
        }
    )


def status_from_text(text: str) -> Status:
    known = json.loads(text)
    return Status(
        username=known["username"],
        preference=Preference.parse(known["preference"]),
        ready=frozenset(Factor(name) for name in known["ready"]),
        reachable=frozenset(Factor(name) for name in known["reachable"]),
        phone=ContactPoint(**known["phone"]) if known["phone"] else None,
        email=ContactPoint(**known["email"]) if known["email"] else None,
        identity_provider=known["identity_provider"],
    )
