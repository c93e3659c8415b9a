"""Read the switches and the choice of the one asked first; ask the domain; word its answer."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from mfa_settings.preference.domain.factor_views import FactorView, factor_views
from mfa_settings.preference.domain.rules import (
    PreferenceChange,
    Refused,
    Rule,
    plan,
    with_implied_preference,
)
from mfa_settings.preference.words.sentences import violation_sentence
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import PREFERABLE, Preference, Status
from userpool.words import FACTOR_OF_SLUG, NAME, SLUG_OF_FACTOR, Words

ASK_EACH_TIME: Final = "ask"


class PreferenceForm(forms.Form):
    """The switch of each factor whose switch may move, and `first`: the one asked first.

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
        **kwargs: Any,
    ) -> None:
        """Show `draft`, a wish that is not saved yet, in place of the effective preference."""
        super().__init__(*args, **kwargs)
        self.status, self.policy = status, policy
        self.now = effective_preference(status, policy)
        shown = draft or self.now
        self.views = factor_views(status, policy)
        self.change: PreferenceChange | None = None
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
        """Tell whether something on the page may be changed."""
        return len(self.fields) > 1

    @property
    def choices(self) -> list[tuple[str, Words, bool]]:
        """(value, words, chosen) of each answer to "asked first"."""
        names = {SLUG_OF_FACTOR[view.factor]: NAME[view.factor] for view in self.to_prefer}
        chosen = self["first"].value() if self.to_prefer else None
        words = {**names, ASK_EACH_TIME: _("Ask me each time")}
        return [(slug, name, slug == chosen) for slug, name in words.items()]

    @property
    def first_now(self) -> str:
        """The answer to "asked first" of the effective preference, or "" where there is none."""
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
        """The switches and the choice as posted; a factor without a field stays as it is."""
        posted = self.cleaned_data
        enabled = frozenset(
            view.factor
            for view in self.views
            if posted.get(SLUG_OF_FACTOR[view.factor], view.is_on)
        )
        first = posted.get("first", "")
        preferred = FACTOR_OF_SLUG.get(first) if first else self.now.preferred
        return with_implied_preference(
            wanted=Preference(enabled, preferred), now=self.now, policy=self.policy
        )

    def clean(self) -> dict[str, Any]:
        posted: dict[str, Any] = super().clean() or {}
        planned = plan(wanted=self.wanted, status=self.status, policy=self.policy)
        if isinstance(planned, PreferenceChange):
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
