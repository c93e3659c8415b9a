"""A number and an address are changed in a browser without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import without_javascript
from tests.browser.walk import open_signed_in
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("Change the number", "New phone number", "+49 1512 0000001"),
        ("Change the address", "New email address", "new@example.com"),
    ],
)
@without_javascript
def test_a_contact_point_is_changed_and_confirmed(
    page: Page, person: Person, change: str, field: str, value: str
) -> None:
    open_signed_in(page, person)
    page.goto(f"{page.url.rstrip('/')}/contact/")
    page.get_by_role("link", name=change).click()
    page.get_by_label(field).fill(value)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.reload()
    page.get_by_label("The code from the message").fill(person.newest_message()["code"])
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("status").filter(has_text="Confirmed")).to_be_visible()
    # Nobody was asked to sign in again, so nobody is thanked for it.
    expect(page.get_by_text("Thank you, it is you")).to_have_count(0)
    expect(page.get_by_text(value)).to_be_visible()
