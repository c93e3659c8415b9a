"""The offer of the settings page to undo the last change."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.utils import timezone

from mfa_settings.preference.undo import Offer
from mfa_settings.preference.words.sentences import preference_words
from userpool.next_sign_in import next_sign_in_with
from userpool.policy import Policy
from userpool.values import Status
from userpool.words import Words, next_sign_in_sentence


@dataclass(frozen=True, slots=True)
class OfferWords:
    """The offer in words: `lines` name what would be on, `next_sign_in` what is asked then."""

    change_id: UUID
    until: datetime
    minutes: int
    lines: list[Words]
    next_sign_in: Words


def offer_words(offer: Offer, *, status: Status, policy: Policy) -> OfferWords:
    """The offer in words, with the minutes that are left for it."""
    coming = next_sign_in_with(
        offer.back_to,
        policy,
        reachable=status.reachable,
        identity_provider=status.identity_provider,
    )
    return OfferWords(
        change_id=offer.change.id,
        until=offer.until,
        minutes=max(1, ceil((offer.until - timezone.now()).total_seconds() / 60)),
        lines=preference_words(offer.back_to),
        next_sign_in=next_sign_in_sentence(coming),
    )
