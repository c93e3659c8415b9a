"""The `amr` and `acr` claims: the methods of a sign-in, and its level.

Source: `DG/cognito-user-pools-step-up-authentication`.
"""

from localpool.state.records import Pool


def amr_claim(methods: list[str]) -> list[str]:
    return [*methods, "mfa"] if len(set(methods)) > 1 else list(methods)


def level(methods: list[str]) -> int:
    """1 password, 2 message code, 3 password and message code, or passkey, 4 authenticator app."""
    if "otp" in methods:
        return 4
    if {"swk", "hwk"} & set(methods):
        return 3
    by_message = bool({"sms", "email_otp"} & set(methods))
    return (3 if "pwd" in methods else 2) if by_message else 1


def level_names(pool: Pool) -> dict[int, str]:
    """The pool's names of the four levels (`AcrConfiguration`)."""
    mine = pool.settings.get("AcrConfiguration", {})
    return {
        number: mine.get(f"Level{number}", {}).get("AcrValue") or f"urn:cognito:loa:{number}"
        for number in (1, 2, 3, 4)
    }


def acr_claim(pool: Pool, methods: list[str]) -> str:
    return level_names(pool)[level(methods)]
