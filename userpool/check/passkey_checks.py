"""Checks where people can add passkeys, and whether managed login sends them back. Plain Python.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
"""

from typing import Final

from userpool.check.findings import Check, CheckResult, Level, PoolSnapshot, ok
from userpool.check.fixes import Repair
from userpool.policy import rp_id_matches


def _place(snapshot: PoolSnapshot) -> CheckResult:
    named, portal = snapshot.facts.relying_party_id, snapshot.portal
    if named is None:
        return ok("Passkeys are not set up in this pool.")
    if rp_id_matches(portal.host, named):
        return ok(f"Passkeys can be added in the portal's own page ({named}).")
    if rp_id_matches(portal.domain_host, named):
        return CheckResult(
            Level.WARNING,
            f"Passkeys are added in managed login, not in the portal: they belong to {named}.",
            f"A page of {portal.host} may not make passkeys for it. The portal shows a link.",
            advice="Nothing has to be done. A portal on a name below that one could do it itself.",
        )
    return CheckResult(
        Level.BLOCKER,
        f"Passkeys belong to {named}, which is neither the portal's name nor managed login's.",
        "Nobody can add or use one. The line changes that; passkeys made for the old name end.",
        Repair(
            "SetUserPoolMfaConfig",
            {
                "WebAuthnConfiguration": {
                    **snapshot.mfa.get("WebAuthnConfiguration", {}),
                    "RelyingPartyId": portal.domain_host,
                }
            },
        ),
    )


def _way_back(snapshot: PoolSnapshot) -> CheckResult:
    """Managed login sends people back to callback URLs only. A browser that can't make a passkey in
    the portal's own page is sent there too."""
    named, portal = snapshot.facts.relying_party_id, snapshot.portal
    only_here = (
        named and rp_id_matches(portal.host, named) and not rp_id_matches(portal.domain_host, named)
    )
    if named is None or only_here:
        return ok("No passkey is added in managed login.")
    known = snapshot.client.get("CallbackURLs", [])
    if portal.passkeys_back_url in known:
        return ok("Managed login can send people back after they add a passkey.")
    return CheckResult(
        Level.WARNING,
        f"The callback URL {portal.passkeys_back_url} is not registered with the app client.",
        "Managed login refuses everybody who goes there to add a passkey.",
        Repair("UpdateUserPoolClient", {"CallbackURLs": [*known, portal.passkeys_back_url]}),
    )


CHECKS: Final = (
    Check(
        "passkeys.relying-party", "Passkeys", ("GetUserPoolMfaConfig",), _place, of_settings=True
    ),
    Check(
        "passkeys.way-back",
        "The way back from adding a passkey",
        ("GetUserPoolMfaConfig", "DescribeUserPoolClient"),
        _way_back,
    ),
)
