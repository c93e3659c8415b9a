"""Each factor of the settings page as a card with its switch."""

from collections.abc import Mapping
from datetime import datetime

from mfa_settings.factor_test.domain import way_to_test
from mfa_settings.home.card_words import STATE, WHAT_IT_IS, link_words, note_sentence
from mfa_settings.preference.domain.factor_views import FactorView
from mfa_settings.preference.domain.rules import Rule, Violation
from mfa_settings.preference.forms import PreferenceForm
from mfa_settings.preference.words.sentences import PAGE_OF_FACTOR, violation_sentence
from userpool.values import Factor
from userpool.words import NAME, SLUG_OF_FACTOR, Words


def factor_cards(
    form: PreferenceForm, *, successful_tests: Mapping[Factor, datetime]
) -> list[dict[str, object]]:
    """Returns the context of each factor's card, in page order.

    `successful_tests`: factor -> when a test of it last worked.
    """
    return [
        _card(form, view) | {"worked_at": successful_tests.get(view.factor)} for view in form.views
    ]


def _card(form: PreferenceForm, view: FactorView) -> dict[str, object]:
    """Returns the context of one card.

    `movable`: the switch may move; else `reason` or `note` says why not. `checked`: as posted, if
    the form was posted. `link` leads to the `page` on which the factor is set up or changed.
    `testable`: a sign-in can be made to ask for the factor.
    """
    slug = SLUG_OF_FACTOR[view.factor]
    movable = slug in form.fields
    locked = view.locked_by
    note = note_sentence(view, form.status)
    return {
        "view": view,
        "slug": slug,
        "name": NAME[view.factor],
        "what_it_is": WHAT_IT_IS[view.factor],
        "state": STATE[view.state],
        "reason": violation_sentence(locked) if locked and not _says_it(note, locked, view) else "",
        "note": note,
        "movable": movable,
        "checked": bool(form[slug].value()) if movable else view.is_on,
        "errors": form.errors.get(slug, []),
        "link": "" if form.status.identity_provider else link_words(view, form.status),
        "page": PAGE_OF_FACTOR[view.factor],
        "testable": way_to_test(view.factor, status=form.status, policy=form.policy).open,
    }


def _says_it(note: Words, locked: Violation, view: FactorView) -> bool:
    """Whether the card's note, or the page around it, says more than the rule's sentence."""
    if locked.rule is Rule.MANAGED_ELSEWHERE:
        return True
    own = locked.factor is view.factor
    return own and (
        (locked.rule is Rule.NOT_READY and bool(note))
        or (locked.rule is Rule.NOT_OFFERED and view.obstacle is not None)
    )
