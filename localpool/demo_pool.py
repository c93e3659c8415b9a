"""The pool and the people of the demo; each person shows one situation."""

from datetime import timedelta
from secrets import token_hex
from uuid import uuid4

import pyotp

from localpool.api import admin
from localpool.api.clients import add_client
from localpool.api.pools import add_pool
from localpool.sign_in import srp
from localpool.sign_in.passwords import set_password
from localpool.sign_in.tokens import ADMIN_SCOPE
from localpool.state.records import EMAIL, SMS, TOTP, Device, Json, Pool, SoftwareToken, User
from localpool.state.world import World

POOL_ID = "eu-central-1_LocalPool"
CLIENT_ID = "localportalclient000000000"
PASSWORD, TEMPORARY = "Demo-Pass-1!", "Temp-Pass-1!"
PROVIDER = "ExampleCorp"
SMS_CONFIGURATION = {"SnsCallerArn": "arn:aws:iam::123456789012:role/local-pool"}
PASSKEYS = {
    "RelyingPartyId": "localhost",
    "UserVerification": "required",
    "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
}
EMAIL_CONFIGURATION = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com",
}
STORIES = {
    "ana": "nothing on; phone and email verified",
    "ben": "authenticator app on and asked first",
    "chloe": "text messages on and asked first; authenticator app set up but off",
    "dinesh": "nothing on; phone not verified",
    "eva": "text messages and app on, none asked first: asked to choose",
    "gina": "email codes on and asked first",
    "hugo": "text messages on and asked first; two apps remember a device",
    "finn": f"temporary password {TEMPORARY}: has to choose a new one",
}


def demo(world: World, callback_urls: list[str], sign_out_urls: list[str]) -> None:
    """Create the pool and its people unless they exist, and set this start's URLs."""
    if POOL_ID not in world.state.pools:
        pool = _pool(world)
        for name in STORIES:
            _person(world, pool, name)
    client = world.state.pools[POOL_ID].clients[CLIENT_ID]
    client.settings |= {"CallbackURLs": callback_urls, "LogoutURLs": sign_out_urls}


def _pool(world: World) -> Pool:
    request: Json = {
        "PoolName": "Local pool",
        "MfaConfiguration": "OPTIONAL",
        "SmsConfiguration": SMS_CONFIGURATION,
        "EmailConfiguration": EMAIL_CONFIGURATION,
        "UserAttributeUpdateSettings": {
            "AttributesRequireVerificationBeforeUpdate": ["email", "phone_number"]
        },
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "UserPoolTier": "ESSENTIALS",
        "DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": True,
            "DeviceOnlyRememberedOnUserPrompt": True,
        },
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
    }
    pool = add_pool(world, POOL_ID, request)
    pool.mfa["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    pool.mfa["EmailMfaConfiguration"] = {}
    pool.mfa["WebAuthnConfiguration"] = PASSKEYS
    pool.providers.append(PROVIDER)
    pool.sessions = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 20}}
    add_client(world, pool, CLIENT_ID, {
        "ClientName": "portal",
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "phone", "profile", ADMIN_SCOPE],
        "SupportedIdentityProviders": ["COGNITO", PROVIDER],
    })  # fmt: skip
    return pool


def _person(world: World, pool: Pool, name: str) -> None:
    attributes = [
        {"Name": "email", "Value": f"{name}@example.com"},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "phone_number", "Value": f"+49151234567{89 if name == 'ana' else _line(name)}"},
        {"Name": "phone_number_verified", "Value": str(name != "dinesh").lower()},
        {"Name": "name", "Value": name.title()},
    ]
    admin.admin_create_user(world, {
        "UserPoolId": pool.id, "Username": name, "UserAttributes": attributes,
        "TemporaryPassword": TEMPORARY, "MessageAction": "SUPPRESS",
    })  # fmt: skip
    user = world.user(pool, name)
    if name != "finn":
        set_password(world, pool, user, PASSWORD)
        user.status = "CONFIRMED"
    _factors(user)
    if name == "hugo":
        for days, device in ((40, "Old phone"), (3, "Living-room tablet")):
            _remember(world, user, device, days)


def _remember(world: World, user: User, name: str, days: int) -> None:
    """Add a remembered device that an app confirmed and has signed in from since."""
    key, then = f"{POOL_ID.partition('_')[0]}_{uuid4()}", world.now() - timedelta(days=days)
    user.devices[key] = Device(
        key, "-demo", srp.verifier(f"-demo{key}", token_hex()), remembered=True,
        attributes={
            "device_name": name, "device_status": "valid", "last_ip_used": "203.0.113.7",
        },
        created=then, modified=then, last_authenticated=then + timedelta(days=2),
    )  # fmt: skip


def _line(name: str) -> int:
    return 10 + list(STORIES).index(name)


def _factors(user: User) -> None:
    on = {"ben": [TOTP], "chloe": [SMS], "eva": [SMS, TOTP], "gina": [EMAIL], "hugo": [SMS]}.get(
        user.username, []
    )
    user.mfa_on = list(on)
    user.mfa_preferred = on[0] if len(on) == 1 else None
    if user.username in ("ben", "chloe", "eva"):
        user.token = SoftwareToken(pyotp.random_base32(52), "Phone")
