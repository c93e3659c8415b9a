"""Apply the blocks of a command line to the person whose access token it was given."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from activity.domain import Event, Outcome
from activity.service import recorded
from cognito import user_pool
from mfa_settings.command_line.domain import Block, laid_over
from mfa_settings.domain import (
    PREFERABLE,
    Factor,
    Preference,
    Refused,
    Violation,
    effective,
    plan,
)
from mfa_settings.pool.service import read_policy
from mfa_settings.reading import read_status
from mfa_settings.writing import write
from signin.domain import NotVerified
from signin.id_token import person_of


@dataclass(frozen=True, slots=True)
class RulesBroken(Exception):
    """Nothing was sent: a rule of the portal is against it."""

    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class NotConfirmed(Exception):
    """It was sent, and the pool does not show it. `now` is None when nothing could be read."""

    now: Preference | None


@sensitive_variables("access_token")
def apply(*, access_token: str, blocks: Mapping[Factor, Block]) -> None:
    """Lay the blocks over what is so now, and save what that changes.

    The person need not have signed in here before. Raises `CognitoError`, `NotRecorded`,
    `RulesBroken`, `NotConfirmed`, and `NotVerified` for a token that Cognito takes and that is
    still none of this pool.
    """
    try:
        person = person_of(pool=settings.COGNITO, access_token=access_token)
    except NotVerified:
        # Cognito's own refusal is the better answer: expired, revoked or not a token at all.
        user_pool.get_user(pool=settings.COGNITO, access_token=access_token)
        raise
    status = read_status(access_token=access_token, person=person)
    if not blocks:
        return
    policy = read_policy()
    now = effective(status, policy)
    wanted = laid_over(now, blocks)
    if wanted is None:
        _let_cognito_refuse(person=person, access_token=access_token, blocks=blocks, now=now)
        return
    planned = plan(wanted=wanted, status=status, policy=policy)
    if isinstance(planned, Refused):
        raise RulesBroken(planned.violations)
    if planned.is_empty:
        return
    written = write(
        person=person, access_token=access_token, change=planned, status=status, policy=policy
    )
    if written.outcome is Outcome.REFUSED and written.refusal:
        raise written.refusal
    if written.outcome is not Outcome.CONFIRMED:
        raise NotConfirmed(now=effective(written.status, policy) if written.status else None)


@sensitive_variables("access_token")
def _let_cognito_refuse(
    *, person: str, access_token: str, blocks: Mapping[Factor, Block], now: Preference
) -> None:
    """Blocks that contradict one another are no preference that a rule could judge. Cognito
    refuses them whole, and its words are what a script may look for."""
    given: dict[str, user_pool.FactorSettings] = {
        factor: {"Enabled": block.enabled, "PreferredMfa": block.preferred}
        if factor in PREFERABLE
        else {"Enabled": block.enabled}
        for factor, block in blocks.items()
    }
    with recorded(
        person=person, event=Event.PREFERENCE_CHANGED, detail={"before": str(now), "after": ""}
    ):
        user_pool.set_user_mfa_preference(
            pool=settings.COGNITO, access_token=access_token, settings=given
        )
    raise NotConfirmed(now=None)
