"""The check-up as one card of the settings page."""

from dataclasses import dataclass

from mfa_settings.check_up.domain import Situation, Step, standing
from mfa_settings.check_up.service import situation_of, suggestions
from mfa_settings.check_up.step_words import StepWords, step_words
from mfa_settings.check_up.words import Errand, lost_already, lost_phone_sentences
from signin.models import User
from userpool.policy import Policy
from userpool.values import Status
from userpool.words import Words


@dataclass(frozen=True, slots=True)
class StepView:
    """`is_wish`: taking it leads to a review; else it is done on the page that `words` names."""

    id: str
    is_wish: bool
    words: StepWords


@dataclass(frozen=True, slots=True)
class Card:
    """`lost`: what happens if the phone is lost; `errands`: what to do once it is. `is_open`: some
    way in would be left."""

    lost: list[Words]
    is_open: bool
    errands: list[Errand]
    step: StepView | None
    dismissed: list[StepView]
    standing: str


def card_of(*, person: User, status: Status, policy: Policy) -> Card | None:
    """From what was read already, without a call of Cognito. None for people whom another
    organisation signs in: the page says that it decides."""
    if status.identity_provider:
        return None
    situation = situation_of(status=status, policy=policy)
    without_phone = situation.without_phone
    found = suggestions(person=person, situation=situation)
    return Card(
        lost=lost_phone_sentences(without_phone),
        is_open=bool(without_phone.ways),
        errands=lost_already(situation),
        step=_view(found.proposed, situation) if found.proposed else None,
        dismissed=[_view(step, situation) for step in found.dismissed],
        standing=standing(situation),
    )


def _view(step: Step, situation: Situation) -> StepView:
    return StepView(step.id, step.wish is not None, step_words(step, situation.status))
