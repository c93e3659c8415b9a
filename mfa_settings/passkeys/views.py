"""The list of a person's passkeys, and a page for each thing they can do with one."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from activity.domain import Outcome
from mfa_settings.passkeys import service
from mfa_settings.passkeys.domain import MAX_PASSKEYS, AddMethod, Problem
from mfa_settings.passkeys.forms import CredentialForm, LabelForm
from mfa_settings.passkeys.models import PasskeyCeremony
from mfa_settings.passkeys.words import (
    BROWSER_PROBLEMS,
    kind_of,
    obstacle_sentence,
    problem_sentence,
    transports_of,
)
from signin.caller import Caller
from signin.flash import flash_query, read_flash
from signin.guards import (
    form_posted_from,
    found_by_query,
    or_404,
    page_with_form,
    person_of,
    signed_in,
)
from signin.step_up import service as step_up
from signin.step_up.guards import recent_sign_in_required, sign_in_first
from userpool.passkey_factor import read_passkey_flag
from userpool.service import read_policy
from userpool.status import read_status

_REMOVAL = "passkey-removal"


@require_safe
@signed_in
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The list of passkeys, and what has just become of one."""
    return _overview_page(request, caller)


def _overview_page(
    request: HttpRequest, caller: Caller, *, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    policy = read_policy()
    method = service.add_method(status=read_status(caller.account), policy=policy)
    can_have_passkeys = method not in {AddMethod.ANOTHER_PROVIDER, AddMethod.NOT_OFFERED}
    found = service.passkeys_of(caller=caller, policy=policy) if can_have_passkeys else []
    ended = _ceremony_named(request)
    problem = problem or (Problem(ended.problem) if ended and ended.problem else None)
    context = {
        "passkeys": [
            {"it": each, "kind": kind_of(each), "transports": transports_of(each)} for each in found
        ],
        "can_add": method.possible,
        "can_add_here": method is AddMethod.HERE,
        "reason": None if method.possible else obstacle_sentence(method),
        "is_full": len(found) >= MAX_PASSKEYS,
        "problem": problem_sentence(problem) if problem else None,
        "stays": problem is Problem.ONLY_WAY_IN,
        **_news(request, ended, {each.credential.id: each.name for each in found}),
    }
    return render(request, "mfa_settings/passkeys/overview.html", context, status=status)


def _news(
    request: HttpRequest, ended: PasskeyCeremony | None, names: dict[str, str]
) -> dict[str, object]:
    """Return what was just done by the query of the address, checked against the list."""
    if ended is None:
        removal = (read_flash(request, about=_REMOVAL) or {}).get("outcome")
        return {"removed": removal == Outcome.CONFIRMED, "not_known": removal == Outcome.UNKNOWN}
    if ended.options:
        return {"added": names.get(ended.credential_id, "")}
    new = [name for key, name in names.items() if key not in ended.before]
    return {"added": new[-1] if new else "", "came_back": not new}


def _ceremony_named(request: HttpRequest) -> PasskeyCeremony | None:
    person = person_of(request)
    return found_by_query(
        request, "after", lambda row_id: service.ceremony_of(person=person, ceremony_id=row_id)
    )


@form_posted_from("passkeys")
@recent_sign_in_required
def start(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Get a challenge from Cognito, and go to the page that asks the device."""
    return _begin(request, caller, here=True)


@form_posted_from("passkeys")
@recent_sign_in_required
def add_in_managed_login(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Redirect to managed login, which makes the passkey and sends the person back."""
    return _begin(request, caller, here=False)


def _begin(request: HttpRequest, caller: Caller, *, here: bool) -> HttpResponse:
    policy = read_policy()
    method = service.add_method(status=read_status(caller.account), policy=policy)
    is_there = method.possible and service.managed_login_can(policy)
    is_possible = method is AddMethod.HERE if here else is_there
    begun = service.begin(caller=caller, here=here) if is_possible else Problem.NOT_OFFERED
    if isinstance(begun, Problem):
        return _overview_page(request, caller, problem=begun, status=HTTPStatus.CONFLICT)
    if here:
        return redirect("passkey_ceremony", begun.id)
    return redirect(service.managed_login_url())


@require_safe
def return_from_managed_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the list, which shows the result; managed login does not say it."""
    found = service.newest_in_managed_login(person=person_of(request))
    return _after(found) if found else redirect("passkeys")


@require_safe
def ceremony(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """The page that asks the device. A reload shows the same and asks nothing."""
    found = _own(request, ceremony_id)
    if found.ended_at:
        return _after(found)
    context = {
        "ceremony": found,
        "options": found.options,
        "is_over": not service.is_open(found),
        "browser_problems": BROWSER_PROBLEMS,
        "managed_login_too": service.managed_login_can(read_policy()),
    }
    return render(request, "mfa_settings/passkeys/ceremony.html", context)


@page_with_form
@signed_in
def finish(request: HttpRequest, caller: Caller, ceremony_id: uuid.UUID) -> HttpResponse:
    """Hand what the device made to Cognito, once however often it is sent."""
    found = _own(request, ceremony_id)
    if request.method != "POST" or found.ended_at or not service.is_open(found):
        return _after(found) if found.ended_at else redirect("passkey_ceremony", found.id)
    if asked := sign_in_first(request, caller, demand=step_up.demand_to_finish()):
        return asked
    form = CredentialForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _overview_page(request, caller, problem=Problem.UNREADABLE, status=status)
    service.finish(caller=caller, ceremony=found, credential=form.cleaned_data["credential"])
    return _after(found)


def _after(found: PasskeyCeremony) -> HttpResponse:
    return redirect(f"{reverse('passkeys')}?after={found.id}")


def _own(request: HttpRequest, ceremony_id: uuid.UUID) -> PasskeyCeremony:
    found = service.ceremony_of(person=person_of(request), ceremony_id=ceremony_id)
    return or_404(found if found and found.options else None)


@page_with_form
@signed_in
def name(request: HttpRequest, caller: Caller, credential_id: str) -> HttpResponse:
    """The form for the person's own name for a passkey."""
    found = or_404(_passkey(caller, credential_id)[0])
    form = LabelForm(request.POST if request.method == "POST" else {"label": found.label})
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["label"]
        service.set_label(person=caller.person, credential_id=credential_id, label=label)
        return redirect("passkeys")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "passkey": found}
    return render(request, "mfa_settings/passkeys/name.html", context, status=status)


@page_with_form
@recent_sign_in_required
def remove(request: HttpRequest, caller: Caller, credential_id: str) -> HttpResponse:
    """The page that says what a removal means, and the removal."""
    if request.method == "POST":
        ended = service.remove(caller=caller, credential_id=credential_id)
        if ended is None:
            return redirect("passkeys")
        if isinstance(ended, Problem):
            return _overview_page(request, caller, problem=ended, status=HTTPStatus.CONFLICT)
        said = flash_query(request, {"outcome": ended}, about=_REMOVAL)
        return redirect(f"{reverse('passkeys')}{said}")
    found, is_last = _passkey(caller, credential_id)
    if found is None:
        return redirect("passkeys")
    context = {
        "passkey": found,
        "is_last": is_last,
        "is_second_step": is_last and read_passkey_flag(person=caller.uid).on,
    }
    return render(request, "mfa_settings/passkeys/remove.html", context)


def _passkey(caller: Caller, credential_id: str) -> tuple[service.Passkey | None, bool]:
    """The person's passkey of this id, and whether it is their only one."""
    found = service.passkeys_of(caller=caller, policy=read_policy())
    one = next((each for each in found if each.credential.id == credential_id), None)
    return one, len(found) == 1
