"""Send a change to the pool, and believe only what it then says."""

import time
from typing import Final

from django.conf import settings

from cognito import user_pool
from cognito.errors import CognitoError
from mfa_settings.domain import PREFERABLE, Change, Policy, Preference, Status, effective
from mfa_settings.reading import read_status

# How long the pool may take to show what was written, before the answer is "not confirmed".
READ_BACK_PAUSES: Final = (0.0, 0.5, 1.5)
# No new try after this, so that a pool that stalls does not hold the page.
READ_BACK_SECONDS: Final = 3


def send(*, access_token: str, change: Change) -> None:
    """SetUserMFAPreference with the blocks that change. Raises `CognitoError`."""
    blocks: dict[str, user_pool.FactorSettings] = {
        factor: {"Enabled": enabled, "PreferredMfa": preferred}
        if factor in PREFERABLE
        else {"Enabled": enabled}
        for factor, (enabled, preferred) in change.settings.items()
    }
    user_pool.set_user_mfa_preference(
        pool=settings.COGNITO, access_token=access_token, settings=blocks
    )


def read_back(*, access_token: str, expected: Preference, policy: Policy) -> Status | None:
    """What the pool says once it says `expected`, or at the last try; None if it says nothing."""
    status = None
    give_up = time.monotonic() + READ_BACK_SECONDS
    for pause in READ_BACK_PAUSES:
        time.sleep(pause)
        try:
            status = read_status(access_token=access_token)
        except CognitoError:
            pass
        else:
            if effective(status, policy) == expected:
                break
        if time.monotonic() > give_up:
            break
    return status
