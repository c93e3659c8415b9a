"""Read the switches and the choice of the one asked first; ask the domain; word its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.card_words import STATE, STEP_URL, WHAT_IT_IS, note_sentence, step_words
from mfa_settings.domain import (
    PREFERABLE,
    Change,
    Factor,
    FactorView,
    Policy,
    Preference,
    Refused,
    Rule,
    Status,
    Violation,
    effective,
    factor_views,
    plan,
    with_preference_settled,
)
from mfa_settings.drill.domain import chance_of
from mfa_settings.words import (
    FACTOR_OF_SLUG,
    NAME,
    SLUG_OF_FACTOR,
    Words,
    violation_sentence,
)

ASK_EACH_TIME: Final = "ask"


@dataclass(frozen=True, slots=True)
class Card:
    """One factor with its switch, in words. `movable`: the switch may move; else `reason`. `step`
    leads to where the factor is set up or changed. `testable`: a sign-in can be made to ask for it;
    `worked_at` is when a test was last seen to work."""

    view: FactorView
    slug: str
    name: Words
    what_it_is: Words
    state: Words
    reason: Words
    note: Words
    movable: bool
    checked: bool
    errors: list[str]
    step: Words
    step_url: str
    testable: bool
    worked_at: datetime | None


class PreferenceForm(forms.Form):
    """One switch for each factor whose switch may move, and `first`: the one asked first.

    A locked switch has no field, so nothing that is posted can move it. `seen` says what the page
    showed; `change` is the planned change once the form is valid.
    """

    seen = forms.CharField(required=False, max_length=100)

    def __init__(
        self,
        *args: Any,
        status: Status,
        policy: Policy,
        draft: Preference | None = None,
        proofs: Mapping[Factor, datetime] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        """`draft` is a wish that is not saved yet; the page shows it in place of what is so.
        `proofs`: when each factor was last seen to work in a test."""
        super().__init__(*args, **kwargs)
        self.proofs = proofs
        self.status, self.policy = status, policy
        self.now = effective(status, policy)
        shown = draft or self.now
        self.views = factor_views(status, policy)
        self.change: Change | None = None
        for view in self.views:
            if view.locked_by is None:
                self.fields[SLUG_OF_FACTOR[view.factor]] = forms.BooleanField(
                    required=False, initial=view.factor in shown.enabled
                )
        self.to_prefer = self._to_prefer()
        if self.to_prefer:
            slugs = [*(SLUG_OF_FACTOR[view.factor] for view in self.to_prefer), ASK_EACH_TIME]
            self.fields["first"] = forms.ChoiceField(
                required=False,
                choices=[(slug, slug) for slug in slugs],
                initial=self._first_of(shown),
            )

    def _to_prefer(self) -> tuple[FactorView, ...]:
        """The factors that could be asked first; a choice needs two."""
        able = tuple(view for view in self.views if view.may_be_preferred)
        return able if len(able) > 1 else ()

    @property
    def movable(self) -> bool:
        """There is something on the page that may be changed."""
        return len(self.fields) > 1

    @property
    def cards(self) -> list[Card]:
        """As the page shows them: what was posted where something was, else what is so."""
        return [self._card(view) for view in self.views]

    def _card(self, view: FactorView) -> Card:
        slug = SLUG_OF_FACTOR[view.factor]
        movable = slug in self.fields
        locked = view.locked_by
        note = note_sentence(view, self.status)
        # A note on the number or address says more than "not ready" does.
        return Card(
            view=view,
            slug=slug,
            name=NAME[view.factor],
            what_it_is=WHAT_IT_IS[view.factor],
            state=STATE[view.state],
            reason=violation_sentence(locked)
            if locked and not _says_it(note, locked, view)
            else "",
            note=note,
            movable=movable,
            checked=bool(self[slug].value()) if movable else view.is_on,
            errors=[str(message) for message in self.errors.get(slug, [])],
            step="" if self.status.identity_provider else step_words(view, self.status),
            step_url=STEP_URL[view.factor],
            testable=chance_of(view.factor, status=self.status, policy=self.policy).open,
            worked_at=self.proofs.get(view.factor),
        )

    @property
    def choices(self) -> list[tuple[str, Words, bool]]:
        """(value, words, chosen) of each answer to "asked first"."""
        names = {SLUG_OF_FACTOR[view.factor]: NAME[view.factor] for view in self.to_prefer}
        chosen = self["first"].value() if self.to_prefer else None
        words = {**names, ASK_EACH_TIME: _("Ask me each time")}
        return [(slug, name, slug == chosen) for slug, name in words.items()]

    @property
    def first_now(self) -> str:
        """The answer to "asked first" that is so now, or "" where there is none."""
        return self._first_of(self.now) or ""

    def _first_of(self, preference: Preference) -> str | None:
        if preference.preferred:
            return SLUG_OF_FACTOR[preference.preferred]
        return ASK_EACH_TIME if len(preference.enabled & PREFERABLE) > 1 else None

    def clean_seen(self) -> Preference:
        try:
            return Preference.parse(self.cleaned_data["seen"])
        except ValueError:
            raise forms.ValidationError(_("Reload the page and try again.")) from None

    @property
    def wanted(self) -> Preference:
        """The switches and the choice as posted; what has no field stays as it is."""
        posted = self.cleaned_data
        enabled = frozenset(
            view.factor
            for view in self.views
            if posted.get(SLUG_OF_FACTOR[view.factor], view.is_on)
        )
        first = posted.get("first", "")
        preferred = FACTOR_OF_SLUG.get(first) if first else self.now.preferred
        return with_preference_settled(
            wanted=Preference(enabled, preferred), now=self.now, policy=self.policy
        )

    def clean(self) -> dict[str, Any]:
        posted: dict[str, Any] = super().clean() or {}
        planned = plan(wanted=self.wanted, status=self.status, policy=self.policy)
        if isinstance(planned, Change):
            self.change = planned
            return posted
        self._add_violations(planned)
        return posted

    def _add_violations(self, refused: Refused) -> None:
        about_first = {
            Rule.PREFERRED_IS_OFF,
            Rule.NOT_PREFERABLE,
            Rule.CHOICE_NEEDS_TWO,
            Rule.FIRST_NOT_OFFERED,
        }
        for violation in refused.violations:
            slug = SLUG_OF_FACTOR[violation.factor] if violation.factor else None
            field = "first" if violation.rule in about_first else slug
            sentence = str(violation_sentence(violation))
            self.add_error(field if field in self.fields else None, sentence)


def _says_it(note: Words, locked: Violation, view: FactorView) -> bool:
    """The page, or the note on the number or the address, says more than the rule does."""
    if locked.rule is Rule.MANAGED_ELSEWHERE:
        return True
    own = locked.factor is view.factor
    return own and (
        (locked.rule is Rule.NOT_READY and bool(note))
        or (locked.rule is Rule.NOT_OFFERED and view.obstacle is not None)
    )
