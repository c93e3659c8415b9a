"""Which next step to propose, and which ones their person does not want suggested."""

from dataclasses import dataclass

from mfa_settings.check_up.domain import Situation, Step, standing
from mfa_settings.check_up.models import DismissedStep
from mfa_settings.check_up.steps import next_steps
from mfa_settings.passkeys.service import way_of
from signin.models import User
from userpool.policy import Policy
from userpool.values import Status


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The one step to propose, and the dismissed ones that could still be taken."""

    proposed: Step | None
    dismissed: tuple[Step, ...]


def situation_of(*, status: Status, policy: Policy) -> Situation:
    can_add_passkey = way_of(status=status, policy=policy).open
    return Situation(status, policy, can_add_passkey=can_add_passkey)


def suggestions(*, person: User, situation: Situation) -> Suggestions:
    """No call of Cognito, one read of the database where there is anything to suggest."""
    steps = next_steps(situation)
    if not steps:
        return Suggestions(None, ())
    now = standing(situation)
    ids = set(
        DismissedStep.objects.filter(person=person, standing=now).values_list("step", flat=True)
    )
    return Suggestions(
        proposed=next((step for step in steps if step.id not in ids), None),
        dismissed=tuple(step for step in steps if step.id in ids),
    )


def dismiss(*, person: User, step_id: str, standing: str) -> None:
    """Don't suggest this step again while the person stands as the page said they did."""
    DismissedStep.objects.update_or_create(
        person=person, step=step_id, defaults={"standing": standing}
    )


def suggest_again(*, person: User, step_id: str) -> None:
    DismissedStep.objects.filter(person=person, step=step_id).delete()
