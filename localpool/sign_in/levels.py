"""How a sign-in was done, as the claims `amr` and `acr` say it.

Source: `DG/cognito-user-pools-step-up-authentication`.
"""

from localpool.state.records import Pool


def amr(methods: list[str]) -> list[str]:
    return [*methods, "mfa"] if len(set(methods)) > 1 else list(methods)


def level(methods: list[str]) -> int:
    """The fixed levels: password 1; a message code alone 2, or after the password 3; a passkey 3;
    an authenticator app 4."""
    if "otp" in methods:
        return 4
    if {"swk", "hwk"} & set(methods):
        return 3
    by_message = bool({"sms", "email_otp"} & set(methods))
    return (3 if "pwd" in methods else 2) if by_message else 1


def names(pool: Pool) -> dict[int, str]:
    """The four levels as the pool calls them (`AcrConfiguration`)."""
    mine = pool.settings.get("AcrConfiguration", {})
    return {
        number: mine.get(f"Level{number}", {}).get("AcrValue") or f"urn:cognito:loa:{number}"
        for number in (1, 2, 3, 4)
    }


def acr(pool: Pool, methods: list[str]) -> str:
    return names(pool)[level(methods)]
