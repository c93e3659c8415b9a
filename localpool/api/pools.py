"""Operations on user pools.

Sources: `API/CreateUserPool`, `API/UpdateUserPool` (a full replace), `API/SetUserPoolMfaConfig`,
`API/DeleteUserPool`, `DG/user-pool-settings-mfa`. Errors: ResourceNotFoundException,
InvalidParameterException, FeatureUnavailableInTierException.
"""

import string

from localpool.api.members import page
from localpool.api.registry import operation, service_model
from localpool.rules import PoolRule, Refusal
from localpool.sign_in.passwords import DEFAULT_POLICY
from localpool.sign_in.webauthn import check_passkey_settings
from localpool.state.records import Json, Pool
from localpool.state.users import STANDARD_ATTRIBUTES
from localpool.state.world import REGION, World, new_id

_POOL_DEFAULTS: Json = {
    "Policies": {"PasswordPolicy": DEFAULT_POLICY},
    "DeletionProtection": "INACTIVE",
    "MfaConfiguration": "OFF",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
    "UserPoolTier": "ESSENTIALS",
}
_LONGEST_ATTRIBUTE_NAME = 20
_FIXED_AT_CREATION = (
    "Schema", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "PoolName"
)  # fmt: skip


@operation("CreateUserPool")
def create_user_pool(world: World, request: Json) -> Json:
    mode = request.get("MfaConfiguration", "OFF")
    if mode != "OFF" and "SmsConfiguration" not in request:
        raise Refusal(PoolRule.MFA_WITHOUT_SMS)
    pool_id = f"{REGION}_{new_id(9, string.ascii_letters + string.digits)}"
    return {"UserPool": _pool_type(add_pool(world, pool_id, request))}


def add_pool(world: World, pool_id: str, request: Json) -> Pool:
    now = world.now()
    mfa = {"MfaConfiguration": request.get("MfaConfiguration", "OFF")}
    if mfa["MfaConfiguration"] != "OFF":
        mfa["SmsMfaConfiguration"] = {"SmsConfiguration": request["SmsConfiguration"]}
    pool = Pool(pool_id, _POOL_DEFAULTS | request, mfa, created=now, modified=now)
    world.state.pools[pool_id] = pool
    world.calls.note(pool_id=pool_id)
    return pool


@operation("DescribeUserPool")
def describe_user_pool(world: World, request: Json) -> Json:
    return {"UserPool": _pool_type(world.pool(request["UserPoolId"]))}


@operation("UpdateUserPool")
def update_user_pool(world: World, request: Json) -> Json:
    pool = world.pool(request.pop("UserPoolId"))
    mode = request.get("MfaConfiguration", "OFF")
    factors = set(pool.mfa) - {"MfaConfiguration", "WebAuthnConfiguration"}
    if mode != "OFF" and "SmsConfiguration" not in request and not factors:
        raise Refusal(PoolRule.MFA_WITHOUT_SMS)
    fixed = {name: pool.settings[name] for name in _FIXED_AT_CREATION if name in pool.settings}
    pool.settings = _POOL_DEFAULTS | fixed | request
    pool.mfa["MfaConfiguration"] = mode
    if mode != "OFF" and not factors:
        pool.mfa["SmsMfaConfiguration"] = {"SmsConfiguration": request["SmsConfiguration"]}
    pool.modified = world.now()
    return {}


@operation("ListUserPools")
def list_user_pools(world: World, request: Json) -> Json:
    pools, following = page(
        list(world.state.pools.values()), request["MaxResults"], request.get("NextToken")
    )
    return following | {
        "UserPools": [
            {
                "Id": pool.id,
                "Name": pool.settings["PoolName"],
                "LambdaConfig": {},
                "CreationDate": pool.created,
                "LastModifiedDate": pool.modified,
            }
            for pool in pools
        ]
    }


def _pool_type(pool: Pool) -> Json:
    known = service_model().shape_for("UserPoolType").members  # type: ignore[attr-defined]
    custom = [
        {"AttributeDataType": "String", "Mutable": True} | attribute
        for attribute in pool.settings.get("Schema", [])
    ]
    standard = [
        {
            "Name": name,
            "AttributeDataType": "String",
            "Mutable": name != "sub",
            "Required": name == "sub",
        }
        for name in STANDARD_ATTRIBUTES
        # AWS's own phone_number_verified exceeds the model's limit.
        if len(name) <= _LONGEST_ATTRIBUTE_NAME
    ]
    return {name: value for name, value in pool.settings.items() if name in known} | {
        "Id": pool.id,
        "Name": pool.settings["PoolName"],
        "Arn": f"arn:aws:cognito-idp:{pool.id.partition('_')[0]}:123456789012:userpool/{pool.id}",
        "MfaConfiguration": pool.mfa["MfaConfiguration"],
        "SchemaAttributes": standard + custom,
        "EstimatedNumberOfUsers": len(pool.users),
        **({"Domain": pool.domain["Domain"]} if pool.domain else {}),
        "CreationDate": pool.created,
        "LastModifiedDate": pool.modified,
    }


@operation("GetUserPoolMfaConfig")
def get_user_pool_mfa_config(world: World, request: Json) -> Json:
    return dict(world.pool(request["UserPoolId"]).mfa)


@operation("SetUserPoolMfaConfig")
def set_user_pool_mfa_config(world: World, request: Json) -> Json:
    """Replace the MFA configuration; an omitted passkey part stays."""
    pool = world.pool(request.pop("UserPoolId"))
    mode = request.get("MfaConfiguration", "OFF")
    totp = request.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False)
    factors = [name for name in ("SmsMfaConfiguration", "EmailMfaConfiguration") if name in request]
    if mode == "OFF" and (factors or totp):
        raise Refusal(PoolRule.OFF_WITH_FACTOR)
    if mode != "OFF" and not factors and not totp:
        raise Refusal(PoolRule.ON_WITHOUT_FACTOR)
    if "SmsMfaConfiguration" in request:
        sms = {"SmsConfiguration": pool.settings.get("SmsConfiguration")} | request[
            "SmsMfaConfiguration"
        ]
        if not sms["SmsConfiguration"]:
            raise Refusal(PoolRule.SMS_NOT_CONFIGURED)
        request["SmsMfaConfiguration"] = sms
    if "EmailMfaConfiguration" in request:
        _check_email_mfa(pool)
    check_passkey_settings(pool, request.get("WebAuthnConfiguration", {}))
    passkeys = {k: v for k, v in pool.mfa.items() if k == "WebAuthnConfiguration"}
    pool.mfa = passkeys | request | {"MfaConfiguration": mode}
    pool.modified = world.now()
    return dict(pool.mfa)


def _check_email_mfa(pool: Pool) -> None:
    """Check the three conditions for email MFA (`DG/user-pool-settings-mfa`)."""
    if pool.lite:
        raise Refusal(PoolRule.EMAIL_NEEDS_TIER)
    if pool.settings["EmailConfiguration"].get("EmailSendingAccount") != "DEVELOPER":
        raise Refusal(PoolRule.EMAIL_NEEDS_SES)
    recovery = pool.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    if [mechanism["Name"] for mechanism in recovery] == ["verified_email"]:
        raise Refusal(PoolRule.EMAIL_NEEDS_RECOVERY)


@operation("DeleteUserPool")
def delete_user_pool(world: World, request: Json) -> Json:
    del world.state.pools[world.pool(request["UserPoolId"]).id]
    return {}
