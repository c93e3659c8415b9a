"""The phone number and the email address, a page for each step."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mfa_settings.contact_points import sending, service
from mfa_settings.contact_points.domain import (
    SEND_CODE,
    Problem,
    contact_of,
    leaves_no_reset,
    readable_contact,
    why_no_change,
    why_no_removal,
)
from mfa_settings.contact_points.forms import CodeForm, EmailForm, PhoneForm
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.contact_points.reconcile import read_and_reconcile
from mfa_settings.contact_points.words import (
    ATTRIBUTE_OF_SLUG,
    NAME,
    SLUG_OF_ATTRIBUTE,
    problem_sentence,
)
from signin.caller import Caller
from signin.guards import form_posted_from, page_with_form, person_of, signed_in
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.limits.words import wait_sentence
from signin.step_up.guards import entered_before, recent_sign_in_required, sign_in_first
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Attribute

_FORMS: dict[Attribute, type[PhoneForm | EmailForm]] = {
    Attribute.PHONE: PhoneForm,
    Attribute.EMAIL: EmailForm,
}


@require_safe
@signed_in
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The page of what the account holds, what waits for its code, and what to do with each."""
    status = read_and_reconcile(caller=caller)
    rows = []
    for attribute in Attribute:
        contact = contact_of(status, attribute)
        change = service.open_change(person=caller.person, attribute=attribute)
        rows.append(
            {
                "slug": SLUG_OF_ATTRIBUTE[attribute],
                "name": NAME[attribute],
                "contact": contact,
                "shown": readable_contact(contact.value) if contact else "",
                "waits": readable_contact(service.value_of(change)) if change else "",
            }
        )
    confirmed = ATTRIBUTE_OF_SLUG.get(request.GET.get("confirmed", ""))
    removed = ATTRIBUTE_OF_SLUG.get(request.GET.get("removed", ""))
    context = {
        "rows": rows,
        "identity_provider": status.identity_provider,
        # The page says so only while the pool does.
        "confirmed": confirmed in status.verified,
        "removed": removed and contact_of(status, removed) is None,
    }
    return render(request, "mfa_settings/contact_points/overview.html", context)


@page_with_form
@signed_in
def change(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """The form for a new value, which says what the old one is good for meanwhile."""
    attribute = _attribute(slug)
    if asked := sign_in_first(request, caller, keep=["value"]):
        return asked
    form = _FORMS[attribute](request.POST or None, initial=entered_before(request))
    problem: Problem | Wait | None = None
    if request.method == "POST" and form.is_valid():
        answer = sending.request_change(
            caller=caller, attribute=attribute, value=form.cleaned_data["value"]
        )
        if isinstance(answer, ContactChange):
            return redirect("contact_code", slug)
        problem = answer
    status, policy = read_status(caller.account), read_policy()
    held, keeps = contact_of(status, attribute), attribute in policy.verified_before_update
    obstacle = why_no_change(attribute, status, policy)
    if problem == obstacle:
        problem = None
    context = {
        "slug": slug,
        "form": form,
        "held": readable_contact(held.value) if held else "",
        "keeps": keeps,
        "no_reset": not keeps and leaves_no_reset(attribute, status, policy),
        "obstacle": _sentence(obstacle, attribute),
        "problem": _sentence(problem, attribute),
    }
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if problem or form.errors else HTTPStatus.OK
    http_status = HTTPStatus.CONFLICT if obstacle and request.method == "POST" else wrong
    template = "mfa_settings/contact_points/change.html"
    return render(request, template, context, status=http_status)


def _sentence(
    problem: Problem | Wait | None, attribute: Attribute, *, removing: bool = False
) -> str:
    """Say what went wrong, and the next step; "" for no problem."""
    if problem is None:
        return ""
    if isinstance(problem, Wait):
        return wait_sentence(problem)
    return str(problem_sentence(problem, attribute, removing=removing))


@form_posted_from("contact_points")
@recent_sign_in_required
def confirm(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """Send a code to the value that the account holds unconfirmed."""
    attribute = _attribute(slug)
    answer = sending.verify_existing(caller=caller, attribute=attribute)
    if isinstance(answer, ContactChange):
        return redirect("contact_code", slug)
    return _refused_page(request, answer, attribute)


@page_with_form
@signed_in
def code(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """The form for the code; the same after a reload, or after signing out and in.

    It asks for no recent sign-in, nor do a new code and giving up: the value was entered with one.
    """
    found = service.open_change(person=caller.person, attribute=_attribute(slug))
    if found is None:
        # Ended meanwhile: the list shows whether by its code.
        return redirect("contact_points")
    if request.method != "POST":
        problem = Problem(found.problem) if found.problem else None
        return _code_page(request, found, CodeForm(), problem)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, found, form, None)
    if form.cleaned_data["change"] != found.id:
        return _code_page(request, found, CodeForm(), Problem.REPLACED)
    answer = service.check_code(caller=caller, change=found, code=form.cleaned_data["code"])
    if isinstance(answer, Wait):
        return _code_page(request, found, CodeForm(), answer)
    if answer.confirmed:
        return redirect(f"/contact/?confirmed={slug}")
    return redirect("contact_code", slug)


def _code_page(
    request: HttpRequest, found: ContactChange, form: CodeForm, problem: Problem | Wait | None
) -> HttpResponse:
    attribute = Attribute(found.attribute)
    context = {
        "slug": SLUG_OF_ATTRIBUTE[attribute],
        "change": found,
        "form": form,
        "value": readable_contact(service.value_of(found)),
        "problem": _sentence(problem, attribute),
        "wait": _sentence(limits.retry_after(SEND_CODE, key=person_of(request).uid), attribute),
    }
    failed = request.method == "POST" and (problem or form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "mfa_settings/contact_points/code.html", context, status=status)


@form_posted_from("contact_code")
@signed_in
def resend(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """Send a new code, or say how long until there may be one."""
    found = service.open_change(person=caller.person, attribute=_attribute(slug))
    if found:
        answer = sending.resend_code(caller=caller, change=found)
        if not isinstance(answer, ContactChange):
            return _code_page(request, found, CodeForm(), answer)
    return redirect("contact_code", slug)


@form_posted_from("contact_points")
@signed_in
def cancel(_request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """Give up the value that waits for its code."""
    found = service.open_change(person=caller.person, attribute=_attribute(slug))
    if found:
        service.finish(found)
    return redirect("contact_points")


@page_with_form
@recent_sign_in_required
def remove(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """The page that says what a removal means, and the removal."""
    attribute = _attribute(slug)
    if request.method == "POST":
        if problem := service.remove(caller=caller, attribute=attribute):
            return _refused_page(request, problem, attribute, removing=True)
        return redirect(f"/contact/?removed={slug}")
    status, policy = read_status(caller.account), read_policy()
    held = contact_of(status, attribute)
    if held is None:
        return redirect("contact_points")
    obstacle = why_no_removal(attribute, status, policy)
    context = {
        "slug": slug,
        "held": readable_contact(held.value),
        "obstacle": _sentence(obstacle, attribute, removing=True),
        "no_reset": leaves_no_reset(attribute, status, policy),
    }
    return render(request, "mfa_settings/contact_points/remove.html", context)


def _refused_page(
    request: HttpRequest, problem: Problem | Wait, attribute: Attribute, *, removing: bool = False
) -> HttpResponse:
    context = {"problem": _sentence(problem, attribute, removing=removing)}
    template = "mfa_settings/contact_points/refused.html"
    return render(request, template, context, status=HTTPStatus.CONFLICT)


def _attribute(slug: str) -> Attribute:
    if slug not in ATTRIBUTE_OF_SLUG:
        raise Http404
    return ATTRIBUTE_OF_SLUG[slug]
