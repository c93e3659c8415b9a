"""What no API call can settle anywhere: the row, the question, and what a person does about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ByHand:
    name: str
    row: str
    asks: str
    how: str


NEEDS_A_PERSON = (
    ByHand("federated_preference", "1", "A federated person's preference",
           "Sign in through an identity provider, call SetUserMFAPreference, read GetUser."),
    ByHand("totp_taken_from_pool", "3", "The wording where the pool stops offering TOTP later",
           "Enrol, turn TOTP off in the pool, sign in, note the challenge and the message."),
    ByHand("code_keeps_session", "4", "Whether a wrong SMS or email code leaves the session usable",
           "Sign in with texts on, type a wrong code, then the right one from the phone."),
    ByHand("otp_lock_out", "4", "Six wrong codes of an OTP first factor start the lock-out",
           "Allow EMAIL_OTP as a first factor, sign in by USER_AUTH with PREFERRED_CHALLENGE "
           "EMAIL_OTP, answer it wrongly six times, then rightly from the mailbox."),
    ByHand("otp_needs_mfa_config", "4, 8", "USER_AUTH with EMAIL_OTP or SMS_OTP where the pool's "
           "MFA does not offer that channel",
           "Allow EMAIL_OTP as a first factor and leave email out of the MFA configuration; call "
           "InitiateAuth with USER_AUTH and read AvailableChallenges."),
    ByHand("step_after_password", "8", "WEB_AUTHN as a step after a password",
           "Add a passkey in a browser, turn it on as a factor, sign in with the password."),
    ByHand("expired_code_words", "11", "The words of an expired verification code",
           "Ask for a code by mail, wait 24 hours, call VerifyUserAttribute with it."),
    ByHand("quota_categories", "13", "The quota of GetUserAuthFactors, WebAuthn and session calls",
           "Ask AWS support, or call them at a rising rate in an account that serves nobody."),
)  # fmt: skip
