"""The settings page, the review of a change, and its saving."""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from activity.domain import Event, Outcome
from activity.service import RecentEvent, recent
from activity.words import sentence
from mfa_settings import saving, service
from mfa_settings.answers import conflict_page, page_after
from mfa_settings.authenticator.afterwards import unfinished_move
from mfa_settings.check_up.card import card_of
from mfa_settings.domain import (
    NOTHING_ASKED,
    DeviceTracking,
    Factor,
    Preference,
    coming_sign_in,
)
from mfa_settings.drill.service import proofs_of
from mfa_settings.drill.words import offer
from mfa_settings.forms import PreferenceForm
from mfa_settings.models import ProposedChange
from mfa_settings.pool.service import read_policy
from mfa_settings.preview_words import STEP_WORDS, Line, Step, sections_of, take_back_sentence
from mfa_settings.settling import read_and_reconcile
from mfa_settings.step_up.guards import sign_in_first, will_be_asked
from mfa_settings.step_up.service import demand_of
from mfa_settings.undo.service import offer as undo_offer
from mfa_settings.undo.words import offer_words
from mfa_settings.words import (
    Words,
    next_sign_in_sentence,
    preference_words,
)
from signin.guards import person_of, session_of, with_access_token
from signin.service import current


@require_safe
@with_access_token
def settings(request: HttpRequest, access_token: str) -> HttpResponse:
    """Each factor's state and switch, as the pool has them now."""
    status, policy = read_and_reconcile(access_token=access_token, person=person_of(request).uid)
    saved = _named_change(request, "saved")
    draft = _named_change(request, "draft")
    form = PreferenceForm(
        status=status,
        policy=policy,
        draft=service.change_of(draft).after if draft and not draft.result else None,
        proofs=proofs_of(person=person_of(request)),
    )
    return _settings_page(request, form, saved=saved if saved and service.is_news(saved) else None)


def _named_change(request: HttpRequest, name: str) -> ProposedChange | None:
    """The person's own change that the address names, if it does."""
    try:
        proposal_id = uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return service.proposal_of(person=person_of(request), proposal_id=proposal_id)


def _app_used_at(request: HttpRequest) -> datetime | None:
    """When this session was begun with an authenticator app, where the pool says how it was.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
    """
    session = current(request)
    return session.auth_time if session and "otp" in session.amr else None


def _told(saved: ProposedChange, now: Preference) -> str:
    """How the page tells the end of a save beside what the pool says now; "" for not at all."""
    result, change = ProposedChange.Result, service.change_of(saved)
    if saved.result == result.NOT_CONFIRMED and now == change.after:
        return str(result.CONFIRMED)
    # What came out is told as long as it is so.
    left = {result.CONFIRMED: change.after, result.CAME_TO_NOTHING: change.before}
    return saved.result if left.get(ProposedChange.Result(saved.result), now) == now else ""


def _settings_page(
    request: HttpRequest,
    form: PreferenceForm,
    *,
    saved: ProposedChange | None = None,
    http_status: int = HTTPStatus.OK,
) -> HttpResponse:
    coming = coming_sign_in(form.status, form.policy, preference=form.now)
    told = _told(saved, form.now) if saved else ""
    undo = undo_offer(person=person_of(request), status=form.status, policy=form.policy)
    context = {
        "form": form,
        "next_sign_in": next_sign_in_sentence(coming),
        "nothing_asked": coming.asked in NOTHING_ASKED,
        "check_up": card_of(person=person_of(request), status=form.status, policy=form.policy),
        "by_risk": form.policy.by_risk and not form.status.identity_provider,
        "identity_provider": form.status.identity_provider,
        "saved": saved if told else None,
        "told": told,
        "turned_off": saved is not None
        and form.policy.devices is not DeviceTracking.OFF
        and service.change_of(saved).turned_off,
        "to_test": offer(service.change_of(saved), form.status, form.policy) if saved else None,
        "wanted": preference_words(service.change_of(saved).after) if saved else [],
        "held": preference_words(form.now),
        "undo": offer_words(undo, status=form.status, policy=form.policy) if undo else None,
        "unchanged": "unchanged" in request.GET,
        "unfinished_move": Factor.TOTP in form.now.enabled
        and unfinished_move(person=person_of(request), app_used_at=_app_used_at(request)),
        "recent": [
            (entry, sentence(entry), _what_it_left(entry))
            for entry in recent(person=person_of(request).uid)
        ],
    }
    return render(request, "mfa_settings/settings.html", context, status=http_status)


def _what_it_left(entry: RecentEvent) -> list[Words]:
    """What was on after a change of the preference that is known to have taken effect."""
    if entry.event is not Event.PREFERENCE_CHANGED or entry.outcome is not Outcome.CONFIRMED:
        return []
    return preference_words(Preference.parse(str(entry.detail["after"])))


@require_http_methods(["GET", "HEAD", "POST"])
@with_access_token
def propose(request: HttpRequest, access_token: str) -> HttpResponse:
    """Take the wish to its review, or say on the page why it can't be met."""
    if request.method != "POST":
        return redirect("settings")
    status, policy = read_and_reconcile(access_token=access_token, person=person_of(request).uid)
    form = PreferenceForm(
        request.POST, status=status, policy=policy, proofs=proofs_of(person=person_of(request))
    )
    valid = form.is_valid()
    seen = form.cleaned_data.get("seen")
    if seen is not None and seen != form.now:
        return conflict_page(request, seen=seen, now=form.now, status=status, policy=policy)
    if not valid or form.change is None:
        return _settings_page(request, form, http_status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.change.is_empty:
        return redirect("/?unchanged")
    proposal = service.propose(person=person_of(request), change=form.change, status=status)
    return redirect("review", proposal.id)


@require_safe
def review(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """What will change and what the next sign-in will ask, in whole sentences."""
    proposal = own_proposal(request, proposal_id)
    if proposal.result:
        return redirect(f"/?saved={proposal.id}")
    policy = read_policy()
    preview = service.preview_of(proposal, policy)
    context = {
        "proposal": proposal,
        "sign_in_first": will_be_asked(request, demand_of(proposal, policy)),
        "sections": [
            (section, [(line.words, _links(line, proposal)) for line in section.lines])
            for section in sections_of(preview)
        ],
        "take_back": take_back_sentence(preview),
    }
    return render(request, "mfa_settings/review.html", context)


_URL_NAME: Final = {
    Step.SET_UP_APP: "authenticator",
    Step.CONTACT_POINTS: "contact_points",
    Step.DEVICES: "devices",
}


def _links(line: Line, proposal: ProposedChange) -> list[tuple[Words, str]]:
    draft = f"/?draft={proposal.id}"
    return [
        (STEP_WORDS[step], reverse(_URL_NAME[step]) if step in _URL_NAME else draft)
        for step in line.steps
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@with_access_token
def save(request: HttpRequest, access_token: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Apply the reviewed change with the person's own access token."""
    proposal = own_proposal(request, proposal_id)
    if request.method != "POST":
        return redirect("review", proposal.id)
    demand = demand_of(proposal, read_policy())
    if asked := sign_in_first(
        request, access_token, within=demand.max_age, second_step=demand.second_step
    ):
        return asked
    answer = saving.save(
        person=person_of(request),
        access_token=access_token,
        proposal=proposal,
        session=session_of(request),
    )
    return page_after(request, proposal, answer)


def own_proposal(request: HttpRequest, proposal_id: uuid.UUID) -> ProposedChange:
    proposal = service.proposal_of(person=person_of(request), proposal_id=proposal_id)
    if proposal is None:
        raise Http404
    return proposal
