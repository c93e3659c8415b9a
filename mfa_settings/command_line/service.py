"""Applies the blocks of a command line to the owner of the access token."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from activity.domain import Event, Outcome
from activity.service import recorded
from cognito import user_pool
from cognito.account import Account
from mfa_settings.command_line.domain import Block, apply_blocks, refused_by_cognito
from mfa_settings.preference.domain.rules import Refused, Violation, plan
from mfa_settings.preference.writing import write
from signin.domain import NotVerified
from signin.id_token import uid_of_token
from userpool.next_sign_in import effective_preference
from userpool.service import read_policy
from userpool.status import read_status
from userpool.values import Factor, Preference, Status


@dataclass(eq=False)
class RulesBroken(Exception):
    """A rule of the portal forbids the change; nothing was sent."""

    violations: tuple[Violation, ...]


@dataclass(eq=False)
class NotConfirmed(Exception):
    """The pool does not show the change that was sent. `now` is None if nothing could be read."""

    now: Preference | None


def blocks_of(request: Mapping[str, object]) -> dict[Factor, Block]:
    """Returns the blocks in a SetUserMFAPreference request whose types were checked before."""
    given = {factor: request.get(user_pool.BLOCK_OF_FACTOR[factor]) for factor in Factor}
    return {
        factor: Block(bool(block.get("Enabled")), bool(block.get("PreferredMfa")))
        for factor, block in given.items()
        if isinstance(block, dict)
    }


@sensitive_variables("access_token")
def apply(*, access_token: str, blocks: Mapping[Factor, Block]) -> None:
    """Applies the blocks to the person's preference, and saves the change.

    The person need not have signed in here before. Raises `CognitoError`, `NotRecorded`,
    `RulesBroken`, `NotConfirmed`, and `NotVerified` for a token that Cognito accepts although
    another pool issued it.
    """
    try:
        person = uid_of_token(pool=settings.COGNITO, access_token=access_token)
    except NotVerified:
        # Cognito's own refusal is the better answer: expired, revoked or not a token at all.
        user_pool.get_user(Account(settings.COGNITO, "", access_token))
        raise
    account = Account(settings.COGNITO, person, access_token)
    status = read_status(account)
    if not blocks:
        return
    policy = read_policy()
    status = _as_if_doubtful(status, blocks)
    now = effective_preference(status, policy)
    wanted = apply_blocks(now, blocks)
    if wanted is None:
        preferred = frozenset(factor for factor, block in blocks.items() if block.preferred)
        _let_cognito_refuse(account, blocks, preferred, now=now)
    planned = plan(wanted=wanted, status=status, policy=policy)
    if isinstance(planned, Refused):
        refused = refused_by_cognito(blocks, planned.violations, status=status, policy=policy)
        if not refused:
            raise RulesBroken(planned.violations)
        _let_cognito_refuse(account, blocks, refused, now=now)
    if planned.is_empty:
        return
    written = write(account=account, change=planned, status=status, policy=policy)
    if written.outcome is Outcome.REFUSED and written.refusal:
        raise written.refusal
    if written.outcome is not Outcome.CONFIRMED:
        status_now = written.status
        raise NotConfirmed(effective_preference(status_now, policy) if status_now else None)


def _as_if_doubtful(status: Status, blocks: Mapping[Factor, Block]) -> Status:
    """Returns the status with a doubtful passkey flag inverted: `plan` then sends the flag again.

    A flag is in doubt after a change that may or may not have taken effect.
    """
    if status.passkey_is_sure or Factor.PASSKEY not in blocks:
        return status
    enabled = status.preference.enabled - {Factor.PASSKEY}
    if not blocks[Factor.PASSKEY].enabled:
        enabled |= {Factor.PASSKEY}
    return replace(status, preference=replace(status.preference, enabled=enabled))


def _let_cognito_refuse(
    account: Account,
    blocks: Mapping[Factor, Block],
    refused: frozenset[Factor],
    *,
    now: Preference,
) -> NoReturn:
    """Sends the blocks that Cognito refuses: scripts may look for its own words.

    No rule of the portal can judge blocks that contradict one another. The other blocks stay
    behind: Cognito might carry them out, and a refused call must change nothing. Raises
    `CognitoError`, or `NotConfirmed` should Cognito accept the blocks.
    """
    detail = {"before": str(now)}
    with recorded(person=account.person, event=Event.PREFERENCE_CHANGED, detail=detail):
        user_pool.set_user_mfa_preference(account, settings={f: blocks[f] for f in refused})
    raise NotConfirmed(now=None)
