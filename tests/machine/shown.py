"""What a settings page shows, and what the pool would have to hold for it to be so."""

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from localpool.sign_in.mfa import active_factors, offered_factors, ready_factors
from tests.machine.holder import APP, PASSKEY, TEXT
from tests.pages import Page, fields

FACTOR_OF_SLUG = {"app": APP, "text": TEXT, "email": "EMAIL_OTP", "passkey": PASSKEY}
SLUG_OF_FACTOR = {factor: slug for slug, factor in FACTOR_OF_SLUG.items()}
_CARD = re.compile(
    r'<article class="card factor[^"]*" data-factor="([a-z]+)">(.*?)</article>', re.S
)
_STATE = re.compile(r'<span class="state[^"]*"[^>]* data-saved="([^"]*)"')
NOT_SURE = "The last change of this could not be confirmed."


@dataclass(frozen=True)
class Held:
    """What is on, and the one asked first. The same whether a page shows it or a pool holds it."""

    on: frozenset[str] = frozenset()
    first: str | None = None

    def without(self, factor: str) -> "Held":
        return Held(self.on - {factor}, None if self.first == factor else self.first)


def shown_on(page: Page) -> Held | None:
    """None where the page has nothing to switch. The cards and the hidden field must agree."""
    html = page.content.decode()
    cards = {FACTOR_OF_SLUG[slug]: card for slug, card in _CARD.findall(html)}
    seen = fields(page).get("seen")
    if seen is None:
        return None
    names = [name for name in unescape(seen["value"]).split(",") if name]
    first = next((name[:-1] for name in names if name.endswith("*")), None)
    told = Held(frozenset(name.rstrip("*") for name in names), first)
    on = {factor for factor, card in cards.items() if _says_on(card)}
    assert on == told.on, f"the cards say {sorted(on)}, the form says {sorted(told.on)}"
    return told


def _says_on(card: str) -> bool:
    state = _STATE.search(card)
    assert state, card
    return state[1] == "On"


def held_by(
    pool: Any, user: Any, *, shown: Any, passkey_on: bool, pool_settings: Any = None
) -> Held:
    """What a right page shows of this state. `shown` is what GetUser lists, which may be nothing
    where MFA is required; `pool_settings` are those that the page may know, where older."""
    mfa = pool_settings or pool.mfa
    on, first = set(shown.get("UserMFASettingList", ())), shown.get("PreferredMfaSetting")
    if mfa["MfaConfiguration"] == "ON":
        offered = offered_factors(replace(pool, mfa=mfa))
        on |= set(active_factors("ON", offered, (), ready_factors(user)))
    if passkey_on and user.passkeys and mfa["MfaConfiguration"] != "OFF":
        on.add(PASSKEY)
    return Held(frozenset(on), first if first in on else None)


def movable(page: Page) -> set[str]:
    """The switches that have a field."""
    return {
        FACTOR_OF_SLUG[name]
        for name, attributes in fields(page).items()
        if name in FACTOR_OF_SLUG and attributes.get("type") == "checkbox"
    }
