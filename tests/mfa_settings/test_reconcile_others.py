"""Apps, contact points and passkeys: a later read resolves lost answers, where it can tell."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from localpool.wire.faults import Fault
from mfa_settings.contact_points.models import ContactChange
from mfa_settings.passkeys.models import PasskeyLabel
from tests import log
from tests.mfa_settings.authenticator import test_authenticator as apps
from tests.mfa_settings.contact_points import test_contact_points as contacts
from tests.mfa_settings.passkeys import test_passkeys as passkeys
from tests.pages import Page, form_of, words
from tests.people import Browser, Person, Pool
from tests.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db


def later(client: Browser, path: str) -> Page:
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=70), tick=True):
        return client.get(path)


class TestApp:
    EVENT = "mfa:authenticator-app:verified"

    def lost(self, client: Browser, person: Person, *, done: bool) -> Page:
        """The right code, whose answer gets lost."""
        location = apps.begin(client)
        person.secret = apps.key_on(client.get(location))
        person.pool.server.faults.add(Fault("VerifySoftwareToken", answer="drop", done=done))
        return apps.try_code(client, location, person.code_of_app())

    def test_a_lost_answer_is_found_out_by_reading(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        assert "Your app works" in words(self.lost(client, person, done=True))
        assert log.ends(self.EVENT) == [("confirmed", None)]

    def test_an_app_that_shows_later_is_resolved(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        self.lost(client, person, done=False)
        later(client, "/")
        # That none is shown proves nothing: some pools never show one that is off.
        assert log.ends(self.EVENT) == [("unknown", None)]
        person.pool.admin.verify_software_token(
            AccessToken=person.access_token(), UserCode=person.code_of_app()
        )
        assert "An authenticator app was set up." in words(client.get("/"))
        assert log.ends(self.EVENT) == [("unknown", "confirmed")]

    def test_an_app_in_place_of_another_is_not_taken_for_the_new_one(
        self, client: Browser, person: Person
    ) -> None:
        person.set_up_app(on=False)
        person.sign_in(client)
        assert "we don't know whether that worked" in words(self.lost(client, person, done=True))
        client.get("/")
        assert log.ends(self.EVENT) == [("unknown", None)]

    def test_a_read_that_fails_as_well_leaves_it_unknown(
        self, client: Browser, person: Person
    ) -> None:
        person.use_text_messages()  # So that the guard of the form reads nothing.
        person.sign_in(client)
        location = apps.begin(client)
        person.secret = apps.key_on(client.get(location))
        faults = person.pool.server.faults
        faults.add(Fault("VerifySoftwareToken", answer="drop"))
        faults.add(Fault("GetUser", answer="html", times=1))
        answer = client.submit(f"{location}verify/", code=person.code_of_app())
        assert answer["Location"] == location
        assert log.ends(self.EVENT) == [("unknown", None)]


class TestContactPoints:
    CONFIRMED, REMOVED = "contact:point:confirmed", "contact:point:removed"

    @pytest.fixture(autouse=True)
    def _pool(self, pool: Pool) -> None:
        contacts.configure(pool, keeps=True)

    def code(self, client: Browser, person: Person) -> str:
        contacts.enter(client, "email")
        return str(person.newest_message()["code"])

    def test_lost_answers_are_found_out_by_reading(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        code = self.code(client, person)
        faults = person.pool.server.faults
        faults.add(Fault("VerifyUserAttribute", answer="html", done=True))
        contacts.check(client, "email", code)
        faults.add(Fault("DeleteUserAttributes", answer="drop", done=True))
        # A second call would be refused, as if the first had done nothing.
        faults.add(
            Fault("DeleteUserAttributes", "error", code="TooManyRequestsException", status=400)
        )
        client.submit("/contact/phone/remove/")
        faults.clear()
        assert log.ends(self.CONFIRMED) == [("confirmed", None)]
        assert log.ends(self.REMOVED) == [("confirmed", None)]

    def test_a_confirmation_is_resolved_by_the_list(self, client: Browser, person: Person) -> None:
        person.sign_in(client)
        code = self.code(client, person)
        form = form_of(client.get("/contact/email/code/"))
        faults = person.pool.server.faults
        faults.add(Fault("VerifyUserAttribute", answer="html", done=True))
        faults.add(Fault("GetUser", answer="html", times=2))
        client.submit("/contact/email/code/", **(form | {"code": code}))
        faults.clear()
        assert log.ends(self.CONFIRMED) == [("unknown", None)]
        assert "waits for" not in words(client.get("/contact/"))
        assert log.ends(self.CONFIRMED) == [("unknown", "confirmed")]
        assert ContactChange.objects.get().confirmed

    def test_a_confirmation_that_did_not_come_is_resolved_a_minute_later(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        self.code(client, person)
        person.pool.server.faults.add(Fault("VerifyUserAttribute", answer="html"))
        contacts.check(client, "email", "123456")
        client.get("/contact/")
        assert log.ends(self.CONFIRMED) == [("unknown", None)]
        later(client, "/contact/")
        assert log.ends(self.CONFIRMED) == [("unknown", "refused")]
        assert "A phone number or email address was not confirmed." in words(client.get("/"))

    def test_a_confirmation_that_was_given_up_is_not_resolved(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        self.code(client, person)
        person.pool.server.faults.add(Fault("VerifyUserAttribute", answer="html"))
        contacts.check(client, "email", "123456")
        client.submit("/contact/email/cancel/")
        later(client, "/contact/")
        assert log.ends(self.CONFIRMED) == [("unknown", None)]

    @pytest.mark.parametrize(
        ("arrives", "resolved"), [(True, "confirmed"), (False, "refused")], ids=["gone", "there"]
    )
    def test_a_removal_is_resolved_by_the_list(
        self, client: Browser, person: Person, arrives: bool, resolved: str
    ) -> None:
        person.sign_in(client)
        contacts.enter(client, "phone")
        person.pool.server.faults.add(Fault("DeleteUserAttributes", answer="html"))
        client.submit("/contact/phone/remove/")
        if arrives:
            person.pool.admin.admin_delete_user_attributes(
                UserPoolId=person.pool.config.pool_id,
                Username=person.username,
                UserAttributeNames=["phone_number"],
            )
        later(client, "/contact/")
        assert log.ends(self.REMOVED) == [("unknown", resolved)]
        assert ContactChange.objects.filter(ended_at=None).exists() is not arrives

    def test_a_removal_before_another_number_was_entered_is_not_resolved(
        self, client: Browser, person: Person
    ) -> None:
        person.sign_in(client)
        person.pool.server.faults.add(Fault("DeleteUserAttributes", answer="html"))
        client.submit("/contact/phone/remove/")
        contacts.enter(client, "phone")
        later(client, "/contact/")
        assert log.ends(self.REMOVED) == [("unknown", None)]


@pytest.mark.django_db(transaction=True)
class TestPasskeys:
    ADDED, REMOVED = "passkey:credential:added", "passkey:credential:removed"

    @pytest.fixture
    def signed_in(self, client: Browser, person: Person) -> Browser:
        person.pool.allow_passkeys("localhost")
        person.sign_in(client)
        return client

    @pytest.mark.parametrize(
        ("done", "resolved"), [(True, "confirmed"), (False, "refused")], ids=["there", "missing"]
    )
    def test_an_addition_is_resolved_by_the_list(
        self, signed_in: Browser, person: Person, done: bool, resolved: str
    ) -> None:
        location = passkeys.begin(signed_in)
        credential = SoftPasskey().create(passkeys.options_on(signed_in.get(location)))
        faults = person.pool.server.faults
        faults.add(Fault(passkeys.COMPLETE, answer="drop", done=done, times=2))
        faults.add(Fault(passkeys.LIST, answer="html", times=2))
        passkeys.finish(signed_in, location, credential)
        faults.clear()
        later(signed_in, "/passkeys/")
        assert log.ends(self.ADDED) == [("unknown", resolved)]

    @pytest.mark.parametrize(
        ("done", "resolved"), [(True, "confirmed"), (False, "refused")], ids=["gone", "there"]
    )
    def test_a_removal_is_resolved_by_the_list(
        self, signed_in: Browser, person: Person, done: bool, resolved: str
    ) -> None:
        passkey = passkeys.add(signed_in)
        passkeys.add(signed_in)
        signed_in.submit(f"/passkeys/{passkey.id}/name/", label="Old phone")
        person.pool.server.faults.add(Fault(passkeys.DELETE, answer="drop", done=False, times=None))
        signed_in.submit(f"/passkeys/{passkey.id}/remove/")
        person.pool.server.faults.clear()
        if done:
            person.pool.admin.delete_web_authn_credential(
                AccessToken=person.access_token(), CredentialId=passkey.id
            )
        later(signed_in, "/passkeys/")
        assert log.ends(self.REMOVED) == [("unknown", resolved)]
        assert PasskeyLabel.objects.exists() is not done

    def test_an_addition_whose_process_died_is_resolved_as_well(self, signed_in: Browser) -> None:
        passkeys.add(signed_in)
        log.lose_endings(log.intents(self.ADDED).get())
        later(signed_in, "/passkeys/")
        assert log.ends(self.ADDED) == [("unknown", "confirmed")]
