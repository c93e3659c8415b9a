"""Setting up an app, and moving to another: begun, abandoned, begun again, finished."""

import re
from typing import Any

from hypothesis import strategies as st

from mfa_settings.authenticator.models import AuthenticatorSetUp
from tests.machine.acting import NothingToDo, act
from tests.machine.holder import APP
from tests.machine.settings_rules import TROUBLE, signed_in
from tests.machine.story import Story
from tests.machine.trouble import Trouble
from tests.pages import fields

LAST_SET_UPS = st.integers(0, 1)


def has_set_up(story: Any) -> bool:
    return story.signed_in and bool(story.set_ups)


def may_be_seen_through(trouble: Trouble | None) -> bool:
    """No read tells which key an app has."""
    return trouble is None or trouble.can_be_seen_through


class AppRules(Story):
    def began_sequence(self) -> None:
        super().began_sequence()
        self.set_ups: list[str] = []
        self.key_of: dict[str, str] = {}
        self.had_app = False
        self.told_verified: set[str] = set()

    @act(when=signed_in, again=st.booleans(), trouble=TROUBLE, finishes=st.booleans())
    def begins_an_app(self, again: bool, trouble: Trouble | None, finishes: bool) -> None:
        """Reads what it means, and presses the button."""
        self._begin(again, trouble, finishes)

    def _begin(self, again: bool, trouble: Trouble | None, finishes: bool) -> None:
        if self.go("/authenticator/").status_code != 200:
            raise NothingToDo
        had = APP in self.confirmed
        wanted = {"again": "yes"} if again else {"begin": "yes"}
        answer = self.press(
            "/authenticator/start/", trouble=trouble, at="AssociateSoftwareToken", form=wanted
        )
        self.move_took_the_app()
        self.had_app = (had and APP not in self.confirmed) or self.had_app
        found = re.match(r"/authenticator/([0-9a-f-]{36})/", answer.headers.get("Location", ""))
        if found:
            self.set_ups = [*self.set_ups, found[1]][-3:]
            self._scan(found[1])
            if finishes and self.signed_in:
                self._type(found[1], right=True, trouble=None)

    def _scan(self, set_up: str) -> None:
        """The key that the page shows goes into the app; the old ones stay there too."""
        page = self.answered(self.browser.get(f"/authenticator/{set_up}/"))
        found = re.search(r"secret=([A-Z2-7]+)", page.content.decode())
        if found and found[1] not in self.holder.keys:
            self.holder.keys.append(found[1])
        if found:
            self.key_of[set_up] = found[1]

    @act(
        when=signed_in,
        which=LAST_SET_UPS,
        right=st.sampled_from([True, True, False]),
        trouble=TROUBLE.filter(may_be_seen_through),
    )
    def types_a_code(self, which: int, right: bool, trouble: Trouble | None) -> None:
        if not self.set_ups:
            self._begin(False, None, finishes=False)
        if not self.set_ups or not self.signed_in:
            raise NothingToDo
        self._type(self.set_ups[-1 - which % len(self.set_ups)], right, trouble)

    def _type(self, set_up: str, right: bool, trouble: Trouble | None) -> None:
        key = self.key_of.get(set_up)
        if key is None:
            raise NothingToDo
        code = self.holder.code_of_app(key) if right else self.holder.wrong_code_of_app(key)
        self.press(
            f"/authenticator/{set_up}/verify/",
            trouble=trouble,
            at="VerifySoftwareToken",
            form={"code": code},
        )
        if self.had_app and self.user.token and APP in self.user.mfa_on:
            self.confirmed.add(APP)
            self.had_app = False
        self._check_verified(set_up)

    def _check_verified(self, set_up: str) -> None:
        """ "Your app works" is said of no key that the pool does not know."""
        row = AuthenticatorSetUp.objects.filter(id=set_up).first()
        if row and row.verified and set_up not in self.told_verified:
            self.told_verified.add(set_up)
            token = self.user.token
            assert token is not None
            assert token.secret == self.key_of[set_up], "I3: verified, says the page"

    @act(when=has_set_up, use=st.sampled_from(["first", "on", "later"]), trouble=TROUBLE)
    def says_how_to_use_it(self, use: str, trouble: Trouble | None) -> None:
        answer = self.press(
            f"/authenticator/{self.set_ups[-1]}/done/",
            trouble=trouble,
            at="GetUser",
            form={"use": use},
        )
        found = re.match(r"/review/([0-9a-f-]{36})/", answer.headers.get("Location", ""))
        if found:
            self.reviews = [*self.reviews, found[1]][-4:]

    def look_at_the_set_up_again(self) -> None:
        if not self.set_ups:
            return
        page = self.answered(self.browser.get(f"/authenticator/{self.set_ups[-1]}/"))
        assert page.status_code in {200, 302, 410}
        if page.status_code == 200:
            assert "code" in fields(page)
