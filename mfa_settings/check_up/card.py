"""The check-up as one card of the settings page."""

from dataclasses import dataclass

from mfa_settings.check_up.domain import situation_key
from mfa_settings.check_up.service import situation_of, suggestions
from mfa_settings.check_up.step_words import SuggestedStep, suggested_step
from mfa_settings.check_up.words import LostPhoneAction, lost_phone_actions, lost_phone_sentences
from signin.models import User
from userpool.policy import Policy
from userpool.values import Status
from userpool.words import Words


@dataclass(frozen=True, slots=True)
class CheckUpCard:
    """The content of the card.

    `lost`: what happens if the phone is lost. `actions`: what to do once it is lost. `is_open`: a
    way to sign in would be left. `step` is the one to suggest; the person put `dismissed` aside.
    """

    lost: list[Words]
    is_open: bool
    actions: list[LostPhoneAction]
    step: SuggestedStep | None
    dismissed: list[SuggestedStep]
    situation_key: str


def check_up_card(*, person: User, status: Status, policy: Policy) -> CheckUpCard | None:
    """Build the card from the status and the policy, without a call of Cognito.

    None for people whom another organisation signs in: the page says that it decides.
    """
    if status.identity_provider:
        return None
    situation = situation_of(status=status, policy=policy)
    without_phone = situation.without_phone
    open_steps, dismissed = suggestions(person=person, situation=situation)
    return CheckUpCard(
        lost=lost_phone_sentences(without_phone),
        is_open=bool(without_phone.ways),
        actions=lost_phone_actions(situation),
        step=suggested_step(open_steps[0], status) if open_steps else None,
        dismissed=[suggested_step(step, status) for step in dismissed],
        situation_key=situation_key(situation),
    )
