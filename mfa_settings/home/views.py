"""The settings page, and the way from its switches to the review of a change."""

from datetime import datetime
from http import HTTPStatus
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activity.domain import Event, Outcome
from activity.service import RecentEvent, recent
from activity.words import sentence
from mfa_settings.authenticator.turning_on import has_unfinished_replacement
from mfa_settings.check_up.card import check_up_card
from mfa_settings.factor_test.service import last_successful_tests
from mfa_settings.factor_test.words import offer
from mfa_settings.home.cards import factor_cards
from mfa_settings.preference import proposals
from mfa_settings.preference.conflicts import conflict_page
from mfa_settings.preference.forms import PreferenceForm
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.reconcile import read_and_reconcile
from mfa_settings.preference.undo import offer as undo_offer
from mfa_settings.preference.words.sentences import preference_words
from signin.caller import Caller
from signin.guards import form_posted_from, found_by_query, signed_in
from userpool.next_sign_in import NOTHING_ASKED, next_sign_in_of, next_sign_in_with
from userpool.policy import DeviceTracking
from userpool.values import Factor, Preference
from userpool.words import Words, next_sign_in_sentence


@require_safe
@signed_in
def settings(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Shows each factor's state and switch, as the pool has them now."""
    status, policy = read_and_reconcile(caller.account)
    saved = _named_change(request, caller, "saved")
    draft = _named_change(request, caller, "draft")
    form = PreferenceForm(
        status=status,
        policy=policy,
        draft=draft.change.after if draft and not draft.result else None,
    )
    news = saved if saved and proposals.is_news(saved) else None
    return _settings_page(request, caller, form, saved=news)


def _named_change(request: HttpRequest, caller: Caller, name: str) -> ProposedChange | None:
    """Returns the person's own change that this field of the query names, if it names one."""
    return found_by_query(
        request,
        name,
        lambda row_id: proposals.proposal_of(person=caller.person, proposal_id=row_id),
    )


def _app_used_at(caller: Caller) -> datetime | None:
    """When this session was begun with an authenticator app, where the pool says how it was.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
    """
    return caller.session.auth_time if "otp" in caller.session.amr else None


def _told(saved: ProposedChange, now: Preference) -> str:
    """Returns the result of a save to tell beside what the pool says now; "" for none."""
    result, change = ProposedChange.Result, saved.change
    if saved.result == result.NOT_CONFIRMED and now == change.after:
        return str(result.CONFIRMED)
    # A result is told as long as the pool still shows it.
    left = {result.CONFIRMED: change.after, result.CAME_TO_NOTHING: change.before}
    return saved.result if left.get(ProposedChange.Result(saved.result), now) == now else ""


def _settings_page(
    request: HttpRequest,
    caller: Caller,
    form: PreferenceForm,
    *,
    saved: ProposedChange | None = None,
    http_status: int = HTTPStatus.OK,
) -> HttpResponse:
    person, status, policy = caller.person, form.status, form.policy
    coming = next_sign_in_of(status, policy, preference=form.now)
    told = _told(saved, form.now) if saved else ""
    context = {
        "form": form,
        "cards": factor_cards(form, successful_tests=last_successful_tests(person=person)),
        "next_sign_in": next_sign_in_sentence(coming),
        "nothing_asked": coming.asked in NOTHING_ASKED,
        "check_up": check_up_card(person=person, status=status, policy=policy),
        "adaptive": policy.adaptive and not status.identity_provider,
        "identity_provider": status.identity_provider,
        "saved": saved if told else None,
        "told": told,
        "turned_off": saved is not None
        and policy.devices is not DeviceTracking.OFF
        and saved.change.turned_off,
        "to_test": offer(saved.change, status, policy) if saved else None,
        "wanted": preference_words(saved.change.after) if saved else [],
        "held": preference_words(form.now),
        "undo": _undo(caller, form),
        "unchanged": "unchanged" in request.GET,
        "unfinished_move": Factor.TOTP in form.now.enabled
        and has_unfinished_replacement(person=person, app_used_at=_app_used_at(caller)),
        "recent": [
            (entry, sentence(entry), _what_it_left(entry)) for entry in recent(person=caller.uid)
        ],
    }
    return render(request, "mfa_settings/home/settings.html", context, status=http_status)


def _undo(caller: Caller, form: PreferenceForm) -> dict[str, object] | None:
    """Returns the offer to undo the last change: what would be on, what is asked, minutes left."""
    status, policy = form.status, form.policy
    found = undo_offer(person=caller.person, status=status, policy=policy)
    if found is None:
        return None
    coming = next_sign_in_with(
        found.back_to,
        policy,
        reachable=status.reachable,
        identity_provider=status.identity_provider,
    )
    return {
        "change_id": found.change.id,
        "until": found.until,
        "minutes": max(1, ceil((found.until - timezone.now()).total_seconds() / 60)),
        "lines": preference_words(found.back_to),
        "next_sign_in": next_sign_in_sentence(coming),
    }


def _what_it_left(entry: RecentEvent) -> list[Words]:
    """Returns what was on after a change of preference that is known to have taken effect."""
    if entry.event is not Event.PREFERENCE_CHANGED or entry.outcome is not Outcome.CONFIRMED:
        return []
    return preference_words(Preference.parse(str(entry.detail["after"])))


@form_posted_from("settings")
@signed_in
def propose(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Proposes the posted change for its review, or says on the page why it can't be made."""
    status, policy = read_and_reconcile(caller.account)
    form = PreferenceForm(request.POST, status=status, policy=policy)
    valid = form.is_valid()
    seen = form.cleaned_data.get("seen")
    if seen is not None and seen != form.now:
        return conflict_page(request, seen=seen, now=form.now, status=status, policy=policy)
    if not valid or form.change is None:
        return _settings_page(request, caller, form, http_status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.change.is_empty:
        return redirect("/?unchanged")
    proposal = proposals.propose(person=caller.person, change=form.change, status=status)
    return redirect("review", proposal.id)
