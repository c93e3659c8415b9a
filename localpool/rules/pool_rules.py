"""Rules of the wire, pools, app clients, domains and session settings."""

from localpool.rules.rule import DOC, INFER, INVALID, SEEN, UNKNOWN, Entry, Rule, error


# fmt: off
class PoolRule(Rule):
    # The wire
    NO_TOKEN = error("a signed operation without Authorization",
        "MissingAuthenticationTokenException", "Missing Authentication Token", INFER,
        "API/CommonErrors")
    NOT_BUILT = error("an operation this pool does not have", "UnknownOperationException",
        "{operation} is not built in this local pool", INFER, "ours")
    NOT_JSON = error("a body that is not a JSON object, or a member of the wrong type",
        "SerializationException", "{detail}", UNKNOWN, "API/CommonErrors")
    CONSTRAINT = error("a member outside length, pattern, enum or range of the model", INVALID,
        "{detail}", INFER, "API/CommonErrors")
    OUR_FAULT = error("an answer that does not fit the model", "InternalErrorException", "{detail}",
        INFER, "ours")

    # Pools and app clients
    POOL_MISSING = error("no such pool", "ResourceNotFoundException",
        "User pool {id} does not exist.", INFER, "API/DescribeUserPool")
    CLIENT_MISSING = error("no such app client", "ResourceNotFoundException",
        "User pool client {id} does not exist.", INFER, "API/InitiateAuth")
    GROUP_MISSING = error("no such group", "ResourceNotFoundException", "Group not found.", INFER,
        "API/AdminAddUserToGroup")
    GROUP_EXISTS = error("the group is there already", "GroupExistsException",
        "A group with the name already exists.", INFER, "API/CreateGroup")
    MFA_WITHOUT_SMS = error("CreateUserPool with MFA ON or OPTIONAL and no SMS configuration",
        INVALID,
        "SMS configuration and Auto verification for phone_number are required when MFA is "
        "required/optional", SEEN, "https://github.com/aws/aws-cdk/issues/12075")
    OFF_WITH_FACTOR = error("SetUserPoolMfaConfig OFF with a factor", INVALID,
        "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.", SEEN,
        "https://github.com/go-to-k/cdkd/issues/1923")
    ON_WITHOUT_FACTOR = error("SetUserPoolMfaConfig ON or OPTIONAL with no factor", INVALID,
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional "
        "configuration.", SEEN, "https://github.com/aws/aws-sdk-js/issues/4186")
    SMS_NOT_CONFIGURED = error("SMS MFA in a pool that has no SMS configuration", INVALID,
        "SMS MFA needs an SmsConfiguration.", UNKNOWN, "API/SetUserPoolMfaConfig")
    EMAIL_NEEDS_TIER = error("email MFA in a Lite pool", "FeatureUnavailableInTierException",
        "Email MFA needs the Essentials or Plus feature plan.", UNKNOWN, "API/SetUserPoolMfaConfig")
    EMAIL_NEEDS_SES = error("email MFA with EmailSendingAccount COGNITO_DEFAULT", INVALID,
        "Email MFA needs EmailConfiguration with EmailSendingAccount DEVELOPER.", UNKNOWN,
        "DG/user-pool-settings-mfa, "
        "https://github.com/hashicorp/terraform-provider-aws/issues/41049")
    EMAIL_NEEDS_RECOVERY = error("email MFA where account recovery is by email only", INVALID,
        "Email MFA cannot be used when account recovery is by email only.", UNKNOWN,
        "DG/user-pool-settings-mfa")
    OFF_WITH_PASSKEYS = Entry("WebAuthnConfiguration with MFA OFF is accepted", SEEN,
        "https://github.com/go-to-k/cdkd/issues/1923")
    BAD_REDIRECT = error("a callback or sign-out URL that is neither https nor http://localhost",
        INVALID, "{url} is not allowed: use https, or http://localhost.", UNKNOWN,
        "DG/authorization-endpoint")

    # Domains and sessions
    DOMAIN_TAKEN = error("CreateUserPoolDomain with a domain of another pool", INVALID,
        "Domain already associated with another user pool.", INFER, "API/CreateUserPoolDomain")
    DOMAIN_MISSING = error("a domain that is not this pool's", INVALID,
        "No such domain or user pool exists.", INFER, "API/UpdateUserPoolDomain")
    SESSIONS_NOT_TRACKED = error("sessions of a pool that does not track them",
        "OperationNotEnabledException", "Session tracking is not enabled for this pool.", UNKNOWN,
        "API/ListUserSessions")
    SESSION_IS_OWN = error("ending the session that the access token belongs to", INVALID,
        "The current session cannot be revoked.", DOC, "API/RevokeUserSession")
    SESSION_MISSING = error("ending a session that is not there", "ResourceNotFoundException",
        "Session does not exist.", UNKNOWN, "API/RevokeUserSession")
    SESSIONS_NEED_TIER = error("session tracking in a Lite pool",
        "FeatureUnavailableInTierException",
        "Session tracking needs the Essentials or Plus feature plan.", UNKNOWN,
        "DG/managing-user-sessions")

    UPDATE_REPLACES = Entry("UpdateUserPool resets what it does not mention", DOC,
        "API/UpdateUserPool")
# fmt: on
