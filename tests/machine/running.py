"""Run sequences: how many, from which seed, in which mode, and without waiting."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as how
from hypothesis.stateful import run_state_machine_as_test

from mfa_settings.authenticator import service as app_service
from mfa_settings.preference import saving
from tests.machine.acting import RULES, act
from tests.machine.app_rules import AppRules
from tests.machine.around_rules import AroundRules
from tests.machine.contact_rules import ContactRules
from tests.machine.ground import Ground
from tests.machine.passkey_rules import PasskeyRules
from tests.machine.settings_rules import signed_in
from tests.machine.trust_rules import TrustRules

# Does beginning to move to a new app silence the old one? (`localpool.rules.switches`)
MODES = ("keep", "drop")
SEQUENCES = "sequences"
# Shrinking takes minutes: without SHRINK=1 the first broken promise is told as it came about.
PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") else [])]


class Portal(TrustRules, AppRules, ContactRules, PasskeyRules, AroundRules):
    """Every rule of every module."""

    @act(when=signed_in)
    def looks_around(self) -> None:
        for look in (
            self.look_at_contacts,
            self.look_at_passkeys,
            self.look_at_the_set_up_again,
        ):
            if self.signed_in:
                look()


def run(
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    *,
    associate: str,
    sequences: int,
    steps: int,
    seed_of_run: int,
) -> Counter[str]:
    """How often each rule was taken, and how many SEQUENCES ran."""
    _without_waiting(monkeypatch)
    fired: Counter[str] = Counter()
    parts = {"ground": ground, "associate": associate, "fired": fired}
    machine = seed(seed_of_run)(type("Portal", (Portal,), parts))
    run_state_machine_as_test(
        machine,
        settings=how(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=PHASES,
            # Slow by nature, and what cannot be done just now is many a rule's nature too.
            suppress_health_check=list(HealthCheck),
        ),
    )
    return fired


def never_taken(fired: Counter[str], *, least: int) -> list[str]:
    """The rules that came about less often than this: the machine then proves nothing of them."""
    return sorted(name for name in RULES if fired[name] < least)


def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as ever, without the pauses between them."""
    monkeypatch.setattr(saving, "WAIT_FOR_THE_FIRST", saving.WAIT_FOR_THE_FIRST * 0)
    monkeypatch.setattr(saving, "_POLL_SECONDS", 0)
    monkeypatch.setattr(app_service, "_WAIT_FOR_THE_FIRST", 0.02)
    monkeypatch.setattr(app_service, "_SAME_PRESS_SECONDS", 0.02)
    monkeypatch.setattr(app_service, "_POLL_SECONDS", 0.01)
