"""Rules of the factors: MFA preference, authenticator apps and passkeys."""

from localpool.rules.rule import DENIED, DOC, INFER, INVALID, SEEN, UNKNOWN, Entry, Rule, error


# fmt: off
class FactorRule(Rule):
    # The preference
    TWO_PREFERRED = error("two factors preferred in one call", INVALID,
        "Only one MFA method can be preferred.", UNKNOWN, "ASW (exception), text not found")
    PREFERRED_BUT_OFF = error("PreferredMfa=true with Enabled=false", INVALID,
        "A preferred MFA method must be enabled.", UNKNOWN,
        "https://github.com/aws-amplify/amplify-android/pull/2580")
    TOTP_NOT_READY = error("TOTP on without a verified token", INVALID,
        "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA", SEEN,
        "https://github.com/aws/aws-sdk-js-v3/issues/4645, BLK")
    SMS_NOT_READY = error("SMS on without phone_number", INVALID,
        "User does not have delivery config set to turn on SMS_MFA", INFER,
        "AJ#618, AJ#8574 (older text)")
    EMAIL_NOT_READY = error("email on without email", INVALID,
        "User does not have delivery config set to turn on EMAIL_OTP", UNKNOWN,
        "API/SetUserMFAPreference")
    TOTP_OFF_NEVER_SET_UP = error("TOTP off without a verified token", INVALID,
        "User has not set up software token mfa", UNKNOWN, "AJ#944")
    SMS_OFF_NO_PHONE = error("SMS off without phone_number", INVALID,
        "User does not have a phone_number set to turn on SMS MFA", UNKNOWN, "AJ#618, AJ#8574")
    EMAIL_NOT_IN_POOL = error("email on where the pool does not offer it", INVALID,
        "The user pool does not offer EMAIL_OTP.", UNKNOWN, "API/SetUserMFAPreference")
    PASSKEY_NOT_IN_POOL = error("passkey MFA where the pool does not count passkeys as MFA",
        INVALID, "The user pool does not offer passkeys as MFA.", UNKNOWN,
        "API/SetUserMFAPreference")
    PASSKEY_ALONE = error("passkey MFA without another factor on", INVALID,
        "Passkey MFA needs at least one other MFA method.", UNKNOWN, "API/SetUserMFAPreference")
    LAST_UNDER_PASSKEY = error("the last other factor off while passkey MFA is on", INVALID,
        "Passkey MFA needs at least one other MFA method to stay on.", UNKNOWN,
        "switch last_factor_off_under_passkey")
    REQUIRED_POOL_REFUSES = error("a factor off in a pool with MFA ON", INVALID,
        "MFA methods cannot be disabled when MFA is required.", UNKNOWN,
        "switch disable_in_required_pool")
    POOL_OFF_REFUSES = error("a preference in a pool with MFA OFF", INVALID,
        "MFA is off in the user pool.", UNKNOWN, "switch pool_off_preference")
    REQUIRED_POOL_IGNORES = Entry("a factor off in a pool with MFA ON: 200, nothing happens", SEEN,
        "https://github.com/panther-labs/panther/issues/317")
    OMITTED_STAYS = Entry("a factor without a block stays as it is", SEEN, "ASW")
    PREFERENCE_MOVES = Entry("a new preferred factor takes the preference over", SEEN, "ASW")
    FALSE_CLEARS = Entry("Enabled=true without PreferredMfa clears the preference", SEEN,
        "https://github.com/aws-amplify/amplify-android/pull/2580")
    EMPTY_IS_ABSENT = Entry("nothing on: both members are absent from GetUser", SEEN, "ASW")
    UNVERIFIED_PHONE_WORKS = Entry("SMS on with an unverified phone is accepted", SEEN, "AJ#11259")
    FEDERATED_NOTHING = Entry("a federated person's preference: 200, nothing happens", SEEN,
        "AJ#2519")
    NO_BLOCK_NOTHING = Entry("no block at all: 200, nothing happens", UNKNOWN,
        "API/SetUserMFAPreference")

    # The authenticator app
    TOTP_NOT_IN_POOL = error("Associate or Verify where the pool does not offer TOTP",
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA has not been enabled by the userPool", DOC,
        "DG/user-pool-settings-mfa-totp")
    NOTHING_TO_VERIFY = error("VerifySoftwareToken without AssociateSoftwareToken",
        "SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user.",
        UNKNOWN, "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/630")
    WRONG_CODE_AT_VERIFY = error("a wrong code at VerifySoftwareToken",
        "EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA", SEEN,
        "https://github.com/aws-samples/aws-amplify-auth-starters/issues/15")
    REUSED_AT_VERIFY = error("an authenticator code a second time at VerifySoftwareToken",
        "EnableSoftwareTokenMFAException", "Your software token has already been used once.", SEEN,
        "BLK")
    TOKEN_OR_SESSION = error("Associate or Verify with both AccessToken and Session, or neither",
        INVALID, "Either AccessToken or Session is required.", UNKNOWN, "API/VerifySoftwareToken")
    VERIFY_DOES_NOT_TURN_ON = Entry("VerifySoftwareToken alone does not turn TOTP on", SEEN,
        "BLK, ASW")
    LAST_ASSOCIATE_WINS = Entry("a second AssociateSoftwareToken replaces the pending secret",
        INFER, "DG/user-pool-settings-mfa-totp")
    ONE_STEP_EITHER_WAY = Entry("codes of the step before and after are accepted", DOC,
        "DG/user-pool-settings-mfa-totp")

    # Passkeys
    PASSKEYS_NOT_ENABLED = error(
        "registering where the sign-in policy has no WEB_AUTHN, or in a Lite pool",
        "WebAuthnNotEnabledException", "Passkeys are not enabled for this user pool.", INFER,
        "API/StartWebAuthnRegistration (exception), text not found")
    PASSKEYS_NOT_CONFIGURED = error(
        "registering where the pool has neither a relying-party id nor a domain",
        "WebAuthnConfigurationMissingException",
        "The user pool has no relying party id and no domain.", DOC,
        "API/StartWebAuthnRegistration, text not found")
    TOO_MANY_PASSKEYS = error("a twenty-first passkey", "LimitExceededException",
        "The user has the most passkeys there can be.", DOC, "DG/quotas, text not found")
    PASSKEY_UNREADABLE = error("a Credential that is no RegistrationResponseJSON", INVALID,
        "The credential cannot be read.", UNKNOWN, "API/CompleteWebAuthnRegistration")
    PASSKEY_CHALLENGE_GONE = error("a challenge that is unknown, spent, old or somebody else's",
        "WebAuthnChallengeNotFoundException", "The challenge was not found or has expired.", DOC,
        "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_OTHER_CLIENT = error("completing with the access token of another app client",
        "WebAuthnClientMismatchException", "The registration was started by another client.", DOC,
        "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_OTHER_RELYING_PARTY = error("a passkey for another relying-party id than the pool's",
        "WebAuthnRelyingPartyMismatchException", "The passkey is for another relying party.", DOC,
        "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_ORIGIN = error("a passkey made on a page outside the relying-party id",
        "WebAuthnOriginNotAllowedException", "The origin does not match the relying party id.", DOC,
        "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_NOT_SUPPORTED = error(
        "no user verification where it is required, an attestation that does not hold, another "
        "algorithm, or a known passkey", "WebAuthnCredentialNotSupportedException",
        "The passkey is not supported.", INFER, "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_MISSING = error("deleting a passkey that is not there", "ResourceNotFoundException",
        "The passkey does not exist.", DOC, "API/DeleteWebAuthnCredential, text not found")
    PASSKEY_SIGN_IN_OFF = error("signing in with a passkey where the policy has no WEB_AUTHN",
        DENIED, "Passkeys cannot be used to sign in.", UNKNOWN,
        "DG/amazon-cognito-user-pools-authentication-flow-methods")
    PASSKEY_REFUSED = error("an assertion that does not verify", DENIED,
        "The passkey was not accepted.", UNKNOWN, "API/RespondToAuthChallenge")
    PASSKEY_NOT_ENOUGH = error("a passkey that does not satisfy MFA, for somebody with MFA", DENIED,
        "MFA is on, and a passkey alone is not enough.", UNKNOWN, "switch passkey_before_mfa")
    PASSKEY_MFA_NEEDS_TIER = error(
        "FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION in a Lite pool",
        "FeatureUnavailableInTierException",
        "Passkeys as MFA need the Essentials or Plus feature plan.", DOC,
        "API/SetUserPoolMfaConfig, text not found")
    PASSKEY_PUBLIC_SUFFIX = error("a relying-party id on the Public Suffix List", INVALID,
        "{id} is a public suffix.", DOC, "API/SetUserPoolMfaConfig, text not found")
# fmt: on
