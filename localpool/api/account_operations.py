"""The API of `accounts`: SignUp, ForgotPassword, ChangePassword and what belongs to them."""

from localpool.api.authentication import check_secret_hash
from localpool.api.members import pool_and_user
from localpool.api.registry import operation
from localpool.rules.rule import Refusal
from localpool.rules.user_rules import UserRule
from localpool.sign_in import accounts
from localpool.sign_in.tokens import person
from localpool.state.records import Client, Json, Pool, User
from localpool.state.world import World


def _asked(world: World, ask: Json) -> tuple[Pool, Client, User | None]:
    """Whom an unsigned call is about. Errors: NotAuthorizedException for the secret."""
    pool, client = world.client(ask["ClientId"])
    user = world.find_user(pool, ask["Username"])
    given = {"SECRET_HASH": ask["SecretHash"]} if "SecretHash" in ask else {}
    check_secret_hash(client, ask["Username"], user, given)
    return pool, client, user


@operation("SignUp")
def sign_up(world: World, ask: Json) -> Json:
    pool, _, _ = _asked(world, ask)
    attributes = {item["Name"]: item.get("Value", "") for item in ask.get("UserAttributes", [])}
    name, password = ask["Username"], ask.get("Password", "")
    user, sent = accounts.sign_up(world, pool, name, password, attributes)
    details = {"CodeDeliveryDetails": sent} if sent else {}
    return {"UserConfirmed": False, "UserSub": user.sub} | details


@operation("ConfirmSignUp")
def confirm_sign_up(world: World, ask: Json) -> Json:
    _, client, user = _asked(world, ask)
    if user is None:
        raise Refusal(
            UserRule.ATTRIBUTE_CODE_EXPIRED if accounts.hides(client) else UserRule.USER_MISSING
        )
    accounts.confirm_sign_up(world, user, ask["ConfirmationCode"])
    return {}


@operation("AdminConfirmSignUp")
def admin_confirm_sign_up(world: World, ask: Json) -> Json:
    _, user = pool_and_user(world, ask)
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.CANNOT_CONFIRM, status=user.status)
    user.status, user.modified = "CONFIRMED", world.now()
    return {}


@operation("ResendConfirmationCode")
def resend_confirmation_code(world: World, ask: Json) -> Json:
    pool, client, user = _asked(world, ask)
    if user is None and accounts.hides(client):
        return {"CodeDeliveryDetails": accounts.hidden_delivery(ask["Username"])}
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    return {"CodeDeliveryDetails": accounts.resend_confirmation(world, pool, user)}


@operation("ForgotPassword")
def forgot_password(world: World, ask: Json) -> Json:
    pool, client, user = _asked(world, ask)
    if user is None and accounts.hides(client):
        return {"CodeDeliveryDetails": accounts.hidden_delivery(ask["Username"])}
    if user is None:
        raise Refusal(UserRule.USER_MISSING)
    return {"CodeDeliveryDetails": accounts.forgot_password(world, pool, user)}


@operation("ConfirmForgotPassword")
def confirm_forgot_password(world: World, ask: Json) -> Json:
    pool, client, user = _asked(world, ask)
    if user is None and not accounts.hides(client):
        raise Refusal(UserRule.USER_MISSING)
    code, password = ask["ConfirmationCode"], ask["Password"]
    accounts.confirm_forgot_password(world, pool, user, code, password)
    return {}


@operation("ChangePassword")
def change_password(world: World, ask: Json) -> Json:
    """PreviousPassword may be left out only by somebody who has no password."""
    me = person(world, ask["AccessToken"])
    old = ask.get("PreviousPassword", "")
    accounts.change_password(world, me.pool, me.user, old, ask["ProposedPassword"])
    return {}


@operation("AdminResetUserPassword")
def admin_reset_user_password(world: World, ask: Json) -> Json:
    accounts.require_reset(world, *pool_and_user(world, ask))
    return {}
