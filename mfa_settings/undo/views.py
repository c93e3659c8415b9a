"""One press that restores what was set before the last save."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mfa_settings.answers import page_after
from mfa_settings.models import ProposedChange
from mfa_settings.pool.service import read_policy
from mfa_settings.service import change_of
from mfa_settings.step_up.guards import sign_in_first
from mfa_settings.step_up.service import demand_to_take_back
from mfa_settings.undo import service
from mfa_settings.undo.domain import Reason
from mfa_settings.views import own_proposal
from mfa_settings.words import preference_words
from signin.guards import person_of, session_of, with_access_token


@require_http_methods(["GET", "HEAD", "POST"])
@with_access_token
def take_back(request: HttpRequest, access_token: str, change_id: uuid.UUID) -> HttpResponse:
    """Take the change back. A GET leads to the button, or says why there is none any more."""
    change = own_proposal(request, change_id)
    if request.method != "POST":
        reason = service.why_not(change)
        return _why_not_page(request, change, reason) if reason else redirect("/#take-back")
    reason = service.why_not(change)
    if reason in {Reason.TOO_LATE, Reason.NOT_SAVED}:
        return _why_not_page(request, change, reason)
    demand = demand_to_take_back(change, read_policy(), session=session_of(request))
    if asked := sign_in_first(
        request, access_token, within=demand.max_age, second_step=demand.second_step
    ):
        return asked
    done = service.take_back(
        person=person_of(request),
        access_token=access_token,
        change=change,
        session=session_of(request),
    )
    if isinstance(done, Reason):
        return _why_not_page(request, change, done)
    return page_after(request, done.change, done.answer)


def _why_not_page(request: HttpRequest, change: ProposedChange, reason: Reason) -> HttpResponse:
    context = {"reason": reason, "before": preference_words(change_of(change).before)}
    return render(request, "mfa_settings/undo/why_not.html", context, status=HTTPStatus.CONFLICT)
