"""Every rule of the pool as data: what happens, with which words, and how sure that is.

Marks: DOC = AWS documentation or botocore's model; SEEN = a real message or behaviour in a public
issue or in AWS's own tests against real pools; INFER = follows from those, nobody states it;
UNKNOWN = not found or the sources disagree, so a client must be safe either way (see `Switch`).

Sources: `DG/x` is https://docs.aws.amazon.com/cognito/latest/developerguide/x.html; `API/Op` is
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Op.html; `AJ#n` is
https://github.com/aws-amplify/amplify-js/issues/n; `ASW` is MFAPreferenceTests.swift and
MFASignInTests.swift of aws-amplify/amplify-swift; `BLK` is packages/bb-auth-cognito of
aws-devtools-labs/aws-blocks; `ASA` is AWSMobileClientTest.java of aws-amplify/aws-sdk-android,
run against a real pool; `AJR` is retryOnResourceNotFoundException.ts of aws-amplify/amplify-js;
`floci` its fixtures captured from AWS on 2026-05-16.
"""

from dataclasses import dataclass
from enum import Enum

DOC, SEEN, INFER, UNKNOWN = "DOC", "SEEN", "INFER", "UNKNOWN"
INVALID = "InvalidParameterException"
DENIED = "NotAuthorizedException"


@dataclass(frozen=True)
class Entry:
    """`code` and `message` are empty for a behaviour that is not an error."""

    happens: str
    mark: str
    source: str
    code: str = ""
    message: str = ""


def _error(happens: str, code: str, message: str, mark: str, source: str) -> Entry:
    return Entry(happens, mark, source, code, message)


# fmt: off
class Rule(Enum):
    # The wire
    NO_TOKEN = _error("a signed operation without Authorization",
                      "MissingAuthenticationTokenException",
                      "Missing Authentication Token", INFER, "API/CommonErrors")
    NOT_BUILT = _error("an operation this pool does not have", "UnknownOperationException",
                       "{operation} is not built in this local pool", INFER, "ours")
    NOT_JSON = _error("a body that is not a JSON object, or a member of the wrong type",
                      "SerializationException", "{detail}", UNKNOWN, "API/CommonErrors")
    CONSTRAINT = _error("a member outside length, pattern, enum or range of the model", INVALID,
                        "{detail}", INFER, "API/CommonErrors")
    OUR_FAULT = _error("an answer that does not fit the model", "InternalErrorException",
                       "{detail}", INFER, "ours")

    # Pools and app clients
    POOL_MISSING = _error("no such pool", "ResourceNotFoundException",
                          "User pool {id} does not exist.", INFER, "API/DescribeUserPool")
    CLIENT_MISSING = _error("no such app client", "ResourceNotFoundException",
                            "User pool client {id} does not exist.", INFER, "API/InitiateAuth")
    GROUP_MISSING = _error("no such group", "ResourceNotFoundException", "Group not found.",
                           INFER, "API/AdminAddUserToGroup")
    GROUP_EXISTS = _error("the group is there already", "GroupExistsException",
                          "A group with the name already exists.", INFER, "API/CreateGroup")
    MFA_WITHOUT_SMS = _error(
        "CreateUserPool with MFA ON or OPTIONAL and no SMS configuration", INVALID,
        "SMS configuration and Auto verification for phone_number are required when MFA is "
        "required/optional", SEEN, "https://github.com/aws/aws-cdk/issues/12075")
    OFF_WITH_FACTOR = _error(
        "SetUserPoolMfaConfig OFF with a factor", INVALID,
        "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        SEEN, "https://github.com/go-to-k/cdkd/issues/1923")
    ON_WITHOUT_FACTOR = _error(
        "SetUserPoolMfaConfig ON or OPTIONAL with no factor", INVALID,
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional "
        "configuration.", SEEN, "https://github.com/aws/aws-sdk-js/issues/4186")
    SMS_NOT_CONFIGURED = _error(
        "SMS MFA in a pool that has no SMS configuration", INVALID,
        "SMS MFA needs an SmsConfiguration.", UNKNOWN, "API/SetUserPoolMfaConfig")
    EMAIL_NEEDS_TIER = _error(
        "email MFA in a Lite pool", "FeatureUnavailableInTierException",
        "Email MFA needs the Essentials or Plus feature plan.", UNKNOWN, "API/SetUserPoolMfaConfig")
    EMAIL_NEEDS_SES = _error(
        "email MFA with EmailSendingAccount COGNITO_DEFAULT", INVALID,
        "Email MFA needs EmailConfiguration with EmailSendingAccount DEVELOPER.", UNKNOWN,
        "DG/user-pool-settings-mfa, https://github.com/hashicorp/terraform-provider-aws/issues/41049")
    EMAIL_NEEDS_RECOVERY = _error(
        "email MFA where account recovery is by email only", INVALID,
        "Email MFA cannot be used when account recovery is by email only.", UNKNOWN,
        "DG/user-pool-settings-mfa")
    OFF_WITH_PASSKEYS = Entry("WebAuthnConfiguration with MFA OFF is accepted", SEEN,
                              "https://github.com/go-to-k/cdkd/issues/1923")
    BAD_REDIRECT = _error("a callback or sign-out URL that is neither https nor http://localhost",
                          INVALID, "{url} is not allowed: use https, or http://localhost.",
                          UNKNOWN, "DG/authorization-endpoint")
    # Domains and sessions
    DOMAIN_TAKEN = _error("CreateUserPoolDomain with a domain of another pool", INVALID,
                          "Domain already associated with another user pool.", INFER,
                          "API/CreateUserPoolDomain")
    DOMAIN_MISSING = _error("a domain that is not this pool's", INVALID,
                            "No such domain or user pool exists.", INFER,
                            "API/UpdateUserPoolDomain")
    SESSIONS_NOT_TRACKED = _error(
        "sessions of a pool that does not track them", "OperationNotEnabledException",
        "Session tracking is not enabled for this pool.", UNKNOWN, "API/ListUserSessions")
    SESSION_IS_OWN = _error(
        "ending the session that the access token belongs to", INVALID,
        "The current session cannot be revoked.", DOC, "API/RevokeUserSession")
    SESSION_MISSING = _error(
        "ending a session that is not there", "ResourceNotFoundException",
        "Session does not exist.", UNKNOWN, "API/RevokeUserSession")
    SESSIONS_NEED_TIER = _error(
        "session tracking in a Lite pool", "FeatureUnavailableInTierException",
        "Session tracking needs the Essentials or Plus feature plan.", UNKNOWN,
        "DG/managing-user-sessions")

    UPDATE_REPLACES = Entry("UpdateUserPool resets what it does not mention", DOC,
                            "API/UpdateUserPool")

    # People
    USER_MISSING = _error("no such person", "UserNotFoundException", "User does not exist.",
                          SEEN, "floci")
    USER_EXISTS = _error("the username is taken", "UsernameExistsException",
                         "User account already exists", INFER, "API/AdminCreateUser")
    ALIAS_EXISTS = _error("another person holds the value as an alias", "AliasExistsException",
                          "An account with the {attribute} already exists.", INFER,
                          "API/AdminUpdateUserAttributes")
    RESEND_CONFIRMED = _error("an invitation again for somebody who has a password",
                              "UnsupportedUserStateException",
                              "Resend not possible. {username} status is not "
                              "FORCE_CHANGE_PASSWORD", INFER, "API/AdminCreateUser")
    WEAK_PASSWORD = _error("a password against the policy", "InvalidPasswordException",
                           "Password did not conform with policy: {detail}", INFER,
                           "API/AdminSetUserPassword")
    BAD_PHONE = _error("phone_number is not E.164", INVALID, "Invalid phone number format.",
                       INFER, "API/AdminCreateUser")
    BAD_EMAIL = _error("email is not an address", INVALID, "Invalid email address format.",
                       INFER, "API/AdminCreateUser")
    NAME_NOT_EMAIL = _error("a username that is not an address where people sign in by email",
                            INVALID, "Username should be an email.", INFER, "API/AdminCreateUser")
    NOT_IN_SCHEMA = _error("an attribute the pool does not have", INVALID,
                           "Attributes did not conform to the schema: {attribute}: Attribute does "
                           "not exist in the schema.", INFER, "API/AdminUpdateUserAttributes")
    BAD_FILTER = _error("ListUsers by a custom attribute or with a broken filter", INVALID,
                        "Input fails to satisfy the constraints.", SEEN, "API/ListUsers")
    DISABLED = _error("a disabled person", DENIED, "User is disabled.", SEEN, "floci")

    # Sign-in
    FLOW_OFF = _error("a flow the app client does not allow", INVALID,
                      "{flow} flow not enabled for this client", INFER, "API/InitiateAuth")
    USER_AUTH_NEEDS_TIER = _error(
        "USER_AUTH in a Lite pool", "FeatureUnavailableInTierException",
        "Choice-based sign-in needs the Essentials or Plus feature plan.", DOC,
        "DG/cognito-user-pools-step-up-authentication, API/InitiateAuth")
    BAD_MAX_AGE = _error("USER_AUTH with a MAX_AGE that is no number of seconds", INVALID,
                         "MAX_AGE is not a number of seconds.", UNKNOWN, "API/InitiateAuth")
    FLOW_NOT_BUILT = _error("a flow this pool does not have", INVALID,
                            "AuthFlow {flow} is not built in this local pool", INFER, "ours")
    PARAMETER_MISSING = _error("a parameter of the flow is missing", INVALID,
                               "Missing required parameter {name}", INFER, "API/InitiateAuth")
    SECRET_MISSING = _error("no SECRET_HASH for a client with a secret", DENIED,
                            "Client {id} is configured with secret but SECRET_HASH was not "
                            "received", INFER, "API/InitiateAuth")
    SECRET_WRONG = _error("a wrong SECRET_HASH or ClientSecret", DENIED,
                          "SecretHash does not match for the client: {id}", INFER,
                          "API/InitiateAuth")
    WRONG_PASSWORD = _error("a wrong password, or an unknown name where existence is hidden",
                            DENIED, "Incorrect username or password.", SEEN, "floci")
    TEMPORARY_EXPIRED = _error("a temporary password after its days", DENIED,
                               "Temporary password has expired and must be reset by an "
                               "administrator.", INFER, "API/AdminCreateUser")
    LOCKED_OUT = _error("too soon after five or more wrong passwords or codes", DENIED,
                        "Password attempts exceeded", DOC, "DG/authentication")
    WRONG_MESSAGE_CODE = _error("a wrong SMS or email code", "CodeMismatchException",
                                "Invalid code or auth state for the user.", SEEN,
                                "AJ#3066, AJ#11069")
    WRONG_TOTP = _error("a wrong authenticator code at sign-in", "CodeMismatchException",
                        "{text}", SEEN, "amplify-ui e2e sign-in-totp-mfa")
    TOTP_REUSED = _error("an authenticator code a second time at sign-in", "ExpiredCodeException",
                         "Your software token has already been used once.", SEEN, "ASW, BLK")
    SESSION_UNKNOWN = _error("a session this pool did not give", DENIED,
                             "Invalid session for the user.", SEEN, "AJ#6461")
    SESSION_USED = _error("a session a second time", DENIED,
                          "Invalid session for the user, session can only be used once.", SEEN,
                          "AJ#6461")
    SESSION_EXPIRED = _error("a session after AuthSessionValidity", DENIED,
                             "Invalid session for the user, session is expired.", SEEN,
                             "AJ#6461")
    CHALLENGE_MISMATCH = _error("an answer to another challenge than the one asked", INVALID,
                                "Challenge {name} was not asked in this session.", UNKNOWN,
                                "API/RespondToAuthChallenge")
    CHOICE_UNKNOWN = _error("SELECT_MFA_TYPE for a factor that is no choice", INVALID,
                            "{answer} is not one of the factors to choose from.", UNKNOWN,
                            "API/RespondToAuthChallenge")
    SETUP_UNVERIFIED = _error("MFA_SETUP before VerifySoftwareToken", INVALID,
                              "The software token has not been verified in this session.", UNKNOWN,
                              "API/RespondToAuthChallenge")
    PREFERRED_IS_ASKED = Entry("the preferred factor is asked", DOC, "DG/user-pool-settings-mfa")
    ONLY_ONE_IS_ASKED = Entry("one factor on and none preferred: that one is asked", INFER,
                              "API/SetUserMFAPreference")
    MANY_ARE_A_CHOICE = Entry("several on and none preferred: SELECT_MFA_TYPE", SEEN,
                              "BLK, AJ#2906")
    NOT_OFFERED_NOT_ASKED = Entry("SMS preferred where the pool has only TOTP: TOTP is asked", SEEN,
                                  "AJ#11260")
    REQUIRED_ENROLS = Entry("MFA ON and nothing to ask: MFA_SETUP", DOC,
                            "DG/user-pool-settings-mfa")
    CODE_VERIFIES_CONTACT = Entry("a completed SMS MFA sets phone_number_verified", SEEN,
                                  "AJ#11259")
    WRONG_CODE_KEEPS_SESSION = Entry("a wrong code leaves the session usable", SEEN, "BLK")

    # The preference
    TWO_PREFERRED = _error("two factors preferred in one call", INVALID,
                           "Only one MFA method can be preferred.", UNKNOWN,
                           "ASW (exception), text not found")
    PREFERRED_BUT_OFF = _error("PreferredMfa=true with Enabled=false", INVALID,
                               "A preferred MFA method must be enabled.", UNKNOWN,
                               "https://github.com/aws-amplify/amplify-android/pull/2580")
    TOTP_NOT_READY = _error("TOTP on without a verified token", INVALID,
                            "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
                            SEEN, "https://github.com/aws/aws-sdk-js-v3/issues/4645, BLK")
    SMS_NOT_READY = _error("SMS on without phone_number", INVALID,
                           "User does not have delivery config set to turn on SMS_MFA", INFER,
                           "AJ#618, AJ#8574 (older text)")
    EMAIL_NOT_READY = _error("email on without email", INVALID,
                             "User does not have delivery config set to turn on EMAIL_OTP", UNKNOWN,
                             "API/SetUserMFAPreference")
    TOTP_OFF_NEVER_SET_UP = _error("TOTP off without a verified token", INVALID,
                                   "User has not set up software token mfa", UNKNOWN, "AJ#944")
    SMS_OFF_NO_PHONE = _error("SMS off without phone_number", INVALID,
                              "User does not have a phone_number set to turn on SMS MFA", UNKNOWN,
                              "AJ#618, AJ#8574")
    EMAIL_NOT_IN_POOL = _error("email on where the pool does not offer it", INVALID,
                               "The user pool does not offer EMAIL_OTP.", UNKNOWN,
                               "API/SetUserMFAPreference")
    PASSKEY_NOT_IN_POOL = _error("passkey MFA where the pool does not count passkeys as MFA",
                                 INVALID, "The user pool does not offer passkeys as MFA.", UNKNOWN,
                                 "API/SetUserMFAPreference")
    PASSKEY_ALONE = _error("passkey MFA without another factor on", INVALID,
                           "Passkey MFA needs at least one other MFA method.", UNKNOWN,
                           "API/SetUserMFAPreference")
    LAST_UNDER_PASSKEY = _error("the last other factor off while passkey MFA is on", INVALID,
                                "Passkey MFA needs at least one other MFA method to stay on.",
                                UNKNOWN, "switch last_factor_off_under_passkey")
    REQUIRED_POOL_REFUSES = _error("a factor off in a pool with MFA ON", INVALID,
                                   "MFA methods cannot be disabled when MFA is required.", UNKNOWN,
                                   "switch disable_in_required_pool")
    POOL_OFF_REFUSES = _error("a preference in a pool with MFA OFF", INVALID,
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
    TOTP_NOT_IN_POOL = _error("Associate or Verify where the pool does not offer TOTP",
                              "SoftwareTokenMFANotFoundException",
                              "Software Token MFA has not been enabled by the userPool", DOC,
                              "DG/user-pool-settings-mfa-totp")
    NOTHING_TO_VERIFY = _error("VerifySoftwareToken without AssociateSoftwareToken",
                               "SoftwareTokenMFANotFoundException",
                               "Software Token MFA does not exist for the user.", UNKNOWN,
                               "https://github.com/amazon-archives/amazon-cognito-identity-js/"
                               "issues/630")
    WRONG_CODE_AT_VERIFY = _error(
        "a wrong code at VerifySoftwareToken", "EnableSoftwareTokenMFAException",
        "Code mismatch and fail enable Software Token MFA", SEEN,
        "https://github.com/aws-samples/aws-amplify-auth-starters/issues/15")
    REUSED_AT_VERIFY = _error("an authenticator code a second time at VerifySoftwareToken",
                              "EnableSoftwareTokenMFAException",
                              "Your software token has already been used once.", SEEN, "BLK")
    TOKEN_OR_SESSION = _error("Associate or Verify with both AccessToken and Session, or neither",
                              INVALID, "Either AccessToken or Session is required.", UNKNOWN,
                              "API/VerifySoftwareToken")
    VERIFY_DOES_NOT_TURN_ON = Entry("VerifySoftwareToken alone does not turn TOTP on", SEEN,
                                    "BLK, ASW")
    LAST_ASSOCIATE_WINS = Entry("a second AssociateSoftwareToken replaces the pending secret",
                                INFER, "DG/user-pool-settings-mfa-totp")
    ONE_STEP_EITHER_WAY = Entry("codes of the step before and after are accepted", DOC,
                                "DG/user-pool-settings-mfa-totp")

    # Contact points
    NOT_WRITABLE = _error("an attribute the app client may not write", DENIED,
                          "A client attempted to write unauthorized attribute", INFER,
                          "API/UpdateUserAttributes")
    NOTHING_TO_PROVE = _error("a code for an attribute the person has not", INVALID,
                              "The attribute has no value to verify.", UNKNOWN,
                              "API/GetUserAttributeVerificationCode")
    TOO_MANY_ATTRIBUTE_TRIES = _error(
        "more than 5 codes or 15 checks of a person in an hour", "LimitExceededException",
        "Attempt limit exceeded, please try after some time.", DOC, "DG/quotas (text SEEN)")
    WRONG_ATTRIBUTE_CODE = _error("a wrong code at VerifyUserAttribute", "CodeMismatchException",
                                  "Invalid verification code provided, please try again.", SEEN,
                                  "floci")
    ATTRIBUTE_CODE_EXPIRED = _error(
        "a code after 24 hours, for another value, or when none was sent", "ExpiredCodeException",
        "Invalid code provided, please request a code again.", INFER, "DG/quotas")
    PENDING_KEEPS_OLD = Entry("the old value stays verified until the new one is, where the pool "
                              "keeps it", DOC, "API/UpdateUserAttributes")
    NEW_VALUE_IS_UNVERIFIED = Entry("else the new value is stored at once as unverified", DOC,
                                    "DG/signing-up-users-in-your-app")
    AUTO_VERIFIED_IS_SENT = Entry("UpdateUserAttributes sends a code for an auto-verified "
                                  "attribute only", DOC, "API/UpdateUserAttributes")

    # Passkeys
    PASSKEYS_NOT_ENABLED = _error("registering where the sign-in policy has no WEB_AUTHN, or in "
                                  "a Lite pool", "WebAuthnNotEnabledException",
                                  "Passkeys are not enabled for this user pool.", INFER,
                                  "API/StartWebAuthnRegistration (exception), text not found")
    PASSKEYS_NOT_CONFIGURED = _error("registering where the pool has neither a relying-party id "
                                     "nor a domain", "WebAuthnConfigurationMissingException",
                                     "The user pool has no relying party id and no domain.", DOC,
                                     "API/StartWebAuthnRegistration, text not found")
    TOO_MANY_PASSKEYS = _error("a twenty-first passkey", "LimitExceededException",
                               "The user has the most passkeys there can be.", DOC,
                               "DG/quotas, text not found")
    PASSKEY_UNREADABLE = _error("a Credential that is no RegistrationResponseJSON", INVALID,
                                "The credential cannot be read.", UNKNOWN,
                                "API/CompleteWebAuthnRegistration")
    PASSKEY_CHALLENGE_GONE = _error("a challenge that is unknown, spent, old or somebody else's",
                                    "WebAuthnChallengeNotFoundException",
                                    "The challenge was not found or has expired.", DOC,
                                    "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_OTHER_CLIENT = _error("completing with the access token of another app client",
                                  "WebAuthnClientMismatchException",
                                  "The registration was started by another client.", DOC,
                                  "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_OTHER_RELYING_PARTY = _error("a passkey for another relying-party id than the pool's",
                                         "WebAuthnRelyingPartyMismatchException",
                                         "The passkey is for another relying party.", DOC,
                                         "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_ORIGIN = _error("a passkey made on a page outside the relying-party id",
                            "WebAuthnOriginNotAllowedException",
                            "The origin does not match the relying party id.", DOC,
                            "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_NOT_SUPPORTED = _error("no user verification where it is required, an attestation "
                                   "that does not hold, another algorithm, or a known passkey",
                                   "WebAuthnCredentialNotSupportedException",
                                   "The passkey is not supported.", INFER,
                                   "API/CompleteWebAuthnRegistration, text not found")
    PASSKEY_MISSING = _error("deleting a passkey that is not there", "ResourceNotFoundException",
                             "The passkey does not exist.", DOC,
                             "API/DeleteWebAuthnCredential, text not found")
    PASSKEY_SIGN_IN_OFF = _error("signing in with a passkey where the policy has no WEB_AUTHN",
                                 DENIED, "Passkeys cannot be used to sign in.", UNKNOWN,
                                 "DG/amazon-cognito-user-pools-authentication-flow-methods")
    PASSKEY_REFUSED = _error("an assertion that does not verify", DENIED,
                             "The passkey was not accepted.", UNKNOWN,
                             "API/RespondToAuthChallenge")
    PASSKEY_NOT_ENOUGH = _error("a passkey that does not satisfy MFA, for somebody with MFA",
                                DENIED, "MFA is on, and a passkey alone is not enough.", UNKNOWN,
                                "switch passkey_before_mfa")
    PASSKEY_MFA_NEEDS_TIER = _error("FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION in "
                                    "a Lite pool", "FeatureUnavailableInTierException",
                                    "Passkeys as MFA need the Essentials or Plus feature plan.",
                                    DOC, "API/SetUserPoolMfaConfig, text not found")
    PASSKEY_PUBLIC_SUFFIX = _error("a relying-party id on the Public Suffix List", INVALID,
                                   "{id} is a public suffix.", DOC,
                                   "API/SetUserPoolMfaConfig, text not found")

    # SRP and devices
    BAD_SRP_A = _error("SRP_A is no number of the group", INVALID, "Invalid SRP_A.", UNKNOWN,
                       "RFC 5054, 2.5.4")
    BAD_TIMESTAMP = _error("a TIMESTAMP in another form", INVALID,
                           "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.", SEEN,
                           "pycognito, amazon-cognito-identity-js issues")
    TRACKING_OFF = _error("an operation on devices where the pool does not track them",
                          "InvalidUserPoolConfigurationException",
                          "Device tracking not currently enabled for this pool.", SEEN,
                          "BLK, API/ListDevices")
    TRACKING_OFF_PARAMETER = _error("the same, under the other code", INVALID,
                                    "Device tracking not currently enabled for this pool.", SEEN,
                                    "BLK (comment), switch tracking_off_code")
    DEVICE_MISSING = _error("a device that is not there, was forgotten or (for the person) is not "
                            "remembered", "ResourceNotFoundException", "Device does not exist.",
                            SEEN, "ASA, AJR")
    DEVICE_EXISTS = _error("ConfirmDevice a second time", "DeviceKeyExistsException",
                           "Device already exists.", UNKNOWN, "API/ConfirmDevice (exception)")
    BAD_DEVICE_VERIFIER = _error("ConfirmDevice without a usable salt and verifier", INVALID,
                                 "Invalid device secret verifier config.", UNKNOWN,
                                 "API/ConfirmDevice")
    DEVICE_SKIPS_FACTOR = Entry("a remembered device is asked instead of a factor where "
                                "ChallengeRequiredOnNewDevice is true", DOC,
                                "API/DeviceConfigurationType")
    DEVICE_AFTER_FACTOR = Entry("else it is asked after the factor", INFER,
                                "sendMFACode of amazon-cognito-identity-js")
    ONLY_REMEMBERED_LISTED = Entry("ListDevices and GetDevice show remembered devices only", SEEN,
                                   "ASA")
    REFRESH_NEEDS_DEVICE = Entry("tokens of a device are refreshed with its DEVICE_KEY only", DOC,
                                 "DG/token-endpoint")

    # Tokens
    ACCESS_INVALID = _error("an access token this pool did not sign", DENIED,
                            "Invalid Access Token", SEEN, "several public apps match this text")
    ACCESS_EXPIRED = _error("an access token after its time", DENIED, "Access Token has expired",
                            SEEN, "several public apps match this text")
    ACCESS_REVOKED = _error("an access token after sign-out or revocation", DENIED,
                            "Access Token has been revoked", DOC, "API/GlobalSignOut, AJ#3540")
    SCOPE_MISSING = _error("an access token without aws.cognito.signin.user.admin", DENIED,
                           "Access Token does not have required scopes", SEEN, "AJ#1906")
    REFRESH_INVALID = _error("a refresh token this client did not get", DENIED,
                             "Invalid Refresh Token", INFER, "API/InitiateAuth")
    REFRESH_EXPIRED = _error("a refresh token after its time", DENIED, "Refresh Token has expired",
                             INFER, "API/InitiateAuth")
    REFRESH_REVOKED = _error("a refresh token after sign-out or revocation", DENIED,
                             "Refresh Token has been revoked", INFER, "DG/token-revocation")
    REFRESH_REUSED = _error("a rotated refresh token after the grace period",
                            "RefreshTokenReuseException", "Refresh token has already been used.",
                            UNKNOWN, "API/GetTokensFromRefreshToken (exception)")
    ROTATION_NEEDS_OPERATION = _error(
        "REFRESH_TOKEN_AUTH where the client rotates refresh tokens", DENIED,
        "REFRESH_TOKEN_AUTH is not available with refresh token rotation.", UNKNOWN,
        "API/CreateUserPoolClient")
    REVOCATION_OFF = _error("RevokeToken where the client has token revocation off",
                            "UnsupportedOperationException",
                            "Token revocation is not enabled for this client.", UNKNOWN,
                            "DG/token-revocation")
    NOT_A_REFRESH_TOKEN = _error("RevokeToken for a token that is no refresh token",
                                 "UnsupportedTokenTypeException", "Unsupported token type.",
                                 UNKNOWN, "API/RevokeToken")
    REFRESH_KEEPS_AUTH_TIME = Entry("a refresh keeps auth_time, acr and amr", DOC,
                                    "DG/cognito-user-pools-step-up-authentication")
    COOKIE_SURVIVES = Entry("the managed-login cookie survives GlobalSignOut", DOC,
                            "API/GlobalSignOut")

    # Accounts: signing up, a forgotten password, a changed one
    SIGN_UP_CLOSED = _error("SignUp where only an admin makes people", DENIED,
                            "SignUp is not permitted for this user pool", INFER, "API/SignUp")
    NOT_CONFIRMED = _error("a right password before the sign-up is confirmed",
                           "UserNotConfirmedException", "User is not confirmed.", INFER,
                           "API/InitiateAuth")
    RESET_REQUIRED = _error("a sign-in after AdminResetUserPassword",
                            "PasswordResetRequiredException",
                            "Password reset required for the user", INFER,
                            "API/AdminResetUserPassword")
    ALREADY_CONFIRMED = _error("a sign-up code for somebody who is confirmed", INVALID,
                               "User is already confirmed.", INFER, "API/ResendConfirmationCode")
    CANNOT_CONFIRM = _error("confirming somebody who is not UNCONFIRMED", DENIED,
                            "User cannot be confirmed. Current status is {status}", INFER,
                            "API/ConfirmSignUp")
    NOWHERE_TO_SEND = _error("a sign-up code where nothing is verified by itself", INVALID,
                             "Auto verification not turned on.", INFER,
                             "API/ResendConfirmationCode")
    RESET_NOT_NOW = _error("a reset for somebody who never chose a password", DENIED,
                           "User password cannot be reset in the current state.", INFER,
                           "API/ForgotPassword")
    NO_WAY_TO_RESET = _error(
        "a reset where no verified contact is left that MFA does not use", INVALID,
        "Cannot reset password for the user as there is no registered/verified email or "
        "phone_number", DOC, "DG/user-pool-settings-mfa (exception); text INFER")
    ADMIN_RESETS = _error("a reset where only an admin may", DENIED,
                          "Contact administrator to reset password.", INFER, "API/ForgotPassword")
    TOO_MANY_ACCOUNT_TRIES = _error(
        "more than five an hour of ForgotPassword, ChangePassword or ResendConfirmationCode",
        "LimitExceededException", "Attempt limit exceeded, please try after some time.", DOC,
        "DG/quotas")
    FIRST_SIGN_IN_FREE = Entry("MFA ON: the first API sign-in after a sign-up asks nothing", DOC,
                               "DG/user-pool-settings-mfa-totp")
    RESET_SKIPS_PREFERRED = Entry("a reset code never goes to the preferred MFA channel", DOC,
                                  "DG/user-pool-settings-mfa")

# fmt: on


class Refusal(Exception):
    """A rule said no. The wire turns it into an AWS error, the pages into a sentence."""

    def __init__(self, rule: Rule, **values: str) -> None:
        self.rule = rule
        self.code = rule.value.code
        self.message = rule.value.message.format(**values)
        super().__init__(f"{self.code}: {self.message}")


def refuse(rule: Rule, **values: str) -> Refusal:
    """To be raised: `raise refuse(Rule.TOTP_NOT_READY)`."""
    return Refusal(rule, **values)
