"""The operations of `accounts`: sign-up, its confirmation, forgotten and changed passwords."""

from localpool.api.authentication import check_secret_hash
from localpool.api.members import attribute_values, pool_and_user
from localpool.api.registry import operation
from localpool.rules import Refusal, UserRule
from localpool.sign_in import accounts
from localpool.sign_in.tokens import caller_of
from localpool.state.records import Client, Json, Pool, User
from localpool.state.world import World


def _pool_client_user(world: World, request: Json) -> tuple[Pool, Client, User | None]:
    """The pool, client and user of an unsigned request.

    Errors: NotAuthorizedException for a wrong SECRET_HASH.
    """
    pool, client = world.client(request["ClientId"])
    user = world.find_user(pool, request["Username"])
    given = {"SECRET_HASH": request["SecretHash"]} if "SecretHash" in request else {}
    check_secret_hash(client, request["Username"], user, given)
    return pool, client, user


@operation("SignUp")
def sign_up(world: World, request: Json) -> Json:
    pool, _, _ = _pool_client_user(world, request)
    attributes = attribute_values(request.get("UserAttributes", []))
    name, password = request["Username"], request.get("Password", "")
    user, sent = accounts.sign_up(world, pool, name, password, attributes)
    details = {"CodeDeliveryDetails": sent} if sent else {}
    return {"UserConfirmed": False, "UserSub": user.sub} | details


@operation("ConfirmSignUp")
def confirm_sign_up(world: World, request: Json) -> Json:
    _, client, user = _pool_client_user(world, request)
    if user is None:
        raise Refusal(
            UserRule.ATTRIBUTE_CODE_EXPIRED
            if accounts.hides_existence(client)
            else UserRule.USER_MISSING
        )
    accounts.confirm_sign_up(world, user, request["ConfirmationCode"])
    return {}


@operation("AdminConfirmSignUp")
def admin_confirm_sign_up(world: World, request: Json) -> Json:
    _, user = pool_and_user(world, request)
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.CANNOT_CONFIRM, status=user.status)
    user.status, user.modified = "CONFIRMED", world.now()
    return {}


@operation("ResendConfirmationCode")
def resend_confirmation_code(world: World, request: Json) -> Json:
    pool, client, user = _pool_client_user(world, request)
    if user is None and accounts.hides_existence(client):
        return {"CodeDeliveryDetails": accounts.hidden_delivery(request["Username"])}
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    return {"CodeDeliveryDetails": accounts.resend_confirmation(world, pool, user)}


@operation("ForgotPassword")
def forgot_password(world: World, request: Json) -> Json:
    pool, client, user = _pool_client_user(world, request)
    if user is None and accounts.hides_existence(client):
        return {"CodeDeliveryDetails": accounts.hidden_delivery(request["Username"])}
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    return {"CodeDeliveryDetails": accounts.forgot_password(world, pool, user)}


@operation("ConfirmForgotPassword")
def confirm_forgot_password(world: World, request: Json) -> Json:
    pool, client, user = _pool_client_user(world, request)
    if user is None and not accounts.hides_existence(client):
        raise Refusal(UserRule.USER_MISSING)
    code, password = request["ConfirmationCode"], request["Password"]
    accounts.confirm_forgot_password(world, pool, user, code, password)
    return {}


@operation("ChangePassword")
def change_password(world: World, request: Json) -> Json:
    """Change the password; only a user without one may omit PreviousPassword."""
    caller = caller_of(world, request["AccessToken"])
    old = request.get("PreviousPassword", "")
    accounts.change_password(world, caller.pool, caller.user, old, request["ProposedPassword"])
    return {}


@operation("AdminResetUserPassword")
def admin_reset_user_password(world: World, request: Json) -> Json:
    accounts.require_reset(world, *pool_and_user(world, request))
    return {}
