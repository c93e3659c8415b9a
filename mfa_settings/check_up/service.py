"""The next steps to suggest to a person, and the ones that they dismissed."""

from mfa_settings.check_up.domain import NextStep, Situation, situation_key
from mfa_settings.check_up.models import DismissedStep
from mfa_settings.check_up.steps import next_steps
from mfa_settings.passkeys.service import add_method
from signin.models import User
from userpool.policy import Policy
from userpool.values import Status


def situation_of(*, status: Status, policy: Policy) -> Situation:
    can_add_passkey = add_method(status=status, policy=policy).possible
    return Situation(status, policy, can_add_passkey=can_add_passkey)


def suggestions(
    *, person: User, situation: Situation
) -> tuple[tuple[NextStep, ...], tuple[NextStep, ...]]:
    """The steps to suggest, the most urgent first, and those that the person dismissed.

    No call of Cognito; one query where there is any step.
    """
    steps = next_steps(situation)
    if not steps:
        return (), ()
    rows = DismissedStep.objects.filter(person=person, situation_key=situation_key(situation))
    ids = set(rows.values_list("step", flat=True))
    return tuple(s for s in steps if s.id not in ids), tuple(s for s in steps if s.id in ids)


def dismiss(*, person: User, step_id: str, situation_key: str) -> None:
    """Suggest this step no more while the person's situation is the one that the page showed."""
    DismissedStep.objects.update_or_create(
        person=person, step=step_id, defaults={"situation_key": situation_key}
    )


def suggest_again(*, person: User, step_id: str) -> None:
    DismissedStep.objects.filter(person=person, step=step_id).delete()
