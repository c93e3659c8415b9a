"""The steps after a set-up: turn the new app on, or finish a replacement that was begun."""

from datetime import datetime

from mfa_settings.authenticator.domain import TurnOnMode
from mfa_settings.authenticator.models import AuthenticatorSetUp
from mfa_settings.preference.domain.rules import Refused, plan, with_implied_preference
from mfa_settings.preference.models import ProposedChange
from mfa_settings.preference.proposals import propose
from signin.models import User
from userpool.next_sign_in import effective_preference
from userpool.policy import Policy
from userpool.values import Factor, Preference, Status


def propose_turning_on(
    *, person: User, mode: TurnOnMode, status: Status, policy: Policy
) -> ProposedChange | Refused | None:
    """Propose the change that turns the new app on; None where it is on like this already."""
    now = effective_preference(status, policy)
    preferred = Factor.TOTP if mode is TurnOnMode.FIRST else now.preferred
    wanted = with_implied_preference(
        wanted=Preference(now.enabled | {Factor.TOTP}, preferred), now=now, policy=policy
    )
    planned = plan(wanted=wanted, status=status, policy=policy)
    if isinstance(planned, Refused):
        return planned
    return None if planned.is_empty else propose(person=person, change=planned, status=status)


def has_unfinished_replacement(*, person: User, app_used_at: datetime | None) -> bool:
    """Tell whether the person began to replace their app and neither app was seen to work since.

    `app_used_at` is when an app was last used to sign in, if the pool says so. Where Cognito
    silences the old app as soon as it gives a new key (sources disagree), such a person is asked
    for nothing although GetUser lists the app.
    """
    newest = AuthenticatorSetUp.objects.filter(person=person).order_by("created_at").last()
    if newest is None or newest.verified or not newest.replaces:
        return False
    return app_used_at is None or app_used_at < newest.created_at
