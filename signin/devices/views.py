"""The devices that are not asked for a second step: the list, forget one, forget all.

Forgetting makes an account safer, so no recent sign-in is asked for.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from signin.batch import notice_of, redirect_with_notice
from signin.caller import Caller
from signin.devices import service
from signin.devices.words import NOTICES
from signin.guards import form_posted_from, page_with_form, signed_in


@require_safe
@signed_in
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List the remembered devices, or say why there can be none. One call for each 60 devices."""
    found = service.remembered_devices(account=caller.account)
    context = {
        "tracked": found is not None,
        "devices": found or [],
        "flash": notice_of(request, "devices", NOTICES),
    }
    return render(request, "signin/devices/overview.html", context)


@form_posted_from("devices")
@signed_in
def forget(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Forget the device whose key the form names."""
    key = request.POST.get("device", "")
    if not key:
        return redirect("devices")
    return redirect_with_notice(request, "devices", service.forget(caller=caller, key=key))


@page_with_form
@signed_in
def forget_all(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Ask first; then forget as many devices as one press can."""
    if request.method == "POST":
        return redirect_with_notice(request, "devices", service.forget(caller=caller))
    found = service.remembered_devices(account=caller.account)
    if not found:
        return redirect("devices")
    return render(request, "signin/devices/forget_all.html", {"devices": found})
