"""The pages that answer a save: where it leads, and why it could not be made."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from mfa_settings.preference import saving
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.words.sentences import preference_words, violation_sentence
from userpool.next_sign_in import next_sign_in_of
from userpool.policy import Policy
from userpool.service import read_policy
from userpool.values import Preference, Status
from userpool.words import next_sign_in_sentence


def save_response(
    request: HttpRequest, proposal: ProposedChange, answer: saving.SaveAnswer
) -> HttpResponse:
    """Redirect to the settings page, which shows the result, or answer 409 with the obstacle."""
    match answer:
        case saving.Ended():
            return redirect(f"/?saved={proposal.id}")
        case saving.Conflict():
            return conflict_page(
                request,
                seen=answer.seen,
                now=answer.now,
                status=answer.status,
                policy=read_policy(),
            )
        case saving.NoLongerAllowed():
            context = {
                "reasons": [violation_sentence(v) for v in answer.violations],
                "is_undo": proposal.undoes_id is not None,
            }
            return render(
                request,
                "mfa_settings/preference/no_longer_allowed.html",
                context,
                status=HTTPStatus.CONFLICT,
            )


def conflict_page(
    request: HttpRequest, *, seen: Preference, now: Preference, status: Status, policy: Policy
) -> HttpResponse:
    """Answer 409 with both states: the one that the person was looking at, and the pool's own."""
    context = {
        "states": [
            (title, preference_words(preference), next_sign_in_sentence(coming))
            for title, preference in (
                (_("When you opened the page"), seen),
                (_("What is set now"), now),
            )
            for coming in [next_sign_in_of(status, policy, preference=preference)]
        ]
    }
    return render(
        request, "mfa_settings/preference/conflict.html", context, status=HTTPStatus.CONFLICT
    )
