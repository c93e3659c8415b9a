"""Checks the app client and the domain, which every sign-in needs. Plain Python."""

from typing import Any, Final

from userpool.check.findings import Check, CheckResult, Level, PoolSnapshot, ok
from userpool.check.fixes import Repair

_SCOPES: Final = ("openid", "aws.cognito.signin.user.admin")
_READ: Final = ("email", "email_verified", "phone_number", "phone_number_verified")
_WRITTEN: Final = ("email", "phone_number")


def _client_repair(**members: Any) -> Repair:
    return Repair("UpdateUserPoolClient", members)


def _scopes(snapshot: PoolSnapshot) -> CheckResult:
    allowed = snapshot.client.get("AllowedOAuthScopes", [])
    missing = [scope for scope in _SCOPES if scope not in allowed]
    if not missing:
        return ok("The app client allows the scopes that the portal asks for.")
    return CheckResult(
        Level.BLOCKER,
        f"The app client does not allow the scope {' and '.join(missing)}.",
        "Nobody can sign in, or no page can read or change anything.",
        _client_repair(AllowedOAuthScopes=[*allowed, *missing]),
    )


def _code_grant(snapshot: PoolSnapshot) -> CheckResult:
    flows = snapshot.client.get("AllowedOAuthFlows", [])
    if "code" in flows and snapshot.client.get("AllowedOAuthFlowsUserPoolClient"):
        return ok("The app client allows the authorization code grant.")
    if "client_credentials" in flows:
        return CheckResult(
            Level.BLOCKER,
            "The app client is one for programs: it has the client credentials grant.",
            "That grant goes with no other, and the portal needs the authorization code grant.",
            advice="Make an app client for the portal alone; README.md has the line.",
        )
    return CheckResult(
        Level.BLOCKER,
        "The app client does not allow the authorization code grant.",
        "Managed login refuses everybody whom the portal sends.",
        _client_repair(
            AllowedOAuthFlows=[*[f for f in flows if f != "code"], "code"],
            AllowedOAuthFlowsUserPoolClient=True,
        ),
    )


def _callback_url(snapshot: PoolSnapshot) -> CheckResult:
    return _url(
        snapshot, "CallbackURLs", snapshot.portal.callback_url, "callback",
        "Managed login refuses to send people back, so nobody can sign in.",
    )  # fmt: skip


def _sign_out_url(snapshot: PoolSnapshot) -> CheckResult:
    return _url(
        snapshot, "LogoutURLs", snapshot.portal.sign_out_url, "sign-out",
        "Signing out ends on an error of managed login, and its session stays open.",
    )  # fmt: skip


def _url(snapshot: PoolSnapshot, member: str, url: str, kind: str, why: str) -> CheckResult:
    known = snapshot.client.get(member, [])
    if url in known:
        return ok(f"The {kind} URL is registered.")
    return CheckResult(
        Level.BLOCKER,
        f"The {kind} URL {url} is not registered with the app client.",
        why,
        _client_repair(**{member: [*known, url]}),
    )


def _providers(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.client.get("SupportedIdentityProviders"):
        return ok("The app client has somebody who signs people in.")
    return CheckResult(
        Level.BLOCKER,
        "The app client names no identity provider, not even the pool itself.",
        "Managed login offers no way to sign in.",
        _client_repair(SupportedIdentityProviders=["COGNITO"]),
    )


def _secret(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.secret_fits is not False:
        return ok("The app client's secret is the one in the settings.")
    return CheckResult(
        Level.BLOCKER,
        "The app client's secret and COGNITO_CLIENT_SECRET are not the same.",
        "The token endpoint refuses every sign-in.",
        advice="Set COGNITO_CLIENT_SECRET to the client's secret, or leave it out if the client "
        "has none.",
    )


def _revocation(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.client.get("EnableTokenRevocation"):
        return ok("Tokens can be revoked.")
    return CheckResult(
        Level.BLOCKER,
        "The app client has token revocation off.",
        "Signing out leaves the tokens good until they expire.",
        _client_repair(EnableTokenRevocation=True),
    )


def _rotation(snapshot: PoolSnapshot) -> CheckResult:
    rotation = snapshot.client.get("RefreshTokenRotation", {})
    if rotation.get("Feature") != "ENABLED" or rotation.get("RetryGracePeriodSeconds"):
        return ok("A refresh whose answer is lost can be tried again.")
    return CheckResult(
        Level.WARNING,
        "Refresh tokens rotate without a grace period.",
        "A refresh whose answer is lost on the way signs its person out.",
        _client_repair(RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}),
    )


def _readable(snapshot: PoolSnapshot) -> CheckResult:
    return _attributes(
        snapshot, "ReadAttributes", _READ, "read",
        "The portal takes a number or an address for missing or not confirmed.",
    )  # fmt: skip


def _writable(snapshot: PoolSnapshot) -> CheckResult:
    return _attributes(
        snapshot, "WriteAttributes", _WRITTEN, "write",
        "People can't change their number or address.",
    )  # fmt: skip


def _attributes(
    snapshot: PoolSnapshot, member: str, needed: tuple[str, ...], verb: str, why: str
) -> CheckResult:
    """A client that lists no attributes may use all of them."""
    allowed = snapshot.client.get(member) or needed
    missing = [name for name in needed if name not in allowed]
    if not missing:
        return ok(f"The app client may {verb} what the portal needs.")
    return CheckResult(
        Level.WARNING,
        f"The app client may not {verb} {', '.join(missing)}.",
        why,
        _client_repair(**{member: [*allowed, *missing]}),
    )


def _existence(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.client.get("PreventUserExistenceErrors") == "ENABLED":
        return ok("Strangers can't find out who has an account.")
    return CheckResult(
        Level.WARNING,
        "The app client tells strangers whether an account exists.",
        "PreventUserExistenceErrors is not ENABLED.",
        _client_repair(PreventUserExistenceErrors="ENABLED"),
    )


def _domain(snapshot: PoolSnapshot) -> CheckResult:
    name, portal = snapshot.portal.domain_name, snapshot.portal
    if not name:
        return ok("COGNITO_DOMAIN is a local pool: no domain to check.")
    holder = snapshot.answers.get("DescribeUserPoolDomain", {}).get("UserPoolId")
    if holder == portal.pool_id:
        return ok(f"The domain {name} is this pool's.")
    if holder:
        return CheckResult(
            Level.BLOCKER,
            f"The domain {name} belongs to another user pool.",
            "People would sign in to that pool, and the portal would refuse their tokens.",
            advice="Set COGNITO_DOMAIN to the domain of this pool.",
        )
    if portal.has_prefix_domain:
        return CheckResult(
            Level.BLOCKER,
            f"There is no domain {name}.",
            "Managed login can't be reached, so nobody can sign in.",
            Repair("CreateUserPoolDomain", {"Domain": name, "ManagedLoginVersion": 2}),
        )
    return CheckResult(
        Level.BLOCKER,
        f"There is no domain {name}.",
        "Managed login can't be reached, so nobody can sign in.",
        advice="Run aws cognito-idp create-user-pool-domain with it and the ARN of its "
        "certificate (in us-east-1), and point its DNS record at the answer's CloudFrontDomain.",
    )


def _branding(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.domain.get("UserPoolId") != snapshot.portal.pool_id:
        return CheckResult(Level.UNKNOWN, "What the domain shows is known once the pool has it.")
    if snapshot.domain.get("ManagedLoginVersion") != 1:
        return ok("The domain shows managed login.")
    return CheckResult(
        Level.WARNING,
        "The domain shows the classic hosted UI, not managed login.",
        "It does not know passkeys, and ignores the portal's wish for a fresh sign-in: whoever has "
        "to confirm a change is sent straight back, and has to sign out and in again. Before you "
        "change it, give the app client a style (aws cognito-idp "
        "create-managed-login-branding): without one the pages are empty.",
        Repair("UpdateUserPoolDomain", {"ManagedLoginVersion": 2}),
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
