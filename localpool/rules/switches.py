"""Switches for the questions that the public sources leave open.

The first value is the default: the likeliest one, or if that is unknown, the one that is harder
on the client. A switch is set for the whole server or for one pool, so tests that run side by
side do not disturb each other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Self


@dataclass(frozen=True)
class Question:
    asks: str
    values: tuple[str, ...]
    source: str


class Switch(Enum):
    associate_over_verified = Question(
        "AssociateSoftwareToken for a person with a verified token: does the old one still work?",
        ("keep", "drop"),
        "DG/user-pool-settings-mfa-totp against AJ#1226, AJ#3844, older API/AssociateSoftwareToken",
    )
    setting_list_in_required_pool = Question(
        "UserMFASettingList in a pool with MFA ON",
        ("listed", "empty"),
        "API/GetUser against https://github.com/aws/aws-sdk-js-v3/issues/7961, AJ#11258",
    )
    off_block_never_set_up = Question(
        "Enabled=false for a factor that was never set up",
        ("refuse", "accept"),
        "AJ#944, AJ#618, AJ#8574 (2018, 2021); unknown today",
    )
    email_answer = Question(
        "The name of email in SELECT_MFA_TYPE: choices and ANSWER",
        ("EMAIL_OTP", "EMAIL_MFA"),
        "BLK against API/RespondToAuthChallenge",
    )
    none_preferred = Question(
        "Two factors on, none preferred, MFA OPTIONAL: choose, the first of them, or no question",
        ("choose", "first", "nothing"),
        "BLK against a sentence of DG/user-pool-settings-mfa",
    )
    registered_but_off = Question(
        "A verified authenticator app that is not on, MFA OPTIONAL",
        ("not-asked", "asked"),
        "BLK, ASW against the decision list of DG/user-pool-settings-mfa",
    )
    disable_in_required_pool = Question(
        "Turning a factor off in a pool with MFA ON: 200 and nothing, or an error",
        ("ignore", "refuse"),
        "https://github.com/panther-labs/panther/issues/317 against older API/SMSMfaSettingsType",
    )
    bad_block_among_good = Question(
        "One bad block among good ones: do the blocks before it take effect?",
        ("partial", "atomic"),
        "AJ#1343 (2018); unknown today",
    )
    pool_off_preference = Question(
        "SetUserMFAPreference in a pool with MFA OFF", ("accept", "refuse"), "unknown"
    )
    last_factor_off_under_passkey = Question(
        "Turning the last other factor off while passkey MFA is on",
        ("refuse", "accept"),
        "unknown; API/SetUserMFAPreference asks for one other factor only when turning it on",
    )
    software_token_in_auth_factors = Question(
        "A verified authenticator app is SOFTWARE_TOKEN in ConfiguredUserAuthFactors",
        ("yes", "no"),
        "API/GetUserAuthFactors",
    )
    mfa_setup_turns_on = Question(
        "MFA_SETUP in a pool with MFA ON adds the factor to UserMFASettingList",
        ("yes", "no"),
        "unknown",
    )
    deleted_token_in_list = Question(
        "AdminDeleteSoftwareToken takes SOFTWARE_TOKEN_MFA out of the list and the preference",
        ("removed", "left"),
        "unknown; API/AdminDeleteSoftwareToken does not say",
    )
    reset_required_token = Question(
        "An access token of somebody whose password an administrator has reset",
        ("works", "refused"),
        "API/GetUser lists PasswordResetRequiredException; API/AdminResetUserPassword only speaks "
        "of signing in",
    )
    wrong_code_at_verify = Question(
        "A wrong code at VerifySoftwareToken: an exception, or 200 with Status ERROR",
        ("exception", "status-error"),
        "https://github.com/aws-samples/aws-amplify-auth-starters/issues/15 against "
        "API/VerifySoftwareToken",
    )
    wrong_totp_text = Question(
        "The message of a wrong authenticator code at sign-in",
        ("Code mismatch", "Invalid code received for user"),
        "amplify-ui e2e sign-in-totp-mfa against other reports",
    )
    wrong_code_keeps_session = Question(
        "After a wrong MFA code the session can be used again", ("yes", "no"), "BLK; one denies it"
    )
    lock_out = Question(
        "Five wrong passwords or codes start the lock-out",
        ("yes", "no"),
        "DG/authentication against a measurement of six wrong codes",
    )
    alias_taken = Question(
        "A contact that somebody else holds as an alias: refused at the update or at its code",
        ("update", "verify"),
        "API/UpdateUserAttributes and API/VerifyUserAttribute both list AliasExistsException",
    )
    wrong_verifier_spends_code = Question(
        "A wrong code_verifier spends the authorization code", ("yes", "no"), "unknown"
    )
    lite_claims = Question(
        "Tokens of a Lite pool carry acr and amr",
        ("no", "yes"),
        "unknown; DG/cognito-user-pools-step-up-authentication says Essentials or Plus",
    )
    prompt_heeded = Question(
        "`prompt` of /oauth2/authorize: managed login heeds it, the classic hosted UI does not",
        ("yes", "no"),
        "https://github.com/aws-amplify/amplify-backend/issues/2920",
    )
    lower_level_asks = Question(
        "Level 3 asked of somebody who prefers an app and has text messages on: which is asked",
        ("preferred", "message"),
        "unknown; DG/cognito-user-pools-step-up-authentication names the level only",
    )
    silent_auth_time = Question(
        "auth_time of a sign-in by managed login's cookie alone: that of the cookie, or now",
        ("kept", "now"),
        "OpenID Connect Core 2 (auth_time); unknown for Cognito",
    )
    recovery_channel_asked = Question(
        "MFA ON and nothing preferred: the channel that resets the password first is a choice too",
        ("yes", "no"),
        "BLK against the decision list of DG/user-pool-settings-mfa (eligible attributes)",
    )
    # Sessions
    untracked_sessions = Question(
        "ListUserSessions and RevokeUserSession where session tracking is off",
        ("refuse", "accept"),
        "unknown; API/ListUserSessions",
    )
    unknown_session = Question(
        "RevokeUserSession of a session that is not there",
        ("refuse", "accept"),
        "unknown; API/RevokeUserSession",
    )
    # Passkeys
    relying_party_by_domain = Question(
        "A pool with passkeys and no RelyingPartyId uses the host of its domain",
        ("yes", "no"),
        "API/SetUserPoolMfaConfig; `no` plays a pool that has no domain",
    )
    passkey_mfa_by_person = Question(
        "Where passkeys count as MFA, a verified passkey is enough only for those who turned it on",
        ("only-if-on", "always"),
        "API/SetUserMFAPreference against DG/authentication",
    )
    passkey_before_mfa = Question(
        "A passkey that does not satisfy MFA, used by somebody with MFA: refused, or MFA is next",
        ("refuse", "ask"),
        "older DG/authentication (no passkey sign-in with MFA) against the newer text",
    )

    # Devices
    tracking_off_code = Question(
        "The error code of device operations in a pool that tracks no devices",
        ("InvalidUserPoolConfigurationException", "InvalidParameterException"),
        "API/ListDevices against a comment in BLK",
    )
    unknown_device_key = Question(
        "A sign-in with a DEVICE_KEY that was forgotten: an error, or as from a new device",
        ("refuse", "ignore"),
        "AJR; unknown for every flow",
    )
    device_keys_without_srp = Question(
        "NewDeviceMetadata after a sign-in without SRP", ("yes", "no"), "unknown"
    )


class Switches:
    """The values of the switches, for the server and for single pools.

    Errors: ValueError for a name or a value that does not exist.
    """

    def __init__(self) -> None:
        self._set: dict[tuple[str | None, Switch], str] = {}

    def get(self, switch: Switch, pool_id: str | None = None) -> str:
        common = self._set.get((None, switch), switch.value.values[0])
        return self._set.get((pool_id, switch), common)

    def set(self, pool_id: str | None = None, **positions: str) -> Self:
        for name, value in positions.items():
            switch = Switch.__members__.get(name)
            if switch is None or value not in switch.value.values:
                raise ValueError(f"There is no switch {name}={value}")
            self._set[pool_id, switch] = value
        return self

    def reset(self) -> None:
        self._set.clear()

    @contextmanager
    def played(self, pool_id: str | None = None, **positions: str) -> Iterator[None]:
        """Set the switches until the `with` block ends."""
        before = dict(self._set)
        self.set(pool_id, **positions)
        try:
            yield
        finally:
            self._set = before

    def positions(self, pool_id: str | None = None) -> Mapping[str, str]:
        return {switch.name: self.get(switch, pool_id) for switch in Switch}
