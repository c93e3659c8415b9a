"""Every row of the collected facts that the sources leave open, and what settles it.

`settled_by` names questions of this suite, or entries of `people.NEEDS_A_PERSON`. A test holds
that each of them exists, and that each question and entry belongs to a row.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    section: str
    says: str
    settled_by: tuple[str, ...]


def _row(section: str, says: str, *settled_by: str) -> Row:
    return Row(section, says, settled_by)


# fmt: off
ROWS = (
    # 1. The preference
    _row("1", "Two preferred: the message is unknown", "two_preferred"),
    _row("1", "Preferred and not enabled: the message is unknown", "preferred_but_off"),
    _row("1", "Texts on without a number: by analogy only", "sms_on_without_phone"),
    _row("1", "Texts off without a number: refused in 2018 and 2021", "sms_off_without_phone"),
    _row("1", "App off, never set up: refused in 2018", "totp_off_never_set_up"),
    _row("1", "A bad block among good ones: not atomic in 2018", "bad_block_among_good"),
    _row("1", "Email on without an address: unknown", "email_on_without_address"),
    _row("1", "Email on in a Lite pool: the message is unknown", "email_on_in_lite"),
    _row("1", "Email on where the pool's email MFA is off: unknown", "email_on_not_in_pool"),
    _row("1", "Passkey on: the texts of its errors are unknown",
         "passkey_not_in_pool", "passkey_alone", "passkey_on_without_one"),
    _row("1", "The last other factor off while passkey is on: unknown",
         "last_factor_off_under_passkey"),
    _row("1", "A preference in a pool with MFA OFF: unknown", "preference_where_off"),
    _row("1", "The last factor off in a pool with MFA ON: 200 and nothing, or refused",
         "disable_in_required_pool"),
    _row("1", "A federated person's preference: sources of 2019 only", "federated_preference"),
    _row("1", "No block at all: unknown", "no_block"),
    _row("1", "MFA_SETUP adds the factor to the list: unknown", "mfa_setup_turns_on"),
    _row("1", "A prompt needs a preference, or does not: two sentences of the guide",
         "none_preferred", "one_on_not_preferred"),
    _row("1", "A read straight after the write may be stale: unknown", "read_after_write"),
    _row("1", "A verified app in ConfiguredUserAuthFactors", "software_token_in_auth_factors"),
    # 3. The authenticator app
    _row("3", "The length of SecretCode: unknown", "secret_length"),
    _row("3", "Two pending secrets: unknown whether they coexist", "two_pending"),
    _row("3", "A wrong code at Verify: an exception, or Status ERROR", "wrong_code_at_verify"),
    _row("3", "Too many tries at Verify: number and exception unknown", "wrong_verify_many"),
    _row("3", "TOTP taken from the pool later: a message of 2017", "totp_taken_from_pool"),
    _row("3", "AdminDeleteSoftwareToken and the list: unknown", "deleted_token_in_list"),
    # 4. The sign-in
    _row("4", "EMAIL_OTP or EMAIL_MFA, MFAS_CAN_CHOOSE or MFAS_CAN_SELECT: conflict",
         "email_answer"),
    _row("4", "MFA ON without a preference: the recovery channel is eligible, or not",
         "recovery_channel_asked"),
    _row("4", "MFA OPTIONAL, an app that is registered and off: conflict", "registered_but_off"),
    _row("4", "After MFA_SETUP a SOFTWARE_TOKEN_MFA challenge may follow: conflict",
         "mfa_setup_turns_on"),
    _row("4", "The words of a wrong app code: conflict", "wrong_totp_text"),
    _row("4", "A wrong code leaves the session usable: unknown for the app",
         "wrong_code_keeps_session", "code_keeps_session"),
    _row("4", "Five wrong codes start the lock-out: a measurement saw none",
         "lock_out", "otp_lock_out"),
    _row("4", "An OTP first factor where the channel is not in the MFA configuration",
         "otp_needs_mfa_config"),
    # 5, 6. Managed login and OAuth
    _row("6", "prompt=login repeats MFA: unknown", "prompt_login_repeats_mfa"),
    _row("6", "prompt is for managed login, not for the classic hosted UI", "prompt_heeded"),
    _row("6", "A wrong code_verifier spends the code: unknown", "wrong_verifier_spends_code"),
    _row("6b", "Tokens of a Lite pool carry acr and amr: unknown",
         "lite_claims", "essentials_claims"),
    _row("6b", "acr_values on a Lite pool is ignored in silence", "lite_acr_values"),
    _row("6b", "Which factor is asked at a level that several reach: unknown", "lower_level_asks"),
    _row("7", "auth_time of a silent sign-in: unknown", "silent_auth_time"),
    # 6c. Where the sources disagree
    _row("6c", "AssociateSoftwareToken over a verified token", "associate_over_verified"),
    _row("6c", "The list of GetUser in a pool with MFA ON", "setting_list_in_required_pool"),
    _row("6c", "An off-block for a factor never set up",
         "sms_off_without_phone", "totp_off_never_set_up"),
    _row("6c", "The answer for email in SELECT_MFA_TYPE", "email_answer"),
    _row("6c", "Two on, none preferred, MFA OPTIONAL", "none_preferred"),
    # 7. Tokens
    _row("7", "A refresh by InitiateAuth where the client rotates: inferred",
         "refresh_with_rotation"),
    _row("7", "An access token while the password has to be reset", "reset_required_token"),
    # 8. Passkeys
    _row("8", "The texts of the passkey errors: unknown",
         "passkey_start_without_policy", "passkey_complete_without_start",
         "passkey_from_elsewhere", "passkey_delete_unknown"),
    _row("8", "The relying-party id by default: the host of the domain",
         "relying_party_by_domain"),
    _row("8", "localhost as relying-party id: unknown", "relying_party_localhost"),
    _row("8", "A passkey of somebody with MFA: older and newer text",
         "passkey_before_mfa", "passkey_mfa_by_person"),
    _row("8", "WEB_AUTHN as a first factor or after a password: conflict", "step_after_password"),
    # 9, 10. Sessions and devices
    _row("9", "ListUserSessions with tracking off: unknown", "sessions_untracked"),
    _row("9", "RevokeUserSession of one's own and of an unknown session: unknown",
         "session_own", "session_unknown"),
    _row("10", "The error where device tracking is off: two codes", "devices_untracked"),
    _row("10", "Device keys after a sign-in without SRP", "device_keys_without_srp"),
    _row("10", "A sign-in that names a forgotten device", "unknown_device_key"),
    # 11. Contacts
    _row("11", "The words of an expired code: inferred", "expired_code_words", "code_never_sent"),
    _row("11", "An alias that is taken: at the update, or at its code", "alias_taken"),
    # 13. Quotas
    _row("13", "The category of the newest operations: unknown", "quota_categories"),
    # 14. The list to measure
    _row("14", "Two preferred: the message", "two_preferred"),
    _row("14", "An off-block without phone or token",
         "sms_off_without_phone", "totp_off_never_set_up"),
    _row("14", "Email without an address or SES", "email_on_without_address",
         "email_on_not_in_pool"),
    _row("14", "Passkey MFA: errors and order", "passkey_not_in_pool", "passkey_alone",
         "last_factor_off_under_passkey"),
    _row("14", "A factor off in an ON pool, and what is read back", "disable_in_required_pool"),
    _row("14", "Verify wrong many times", "wrong_verify_many"),
    _row("14", "Associate twice, then the old code", "two_pending"),
    _row("14", "A wrong app code at sign-in: the text and the session",
         "wrong_totp_text", "wrong_code_keeps_session"),
    _row("14", "The answer for email in SELECT_MFA_TYPE", "email_answer"),
    _row("14", "ListUserSessions with tracking off", "sessions_untracked"),
    _row("14", "RevokeUserSession of one's own and an unknown one",
         "session_own", "session_unknown"),
    _row("14", "prompt=login with MFA on", "prompt_login_repeats_mfa"),
    _row("14", "localhost as relying-party id", "relying_party_localhost"),
    _row("14", "A wrong verifier at the token endpoint", "wrong_verifier_spends_code"),
    _row("14", "AdminDeleteSoftwareToken and the list", "deleted_token_in_list"),
)
# fmt: on
