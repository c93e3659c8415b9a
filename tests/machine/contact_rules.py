"""The phone number and the email address: entered, mistyped, confirmed, given up, removed."""

import re
from typing import Any

from hypothesis import strategies as st

from tests.machine.acting import NothingToDo, act
from tests.machine.holder import EMAIL, TEXT
from tests.machine.settings_rules import TROUBLE, signed_in
from tests.machine.story import Story
from tests.machine.trouble import Trouble
from tests.pages import fields, words

ATTRIBUTE = {"phone": "phone_number", "email": "email"}
FACTOR = {"phone": TEXT, "email": EMAIL}
THEIRS = {
    "phone": ("+4915100000001", "+4915100000002"),
    "email": ("ana1@example.com", "ana2@example.com"),
}
MISTYPED = {"phone": "+4915166666666", "email": "anna@example.com"}
SLUG = st.sampled_from(sorted(ATTRIBUTE))


class ContactRules(Story):
    @act(when=signed_in, slug=SLUG, which=st.integers(0, 2), trouble=TROUBLE)
    def enters_a_contact(self, slug: str, which: int, trouble: Trouble | None) -> None:
        value = (*THEIRS[slug], MISTYPED[slug])[which]
        self._enter(slug, value, trouble)

    def _enter(self, slug: str, value: str, trouble: Trouble | None) -> None:
        path = f"/contact/{slug}/change/"
        if value != MISTYPED[slug]:
            self.holder.owns(value)
        had = self.user.attributes.get(ATTRIBUTE[slug])
        page = self.answered(self.browser.get(path))
        self.press(path, trouble=trouble, at="UpdateUserAttributes", form={"value": value})
        if had and self.user.attributes.get(ATTRIBUTE[slug]) not in {had, *THEIRS[slug]}:
            assert "The new one replaces the old one at once" in words(page), "I2: not warned"
            self.confirmed.discard(FACTOR[slug])

    @act(when=signed_in, slug=SLUG, right=st.sampled_from([True, True, False]), trouble=TROUBLE)
    def types_the_code_that_came(self, slug: str, right: bool, trouble: Trouble | None) -> None:
        """Whoever mistyped the number gets none."""
        page = self.answered(self.browser.get(f"/contact/{slug}/code/"))
        if page.status_code != 200 and self.signed_in:
            self._enter(slug, THEIRS[slug][1], None)
            page = self.answered(self.browser.get(f"/contact/{slug}/code/"))
        if page.status_code != 200:
            raise NothingToDo
        code = self.holder.code_sent("attribute-verification") if right else "000000"
        answer = self.press(
            f"/contact/{slug}/code/", trouble=trouble, at="VerifyUserAttribute",
            form={"code": code or "000000", "change": fields(page)["change"]["value"]},
        )  # fmt: skip
        if answer.headers.get("Location", "").startswith("/contact/?confirmed="):
            self._check_confirmed(slug, answer.headers["Location"])

    def _check_confirmed(self, slug: str, where: str) -> None:
        page = self.go(where)
        if "confirmed" in where and "is confirmed" in words(page):
            assert self.user.attributes.get(f"{ATTRIBUTE[slug]}_verified") == "true", "I3"

    @act(
        when=signed_in,
        slug=SLUG,
        what=st.sampled_from(["confirm", "resend", "cancel"]),
        trouble=TROUBLE,
    )
    def asks_for_a_code_or_gives_up(self, slug: str, what: str, trouble: Trouble | None) -> None:
        self.press(
            f"/contact/{slug}/{what}/", trouble=trouble, at="GetUserAttributeVerificationCode"
        )

    @act(when=signed_in, slug=SLUG, trouble=TROUBLE)
    def removes_a_contact(self, slug: str, trouble: Trouble | None) -> None:
        """What goes with it was said on the page before, where the button is."""
        page = self.answered(self.browser.get(f"/contact/{slug}/remove/"))
        if page.status_code != 200 or not re.search(
            r'class="actions" method="post"', page.content.decode()
        ):
            raise NothingToDo
        self.press(f"/contact/{slug}/remove/", trouble=trouble, at="DeleteUserAttributes")
        if ATTRIBUTE[slug] not in self.user.attributes:
            self.confirmed.discard(FACTOR[slug])

    def look_at_contacts(self) -> None:
        """I3 for numbers and addresses: a page names none that the pool does not hold."""
        page = self.go("/contact/")
        if page.status_code != 200:
            return
        text = re.sub(r"\s", "", words(page))
        for slug, name in ATTRIBUTE.items():
            held: Any = self.user.attributes.get(name)
            assert held is None or held in text, f"I3: {slug} {held} is not on the page"
