"""Set up an authenticator app, a page for each step."""

import uuid
from http import HTTPStatus
from io import BytesIO

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mfa_settings.authenticator import service
from mfa_settings.authenticator.domain import (
    Problem,
    TurnOnMode,
    key_in_groups,
    key_uri,
    tries_left,
)
from mfa_settings.authenticator.forms import CodeForm, TurnOnForm
from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.authenticator.turning_on import propose_turning_on
from mfa_settings.authenticator.words import problem_sentence, tries_left_sentence
from mfa_settings.preference.domain.rules import Refused
from mfa_settings.preference.words.sentences import violation_sentence
from signin.caller import Caller
from signin.guards import form_posted_from, or_404, page_with_form, person_of, signed_in
from signin.step_up import service as step_up
from signin.step_up.guards import sign_in_first, unmet
from userpool.next_sign_in import effective_preference, next_sign_in_with
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor
from userpool.words import NAME, next_sign_in_sentence


@require_safe
@signed_in
def introduction(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The page that says what a set-up is; looking at it changes nothing."""
    status, policy = read_status(caller.account), read_policy()
    context = {
        "offered": Factor.TOTP in policy.offered and not status.identity_provider,
        "replaces": Factor.TOTP in status.ready,
    }
    return render(request, "mfa_settings/authenticator/introduction.html", context)


@form_posted_from("authenticator")
@signed_in
def start(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Ask Cognito for a key, once; `again` gives up the open set-up for a new key."""
    if request.POST.get("again"):
        # Before the guard: giving up needs no recent sign-in, and `again` would be lost in one.
        service.give_up(person=caller.person)
    if asked := sign_in_first(request, caller):
        return asked
    begun = service.begin(caller=caller)
    if isinstance(begun, Problem):
        return _over_page(request, begun)
    return redirect("authenticator_set_up", begun.id)


@require_safe
@signed_in
def set_up(request: HttpRequest, caller: Caller, set_up_id: uuid.UUID) -> HttpResponse:
    """The page with the QR code, the key, and the form for the app's first code.

    It shows the last problem; a reload shows the same and tries nothing.
    """
    found = _own_set_up(request, set_up_id)
    if not found.ended_at and (asked := _sign_in_first(request, caller, to_look=True)):
        return asked
    return _set_up_page(request, found, CodeForm())


def _sign_in_first(
    request: HttpRequest, caller: Caller, *, to_look: bool = False
) -> HttpResponse | None:
    demand, leave_to = step_up.demand_to_finish(), reverse("settings")
    return sign_in_first(request, caller, demand=demand, to_look=to_look, leave_to=leave_to)


def _set_up_page(
    request: HttpRequest, found: AuthenticatorSetUp, form: CodeForm, *, http_status: int = 200
) -> HttpResponse:
    if found.verified:
        return redirect("authenticator_done", found.id)
    problem = Problem(found.problem) if found.problem else None
    key = service.key_of(found)
    if key is None:
        return _over_page(request, problem or Problem.OVER)
    context = {
        "set_up": found,
        "form": form,
        "problem": problem and problem_sentence(problem, found.clock_offset),
        "tries_left": tries_left_sentence(tries_left(found.wrong_codes)),
        "key": key_in_groups(key),
        "key_for_copying": key,
        "uri": _uri(found, key),
    }
    template = "mfa_settings/authenticator/set_up.html"
    return render(request, template, context, status=http_status)


def _over_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    context = {
        "problem": problem_sentence(problem),
        "may_start": problem not in {Problem.WAIT_AN_HOUR, Problem.NOT_OFFERED},
    }
    template = "mfa_settings/authenticator/over.html"
    return render(request, template, context, status=HTTPStatus.GONE)


@require_safe
@signed_in
def qr_code(request: HttpRequest, caller: Caller, set_up_id: uuid.UUID) -> HttpResponse:
    """The QR code of the key, guarded like the page that shows it.

    It is dark on white in every theme, with the quiet zone of four modules of ISO/IEC 18004.
    """
    found = _own_set_up(request, set_up_id)
    key = service.key_of(found)
    if key is None or unmet(request, caller, step_up.demand_to_finish()):
        raise Http404
    picture = BytesIO()
    segno.make_qr(_uri(found, key), error="m").save(
        picture, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _uri(found: AuthenticatorSetUp, key: str) -> str:
    return key_uri(key=key, account_name=found.account_name, issuer=settings.PORTAL_NAME)


@page_with_form
@signed_in
def verify(request: HttpRequest, caller: Caller, set_up_id: uuid.UUID) -> HttpResponse:
    """Try the code, and redirect to the page that shows how it went."""
    found = _own_set_up(request, set_up_id)
    if asked := _sign_in_first(request, caller):
        return asked
    if request.method == "POST" and not found.verified:
        form = CodeForm(request.POST)
        if not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _set_up_page(request, found, form, http_status=status)
        service.verify(caller=caller, set_up=found, code=form.cleaned_data["code"])
    return redirect("authenticator_set_up", found.id)


@page_with_form
@signed_in
def done(request: HttpRequest, caller: Caller, set_up_id: uuid.UUID) -> HttpResponse:
    """The page after the set-up, which offers to turn the app on and to ask for it first."""
    found = _own_set_up(request, set_up_id)
    if not found.verified:
        return redirect("authenticator_set_up", found.id)
    status, policy = read_status(caller.account), read_policy()
    form = TurnOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        mode = form.cleaned_data["use"]
        if mode is TurnOnMode.LATER:
            return redirect("settings")
        proposed = propose_turning_on(person=caller.person, mode=mode, status=status, policy=policy)
        if not isinstance(proposed, Refused):
            return redirect("review", proposed.id) if proposed else redirect("settings")
        for violation in proposed.violations:
            form.add_error("use", str(violation_sentence(violation)))
    now = effective_preference(status, policy)
    coming = next_sign_in_with(now, policy, reachable=status.reachable)
    context = {
        "set_up": found,
        "form": form,
        "is_on": Factor.TOTP in now.enabled,
        "is_first": now.preferred is Factor.TOTP,
        "others_on": now.enabled - {Factor.TOTP},
        "first_name": NAME[now.preferred] if now.preferred else "",
        "next_sign_in": next_sign_in_sentence(coming),
    }
    invalid = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "mfa_settings/authenticator/done.html", context, status=invalid)


def _own_set_up(request: HttpRequest, set_up_id: uuid.UUID) -> AuthenticatorSetUp:
    return or_404(service.set_up_of(person=person_of(request), set_up_id=set_up_id))
