"""The review of a change, its saving, and its undo."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mfa_settings.preference import proposals, saving, undo
from mfa_settings.preference.conflicts import save_response
from mfa_settings.preference.demand import demand_of, demand_to_undo
from mfa_settings.preference.domain.undo import UndoProblem
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.words.preview import review_sections, undo_sentence
from mfa_settings.preference.words.sentences import preference_words
from signin.caller import Caller
from signin.guards import form_posted_from, or_404, page_with_form, person_of, signed_in
from signin.step_up.guards import sign_in_first, will_be_asked
from userpool.service import read_policy


@require_safe
def review(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Show what will change and what the next sign-in will ask, in whole sentences."""
    proposal = own_proposal(request, proposal_id)
    if proposal.result:
        return redirect(f"/?saved={proposal.id}")
    policy = read_policy()
    preview = proposals.preview_of(proposal, policy)
    context = {
        "proposal": proposal,
        "sign_in_first": will_be_asked(request, demand_of(proposal, policy)),
        "sections": review_sections(preview, draft_url=f"/?draft={proposal.id}"),
        "undo_sentence": undo_sentence(preview),
    }
    return render(request, "mfa_settings/preference/review.html", context)


@form_posted_from("review")
@signed_in
def save(request: HttpRequest, caller: Caller, proposal_id: uuid.UUID) -> HttpResponse:
    """Apply the reviewed change with the person's own access token."""
    proposal = own_proposal(request, proposal_id)
    demand = demand_of(proposal, read_policy())
    if asked := sign_in_first(request, caller, demand=demand):
        return asked
    return save_response(request, proposal, saving.save(caller=caller, proposal=proposal))


def own_proposal(request: HttpRequest, proposal_id: uuid.UUID) -> ProposedChange:
    return or_404(proposals.proposal_of(person=person_of(request), proposal_id=proposal_id))


@page_with_form
@signed_in
def undo_change(request: HttpRequest, caller: Caller, change_id: uuid.UUID) -> HttpResponse:
    """Undo the change. A GET leads to the button, or says why there is none any more."""
    change = own_proposal(request, change_id)
    reason = undo.problem_of(change)
    if request.method != "POST":
        return _problem_page(request, change, reason) if reason else redirect("/#take-back")
    if reason in {UndoProblem.TOO_LATE, UndoProblem.NOT_SAVED}:
        return _problem_page(request, change, reason)
    demand = demand_to_undo(change, read_policy(), session=caller.session.id)
    if asked := sign_in_first(request, caller, demand=demand):
        return asked
    done = undo.undo_change(caller=caller, change=change)
    if isinstance(done, UndoProblem):
        return _problem_page(request, change, done)
    return save_response(request, done.change, done.answer)


def _problem_page(
    request: HttpRequest, change: ProposedChange, reason: UndoProblem
) -> HttpResponse:
    context = {"reason": reason, "before": preference_words(change.change.before)}
    return render(
        request, "mfa_settings/preference/undo/problem.html", context, status=HTTPStatus.CONFLICT
    )
