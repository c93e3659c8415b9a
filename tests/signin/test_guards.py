"""Guards of views: a form that was reached by its address leads to the page that holds it."""

import uuid

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from signin.guards import form_posted_from


@form_posted_from("confirm")
def take(_request: HttpRequest, form_id: uuid.UUID) -> HttpResponse:
    return HttpResponse(f"taken {form_id}")


ID = uuid.uuid4()


def test_a_form_is_accepted() -> None:
    assert take(RequestFactory().post("/"), form_id=ID).content == f"taken {ID}".encode()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reload_leads_to_the_page_that_holds_the_form(method: str) -> None:
    answer = take(RequestFactory().generic(method, "/?failure=x"), form_id=ID)
    assert (answer.status_code, answer["Location"]) == (302, f"/confirm/{ID}/")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_no_other_method_reaches_the_view(method: str) -> None:
    answer = take(RequestFactory().generic(method, "/"), form_id=ID)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
