"""Each factor of the settings page as a card with its switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mfa_settings.factor_test.domain import way_to_test
from mfa_settings.home.card_words import STATE, WHAT_IT_IS, link_words, note_sentence
from mfa_settings.preference.domain.factor_views import FactorView
from mfa_settings.preference.domain.rules import Rule, Violation
from mfa_settings.preference.forms import PreferenceForm
from mfa_settings.preference.words.sentences import PAGE_OF_FACTOR, violation_sentence
from userpool.values import Factor
from userpool.words import NAME, SLUG_OF_FACTOR, Words


@dataclass(frozen=True, slots=True)
class FactorCard:
    """One factor with its switch, in words.

    `movable`: the switch may move; else `reason` says why not. `link` leads to the `page` on which
    the factor is set up or changed. `testable`: a sign-in can be made to ask for the factor;
    `worked_at` is when a test of it last worked.
    """

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
    link: Words
    page: str
    testable: bool
    worked_at: datetime | None


def factor_cards(
    form: PreferenceForm, *, successful_tests: Mapping[Factor, datetime]
) -> list[FactorCard]:
    """One card for each factor, in page order; its switch is as posted, if the form was posted.

    `successful_tests`: factor -> when a test of it last worked.
    """
    return [_card(form, view, worked_at=successful_tests.get(view.factor)) for view in form.views]


def _card(form: PreferenceForm, view: FactorView, *, worked_at: datetime | None) -> FactorCard:
    slug = SLUG_OF_FACTOR[view.factor]
    movable = slug in form.fields
    locked = view.locked_by
    note = note_sentence(view, form.status)
    is_said = locked is None or _says_it(note, locked, view)
    return FactorCard(
        view=view,
        slug=slug,
        name=NAME[view.factor],
        what_it_is=WHAT_IT_IS[view.factor],
        state=STATE[view.state],
        reason="" if locked is None or is_said else violation_sentence(locked),
        note=note,
        movable=movable,
        checked=bool(form[slug].value()) if movable else view.is_on,
        errors=[str(message) for message in form.errors.get(slug, [])],
        link="" if form.status.identity_provider else link_words(view, form.status),
        page=PAGE_OF_FACTOR[view.factor],
        testable=way_to_test(view.factor, status=form.status, policy=form.policy).open,
        worked_at=worked_at,
    )


def _says_it(note: Words, locked: Violation, view: FactorView) -> bool:
    """The note on the card, or the page around it, says more than the sentence of the rule."""
    if locked.rule is Rule.MANAGED_ELSEWHERE:
        return True
    own = locked.factor is view.factor
    return own and (
        (locked.rule is Rule.NOT_READY and bool(note))
        or (locked.rule is Rule.NOT_OFFERED and view.obstacle is not None)
    )
