"""Where passkeys can be made, and whether their makers find the way back. Plain Python.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
"""

from typing import Final

from userpool.check.findings import Check, Level, Seen, Verdict
from userpool.check.fixes import Change
from userpool.policy import fits


def _relying_party_id(seen: Seen) -> str | None:
    """None where the pool has no passkeys. One that names no id takes its domain's host."""
    passkeys = seen.mfa.get("WebAuthnConfiguration")
    if passkeys is None:
        sign_in = seen.answers.get("DescribeUserPool", {}).get("Policies", {}).get("SignInPolicy")
        if "WEB_AUTHN" not in (sign_in or {}).get("AllowedFirstAuthFactors", ()):
            return None
        passkeys = {}
    return passkeys.get("RelyingPartyId") or seen.portal.domain_host


def _place(seen: Seen) -> Verdict:
    named, portal = _relying_party_id(seen), seen.portal
    if named is None:
        return Verdict(Level.OK, "Passkeys are not set up in this pool.")
    if fits(portal.host, named):
        return Verdict(Level.OK, f"Passkeys can be added in the portal's own page ({named}).")
    if fits(portal.domain_host, named):
        return Verdict(
            Level.WARNING,
            f"Passkeys are added in managed login, not in the portal: they belong to {named}.",
            f"A page of {portal.host} may not make passkeys for it. The portal shows a link.",
            advice="Nothing has to be done. A portal on a name below that one could do it itself.",
        )
    return Verdict(
        Level.BLOCKER,
        f"Passkeys belong to {named}, which is neither the portal's name nor managed login's.",
        "Nobody can add or use one. The line changes that; passkeys made for the old name end.",
        Change(
            "SetUserPoolMfaConfig",
            {
                "WebAuthnConfiguration": {
                    **seen.mfa.get("WebAuthnConfiguration", {}),
                    "RelyingPartyId": portal.domain_host,
                }
            },
        ),
    )


def _way_back(seen: Seen) -> Verdict:
    """Managed login sends back to callback URLs only. It is also the way out for a browser in
    which the portal's own page can't make a passkey."""
    named, portal = _relying_party_id(seen), seen.portal
    only_here = named and fits(portal.host, named) and not fits(portal.domain_host, named)
    if named is None or only_here:
        return Verdict(Level.OK, "No passkey is added in managed login.")
    known = seen.client.get("CallbackURLs", [])
    if portal.passkeys_back_url in known:
        return Verdict(Level.OK, "Managed login can send people back after they add a passkey.")
    return Verdict(
        Level.WARNING,
        f"The callback URL {portal.passkeys_back_url} is not registered with the app client.",
        "Managed login refuses everybody who goes there to add a passkey.",
        Change("UpdateUserPoolClient", {"CallbackURLs": [*known, portal.passkeys_back_url]}),
    )


CHECKS: Final = (
    Check("passkeys.relying-party", "Passkeys", ("GetUserPoolMfaConfig",), _place),
    Check(
        "passkeys.way-back",
        "The way back from adding a passkey",
        ("GetUserPoolMfaConfig", "DescribeUserPoolClient"),
        _way_back,
    ),
)
