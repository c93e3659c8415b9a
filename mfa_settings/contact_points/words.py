"""The words for the contact points, and for what can go wrong with them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mfa_settings.contact_points.domain import Problem
from userpool.values import Attribute
from userpool.words import Words

ATTRIBUTE_OF_SLUG: Final = {"phone": Attribute.PHONE, "email": Attribute.EMAIL}
SLUG_OF_ATTRIBUTE: Final = {attribute: slug for slug, attribute in ATTRIBUTE_OF_SLUG.items()}
NAME: Final[Mapping[Attribute, Words]] = {
    Attribute.PHONE: _("Phone number"),
    Attribute.EMAIL: _("Email address"),
}

_SENTENCES: Final[Mapping[Problem, Words]] = {
    Problem.WRONG_CODE: _(
        "That is not the code we sent. Look at the newest message and enter its code."
    ),
    Problem.CODE_EXPIRED: _(
        "That code no longer works: it has run out, or a newer one was sent. Enter the code of "
        "the newest message, or ask for a new code."
    ),
    Problem.NOT_SENT: _(
        "The code could not be delivered. Check for typing mistakes. If it is right, ask for a "
        "new code in a minute."
    ),
    Problem.NOT_KNOWN: _(
        "We did not get a clear answer, so we don't know whether that worked. If a message has "
        "arrived, enter its code. Otherwise ask for a new code in a minute."
    ),
    Problem.REPLACED: _(
        "Meanwhile a newer change was begun, perhaps by you in another tab, so that code was not "
        "tried. Enter the code for what is shown here."
    ),
    Problem.BUSY_LIMIT: _(
        "Your account has been asked too often, perhaps from somewhere else. Wait an hour, then "
        "try again."
    ),
    Problem.TAKEN: _("This can't be used for your account. Enter another one."),
    Problem.SAME: _("This is already confirmed as yours, so there is nothing to change."),
    Problem.NOT_ALLOWED: _(
        "Your account does not allow this change here. Ask the people who look after your account "
        "to make it for you."
    ),
    Problem.SIGNS_IN_WITH_IT: _(
        "You sign in with this, and without it you could not get in any more. If your account can "
        "have another one, add and confirm that first. Otherwise ask the people who look after it."
    ),
    Problem.MANAGED_ELSEWHERE: _(
        "Your organisation signs you in, so this is changed there. Ask the people who look after "
        "your account."
    ),
}
_FIRST: Final[Mapping[Attribute, Mapping[Problem, Words]]] = {
    Attribute.PHONE: {
        Problem.TURN_OFF_FIRST: _(
            "You sign in with codes sent to this number. First turn text messages off in your "
            "security settings, or let another way be asked first. Then come back here."
        ),
        Problem.ASK_ANOTHER_FIRST: _(
            "Your next sign-in may send a code to this number. First choose another way to be "
            "asked first in your security settings. Then come back here."
        ),
        Problem.SET_UP_ANOTHER_FIRST: _(
            "Your account must always ask for a second step, and this number is your only one. "
            "First set up another way in your security settings and let it be asked first."
        ),
        Problem.NO_OTHER_WAY: _(
            "Your account must always ask for a code sent to this number. To change it without "
            "locking yourself out, ask the people who look after your account."
        ),
    },
    Attribute.EMAIL: {
        Problem.TURN_OFF_FIRST: _(
            "You sign in with codes sent to this address. First turn email codes off in your "
            "security settings, or let another way be asked first. Then come back here."
        ),
        Problem.ASK_ANOTHER_FIRST: _(
            "Your next sign-in may send a code to this address. First choose another way to be "
            "asked first in your security settings. Then come back here."
        ),
        Problem.SET_UP_ANOTHER_FIRST: _(
            "Your account must always ask for a second step, and this address is your only one. "
            "First set up another way in your security settings and let it be asked first."
        ),
        Problem.NO_OTHER_WAY: _(
            "Your account must always ask for a code sent to this address. To change it without "
            "locking yourself out, ask the people who look after your account."
        ),
    },
}
_REMOVE_FIRST: Final[Mapping[Attribute, Words]] = {
    Attribute.PHONE: _(
        "Text messages are on and use this number. First turn them off in your security settings. "
        "Then come back here."
    ),
    Attribute.EMAIL: _(
        "Email codes are on and use this address. First turn them off in your security settings. "
        "Then come back here."
    ),
}


def problem_sentence(problem: Problem, attribute: Attribute, *, removing: bool = False) -> Words:
    """Say what went wrong with a contact point, and the next step."""
    if removing and problem is Problem.TURN_OFF_FIRST:
        return _REMOVE_FIRST[attribute]
    if removing and problem is Problem.NOT_KNOWN:
        return _("We don't know whether it was removed. Look at the list before you try again.")
    return _FIRST[attribute].get(problem) or _SENTENCES[problem]
