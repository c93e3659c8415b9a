"""A change of preference from its wish to the notice of its result; `saving` saves it."""

import uuid
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from mfa_settings.preference.domain.preview import Preview
from mfa_settings.preference.domain.rules import PreferenceChange
from mfa_settings.preference.models import ProposedChange
from signin.models import User
from userpool.policy import Policy
from userpool.values import Attribute, Status

PROPOSAL_LIVES: Final = timedelta(hours=1)
# A reload shows the notice again; a bookmark or a tab that is opened again does not.
NEWS_LIVES: Final = timedelta(minutes=1)


def propose(*, person: User, change: PreferenceChange, status: Status) -> ProposedChange:
    """Keep a change for its review. Nothing reaches Cognito."""
    return ProposedChange.objects.create(
        person=person,
        before=str(change.before),
        after=str(change.after),
        reachable=",".join(sorted(status.reachable)),
        verified=",".join(sorted(status.verified)),
        has_password=status.has_password,
    )


def proposal_of(*, person: User, proposal_id: uuid.UUID) -> ProposedChange | None:
    """The person's own change, while it lives."""
    return ProposedChange.objects.filter(_lives(), id=proposal_id, person=person).first()


def erase_expired() -> int:
    """Delete the changes whose hour is over."""
    return ProposedChange.objects.exclude(_lives()).delete()[0]


def _lives() -> Q:
    """Select changes for an hour from the proposal, and for an hour from the save, to be undone."""
    since = timezone.now() - PROPOSAL_LIVES
    return Q(created_at__gte=since) | Q(claimed_at__isnull=False, claimed_at__gte=since)


def preview_of(proposal: ProposedChange, policy: Policy) -> Preview:
    """Return the preview of the change, by the person's status at the time of the proposal."""
    return Preview(
        proposal.change,
        policy,
        reachable=proposal.reachable_factors,
        verified=frozenset(Attribute(name) for name in proposal.verified.split(",") if name),
    )


def is_news(proposal: ProposedChange) -> bool:
    """Tell whether the settings page still shows the result: a minute, or while it is unknown."""
    if proposal.result == ProposedChange.Result.NOT_CONFIRMED:
        return True
    known_at = proposal.settled_at or proposal.claimed_at
    return bool(proposal.result and known_at and known_at > timezone.now() - NEWS_LIVES)
