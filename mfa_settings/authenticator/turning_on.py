"""What follows a set-up: an app that works and is not asked for yet, or a move left unfinished."""

from datetime import datetime

from mfa_settings.authenticator.domain import Use
from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.preference.domain.rules import Refused, plan, with_implied_preference
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.proposals import propose
from signin.models import User
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import Factor, Preference, Status


def use(
    *, person: User, how: Use, status: Status, policy: Policy
) -> ProposedChange | Refused | None:
    """The change that turns the new app on as the person wants it, for its review; None where
    that is so already."""
    now = effective_preference(status, policy)
    wanted = with_implied_preference(
        wanted=Preference(
            now.enabled | {Factor.TOTP}, Factor.TOTP if how is Use.FIRST else now.preferred
        ),
        now=now,
        policy=policy,
    )
    planned = plan(wanted=wanted, status=status, policy=policy)
    if isinstance(planned, Refused):
        return planned
    return None if planned.is_empty else propose(person=person, change=planned, status=status)


def unfinished_move(*, person: User, app_used_at: datetime | None) -> bool:
    """The newest set-up was to replace an app, its new app was never seen to work, and no app has
    been used to sign in since (`app_used_at`, if the pool says so).

    Where Cognito silences the old app as soon as a new key is given (sources disagree), such a
    person is asked for nothing although GetUser lists the app.
    """
    newest = AuthenticatorSetUp.objects.filter(person=person).order_by("created_at").last()
    if newest is None or newest.verified or not newest.replaces:
        return False
    return app_used_at is None or app_used_at < newest.created_at
