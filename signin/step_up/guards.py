"""Guards that let a change through only after a recent and strong sign-in."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from signin.assurance import Demand, shortfall
from signin.caller import Caller
from signin.guards import found_by_query, person_of, signed_in
from signin.service import assurance
from signin.step_up import service
from signin.step_up.domain import asks_second_step
from userpool.service import read_policy
from userpool.status import read_status

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Caller, P], HttpResponse]


def recent_sign_in_required(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Call `view(request, caller, …)`; for a form only after a recent and strong sign-in.

    A GET of the same path has to show the form, or lead to the page that does: the person comes
    back there and presses the button again. Nothing is submitted for them.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, caller: Caller, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        asked = sign_in_first(request, caller)
        return view(request, caller, *args, **kwargs) if asked is None else asked

    return signed_in(guarded)


def sign_in_first(
    request: HttpRequest,
    caller: Caller,
    *,
    demand: Demand | None = None,
    keep: Iterable[str] = (),
    to_look: bool = False,
    leave_to: str = "",
) -> HttpResponse | None:
    """Suspend the form and redirect to another sign-in; None where this sign-in is enough.

    `demand` is a recent sign-in with a second step, if not given. `keep` names the fields to fill
    in again afterwards. `to_look` guards a GET too, for a page with a secret. `leave_to` is where
    "Not now" leads, where this path leads to such a page.
    """
    if request.method in {"GET", "HEAD"} and not to_look:
        return None
    missing = unmet(request, caller, demand)
    if missing is None:
        return None
    suspended = service.suspend(
        person=caller.person,
        back=request.path,
        leave_to=leave_to or request.path,
        demand=missing,
        fields=[(name, request.POST.get(name, "")) for name in keep],
    )
    return redirect("confirm", suspended.id)


def unmet(request: HttpRequest, caller: Caller, demand: Demand | None = None) -> Demand | None:
    """The demand that this session's sign-in does not meet; None where it is enough.

    A second step is demanded only of a person whose sign-in asks for one; the pool is read first.
    """
    demand = demand or service.recent_demand()
    if will_be_asked(request, demand) and demand.second_step:
        asks = asks_second_step(read_status(caller.account), read_policy())
        demand = replace(demand, second_step=asks)
    return demand if will_be_asked(request, demand) else None


def entered_before(request: HttpRequest) -> dict[str, str]:
    """What was typed into this page's form before its person was sent to sign in again."""
    person = person_of(request)
    suspended = found_by_query(
        request, "waiting", lambda row_id: service.suspended_form_of(person=person, form_id=row_id)
    )
    if suspended is None or suspended.back != request.path:
        return {}
    return service.fields_of(suspended)


def will_be_asked(request: HttpRequest, demand: Demand) -> bool:
    """Whether a form sent now would be suspended; for a page that says so beforehand."""
    shown = assurance(request=request, level_names=read_policy().acr_names)
    return shortfall(demand, shown, now=timezone.now()) is not None
