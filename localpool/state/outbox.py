"""The people's phones, mailboxes and authenticator apps, all in one place."""

from collections.abc import Iterator
from typing import Any

from localpool.state.records import EMAIL, SMS, Message, Pool, User
from localpool.state.totp import STEP, code_of
from localpool.state.world import World

SMS_TEXT = "Your authentication code is {####}."
EMAIL_TEXT = "Your authentication code is {####}."
EMAIL_SUBJECT = "Your authentication code"
INVITATION = "Your username is {username} and temporary password is {####}."
CHANNELS = {SMS: ("sms", "phone_number"), EMAIL: ("email", "email")}


def send(
    world: World, pool: Pool, user: User, channel: str, *, text: str, code: str, purpose: str,
    subject: str | None = None, to: str | None = None,
) -> None:  # fmt: skip
    """Put a message where a real pool would hand it to SNS or SES."""
    contact = to or user.attributes["phone_number" if channel == "sms" else "email"]
    words = text.replace("{####}", code).replace("{username}", user.username)
    pool.messages.append(
        Message(user.username, channel, contact, subject, words, code, purpose, world.now())
    )
    del pool.messages[:-500]


def send_code(
    world: World, pool: Pool, user: User, factor: str, code: str, *, to: str | None = None
) -> None:
    """An MFA code by text or mail, in the words the pool's settings give."""
    if factor == SMS:
        words = pool.mfa.get("SmsMfaConfiguration", {}).get("SmsAuthenticationMessage", SMS_TEXT)
        send(world, pool, user, "sms", text=words, code=code, purpose="mfa", to=to)
    else:
        mail = pool.mfa.get("EmailMfaConfiguration", {})
        send(
            world, pool, user, "email", text=mail.get("Message", EMAIL_TEXT), code=code,
            purpose="mfa", subject=mail.get("Subject", EMAIL_SUBJECT), to=to,
        )  # fmt: skip


def masked(value: str) -> str:
    """`j***@g***` and `+*******4319`, as Cognito shows where a code went (SEEN floci)."""
    if "@" in value:
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain[:1]}***"
    return f"+{'*' * (len(value) - 5)}{value[-4:]}"


def as_json(world: World, pool_id: str | None, username: str | None) -> dict[str, Any]:
    """All messages, newest first, and the current code of each authenticator app."""
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


def _authenticators(world: World, pool: Pool, user: User) -> Iterator[dict[str, Any]]:
    """The app in use, then the one being set up: the newest, by access token or in a sign-in."""
    setting_up = [user.pending_token] + [
        challenge.pending_token
        for challenge in pool.challenges.values()
        if challenge.sub == user.sub and not challenge.used and challenge.expires > world.now()
    ]
    newest = [token for token in setting_up if token][-1:]
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
