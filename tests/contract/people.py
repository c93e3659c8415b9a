"""What no API call can settle: the row, the question, and what a person does to answer it."""

NEEDS_A_PERSON = (
    ("1", "A federated person's preference",
     "Sign in through an identity provider, call SetUserMFAPreference, read GetUser."),
    ("3", "The wording where the pool switches TOTP off after enrolment",
     "Enrol, switch TOTP off in the pool, sign in, note the challenge and the message."),
    ("4", "Whether a wrong SMS or email code leaves the session usable",
     "Sign in with texts on, type a wrong code, then the right one from the phone."),
    ("5, 6", "prompt=login with MFA on asks for the second step again",
     "Sign in on managed login with the app, open /oauth2/authorize?prompt=login, watch."),
    ("6", "A wrong code_verifier spends the authorization code",
     "Sign in in a browser, exchange the code with a wrong verifier, then with the right one."),
    ("6b", "acr_values on a Lite pool is ignored in silence",
     "Open /oauth2/authorize?acr_values=urn:cognito:loa:4 on a Lite pool and read the claims."),
    ("8", "WEB_AUTHN as a step after a password",
     "Add a passkey in a browser, turn it on as a factor, sign in with the password."),
    ("8", "The last other factor off under a passkey, where it takes a real passkey",
     "Add a passkey on managed login, turn it on as a factor, turn the app off."),
    ("11", "The words of an expired verification code",
     "Ask for a code by mail, wait 24 hours, call VerifyUserAttribute with it."),
    ("13", "The quota category of GetUserAuthFactors, WebAuthn and session operations",
     "Ask AWS support, or call them at a rising rate in an account that serves nobody."),
)  # fmt: skip
