"""Apps that sign in by SRP and remember the device, as pycognito does on real pools."""

import warnings
from typing import Any

from pycognito import aws_srp

from tests.people import PASSWORD, Person, Pool

TRACKING = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
_KEPT = ("EmailConfiguration", "SmsConfiguration", "Policies", "AutoVerifiedAttributes")
# It has no types.
_sign_in: Any = aws_srp.AWSSRP
_new_secret: Any = aws_srp.generate_hash_device


def app_of(pool: Pool) -> str:
    """Let the pool track devices; the client id of an app that signs in by SRP."""
    pool_id = pool.config.pool_id
    held = pool.admin.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    pool.admin.update_user_pool(
        UserPoolId=pool_id,
        MfaConfiguration=held["MfaConfiguration"],
        DeviceConfiguration=TRACKING,
        **{name: held[name] for name in _KEPT if name in held},
    )
    made = pool.admin.create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id


def srp(person: Person, app: str, **device: str) -> Any:
    """Tokens of a sign-in by SRP; SoftwareTokenMFAChallengeException where the app is asked."""
    with warnings.catch_warnings():
        # pycognito writes its timestamps with datetime.utcnow, which Python is about to give up.
        warnings.simplefilter("ignore", DeprecationWarning)
        return _sign_in(
            username=person.username, password=PASSWORD, pool_id=person.pool.config.pool_id,
            client_id=app, client=person.pool.admin, **device,
        ).authenticate_user()  # fmt: skip


def device_of(person: Person, app: str, name: str = "Ana's phone") -> dict[str, str]:
    """Sign in with an app that then remembers the device; what the device signs in with."""
    result = srp(person, app)["AuthenticationResult"]
    new = result["NewDeviceMetadata"]
    secret, verifier = _new_secret(new["DeviceGroupKey"], new["DeviceKey"])
    person.pool.admin.confirm_device(
        AccessToken=result["AccessToken"], DeviceKey=new["DeviceKey"], DeviceName=name,
        DeviceSecretVerifierConfig=verifier,
    )  # fmt: skip
    return {
        "device_key": new["DeviceKey"],
        "device_group_key": new["DeviceGroupKey"],
        "device_password": secret,
    }
