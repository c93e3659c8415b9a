"""What a sign-in has to show before a change of preference is saved or undone."""

import uuid

from mfa_settings.preference.domain.undo import UNDO_LIVES
from mfa_settings.preference.models import ProposedChange
from signin.assurance import Demand
from signin.step_up.domain import asked_before
from signin.step_up.service import recent, time_to_finish
from userpool.policy import Policy
from userpool.values import Preference


def demand_of(proposal: ProposedChange, policy: Policy) -> Demand:
    """What a sign-in has to show before this change of preference is saved.

    It goes by what was on when the change was proposed; if that is so no longer, it is not saved.
    """
    return _demand(proposal.change.before, proposal, policy)


def demand_to_undo(saved: ProposedChange, policy: Policy, *, session: uuid.UUID | None) -> Demand:
    """The same for going back to what was set before a change.

    The sign-in that was enough to save it is enough for as long as it can be taken back. Another
    one could have to use the very thing that has just been turned on and does not work. Whoever is
    signed in elsewhere has to show what is on now.
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
    """Where nothing is on, what is turned on is the first protection, and may follow its sign-in
    later: it adds to what was there, and has been bound with a recent one."""
    reachable = proposal.reachable_factors
    return Demand(
        max_age=recent() if now.enabled else time_to_finish(),
        second_step=proposal.has_password and asked_before(now, policy, reachable=reachable),
    )
