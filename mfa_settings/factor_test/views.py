"""Test a factor: the page that says what will happen, the start, and the result."""

import uuid
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mfa_settings.factor_test import service
from mfa_settings.factor_test.domain import Verdict, WayToTest, time_until_next_code, way_to_test
from mfa_settings.factor_test.words import (
    REPAIR,
    TITLE,
    WHY_NOT,
    code_wait_sentence,
    result_notice,
    revocation_sentence,
    what_to_do,
)
from mfa_settings.preference.words.sentences import PAGE_OF_FACTOR
from signin.caller import Caller
from signin.guards import or_404, page_with_form, person_of, signed_in
from signin.limits.domain import Wait
from signin.limits.words import wait_sentence
from signin.logout import out_of_managed_login_url
from signin.views import leaving
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor
from userpool.words import FACTOR_OF_SLUG, SLUG_OF_FACTOR, Words


@page_with_form
@signed_in
def test(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """The page that says what the test of this factor does, and its start."""
    factor, policy = or_404(FACTOR_OF_SLUG.get(slug)), read_policy()
    way = way_to_test(factor, status=read_status(caller.account), policy=policy)
    wait = _until_next_code(request, factor)
    if request.method != "POST":
        return _test_page(request, factor, way, wait)
    if not way.open or wait:
        return _test_page(request, factor, way, wait, http_status=HTTPStatus.CONFLICT)
    started = service.start(
        request=request, person=caller.person, factor=factor, way=way, policy=policy
    )
    if isinstance(started, Wait):
        return _test_page(request, factor, way, wait, too_often=wait_sentence(started))
    return leaving(request, started)


def _until_next_code(request: HttpRequest, factor: Factor) -> timedelta:
    if factor is not Factor.TOTP:
        return timedelta(0)
    used = service.codes_used_at(request=request, person=person_of(request))
    return time_until_next_code(used, now=timezone.now())


def _test_page(
    request: HttpRequest,
    factor: Factor,
    way: WayToTest,
    wait: timedelta,
    *,
    too_often: Words = "",
    http_status: int = HTTPStatus.OK,
) -> HttpResponse:
    seconds = -int(-wait.total_seconds() // 1)
    context = {
        "title": TITLE[factor],
        "open": way.open,
        "why_not": WHY_NOT.get(way, ""),
        "what_to_do": what_to_do(factor, way) if way.open else "",
        "wait": seconds,
        "wait_sentence": code_wait_sentence(seconds) if seconds else "",
        "too_early": seconds and request.method == "POST",
        "too_often": too_often,
        "repair": REPAIR[factor],
        "repair_url": PAGE_OF_FACTOR[factor],
    }
    if too_often:
        http_status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "mfa_settings/factor_test/test.html", context, status=http_status)


@require_safe
@signed_in
def result(request: HttpRequest, caller: Caller, test_id: uuid.UUID) -> HttpResponse:
    """The result of a test. The read of the status shows too that the portal's session goes on."""
    factor_test = or_404(service.find_factor_test(person=caller.person, test_id=test_id))
    factor, verdict = Factor(factor_test.factor), service.evaluate(factor_test)
    side = factor_test.side_sign_in
    if verdict is None or side is None:
        return redirect("factor_test", SLUG_OF_FACTOR[factor])
    way = way_to_test(factor, status=read_status(caller.account), policy=read_policy())
    context = {
        "title": TITLE[factor],
        "slug": SLUG_OF_FACTOR[factor],
        "notice": result_notice(verdict, factor=factor, amr=side.amr, way=way),
        "revocation": revocation_sentence(side.revocation),
        "again": way.open and verdict is not Verdict.WORKED,
        "log_out_url": out_of_managed_login_url() if verdict is Verdict.SOMEBODY_ELSE else "",
        "repair": REPAIR[factor],
        "repair_url": PAGE_OF_FACTOR[factor],
    }
    return render(request, "mfa_settings/factor_test/result.html", context)
