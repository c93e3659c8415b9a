"""People for the tests of a sign-in before a change."""

import pytest

from tests.people import Person


@pytest.fixture
def both_on(person: Person) -> Person:
    """Codes from an app, asked first, and by text message."""
    person.set_up_app()
    person.use_text_messages(first=False)
    return person
