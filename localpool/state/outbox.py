"""The messages that a pool has sent, and the current codes of its users' authenticator apps."""

from collections.abc import Iterator

from localpool.state.records import EMAIL, SMS, Json, Message, Pool, User
from localpool.state.totp import STEP, code_of
from localpool.state.world import World

MFA_TEXT = "Your authentication code is {####}."
MFA_SUBJECT = "Your authentication code"
INVITATION = "Your username is {username} and temporary password is {####}."
# The channel and the attribute of each factor, and the channel of each attribute.
CHANNELS = {SMS: ("sms", "phone_number"), EMAIL: ("email", "email")}
CHANNEL_OF = {attribute: channel for channel, attribute in CHANNELS.values()}
_KEPT = 500


def send(
    world: World, pool: Pool, user: User, channel: str, *, text: str, code: str, purpose: str,
    subject: str | None = None, to: str | None = None,
) -> None:  # fmt: skip
    """Store a message that a real pool would hand to SNS or SES."""
    contact = to or user.attributes["phone_number" if channel == "sms" else "email"]
    words = text.replace("{####}", code).replace("{username}", user.username)
    pool.messages.append(
        Message(user.username, channel, contact, subject, words, code, purpose, world.now())
    )
    del pool.messages[:-_KEPT]


def send_mfa_code(
    world: World, pool: Pool, user: User, factor: str, code: str, *, to: str | None = None
) -> None:
    """Send an MFA code by text or mail, in the words of the pool's settings."""
    if factor == SMS:
        words = pool.mfa.get("SmsMfaConfiguration", {}).get("SmsAuthenticationMessage", MFA_TEXT)
        send(world, pool, user, "sms", text=words, code=code, purpose="mfa", to=to)
    else:
        mail = pool.mfa.get("EmailMfaConfiguration", {})
        send(
            world, pool, user, "email", text=mail.get("Message", MFA_TEXT), code=code,
            purpose="mfa", subject=mail.get("Subject", MFA_SUBJECT), to=to,
        )  # fmt: skip


def send_verification_code(
    world: World, pool: Pool, user: User, attribute: str, *, code: str, purpose: str, text: str,
    to: str,
) -> Json:  # fmt: skip
    """Send a code to a phone number or email address; returns CodeDeliveryDetailsType."""
    channel = CHANNEL_OF[attribute]
    subject = "Your verification code" if channel == "email" else None
    send(world, pool, user, channel, text=text, code=code, purpose=purpose, subject=subject, to=to)
    return {
        "Destination": masked(to),
        "DeliveryMedium": channel.upper(),
        "AttributeName": attribute,
    }


def masked(value: str) -> str:
    """`j***@g***` and `+*******4319`, as Cognito shows a destination (SEEN floci)."""
    if "@" in value:
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain[:1]}***"
    return f"+{'*' * (len(value) - 5)}{value[-4:]}"


def outbox_json(world: World, pool_id: str | None, username: str | None) -> Json:
    """All messages, newest first, and the current code of each authenticator app.

    Shape: `{"messages": [Message's fields and pool_id], "authenticators": [...]}`; an empty
    pool id or username selects all.
    """
    pools = [pool for pool in world.state.pools.values() if pool_id in (None, "", pool.id)]
    messages = [
        vars(message) | {"pool_id": pool.id, "sent_at": message.sent_at.isoformat()}
        for pool in pools
        for message in reversed(pool.messages)
        if username in (None, "", message.username)
    ]
    return {
        "messages": sorted(messages, key=lambda message: message["sent_at"], reverse=True),
        "authenticators": [
            shown
            for pool in pools
            for user in pool.users.values()
            if username in (None, "", user.username)
            for shown in _authenticators(world, pool, user)
        ],
    }


def _authenticators(world: World, pool: Pool, user: User) -> Iterator[Json]:
    """The app in use, then the newest one that is being set up."""
    pending = [user.pending_token] + [
        challenge.pending_token
        for challenge in pool.challenges.values()
        if challenge.sub == user.sub and not challenge.used and challenge.expires > world.now()
    ]
    newest = [token for token in pending if token][-1:]
    seconds = world.clock.seconds()
    for token in [user.token, *newest]:
        if token is not None:
            yield {
                "pool_id": pool.id,
                "username": user.username,
                "code": code_of(token, seconds),
                "seconds_left": STEP - seconds % STEP,
                "in_use": token is user.token,
                "used_up": seconds // STEP in token.used_steps,
            }
