"""Steps that a person could take next, and the situation they are in. Plain Python."""

from dataclasses import dataclass, replace
from enum import StrEnum, auto

from mfa_settings.preference.domain.lost_phone import Recoverability, recoverability
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import ATTRIBUTE_OF_FACTOR, Attribute, ContactPoint, Factor, Preference, Status


class Kind(StrEnum):
    """What a step asks for. Kept with a dismissal: never rename one."""

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
class Step:
    """`about` is the factor or the contact point it is for, if there are several. A step that
    changes the preference has `wish`, which `plan` allows; the others are done on a page."""

    kind: Kind
    about: Factor | Attribute | None = None
    wish: Preference | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.about}" if self.about else str(self.kind)


@dataclass(frozen=True, slots=True)
class Situation:
    """One person in their pool. `can_add_passkey`: the passkeys page lets them add one."""

    status: Status
    policy: Policy
    can_add_passkey: bool = False

    @property
    def now(self) -> Preference:
        return effective_preference(self.status, self.policy)

    @property
    def without_phone(self) -> Recoverability:
        return recoverability(self.status, self.policy)

    def after(self, wish: Preference) -> "Situation":
        return replace(self, status=replace(self.status, preference=wish))

    def once_confirmed(self, attribute: Attribute) -> "Situation":
        """The same person, once this contact point is theirs."""
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


def standing(situation: Situation) -> str:
    """What a dismissal holds for: what a sign-in asks, and what is left without the phone.

    When one of them changes, for better or worse, the person decides anew; a new number or another
    name of the account is no reason to ask again.
    """
    it = situation.without_phone
    asked = [it.coming.asked, *(factor.name.lower() for factor in it.coming.factors)]
    return ";".join([",".join(asked), ",".join(sorted(it.ways)), it.reset])
