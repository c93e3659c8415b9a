"""Start a test of a factor, and evaluate it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.contrib.sessions.backends.base import UpdateError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from activity.domain import Event, Outcome
from activity.service import conclude as conclude_intent
from activity.service import intend
from cognito.errors import SignInAgain
from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.factor_test.domain import (
    TEST_FACTOR,
    SideSignInResult,
    Verdict,
    WayToTest,
    levels_to_ask_for,
    verdict_of,
)
from mfa_settings.factor_test.models import FactorTest
from signin import side_sign_in
from signin.domain import Failure
from signin.limits import service as limits
from signin.limits.domain import Wait
from signin.models import SideSignIn, User
from signin.service import current
from userpool.policy import Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Factor

_OUTCOME: Final[Mapping[Verdict, Outcome]] = {
    Verdict.WORKED: Outcome.CONFIRMED,
    Verdict.NOT_SAID: Outcome.UNKNOWN,
}


def start(
    *, request: HttpRequest, person: User, factor: Factor, way: WayToTest, policy: Policy
) -> HttpResponse | Wait:
    """Start a test: the redirect to managed login, or how long to wait for the next test.

    Raises NotRecorded, and SignInAgain where the person signs out at this moment.
    """
    taken = limits.consume(TEST_FACTOR, key=person.uid)
    if isinstance(taken, Wait):
        return taken
    factor_test = FactorTest(person=person, factor=factor, started_at=timezone.now())
    detail = {"factor": factor.value}
    factor_test.intent = intend(person=person.uid, event=Event.FACTOR_TESTED, detail=detail)
    try:
        factor_test.side_sign_in, to_managed_login = side_sign_in.start(
            request=request,
            next_path=reverse("factor_test_result", args=[factor_test.id]),
            acr_values=levels_to_ask_for(way, policy),
        )
    except UpdateError:
        raise SignInAgain(operation="StartSideSignIn", code="SignedOut") from None
    factor_test.save(force_insert=True)
    return to_managed_login


def find_factor_test(*, person: User, test_id: uuid.UUID) -> FactorTest | None:
    """The person's own test of this id, as long as its side sign-in is kept; else None."""
    found = FactorTest.objects.select_related("side_sign_in")
    return found.filter(id=test_id, person=person, side_sign_in__isnull=False).first()


def evaluate(factor_test: FactorTest) -> Verdict | None:
    """Return the verdict of the test; None until the person is back. The first call saves it."""
    side = factor_test.side_sign_in
    if side is None or not (side.failure or side.auth_time):
        return None
    verdict = verdict_of(Factor(factor_test.factor), _side_sign_in_result(side))
    succeeded_at = side.auth_time if verdict is Verdict.WORKED else None
    unevaluated = FactorTest.objects.filter(id=factor_test.id, verdict="")
    if unevaluated.update(verdict=verdict, succeeded_at=succeeded_at):
        outcome = _OUTCOME.get(verdict, Outcome.REFUSED)
        conclude_intent(factor_test.intent, outcome, verdict=verdict.value, amr=side.amr)
    return verdict


def _side_sign_in_result(side: SideSignIn) -> SideSignInResult:
    return SideSignInResult(
        started_at=side.started_at,
        own_auth_time=side.own_auth_time,
        failure=Failure(side.failure) if side.failure else None,
        same_person=bool(side.same_person),
        auth_time=side.auth_time,
        amr=tuple(side.amr),
    )


def codes_used_at(*, request: HttpRequest, person: User) -> list[datetime]:
    """Return when codes of the person's app were used last: in a set-up, a sign-in, and a test."""
    set_ups = AuthenticatorSetUp.objects.filter(person=person, verified=True)
    tests = SideSignIn.objects.filter(person=person, same_person=True).order_by("-started_at")
    session = current(request)
    used = [test.auth_time for test in tests[:3] if "otp" in test.amr]
    if session and "otp" in session.amr:
        used.append(session.auth_time)
    return [moment for moment in (set_ups.aggregate(at=Max("ended_at"))["at"], *used) if moment]


def last_successful_tests(*, person: User) -> Mapping[Factor, datetime]:
    """Factor -> when a test last succeeded; not where its app, number or address is newer."""
    tested = FactorTest.objects.filter(person=person, succeeded_at__isnull=False)
    newest = tested.order_by().values_list("factor").annotate(at=Max("succeeded_at"))
    successful_tests = {Factor(factor): at for factor, at in newest}
    changed = _changed_at(person) if successful_tests else {}
    return {f: at for f, at in successful_tests.items() if f not in changed or changed[f] < at}


def _changed_at(person: User) -> Mapping[Factor, datetime]:
    """Factor -> when the portal last confirmed its app, number or address."""
    apps = AuthenticatorSetUp.objects.filter(person=person, verified=True)
    points = ContactChange.objects.filter(person=person, confirmed=True)
    ends = {f: points.filter(attribute=a) for f, a in ATTRIBUTE_OF_FACTOR.items()}
    found = {
        Factor.TOTP: apps.aggregate(at=Max("ended_at"))["at"],
        **{f: rows.aggregate(at=Max("ended_at"))["at"] for f, rows in ends.items()},
    }
    return {factor: at for factor, at in found.items() if at}


def erase_expired() -> int:
    """Delete the tests that proved nothing and whose side sign-in is gone; returns how many."""
    return FactorTest.objects.filter(side_sign_in=None, succeeded_at=None).delete()[0]
