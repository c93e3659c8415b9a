"""Take the suggested step, put it aside, or have it suggested again."""

from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mfa_settings.check_up import service
from mfa_settings.check_up.forms import StepForm
from mfa_settings.check_up.steps import next_steps
from mfa_settings.preference.domain.rules import PreferenceChange, plan
from mfa_settings.preference.proposals import propose
from signin.caller import Caller
from signin.guards import form_posted_from, page_with_form, person_of, signed_in
from userpool.service import read_policy
from userpool.status import read_status

CARD: Final = "/#check-up"


@form_posted_from("settings")
@signed_in
def take(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Lead the step's wish to its review.

    A step that was taken meanwhile, or that the rules no longer allow, leads back to the card,
    which shows the present state.
    """
    step_id, person = _posted(request)["step"], caller.person
    status = read_status(caller.account)
    policy = read_policy()
    situation = service.situation_of(status=status, policy=policy)
    wish = next((s.wish for s in next_steps(situation) if s.id == step_id), None)
    change = plan(wanted=wish, status=status, policy=policy) if wish else None
    if not isinstance(change, PreferenceChange):
        return redirect(CARD)
    return redirect("review", propose(person=person, change=change, status=status).id)


@page_with_form
def dismiss(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        posted = _posted(request)
        service.dismiss(
            person=person_of(request),
            step_id=posted["step"],
            situation_key=posted["situation_key"],
        )
    return redirect(CARD)


@page_with_form
def suggest_again(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        service.suggest_again(person=person_of(request), step_id=_posted(request)["step"])
    return redirect(CARD)


def _posted(request: HttpRequest) -> dict[str, Any]:
    """The step and the situation that a button of the card sent. BadRequest for anything else."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    return form.cleaned_data
