"""The devices that are not asked for a second step: the list, forget one, forget all.

Forgetting makes an account safer, so no recent sign-in is asked for.
"""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from signin.caller import Caller
from signin.devices import service
from signin.devices.domain import End, Forgotten
from signin.devices.words import TITLE, forgotten_sentences
from signin.flash import flash_query, read_flash
from signin.guards import form_posted_from, page_with_form, signed_in

_ABOUT = "devices"


@require_safe
@signed_in
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List the remembered devices, or say why there can be none. One call for each 60 devices."""
    flash = _flash(request)
    tone, title = TITLE[flash.end] if flash else ("", "")
    found = service.remembered_devices(account=caller.account)
    context = {
        "tracked": found is not None,
        "devices": found or [],
        "tone": tone,
        "flash_title": title,
        "flash_lines": forgotten_sentences(flash) if flash else [],
    }
    return render(request, "signin/devices/overview.html", context)


@form_posted_from("devices")
@signed_in
def forget(request: HttpRequest, caller: Caller) -> HttpResponse:
    key = request.POST.get("device", "")
    if not key:
        return redirect("devices")
    return _forget(request, caller, key)


@page_with_form
@signed_in
def forget_all(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Ask first; then forget as many devices as one press can."""
    if request.method == "POST":
        return _forget(request, caller, None)
    found = service.remembered_devices(account=caller.account)
    if not found:
        return redirect("devices")
    return render(request, "signin/devices/forget_all.html", {"devices": found})


def _forget(request: HttpRequest, caller: Caller, key: str | None) -> HttpResponse:
    forgotten = service.forget(caller=caller, key=key)
    return redirect(f"{reverse('devices')}{flash_query(request, asdict(forgotten), about=_ABOUT)}")


def _flash(request: HttpRequest) -> Forgotten | None:
    values = read_flash(request, about=_ABOUT)
    return Forgotten(**values | {"end": End(values["end"])}) if values else None
