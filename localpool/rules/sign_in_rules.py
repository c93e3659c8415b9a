"""Rules of sign-in, SRP, remembered devices and tokens."""

from localpool.rules.rule import DENIED, DOC, INFER, INVALID, SEEN, UNKNOWN, Entry, Rule, error


# fmt: off
class SignInRule(Rule):
    # Sign-in
    FLOW_OFF = error("a flow the app client does not allow", INVALID,
        "{flow} flow not enabled for this client", INFER, "API/InitiateAuth")
    USER_AUTH_NEEDS_TIER = error("USER_AUTH in a Lite pool", "FeatureUnavailableInTierException",
        "Choice-based sign-in needs the Essentials or Plus feature plan.", DOC,
        "DG/cognito-user-pools-step-up-authentication, API/InitiateAuth")
    BAD_MAX_AGE = error("USER_AUTH with a MAX_AGE that is no number of seconds", INVALID,
        "MAX_AGE is not a number of seconds.", UNKNOWN, "API/InitiateAuth")
    FLOW_NOT_BUILT = error("a flow this pool does not have", INVALID,
        "AuthFlow {flow} is not built in this local pool", INFER, "ours")
    PARAMETER_MISSING = error("a parameter of the flow is missing", INVALID,
        "Missing required parameter {name}", INFER, "API/InitiateAuth")
    SECRET_MISSING = error("no SECRET_HASH for a client with a secret", DENIED,
        "Client {id} is configured with secret but SECRET_HASH was not received", INFER,
        "API/InitiateAuth")
    SECRET_WRONG = error("a wrong SECRET_HASH or ClientSecret", DENIED,
        "SecretHash does not match for the client: {id}", INFER, "API/InitiateAuth")
    WRONG_PASSWORD = error("a wrong password, or an unknown name where existence is hidden", DENIED,
        "Incorrect username or password.", SEEN, "floci")
    TEMPORARY_EXPIRED = error("a temporary password after its days", DENIED,
        "Temporary password has expired and must be reset by an administrator.", INFER,
        "API/AdminCreateUser")
    LOCKED_OUT = error("too soon after five or more wrong passwords or codes", DENIED,
        "Password attempts exceeded", DOC, "DG/authentication")
    WRONG_MESSAGE_CODE = error("a wrong SMS or email code", "CodeMismatchException",
        "Invalid code or auth state for the user.", SEEN, "AJ#3066, AJ#11069")
    WRONG_TOTP = error("a wrong authenticator code at sign-in", "CodeMismatchException", "{text}",
        SEEN, "amplify-ui e2e sign-in-totp-mfa")
    TOTP_REUSED = error("an authenticator code a second time at sign-in", "ExpiredCodeException",
        "Your software token has already been used once.", SEEN, "ASW, BLK")
    SESSION_UNKNOWN = error("a session this pool did not give", DENIED,
        "Invalid session for the user.", SEEN, "AJ#6461")
    SESSION_USED = error("a session a second time", DENIED,
        "Invalid session for the user, session can only be used once.", SEEN, "AJ#6461")
    SESSION_EXPIRED = error("a session after AuthSessionValidity", DENIED,
        "Invalid session for the user, session is expired.", SEEN, "AJ#6461")
    CHALLENGE_MISMATCH = error("an answer to another challenge than the one asked", INVALID,
        "Challenge {name} was not asked in this session.", UNKNOWN, "API/RespondToAuthChallenge")
    CHOICE_UNKNOWN = error("SELECT_MFA_TYPE for a factor that is no choice", INVALID,
        "{answer} is not one of the factors to choose from.", UNKNOWN, "API/RespondToAuthChallenge")
    SETUP_UNVERIFIED = error("MFA_SETUP before VerifySoftwareToken", INVALID,
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

    # SRP and devices
    BAD_SRP_A = error("SRP_A is no number of the group", INVALID, "Invalid SRP_A.", UNKNOWN,
        "RFC 5054, 2.5.4")
    BAD_TIMESTAMP = error("a TIMESTAMP in another form", INVALID,
        "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.", SEEN,
        "pycognito, amazon-cognito-identity-js issues")
    TRACKING_OFF = error("an operation on devices where the pool does not track them",
        "InvalidUserPoolConfigurationException",
        "Device tracking not currently enabled for this pool.", SEEN, "BLK, API/ListDevices")
    TRACKING_OFF_PARAMETER = error("the same, under the other code", INVALID,
        "Device tracking not currently enabled for this pool.", SEEN,
        "BLK (comment), switch tracking_off_code")
    DEVICE_MISSING = error(
        "a device that is not there, was forgotten or (for the person) is not remembered",
        "ResourceNotFoundException", "Device does not exist.", SEEN, "ASA, AJR")
    DEVICE_EXISTS = error("ConfirmDevice a second time", "DeviceKeyExistsException",
        "Device already exists.", UNKNOWN, "API/ConfirmDevice (exception)")
    BAD_DEVICE_VERIFIER = error("ConfirmDevice without a usable salt and verifier", INVALID,
        "Invalid device secret verifier config.", UNKNOWN, "API/ConfirmDevice")
    DEVICE_SKIPS_FACTOR = Entry(
        "a remembered device is asked instead of a factor where ChallengeRequiredOnNewDevice is "
        "true", DOC, "API/DeviceConfigurationType")
    DEVICE_AFTER_FACTOR = Entry("else it is asked after the factor", INFER,
        "sendMFACode of amazon-cognito-identity-js")
    ONLY_REMEMBERED_LISTED = Entry("ListDevices and GetDevice show remembered devices only", SEEN,
        "ASA")
    REFRESH_NEEDS_DEVICE = Entry("tokens of a device are refreshed with its DEVICE_KEY only", DOC,
        "DG/token-endpoint")

    # Tokens
    ACCESS_INVALID = error("an access token this pool did not sign", DENIED, "Invalid Access Token",
        SEEN, "several public apps match this text")
    ACCESS_EXPIRED = error("an access token after its time", DENIED, "Access Token has expired",
        SEEN, "several public apps match this text")
    ACCESS_REVOKED = error("an access token after sign-out or revocation", DENIED,
        "Access Token has been revoked", DOC, "API/GlobalSignOut, AJ#3540")
    SCOPE_MISSING = error("an access token without aws.cognito.signin.user.admin", DENIED,
        "Access Token does not have required scopes", SEEN, "AJ#1906")
    REFRESH_INVALID = error("a refresh token this client did not get", DENIED,
        "Invalid Refresh Token", INFER, "API/InitiateAuth")
    REFRESH_EXPIRED = error("a refresh token after its time", DENIED, "Refresh Token has expired",
        INFER, "API/InitiateAuth")
    REFRESH_REVOKED = error("a refresh token after sign-out or revocation", DENIED,
        "Refresh Token has been revoked", INFER, "DG/token-revocation")
    REFRESH_REUSED = error("a rotated refresh token after the grace period",
        "RefreshTokenReuseException", "Refresh token has already been used.", UNKNOWN,
        "API/GetTokensFromRefreshToken (exception)")
    ROTATION_NEEDS_OPERATION = error("REFRESH_TOKEN_AUTH where the client rotates refresh tokens",
        DENIED, "REFRESH_TOKEN_AUTH is not available with refresh token rotation.", UNKNOWN,
        "API/CreateUserPoolClient")
    REVOCATION_OFF = error("RevokeToken where the client has token revocation off",
        "UnsupportedOperationException", "Token revocation is not enabled for this client.",
        UNKNOWN, "DG/token-revocation")
    NOT_A_REFRESH_TOKEN = error("RevokeToken for a token that is no refresh token",
        "UnsupportedTokenTypeException", "Unsupported token type.", UNKNOWN, "API/RevokeToken")
    REFRESH_KEEPS_AUTH_TIME = Entry("a refresh keeps auth_time, acr and amr", DOC,
        "DG/cognito-user-pools-step-up-authentication")
    COOKIE_SURVIVES = Entry("the managed-login cookie survives GlobalSignOut", DOC,
        "API/GlobalSignOut")
# fmt: on
