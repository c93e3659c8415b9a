"""Signing up, a forgotten password, a changed one: what the API and the hosted pages share.

Sources: `API/SignUp`, `API/ConfirmSignUp`, `API/ForgotPassword`, `API/ConfirmForgotPassword`,
`API/ChangePassword`, `DG/user-pool-settings-mfa` (recovery), `DG/quotas` (limits). Errors: those
of `rules`.
"""

from datetime import timedelta

from localpool.rules.rule import Refusal
from localpool.rules.user_rules import UserRule
from localpool.sign_in.passwords import check_password, set_password
from localpool.state import outbox
from localpool.state.records import EMAIL, SMS, AttributeCode, Client, Json, Pool, User
from localpool.state.users import new_user
from localpool.state.world import World, new_id

SIGN_UP_CODE_LIVES, RESET_CODE_LIVES = timedelta(hours=24), timedelta(hours=1)
TRIES_AN_HOUR = 5
CHANNELS = {"phone_number": ("sms", SMS), "email": ("email", EMAIL)}
_LEGACY = ({"Name": "verified_phone_number"}, {"Name": "verified_email"})


def sign_up(
    world: World, pool: Pool, name: str, password: str, attributes: dict[str, str]
) -> tuple[User, Json | None]:
    """An UNCONFIRMED person, and where the code went (None: nothing is verified by itself)."""
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
    for name in CHANNELS:
        if name in automatic and name in user.attributes:
            user.confirmation = _code(world, user, name, SIGN_UP_CODE_LIVES)
            return _send(world, pool, user, name, user.confirmation.code, "sign-up")
    return None


def _code(world: World, user: User, attribute: str, lives: timedelta) -> AttributeCode:
    return AttributeCode(new_id(6, "0123456789"), user.attributes[attribute], world.now() + lives)


def _send(world: World, pool: Pool, user: User, attribute: str, code: str, purpose: str) -> Json:
    channel, _ = CHANNELS[attribute]
    subject = "Your verification code" if channel == "email" else None
    outbox.send(
        world, pool, user, channel, text="Your confirmation code is {####}.", code=code,
        purpose=purpose, subject=subject,
    )  # fmt: skip
    return {
        "Destination": outbox.masked(user.attributes[attribute]),
        "DeliveryMedium": channel.upper(),
        "AttributeName": attribute,
    }


def resend_confirmation(world: World, pool: Pool, user: User) -> Json:
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.ALREADY_CONFIRMED)
    count_try(world, user, "resend")
    sent = _send_confirmation(world, pool, user)
    if sent is None:
        raise Refusal(UserRule.NOWHERE_TO_SEND)
    return sent


def confirm_sign_up(world: World, user: User, code: str) -> None:
    if user.status != "UNCONFIRMED":
        raise Refusal(UserRule.CANNOT_CONFIRM, status=user.status)
    _judge(world, user, user.confirmation, code)
    user.status, user.confirmation, user.modified = "CONFIRMED", None, world.now()


def _judge(world: World, user: User, sent: AttributeCode | None, code: str) -> None:
    """A right code also proves the contact it went to."""
    if sent is None or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if code != sent.code:
        raise Refusal(UserRule.WRONG_ATTRIBUTE_CODE)
    for name in CHANNELS:
        if user.attributes.get(name) == sent.value:
            user.attributes[f"{name}_verified"] = "true"


def count_try(world: World, user: User, kind: str) -> None:
    """Five an hour and person (DOC `DG/quotas`). Errors: LimitExceededException."""
    recent = [at for at in user.tries.get(kind, []) if at > world.now() - timedelta(hours=1)]
    if len(recent) >= TRIES_AN_HOUR:
        raise Refusal(UserRule.TOO_MANY_ACCOUNT_TRIES)
    user.tries[kind] = [*recent, world.now()]


def recovery_attribute(pool: Pool, user: User) -> str | None:
    """Where a reset code may go: verified, by priority, and not what the second step uses.

    The preferred channel is out; with texts and mails both on for MFA, neither is left (DOC
    `DG/user-pool-settings-mfa`). Errors: NotAuthorizedException where only an admin resets.
    """
    ways = pool.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", _LEGACY)
    names: list[str] = [way["Name"] for way in sorted(ways, key=lambda way: way.get("Priority", 1))]
    if names == ["admin_only"]:
        raise Refusal(UserRule.ADMIN_RESETS)
    if {SMS, EMAIL} <= set(user.mfa_on):
        return None
    for attribute in (name.removeprefix("verified_") for name in names):
        proved = user.attributes.get(f"{attribute}_verified") == "true"
        if proved and CHANNELS[attribute][1] != user.mfa_preferred:
            return attribute
    return None


def forgot_password(world: World, pool: Pool, user: User) -> Json:
    """Sends a code for a new password; the old one works until that is chosen."""
    if not user.enabled:
        raise Refusal(UserRule.DISABLED)
    if user.federated or user.status == "FORCE_CHANGE_PASSWORD":
        raise Refusal(UserRule.RESET_NOT_NOW)
    attribute = recovery_attribute(pool, user)
    if attribute is None:
        raise Refusal(UserRule.NO_WAY_TO_RESET)
    count_try(world, user, "forgot")
    user.reset = _code(world, user, attribute, RESET_CODE_LIVES)
    return _send(world, pool, user, attribute, user.reset.code, "password-reset")


def hidden_delivery(name: str) -> Json:
    """What somebody who does not exist is told, where existence is hidden."""
    return {
        "Destination": f"{name[:1]}***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }


def confirm_forgot_password(
    world: World, pool: Pool, user: User | None, code: str, password: str
) -> None:
    known = user or refuse_unknown()
    sent = known.reset
    if sent is None or sent.expires <= world.now():
        raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)
    if code == sent.code:
        set_password(world, pool, known, password)
    _judge(world, known, sent, code)
    known.status, known.reset = "CONFIRMED", None


def refuse_unknown() -> User:
    """An unknown name looks like a code that ran out."""
    raise Refusal(UserRule.ATTRIBUTE_CODE_EXPIRED)


def change_password(world: World, pool: Pool, user: User, old: str, new: str) -> None:
    count_try(world, user, "change")
    check_password(world, pool, user, old, hidden=False)
    set_password(world, pool, user, new)


def require_reset(world: World, pool: Pool, user: User) -> None:
    """AdminResetUserPassword: the password is dead and a code is sent."""
    if user.status == "UNCONFIRMED" or user.federated:
        raise Refusal(UserRule.RESET_NOT_NOW)
    attribute = recovery_attribute(pool, user)
    if attribute is None:
        raise Refusal(UserRule.NO_WAY_TO_RESET)
    user.status, user.modified = "RESET_REQUIRED", world.now()
    user.reset = _code(world, user, attribute, RESET_CODE_LIVES)
    _send(world, pool, user, attribute, user.reset.code, "password-reset")


def hides(client: Client) -> bool:
    return bool(client.settings["PreventUserExistenceErrors"] == "ENABLED")
