"""Steps that a person could take next, and the situation they are in. Plain Python."""

from dataclasses import dataclass, replace
from enum import StrEnum, auto

from mfa_settings.preference.domain.lost_phone import (
    LostPhone,
    lost_phone,
)
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, ContactPoint, Factor, Preference, Status


class StepKind(StrEnum):
    """The action that a next step asks for. The database keeps them with a dismissal: never rename
    one."""

    CONFIRM_WHERE_CODES_GO = auto()
    TURN_ON = auto()
    SET_UP_APP = auto()
    CONTACT_FOR_SECOND_STEP = auto()
    PASSKEY_ON = auto()
    ASK_EACH_TIME = auto()
    ADD_PASSKEY = auto()
    EMAIL_BESIDE = auto()
    EMAIL_FOR_SIGN_IN = auto()
    TEXT_BESIDE = auto()
    CONTACT_FOR_RESET = auto()
    APP_FIRST = auto()
    SAVE_PASSKEY_AGAIN = auto()


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that would help a person.

    `about` is the factor or the contact point, where the kind can be about several. `wish` is the
    preference to save, which `plan` allows; without one the step is done on a page of its own.
    """

    kind: StepKind
    about: Factor | Attribute | None = None
    wish: Preference | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.about}" if self.about else str(self.kind)


@dataclass(frozen=True, slots=True)
class Situation:
    """A person in their pool. `can_add_passkey`: the passkeys page lets them add one."""

    status: Status
    policy: Policy
    can_add_passkey: bool = False

    @property
    def now(self) -> Preference:
        return effective_preference(self.status, self.policy)

    @property
    def missing(self) -> frozenset[Factor]:
        """Factors that the pool offers and the person can set up, but has not."""
        closed = frozenset() if self.can_add_passkey else {Factor.PASSKEY}
        return self.policy.offered - self.status.ready - closed

    @property
    def without_phone(self) -> LostPhone:
        return lost_phone(self.status, self.policy)

    def after(self, wish: Preference) -> "Situation":
        """Return the situation once the wish is saved."""
        return replace(self, status=replace(self.status, preference=wish))

    def once_confirmed(self, attribute: Attribute) -> "Situation":
        """Return the situation once this contact point is verified."""
        contact = ContactPoint("", verified=True)
        factors = {f for f, its in ATTRIBUTE_OF_FACTOR.items() if its is attribute}
        status = replace(
            self.status,
            ready=self.status.ready | factors,
            reachable=self.status.reachable | factors,
            phone=contact if attribute is Attribute.PHONE else self.status.phone,
            email=contact if attribute is Attribute.EMAIL else self.status.email,
        )
        return replace(self, status=status)


def situation_key(situation: Situation) -> str:
    """Return, as text, the question of a sign-in and the ways left without the phone. A dismissal
    holds for it.

    When one of them changes, for better or worse, the person decides anew. A new number or another
    name of the account changes neither.
    """
    it = situation.without_phone
    asked = [it.coming.asked, *(factor.name.lower() for factor in it.coming.factors)]
    return ";".join([",".join(asked), ",".join(sorted(it.ways)), it.reset])
