"""What the app client and the domain must be, for a sign-in to work. Plain Python."""

from typing import Any, Final

from userpool.check.findings import REQUIRED_SCOPES, Check, Level, Seen, Verdict
from userpool.check.fixes import Change

_READ: Final = ("email", "email_verified", "phone_number", "phone_number_verified")
_WRITTEN: Final = ("email", "phone_number")


def _client_change(**members: Any) -> Change:
    return Change("UpdateUserPoolClient", members)


def _scopes(seen: Seen) -> Verdict:
    allowed = seen.client.get("AllowedOAuthScopes", [])
    missing = [scope for scope in REQUIRED_SCOPES if scope not in allowed]
    if not missing:
        return Verdict(Level.OK, "The app client allows the scopes that the portal asks for.")
    return Verdict(
        Level.BLOCKER,
        f"The app client does not allow the scope {' and '.join(missing)}.",
        "Nobody can sign in, or no page can read or change anything.",
        _client_change(AllowedOAuthScopes=[*allowed, *missing]),
    )


def _code_grant(seen: Seen) -> Verdict:
    flows = seen.client.get("AllowedOAuthFlows", [])
    if "code" in flows and seen.client.get("AllowedOAuthFlowsUserPoolClient"):
        return Verdict(Level.OK, "The app client allows the authorization code grant.")
    if "client_credentials" in flows:
        return Verdict(
            Level.BLOCKER,
            "The app client is one for programs: it has the client credentials grant.",
            "That grant goes with no other, and the portal needs the authorization code grant.",
            advice="Make an app client for the portal alone; README.md has the line.",
        )
    return Verdict(
        Level.BLOCKER,
        "The app client does not allow the authorization code grant.",
        "Managed login refuses everybody whom the portal sends.",
        _client_change(
            AllowedOAuthFlows=[*[f for f in flows if f != "code"], "code"],
            AllowedOAuthFlowsUserPoolClient=True,
        ),
    )


def _callback_url(seen: Seen) -> Verdict:
    return _url(
        seen, "CallbackURLs", seen.portal.callback_url, "callback",
        "Managed login refuses to send people back, so nobody can sign in.",
    )  # fmt: skip


def _sign_out_url(seen: Seen) -> Verdict:
    return _url(
        seen, "LogoutURLs", seen.portal.sign_out_url, "sign-out",
        "Signing out ends on an error of managed login, and its session stays open.",
    )  # fmt: skip


def _url(seen: Seen, member: str, url: str, kind: str, why: str) -> Verdict:
    known = seen.client.get(member, [])
    if url in known:
        return Verdict(Level.OK, f"The {kind} URL is registered.")
    return Verdict(
        Level.BLOCKER,
        f"The {kind} URL {url} is not registered with the app client.",
        why,
        _client_change(**{member: [*known, url]}),
    )


def _providers(seen: Seen) -> Verdict:
    if seen.client.get("SupportedIdentityProviders"):
        return Verdict(Level.OK, "The app client has somebody who signs people in.")
    return Verdict(
        Level.BLOCKER,
        "The app client names no identity provider, not even the pool itself.",
        "Managed login offers no way to sign in.",
        _client_change(SupportedIdentityProviders=["COGNITO"]),
    )


def _secret(seen: Seen) -> Verdict:
    if seen.secret_fits is not False:
        return Verdict(Level.OK, "The app client's secret is the one in the settings.")
    return Verdict(
        Level.BLOCKER,
        "The app client's secret and COGNITO_CLIENT_SECRET are not the same.",
        "The token endpoint refuses every sign-in.",
        advice="Set COGNITO_CLIENT_SECRET to the client's secret, or leave it out if the client "
        "has none.",
    )


def _revocation(seen: Seen) -> Verdict:
    if seen.client.get("EnableTokenRevocation"):
        return Verdict(Level.OK, "Tokens can be revoked.")
    return Verdict(
        Level.BLOCKER,
        "The app client has token revocation off.",
        "Signing out leaves the tokens good until they expire.",
        _client_change(EnableTokenRevocation=True),
    )


def _rotation(seen: Seen) -> Verdict:
    rotation = seen.client.get("RefreshTokenRotation", {})
    if rotation.get("Feature") != "ENABLED" or rotation.get("RetryGracePeriodSeconds"):
        return Verdict(Level.OK, "A refresh whose answer is lost can be tried again.")
    return Verdict(
        Level.WARNING,
        "Refresh tokens rotate without a grace period.",
        "A refresh whose answer is lost on the way signs its person out.",
        _client_change(RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}),
    )


def _readable(seen: Seen) -> Verdict:
    return _attributes(
        seen, "ReadAttributes", _READ, "read",
        "The portal takes a number or an address for missing or not confirmed.",
    )  # fmt: skip


def _writable(seen: Seen) -> Verdict:
    return _attributes(
        seen, "WriteAttributes", _WRITTEN, "write", "People can't change their number or address."
    )  # fmt: skip


def _attributes(seen: Seen, member: str, needed: tuple[str, ...], verb: str, why: str) -> Verdict:
    """A client that names none may use all of them."""
    allowed = seen.client.get(member) or needed
    missing = [name for name in needed if name not in allowed]
    if not missing:
        return Verdict(Level.OK, f"The app client may {verb} what the portal needs.")
    return Verdict(
        Level.WARNING,
        f"The app client may not {verb} {', '.join(missing)}.",
        why,
        _client_change(**{member: [*allowed, *missing]}),
    )


def _existence(seen: Seen) -> Verdict:
    if seen.client.get("PreventUserExistenceErrors") == "ENABLED":
        return Verdict(Level.OK, "Strangers can't find out who has an account.")
    return Verdict(
        Level.WARNING,
        "The app client tells strangers whether an account exists.",
        "PreventUserExistenceErrors is not ENABLED.",
        _client_change(PreventUserExistenceErrors="ENABLED"),
    )


def _domain(seen: Seen) -> Verdict:
    name, portal = seen.portal.domain_name, seen.portal
    if not name:
        return Verdict(Level.OK, "COGNITO_DOMAIN is a local pool: no domain to check.")
    holder = seen.answers.get("DescribeUserPoolDomain", {}).get("UserPoolId")
    if holder == portal.pool_id:
        return Verdict(Level.OK, f"The domain {name} is this pool's.")
    if holder:
        return Verdict(
            Level.BLOCKER,
            f"The domain {name} belongs to another user pool.",
            "People would sign in to that pool, and the portal would refuse their tokens.",
            advice="Set COGNITO_DOMAIN to the domain of this pool.",
        )
    if portal.has_prefix_domain:
        return Verdict(
            Level.BLOCKER,
            f"There is no domain {name}.",
            "Managed login can't be reached, so nobody can sign in.",
            Change("CreateUserPoolDomain", {"Domain": name, "ManagedLoginVersion": 2}),
        )
    return Verdict(
        Level.BLOCKER,
        f"There is no domain {name}.",
        "Managed login can't be reached, so nobody can sign in.",
        advice="Run aws cognito-idp create-user-pool-domain with it and the ARN of its "
        "certificate (in us-east-1), and point its DNS record at the answer's CloudFrontDomain.",
    )


def _branding(seen: Seen) -> Verdict:
    if seen.domain.get("UserPoolId") != seen.portal.pool_id:
        return Verdict(Level.UNKNOWN, "What the domain shows is known once the pool has it.")
    if seen.domain.get("ManagedLoginVersion") != 1:
        return Verdict(Level.OK, "The domain shows managed login.")
    return Verdict(
        Level.WARNING,
        "The domain shows the classic hosted UI, not managed login.",
        "It does not know passkeys, and ignores the portal's wish for a fresh sign-in: whoever has "
        "to confirm a change is sent straight back, and has to sign out and in again. Before you "
        "change it, give the app client a style (aws cognito-idp "
        "create-managed-login-branding): without one the pages are empty.",
        Change("UpdateUserPoolDomain", {"ManagedLoginVersion": 2}),
    )


_CLIENT: Final = ("DescribeUserPoolClient",)
CHECKS: Final = (
    Check("client.scopes", "The app client's scopes", _CLIENT, _scopes),
    Check("client.code-grant", "The app client's grants", _CLIENT, _code_grant),
    Check("client.callback-url", "The callback URL", _CLIENT, _callback_url),
    Check("client.sign-out-url", "The sign-out URL", _CLIENT, _sign_out_url),
    Check("client.providers", "Who signs people in", _CLIENT, _providers),
    Check("client.secret", "The app client's secret", _CLIENT, _secret),
    Check("client.revocation", "Token revocation", _CLIENT, _revocation),
    Check("client.rotation", "Refresh token rotation", _CLIENT, _rotation),
    Check("client.readable-attributes", "What the app client may read", _CLIENT, _readable),
    Check("client.writable-attributes", "What the app client may write", _CLIENT, _writable),
    Check("client.existence-errors", "What strangers are told", _CLIENT, _existence),
)
DOMAIN_CHECKS: Final = (
    Check("domain.exists", "The domain", ("DescribeUserPoolDomain",), _domain),
    Check("domain.managed-login", "What the domain shows", ("DescribeUserPoolDomain",), _branding),
)
LOCAL_DOMAIN_CHECKS: Final = (Check("domain.exists", "The domain", (), _domain),)
