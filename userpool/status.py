"""Reads a person's status from the pool."""

import json

from cognito import user_pool
from cognito.account import Account
from userpool.passkey_factor import PasskeyFlag, read_passkey_flag
from userpool.values import PREFERABLE, ContactPoint, Factor, Preference, Status

_PASSKEY = "WEB_AUTHN"  # In ConfiguredUserAuthFactors.


def read_status(account: Account) -> Status:
    """The person's status, as their account in the pool has it now.

    Takes one round trip to Cognito. Raises `CognitoError`.
    """
    user = user_pool.get_user(account)
    has_passkey = _PASSKEY in user.auth_factors
    return status_of(
        user, passkey=read_passkey_flag(person=account.person) if has_passkey else PasskeyFlag()
    )


def status_of(user: user_pool.User, *, passkey: PasskeyFlag) -> Status:
    """The status in the answers of GetUser and GetUserAuthFactors, with the stored passkey flag.

    Leaves out a factor name that this portal does not know.
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
        Factor.PASSKEY: _PASSKEY in user.auth_factors,
    }
    is_ready = {
        Factor.TOTP: has_app,
        Factor.SMS: phone is not None and phone.verified,
        Factor.EMAIL: email is not None and email.verified,
        Factor.PASSKEY: _PASSKEY in user.auth_factors,
    }
    return Status(
        username=user.username,
        preference=Preference(
            enabled=frozenset(f for f in PREFERABLE if f in user.mfa_on)
            | ({Factor.PASSKEY} if passkey.on else set()),
            preferred=next((f for f in Factor if f == user.preferred_mfa), None),
        ),
        ready=frozenset(f for f, ready in is_ready.items() if ready),
        reachable=frozenset(f for f, reachable in is_reachable.items() if reachable),
        phone=phone,
        email=email,
        identity_provider=_identity_provider(user),
        passkey_is_sure=passkey.sure,
        # A pool that lists no factors has no sign-in without a password.
        has_password=not user.auth_factors or "PASSWORD" in user.auth_factors,
    )


def _contact_point(user: user_pool.User, attribute: str) -> ContactPoint | None:
    value = user.attributes.get(attribute, "")
    verified = user.attributes.get(f"{attribute}_verified") == "true"
    return ContactPoint(value, verified) if value else None


def _identity_provider(user: user_pool.User) -> str:
    """The identity provider that signs this person in, or "" if the pool itself does.

    A user name `provider_id` belongs to the provider's person. A person of the pool who is only
    linked to a provider keeps their own user name and MFA.
    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
    """
    try:
        identities = json.loads(user.attributes.get("identities", "[]"))
        providers = [str(identity["providerName"]) for identity in identities]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    name = user.username.lower()
    return next((p for p in providers if name.startswith(f"{p.lower()}_")), "")
