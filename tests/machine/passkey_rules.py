"""Passkeys: made, removed; the switch is one of the settings page's."""

import json
import re
from html import unescape
from typing import Any

from hypothesis import strategies as st

from tests.machine.acting import NothingToDo, act
from tests.machine.holder import PASSKEY
from tests.machine.settings_rules import TROUBLE, signed_in
from tests.machine.story import Story
from tests.machine.trouble import Trouble
from tests.pages import Page
from tests.soft_passkey import SoftPasskey


class PasskeyRules(Story):
    def began_sequence(self) -> None:
        super().began_sequence()
        self.made: dict[str, Any] = {}

    @act(when=signed_in, trouble=TROUBLE, again=st.booleans())
    def makes_a_passkey(self, trouble: Trouble | None, again: bool) -> None:
        if not (again and self.made):
            self._make(trouble)
        self._send(trouble)

    def _make(self, trouble: Trouble | None) -> None:
        answer = self.press("/passkeys/start/", trouble=trouble, at="StartWebAuthnRegistration")
        where = answer.headers.get("Location", "")
        if not where.startswith("/passkeys/new/"):
            raise NothingToDo
        page = self.answered(self.browser.get(where))
        options = _options_on(page)
        if options is None:
            raise NothingToDo
        passkey = SoftPasskey()
        self.made = {"credential": json.dumps(passkey.create(options))}
        self.holder.passkeys.append(passkey)
        self.made["where"] = where

    def _send(self, trouble: Trouble | None) -> None:
        self.press(
            f"{self.made['where']}finish/", trouble=trouble, at="CompleteWebAuthnRegistration",
            form={"credential": self.made["credential"]},
        )  # fmt: skip

    @act(
        when=signed_in,
        which=st.integers(0, 1),
        trouble=TROUBLE,
    )
    def removes_a_passkey(self, which: int, trouble: Trouble | None) -> None:
        if not self.user.passkeys:
            self._make(None)
            self._send(None)
        if not self.user.passkeys:
            raise NothingToDo
        found = self.user.passkeys[which % len(self.user.passkeys)]
        self.press(f"/passkeys/{found.id}/remove/", trouble=trouble, at="DeleteWebAuthnCredential")
        if not self.user.passkeys:
            self.confirmed.discard(PASSKEY)

    def look_at_passkeys(self) -> None:
        """I3 for passkeys: as many as the pool holds."""
        page = self.go("/passkeys/")
        if page.status_code != 200:
            return
        shown = set(re.findall(r"/passkeys/([\w-]+)/remove/", page.content.decode()))
        assert shown == {each.id for each in self.user.passkeys}, "I3: passkeys"


def _options_on(page: Page) -> Any:
    found = re.search(r'<script id="options"[^>]*>(.*?)</script>', page.content.decode())
    return json.loads(unescape(found[1])) if found else None
