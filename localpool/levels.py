"""How a sign-in was done, as the claims `amr` and `acr` say it.

Source: `DG/cognito-user-pools-step-up-authentication`.
"""


def amr(methods: list[str]) -> list[str]:
    return [*methods, "mfa"] if len(set(methods)) > 1 else list(methods)


def level(methods: list[str]) -> int:
    """The fixed levels: password 1; a passkey, or a message code too, 3; an authenticator app 4."""
    three = {"sms", "email_otp", "swk", "hwk"} & set(methods)
    return 4 if "otp" in methods else 3 if three else 1


def acr(methods: list[str]) -> str:
    return f"urn:cognito:loa:{level(methods)}"
