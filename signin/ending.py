"""End portal sessions by their rows: erase and revoke the tokens, and record that in the log."""

import logging
import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activity import service as activity
from activity.domain import Event
from signin import sealing, tokens
from signin.domain import Ending
from signin.models import TokenSet

# Revoking the tokens of other sessions must leave time for the answer to this request.
_REVOKE_SECONDS: Final = 3.0
_log = logging.getLogger(__name__)


@sensitive_variables("pair")
def erase(row: TokenSet, *, revoke: bool) -> bool:
    """Delete the row, then revoke its tokens. False when another request has deleted it."""
    deleted, _ = TokenSet.objects.filter(pk=row.pk).delete()
    if not deleted or not revoke:
        return bool(deleted)
    try:
        pair = tokens.open_tokens(row)
    except sealing.Unsealable:
        _log.warning("A refresh token was not revoked: its key is gone.")
        return True
    tokens.revoke_quietly(pair)
    return True


def record(row: TokenSet, reason: Ending) -> None:
    """Record why the session ended. Where that fails it has ended all the same."""
    try:
        activity.record(person=row.user.uid, event=Event.SIGNED_OUT, detail={"how": reason.value})
    except activity.NotRecorded:
        _log.exception("The end of a session was not recorded.")


def others_of(here: TokenSet) -> list[TokenSet]:
    """The other sessions of the same person whose time is not over."""
    others = TokenSet.objects.select_related("user").filter(user=here.user_id).exclude(pk=here.pk)
    return list(others.exclude(_is_over(timezone.now())))


def end_others(here: TokenSet, *, revoke: bool) -> int:
    """End the other sessions of the same person; how many."""
    revoke_until = time.monotonic() + _REVOKE_SECONDS
    ended = 0
    for row in others_of(here):
        if erase(row, revoke=revoke and time.monotonic() < revoke_until):
            record(row, Ending.ELSEWHERE)
            ended += 1
    return ended


def erase_expired() -> int:
    """End the sessions whose time is over, and revoke their tokens; how many."""
    over = list(TokenSet.objects.filter(_is_over(timezone.now())))
    erased = sum(erase(row, revoke=True) for row in over)
    SessionStore.clear_expired()
    return erased


def _is_over(now: datetime) -> Q:
    return Q(began_at__lte=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)) | Q(
        last_seen_at__lte=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    )
