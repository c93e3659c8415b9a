"""The demand on a sign-in before a change of preference is saved or undone."""

import uuid

from mfa_settings.preference.domain.undo import UNDO_LIVES
from mfa_settings.preference.models import ProposedChange
from signin.assurance import Demand
from signin.step_up.domain import asked_before
from signin.step_up.service import recent, time_to_finish
from userpool.policy import Policy
from userpool.values import Preference


def demand_of(proposal: ProposedChange, policy: Policy) -> Demand:
    """Return the demand on a sign-in before this change of preference is saved. It follows from the
    preference at the time of the proposal; if another is effective by now, the change is not saved.
    """
    return _demand(proposal.change.before, proposal, policy)


def demand_to_undo(saved: ProposedChange, policy: Policy, *, session: uuid.UUID | None) -> Demand:
    """Return the demand on a sign-in before this change is undone.

    The sign-in that was enough to save it is enough for as long as the change can be undone.
    Another one could have to use the very thing that has just been turned on and does not work.
    Whoever is signed in elsewhere has to show what is on now.
    """
    to_save, change = demand_of(saved, policy), saved.change
    to_save_again = _demand(change.after, saved, policy)
    if session is None or session != saved.claimed_in:
        return to_save_again
    return Demand(
        max_age=max(to_save.max_age, to_save_again.max_age) + UNDO_LIVES,
        second_step=to_save.second_step and to_save_again.second_step,
    )


def _demand(now: Preference, proposal: ProposedChange, policy: Policy) -> Demand:
    """Return the demand where the preference is `now`. With nothing on, the change brings the first
    protection, and its sign-in may be older: it adds to what was there, and has been bound with a
    recent one."""
    reachable = proposal.reachable_factors
    return Demand(
        max_age=recent() if now.enabled else time_to_finish(),
        second_step=proposal.has_password and asked_before(now, policy, reachable=reachable),
    )
