"""A change of preference from its wish to what is told of its end; `saving` saves it."""

import uuid
from datetime import timedelta
from typing import Final

from django.utils import timezone

from mfa_settings import domain
from mfa_settings.domain import (
    Attribute,
    Change,
    Factor,
    Policy,
    Preference,
    Preview,
    Status,
)
from mfa_settings.models import ProposedChange
from mfa_settings.reading import status_from_text, status_to_text
from signin.models import User
from signin.sealing import Unsealable, seal, unseal

PROPOSAL_LIVES: Final = timedelta(hours=1)
# The page after a save follows at once; one that comes later reads the pool like any other.
READ_BACK_LIVES: Final = timedelta(seconds=15)
# A reload still tells it; a bookmark or a tab that is opened again does not.
NEWS_LIVES: Final = timedelta(minutes=1)


def propose(*, person: User, change: Change, status: Status) -> ProposedChange:
    """Keep a change for its review. Nothing reaches Cognito."""
    return ProposedChange.objects.create(
        person=person,
        before=str(change.before),
        after=str(change.after),
        reachable=",".join(sorted(status.reachable)),
        verified=",".join(sorted(status.verified)),
    )


def proposal_of(*, person: User, proposal_id: uuid.UUID) -> ProposedChange | None:
    """The person's own change, while it lives."""
    since = timezone.now() - PROPOSAL_LIVES
    return ProposedChange.objects.filter(
        id=proposal_id, person=person, created_at__gte=since
    ).first()


def erase_expired() -> int:
    """Delete the changes whose hour is over, and what they hold."""
    since = timezone.now() - PROPOSAL_LIVES
    return ProposedChange.objects.filter(created_at__lt=since).delete()[0]


def preview_of(proposal: ProposedChange, policy: Policy) -> Preview:
    """What the change means, from what was known of the person when they wished for it."""
    return domain.preview_of(
        change_of(proposal),
        policy,
        reachable=frozenset(Factor(name) for name in proposal.reachable.split(",") if name),
        verified=frozenset(Attribute(name) for name in proposal.verified.split(",") if name),
    )


def change_of(proposal: ProposedChange) -> Change:
    return Change(Preference.parse(proposal.before), Preference.parse(proposal.after))


def keep_result(proposal: ProposedChange, status: Status | None) -> None:
    """Write down how a save ended, and what the pool said after it."""
    if status:
        proposal.read_back = seal(status_to_text(status), purpose=_purpose(proposal))
    proposal.save(update_fields=["result", "refusal", "read_back"])


def is_news(proposal: ProposedChange) -> bool:
    """How a save ended is told right after it; that it is not known is told for longer."""
    if proposal.result == ProposedChange.Result.NOT_CONFIRMED:
        return True
    since = timezone.now() - NEWS_LIVES
    return bool(proposal.result and proposal.claimed_at and proposal.claimed_at > since)


def status_after(proposal: ProposedChange) -> Status | None:
    """The read-back of a save, for the one page that follows it; others read the pool."""
    claimed_at = proposal.claimed_at
    if claimed_at is None or timezone.now() - claimed_at > READ_BACK_LIVES:
        return None
    unused = ProposedChange.objects.filter(id=proposal.id).exclude(read_back="")
    if not proposal.read_back or not unused.update(read_back=""):
        return None
    try:
        return status_from_text(unseal(proposal.read_back, purpose=_purpose(proposal)))
    except Unsealable:
        return None


def _purpose(proposal: ProposedChange) -> str:
    return f"read-back:{proposal.person_id}:{proposal.id}"
