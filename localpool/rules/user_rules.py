"""Rules of users: attributes, contact points, sign-up and password reset."""

from localpool.rules.rule import DENIED, DOC, INFER, INVALID, SEEN, UNKNOWN, Entry, Rule, error


# fmt: off
class UserRule(Rule):
    # People
    USER_MISSING = error("no such person", "UserNotFoundException", "User does not exist.", SEEN,
        "floci")
    USER_EXISTS = error("the username is taken", "UsernameExistsException",
        "User account already exists", INFER, "API/AdminCreateUser")
    ALIAS_EXISTS = error("another person holds the value as an alias", "AliasExistsException",
        "An account with the {attribute} already exists.", INFER, "API/AdminUpdateUserAttributes")
    RESEND_CONFIRMED = error("an invitation again for somebody who has a password",
        "UnsupportedUserStateException",
        "Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD", INFER,
        "API/AdminCreateUser")
    WEAK_PASSWORD = error("a password against the policy", "InvalidPasswordException",
        "Password did not conform with policy: {detail}", INFER, "API/AdminSetUserPassword")
    BAD_PHONE = error("phone_number is not E.164", INVALID, "Invalid phone number format.", INFER,
        "API/AdminCreateUser")
    BAD_EMAIL = error("email is not an address", INVALID, "Invalid email address format.", INFER,
        "API/AdminCreateUser")
    NAME_NOT_EMAIL = error("a username that is not an address where people sign in by email",
        INVALID, "Username should be an email.", INFER, "API/AdminCreateUser")
    NOT_IN_SCHEMA = error("an attribute the pool does not have", INVALID,
        "Attributes did not conform to the schema: {attribute}: Attribute does not exist in the "
        "schema.", INFER, "API/AdminUpdateUserAttributes")
    BAD_FILTER = error("ListUsers by a custom attribute or with a broken filter", INVALID,
        "Input fails to satisfy the constraints.", SEEN, "API/ListUsers")
    DISABLED = error("a disabled person", DENIED, "User is disabled.", SEEN, "floci")

    # Contact points
    NOT_WRITABLE = error("an attribute the app client may not write", DENIED,
        "A client attempted to write unauthorized attribute", INFER, "API/UpdateUserAttributes")
    NOTHING_TO_PROVE = error("a code for an attribute the person has not", INVALID,
        "The attribute has no value to verify.", UNKNOWN, "API/GetUserAttributeVerificationCode")
    TOO_MANY_ATTRIBUTE_TRIES = error("more than 5 codes or 15 checks of a person in an hour",
        "LimitExceededException", "Attempt limit exceeded, please try after some time.", DOC,
        "DG/quotas (text SEEN)")
    WRONG_ATTRIBUTE_CODE = error("a wrong code at VerifyUserAttribute", "CodeMismatchException",
        "Invalid verification code provided, please try again.", SEEN, "floci")
    ATTRIBUTE_CODE_EXPIRED = error(
        "a code after 24 hours, for another value, or when none was sent", "ExpiredCodeException",
        "Invalid code provided, please request a code again.", INFER, "DG/quotas")
    PENDING_KEEPS_OLD = Entry(
        "the old value stays verified until the new one is, where the pool keeps it", DOC,
        "API/UpdateUserAttributes")
    NEW_VALUE_IS_UNVERIFIED = Entry("else the new value is stored at once as unverified", DOC,
        "DG/signing-up-users-in-your-app")
    AUTO_VERIFIED_IS_SENT = Entry(
        "UpdateUserAttributes sends a code for an auto-verified attribute only", DOC,
        "API/UpdateUserAttributes")

    # Accounts: signing up, a forgotten password, a changed one
    SIGN_UP_CLOSED = error("SignUp where only an admin makes people", DENIED,
        "SignUp is not permitted for this user pool", INFER, "API/SignUp")
    NOT_CONFIRMED = error("a right password before the sign-up is confirmed",
        "UserNotConfirmedException", "User is not confirmed.", INFER, "API/InitiateAuth")
    RESET_REQUIRED = error("a sign-in after AdminResetUserPassword",
        "PasswordResetRequiredException", "Password reset required for the user", INFER,
        "API/AdminResetUserPassword")
    ALREADY_CONFIRMED = error("a sign-up code for somebody who is confirmed", INVALID,
        "User is already confirmed.", INFER, "API/ResendConfirmationCode")
    CANNOT_CONFIRM = error("confirming somebody who is not UNCONFIRMED", DENIED,
        "User cannot be confirmed. Current status is {status}", INFER, "API/ConfirmSignUp")
    NOWHERE_TO_SEND = error("a sign-up code where nothing is verified by itself", INVALID,
        "Auto verification not turned on.", INFER, "API/ResendConfirmationCode")
    RESET_NOT_NOW = error("a reset for somebody who never chose a password", DENIED,
        "User password cannot be reset in the current state.", INFER, "API/ForgotPassword")
    NO_WAY_TO_RESET = error("a reset where no verified contact is left that MFA does not use",
        INVALID,
        "Cannot reset password for the user as there is no registered/verified email or "
        "phone_number", DOC, "DG/user-pool-settings-mfa (exception); text INFER")
    ADMIN_RESETS = error("a reset where only an admin may", DENIED,
        "Contact administrator to reset password.", INFER, "API/ForgotPassword")
    TOO_MANY_ACCOUNT_TRIES = error(
        "more than five an hour of ForgotPassword, ChangePassword or ResendConfirmationCode",
        "LimitExceededException", "Attempt limit exceeded, please try after some time.", DOC,
        "DG/quotas")
    FIRST_SIGN_IN_FREE = Entry("MFA ON: the first API sign-in after a sign-up asks nothing", DOC,
        "DG/user-pool-settings-mfa-totp")
    RESET_SKIPS_PREFERRED = Entry("a reset code never goes to the preferred MFA channel", DOC,
        "DG/user-pool-settings-mfa")
# fmt: on
