"""Confirm that it is you: the pages before a change, and the redirect to managed login."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from signin.assurance import Assurance, Shortfall, shortfall
from signin.caller import Caller
from signin.domain import Failure
from signin.guards import form_posted_from, or_404, person_of, signed_in
from signin.provider import to_managed_login
from signin.service import assurance
from signin.step_up import service
from signin.step_up.domain import acr_values, asks_second_step, expected_way, other_ways
from signin.step_up.models import SuspendedForm
from signin.step_up.words import asked_sentence, problem_sentence, way_sentence
from signin.views import leaving
from userpool.next_sign_in import Asked, next_sign_in_of
from userpool.policy import Policy
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor, Status
from userpool.words import FACTOR_OF_SLUG, SLUG_OF_FACTOR

# Tells the next page, by the session, to say that the button has to be pressed again: "unchanged"
# where nothing has been done yet, "begun" where something was.
SIGNED_IN_AGAIN = "signed_in_again"


@require_safe
@signed_in
def confirm(request: HttpRequest, caller: Caller, form_id: uuid.UUID) -> HttpResponse:
    """Say why to sign in again and what will be asked; go back where the demand is met."""
    suspended = _own(request, form_id)
    policy = read_policy()
    status = read_status(caller.account)
    if suspended.second_step and not asks_second_step(status, policy):
        # The helpdesk has turned it off meanwhile: no sign-in can show a second step any more.
        suspended.second_step = False
        suspended.save(update_fields=["second_step"])
    missing = _missing(request, suspended, policy)
    if missing is None:
        request.session[SIGNED_IN_AGAIN] = "begun" if suspended.is_begun else "unchanged"
        fields = f"?{urlencode({'waiting': str(suspended.id)})}" if suspended.sealed_fields else ""
        return redirect(f"{suspended.back}{fields}")
    context = {
        "suspended": suspended,
        "asked": asked_sentence(next_sign_in_of(status, policy), way=_chosen(suspended)),
        "problem": _problem(request, missing),
        "only_time_counts": suspended.second_step
        and _shown(request, policy).used_second_step is None,
    }
    return render(request, "signin/step_up/confirm.html", context)


def _problem(request: HttpRequest, missing: Shortfall) -> object:
    """The sentence about the sign-in just made, which was not enough; None before any."""
    failure = request.GET.get("failure", "")
    if failure in set(Failure):
        return problem_sentence(Failure(failure))
    return problem_sentence(missing) if "returned" in request.GET else None


@form_posted_from("confirm")
@signed_in
def start(request: HttpRequest, caller: Caller, form_id: uuid.UUID) -> HttpResponse:
    """Lead to managed login, which has to ask again; the field `way` is a factor to ask for."""
    suspended = _own(request, form_id)
    policy = read_policy()
    status = read_status(caller.account)
    way = FACTOR_OF_SLUG.get(request.POST.get("way", "")) or _chosen(suspended)
    if way is not None and way.value != suspended.way:
        suspended.way = way.value
        suspended.save(update_fields=["way"])
    answer = to_managed_login(
        request=request,
        next_path=f"{reverse('confirm', args=[suspended.id])}?returned",
        prompt="login",
        max_age=suspended.max_age_seconds,
        acr_values=_acr_values(suspended, way, status, policy),
        same_person=caller.uid,
    )
    return leaving(request, answer)


def _acr_values(
    suspended: SuspendedForm, way: Factor | None, status: Status, policy: Policy
) -> tuple[str, ...]:
    demanded = suspended.demand.factors
    if not suspended.second_step and not demanded:
        return ()
    expected = expected_way(next_sign_in_of(status, policy), demanded=demanded)
    return acr_values(way or expected, policy.acr_names)


@require_safe
@signed_in
def other(request: HttpRequest, caller: Caller, form_id: uuid.UUID) -> HttpResponse:
    """Show other factors that are on, and who can help, to a person who can't use the usual one."""
    suspended = _own(request, form_id)
    policy = read_policy()
    status = read_status(caller.account)
    coming = next_sign_in_of(status, policy)
    # Where the person may choose among several, none of them is known to be lost.
    lost = _chosen(suspended) or (expected_way(coming) if coming.asked is Asked.FACTOR else None)
    ways = other_ways(status, policy, unusable=frozenset({lost} if lost else ()))
    context = {
        "suspended": suspended,
        "ways": [(SLUG_OF_FACTOR[way], way_sentence(way)) for way in ways],
    }
    return render(request, "signin/step_up/other.html", context)


def _missing(request: HttpRequest, suspended: SuspendedForm, policy: Policy) -> Shortfall | None:
    return shortfall(suspended.demand, _shown(request, policy), now=timezone.now())


def _shown(request: HttpRequest, policy: Policy) -> Assurance:
    return assurance(request=request, level_names=policy.acr_names)


def _chosen(suspended: SuspendedForm) -> Factor | None:
    return Factor(suspended.way) if suspended.way else None


def _own(request: HttpRequest, form_id: uuid.UUID) -> SuspendedForm:
    return or_404(service.suspended_form_of(person=person_of(request), form_id=form_id))
