"""What happens around the portal: time, signing out and in, staff, a command line."""

import io
import time
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError
from django.core.management import CommandError, call_command
from hypothesis import strategies as st

from tests.machine.acting import RULES, NothingToDo, act
from tests.machine.holder import APP, BLOCK, PASSKEY, TEXT
from tests.machine.situations import ALL
from tests.machine.story import Story
from userpool.next_sign_in import Asked

FACTOR = st.sampled_from(ALL)
PAIRS = st.sampled_from([(True, True), (True, False), (False, False)])
ATTRIBUTES = st.sampled_from(["phone_number", "email"])
CONTACTS = st.sampled_from(["theirs", "theirs, unproved", "mistyped", "none"])
POOLS = st.tuples(st.sampled_from(["OPTIONAL", "ON"]), st.sampled_from([ALL, (TEXT, APP)]))
STAFF = st.one_of(
    st.tuples(st.just("staff set a preference"), st.tuples(FACTOR, PAIRS)),
    st.tuples(st.just("staff delete the app"), st.just(())),
    st.tuples(st.just("staff change a contact"), st.tuples(ATTRIBUTES, CONTACTS)),
    st.tuples(st.just("staff change the pool"), POOLS),
)
RULES.extend(
    (
        "staff set a preference",
        "staff delete the app",
        "staff change a contact",
        "staff change the pool",
    )
)


def can_sign_in_elsewhere(story: Any) -> bool:
    truth = story.looking.now()
    return truth.gets_in_by_password and truth.asked.asked is not Asked.SET_UP


class AroundRules(Story):
    @act(by="time", seconds=st.sampled_from([1, 20, 31, 61, 310, 910, 3700]))
    def time_passes(self, seconds: int) -> None:
        self.ground.time.shift(seconds)
        self.older_pools = [each for each in self.older_pools if each[0] > time.time()]

    @act(when=lambda self: self.signed_in, back=st.integers(0, 3))
    def signs_out(self, back: int) -> None:
        """And mostly in again."""
        self.browser.submit("/sign-out/")
        self.signed_in = False
        if back:
            self._sign_in()

    @act(when=lambda self: not self.signed_in)
    def signs_in(self) -> None:
        """After the session was over; with whatever works."""
        self._sign_in()

    def _sign_in(self) -> None:
        if self.looking.now().asked.asked is Asked.SET_UP:
            self.by = "person"
            self.holder.get_in(self.holder.challenge())
        if not self.looking.now().gets_in_by_password:
            raise NothingToDo
        self.holder.sign_in(self.browser)
        self.signed_in = True

    # --- staff ---

    @act(by="staff", acts=STAFF)
    def staff_act(self, acts: tuple[str, tuple[Any, ...]]) -> None:
        """The pool may say no."""
        name, arguments = acts
        self.fired[name] += 1
        with self.as_staff(), suppress(ClientError):
            getattr(self, f"_{name.replace(' ', '_')}")(*arguments)

    def _staff_set_a_preference(self, factor: str, pair: tuple[bool, bool]) -> None:
        self.holder.prefer(**{BLOCK[factor]: {"Enabled": pair[0], "PreferredMfa": pair[1]}})

    def _staff_delete_the_app(self) -> None:
        self._admin("admin_delete_software_token")

    def _staff_change_a_contact(self, attribute: str, state: str) -> None:
        value = {
            "none": "",
            "mistyped": {"phone_number": "+4915199999999", "email": "x@example.org"}[attribute],
        }.get(state, {"phone_number": "+4915100000001", "email": "ana1@example.com"}[attribute])
        self.holder.owns(*([value] if state.startswith("theirs") else []))
        pairs = {attribute: value}
        if value:
            pairs[f"{attribute}_verified"] = "true" if state == "theirs" else "false"
        self._admin(
            "admin_update_user_attributes",
            UserAttributes=[{"Name": n, "Value": v} for n, v in pairs.items()],
        )

    def _staff_change_the_pool(self, mode: str, factors: tuple[str, ...]) -> None:
        before = dict(self.ground.state.mfa)
        self.ground.pool.set_mfa(mode, *factors, PASSKEY)
        self.pool_has_changed(before)

    def _admin(self, operation: str, **more: Any) -> None:
        getattr(self.ground.pool.admin, operation)(
            UserPoolId=self.ground.pool.config.pool_id, Username=self.holder.username, **more
        )

    # --- a command line ---

    @act(
        when=lambda self: self.looking.now().asked.asked is not Asked.SET_UP,
        factor=FACTOR,
        pair=PAIRS,
    )
    def saves_by_command_line(self, factor: str, pair: tuple[bool, bool]) -> None:
        """With an access token of their own, from another machine."""
        token = self.holder.get_in(self.holder.challenge())
        if token is None:
            raise NothingToDo
        name = {"SMS_MFA": "--sms-mfa-settings", APP: "--software-token-mfa-settings"}.get(
            factor, "--email-mfa-settings"
        )
        value = f"Enabled={str(pair[0]).lower()},PreferredMfa={str(pair[1]).lower()}"
        before = self.looking.now().works
        try:
            call_command(
                "set_user_mfa_preference", "--access-token", token, name, value,
                stdout=io.StringIO(), stderr=io.StringIO(),
            )  # fmt: skip
        except (SystemExit, CommandError):
            raise NothingToDo from None
        finally:
            self.confirmed -= before - self.looking.now().works if not pair[0] else set()
