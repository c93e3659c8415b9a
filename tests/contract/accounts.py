"""Questions about contacts, tokens and remembered devices."""

import warnings
from functools import partial
from typing import Any

from pycognito import aws_srp

from .ground import ADDRESS, NAME, PASSWORD, Ground, block
from .scenarios import TOTP, Answer, question, tried

_TRACKED = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
# It has no types.
_srp: Any = aws_srp.AWSSRP
_new_secret: Any = aws_srp.generate_hash_device


# 7. Tokens
@question(
    "7", "InitiateAuth with a refresh token where the client rotates them", "refuse", "accept"
)
def refresh_with_rotation(ground: Ground) -> Answer:
    """The flow is allowed to the client, so that only rotation can be in the way; if such a client
    cannot be made, the evidence says so."""
    rotates = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    made = tried(partial(ground.build, app={"RefreshTokenRotation": rotates}))
    if made.given == "refuse":
        return Answer("refuse", f"such a client cannot be made: {made.evidence}")
    ground.person()
    token = ground.sign_in()["AuthenticationResult"]["RefreshToken"]
    spend = partial(
        ground.aws.initiate_auth, ClientId=ground.client, AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token},
    )  # fmt: skip
    return tried(spend)


@question("7", "An access token after AdminResetUserPassword", "works", "refused",
          switch="reset_required_token")  # fmt: skip
def reset_required_token(ground: Ground) -> Answer:
    access = ground.build().person(email=ADDRESS, email_verified="true")
    ground.aws.admin_reset_user_password(UserPoolId=ground.pool, Username=NAME)
    return tried(lambda: ground.aws.get_user(AccessToken=access), "works", "refused")


# 11. Contacts
@question("11", "An alias that somebody else holds: refused at the update, or at its code",
          "update", "verify", switch="alias_taken")  # fmt: skip
def alias_taken(ground: Ground) -> Answer:
    ground.build(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
    ground.person("holder", email=ADDRESS, email_verified="true")
    access = ground.person()
    change = [{"Name": "email", "Value": ADDRESS}]
    return tried(
        lambda: ground.aws.update_user_attributes(AccessToken=access, UserAttributes=change),
        "verify", "update",
    )  # fmt: skip


@question("11", "A code for a contact that never got one", "refuse", "accept")
def code_never_sent(ground: Ground) -> Answer:
    access = ground.build().person(email=ADDRESS)
    return tried(
        lambda: ground.aws.verify_user_attribute(
            AccessToken=access, AttributeName="email", Code="000000"
        )
    )


# 10. Devices
@question("10", "ListDevices where device tracking is off: the code of the error",
          "InvalidUserPoolConfigurationException", "InvalidParameterException", "accept",
          switch="tracking_off_code")  # fmt: skip
def devices_untracked(ground: Ground) -> Answer:
    access = ground.build().person()
    said = tried(lambda: ground.aws.list_devices(AccessToken=access))
    code = said.evidence.partition(":")[0]
    return said if said.given == "accept" else Answer(code, said.evidence)


@question("10", "NewDeviceMetadata after a sign-in without SRP", "yes", "no",
          switch="device_keys_without_srp")  # fmt: skip
def device_keys_without_srp(ground: Ground) -> Answer:
    ground.build(DeviceConfiguration=_TRACKED).person()
    given = ground.sign_in()["AuthenticationResult"]
    return Answer("yes" if "NewDeviceMetadata" in given else "no", f"{sorted(given)}")


@question("10", "A sign-in that names a device which was forgotten", "refuse", "ignore",
          switch="unknown_device_key")  # fmt: skip
def unknown_device_key(ground: Ground) -> Answer:
    access = ground.build(DeviceConfiguration=_TRACKED).person()
    given = _by_srp(ground)["AuthenticationResult"]
    new = given["NewDeviceMetadata"]
    _, verifier = _new_secret(new["DeviceGroupKey"], new["DeviceKey"])
    ground.aws.confirm_device(
        AccessToken=given["AccessToken"], DeviceKey=new["DeviceKey"],
        DeviceSecretVerifierConfig=verifier, DeviceName="contract",
    )  # fmt: skip
    ground.aws.forget_device(AccessToken=access, DeviceKey=new["DeviceKey"])
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    return tried(lambda: ground.sign_in(DEVICE_KEY=new["DeviceKey"]), "ignore", "refuse")


def _by_srp(ground: Ground) -> Any:
    with warnings.catch_warnings():
        # pycognito writes its timestamps with datetime.utcnow, which Python is about to give up.
        warnings.simplefilter("ignore", DeprecationWarning)
        return _srp(
            username=NAME, password=PASSWORD, pool_id=ground.pool, client_id=ground.client,
            client=ground.aws,
        ).authenticate_user()  # fmt: skip
