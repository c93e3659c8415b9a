"""Sign-up, forgotten and changed passwords, as the JSON API and the hosted pages share them.

Sources: `API/SignUp`, `API/ConfirmSignUp`, `API/ForgotPassword`, `API/ConfirmForgotPassword`,
`API/ChangePassword`, `DG/user-pool-settings-mfa` (recovery), `DG/quotas` (limits). Errors: those
of `UserRule`.
"""

from datetime import timedelta

from localpool.rules import Refusal, UserRule
from localpool.sign_in.attempts import count_attempt
from localpool.sign_in.passwords import check_password, set_password
from localpool.state import outbox
from localpool.state.records import EMAIL, SMS, AttributeCode, Client, Json, Pool, User
from localpool.state.users import new_user
from localpool.state.world import World, digits

SIGN_UP_CODE_LIVES, RESET_CODE_LIVES = timedelta(hours=24), timedelta(hours=1)
TRIES_AN_HOUR = 5
CONTACTS = ("phone_number", "email")
_FACTOR_OF = {"phone_number": SMS, "email": EMAIL}
# What a pool does that has no AccountRecoverySetting.
_LEGACY = ({"Name": "verified_phone_number"}, {"Name": "verified_email"})


def sign_up(
    world: World, pool: Pool, name: str, password: str, attributes: dict[str, str]
) -> tuple[User, Json | None]:
    """The new UNCONFIRMED user, and the CodeDeliveryDetails unless no code is sent."""
    if pool.settings["AdminCreateUserConfig"].get("AllowAdminCreateUserOnly"):
        raise Refusal(UserRule.SIGN_UP_CLOSED)
    if world.find_user(pool, name):
        raise Refusal(UserRule.USER_EXISTS)
    user = new_user(world, pool, name, attributes)
    set_password(world, pool, user, password)
    user.status, user.first_sign_in = "UNCONFIRMED", True
    pool.users[user.sub] = user
    return user, _send_confirmation(world, pool, user)


def _send_confirmation(world: World, pool: Pool, user: User) -> Json | None:
    automatic = pool.settings.get("AutoVerifiedAttributes", [])
    for name in CONTACTS:
        if name in automatic and name in user.attributes:
            user.confirmation = _new_code(world, user, name, SIGN_UP_CODE_LIVES)
            return _send(world, pool, user, name, sent=user.confirmation, purpose="sign-up")
    return None


def _new_code(world: World, user: User, attribute: str, lives: timedelta) -> AttributeCode:
    return AttributeCode(digits(6), user.attributes[attribute], world.now() + lives)


def _send(
    world: World, pool: Pool, user: User, attribute: str, *, sent: AttributeCode, purpose: str
) -> Json:
    return outbox.send_verification_code(
        world, pool, user, attribute, code=sent.code, purpose=purpose, to=sent.value,
        text="Your confirmation code is {####}.",
    )  # fmt: skip


def resend_confirmation(world: World, pool: Pool, user: User) -> Json:
    """Send a new sign-up code; returns the CodeDeliveryDetails."""
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.ALREADY_CONFIRMED)
    _count(world, user, "resend")
    sent = _send_confirmation(world, pool, user)
    if sent is None:
        raise Refusal(UserRule.NOWHERE_TO_SEND)
    return sent


def confirm_sign_up(world: World, user: User | None, code: str) -> None:
    """Confirm the user; an unknown name (None) looks like an expired code."""
    if user is None:
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.CANNOT_CONFIRM, status=user.status)
    _check_code(world, user, user.confirmation, code)
    user.status, user.confirmation, user.modified = "CONFIRMED", None, world.now()


def _check_code(world: World, user: User, sent: AttributeCode | None, code: str) -> None:
    """Check the code; a right one also verifies the contact it was sent to."""
    if sent is None or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if code != sent.code:
        raise Refusal(UserRule.WRONG_ATTRIBUTE_CODE)
    for name in CONTACTS:
        if user.attributes.get(name) == sent.value:
            user.attributes[f"{name}_verified"] = "true"


def _count(world: World, user: User, kind: str) -> None:
    count_attempt(world, user, kind, TRIES_AN_HOUR, UserRule.TOO_MANY_ACCOUNT_TRIES)


def recovery_attribute(pool: Pool, user: User) -> str | None:
    """The verified contact that gets a reset code, or None.

    The channel of the preferred factor is excluded; a user with text messages and email both on
    for MFA has none (DOC `DG/user-pool-settings-mfa`). Errors: NotAuthorizedException where only
    an administrator resets passwords.
    """
    ways = pool.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", _LEGACY)
    names: list[str] = [way["Name"] for way in sorted(ways, key=lambda way: way.get("Priority", 1))]
    if names == ["admin_only"]:
        raise Refusal(UserRule.ADMIN_RESETS)
    if {SMS, EMAIL} <= set(user.mfa_on):
        return None
    for attribute in (name.removeprefix("verified_") for name in names):
        verified = user.attributes.get(f"{attribute}_verified") == "true"
        if verified and _FACTOR_OF[attribute] != user.mfa_preferred:
            return attribute
    return None


def forgot_password(world: World, pool: Pool, user: User) -> Json:
    """Send a reset code; the old password works until a new one is set."""
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    if user.federated or user.status == "FORCE_CHANGE_PASSWORD":
        raise Refusal(UserRule.RESET_NOT_NOW)
    attribute = _required_recovery_attribute(pool, user)
    _count(world, user, "forgot")
    return _send_reset(world, pool, user, attribute)


def _required_recovery_attribute(pool: Pool, user: User) -> str:
    attribute = recovery_attribute(pool, user)
    if attribute is None:
        raise Refusal(UserRule.NO_WAY_TO_RESET)
    return attribute


def _send_reset(world: World, pool: Pool, user: User, attribute: str) -> Json:
    user.reset = _new_code(world, user, attribute, RESET_CODE_LIVES)
    return _send(world, pool, user, attribute, sent=user.reset, purpose="password-reset")


def hidden_delivery(name: str) -> Json:
    """CodeDeliveryDetails for an unknown name where existence is hidden."""
    return {
        "Destination": f"{name[:1]}***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }


def confirm_forgot_password(
    world: World, pool: Pool, user: User | None, code: str, password: str
) -> None:
    """Set the new password; an unknown name (None) looks like an expired code."""
    sent = user.reset if user else None
    if user is None or sent is None or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if code == sent.code:
        set_password(world, pool, user, password)
    _check_code(world, user, sent, code)
    user.status, user.reset = "CONFIRMED", None


def change_password(world: World, pool: Pool, user: User, old: str, new: str) -> None:
    _count(world, user, "change")
    check_password(world, pool, user, old, hidden=False)
    set_password(world, pool, user, new)


def require_reset(world: World, pool: Pool, user: User) -> None:
    """AdminResetUserPassword: end the password and send a reset code."""
    if user.status == "UNCONFIRMED" or user.federated:
        raise Refusal(UserRule.RESET_NOT_NOW)
    attribute = _required_recovery_attribute(pool, user)
    user.status, user.modified = "RESET_REQUIRED", world.now()
    _send_reset(world, pool, user, attribute)


def hides_existence(client: Client) -> bool:
    return bool(client.settings["PreventUserExistenceErrors"] == "ENABLED")
