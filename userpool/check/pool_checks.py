"""Checks the pool itself: factors, contact points, plan, tokens and sessions. Plain Python."""

from typing import Final

from userpool.check.findings import Check, CheckResult, Level, PoolSnapshot, ok
from userpool.check.fixes import Repair
from userpool.policy import DeviceTracking, Mode, Obstacle, Tier
from userpool.values import ATTRIBUTE_OF_FACTOR, Factor


def _mode(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.facts.mode != Mode.OFF:
        return ok(f"The pool's MFA is {snapshot.facts.mode}.")
    return CheckResult(
        Level.WARNING,
        "The pool's MFA is OFF.",
        "The portal has no factor to offer.",
        advice="Choose the factors with aws cognito-idp set-user-pool-mfa-config, and MFA "
        "OPTIONAL, so that nobody is locked out.",
    )


def _text_messages(snapshot: PoolSnapshot) -> CheckResult:
    texts = snapshot.mfa.get("SmsMfaConfiguration")
    if texts is None or snapshot.facts.mode == Mode.OFF:
        return ok("Text messages are not a factor here.")
    sender = texts.get("SmsConfiguration", {})
    failure = snapshot.pool.get("SmsConfigurationFailure")
    role = sender.get("SnsCallerArn") or sender.get("EumsSms", {}).get("CallerArn")
    if role and not failure:
        return ok("The pool can send text messages.")
    return CheckResult(
        Level.BLOCKER,
        "Text messages are a factor, but the pool can't send any.",
        failure or "There is no role that lets Cognito send them (SnsCallerArn, EumsSms).",
        advice="Give the pool a role: the SMS tab in the AWS console makes one and keeps all else.",
    )


_WHY_NO_EMAIL: Final = {
    Obstacle.TIER: "The Lite plan has no codes by email.",
    Obstacle.OWN_SENDER_MISSING: (
        "The pool has no Amazon SES identity of its own (EmailConfiguration)."
    ),
}


def _email(snapshot: PoolSnapshot) -> CheckResult:
    if Factor.EMAIL not in snapshot.factors:
        return ok("Email is not a factor here.")
    obstacle = snapshot.policy.obstacles.get(Factor.EMAIL)
    if obstacle is None:
        return ok("The pool can send codes by email.")
    if obstacle is Obstacle.RECOVERY_BY_EMAIL_ONLY:
        return _email_only_recovery()
    others = snapshot.factors & {Factor.TOTP, Factor.SMS}
    return CheckResult(
        Level.BLOCKER,
        "Email is a factor, but the pool can't send the codes.",
        f"{_WHY_NO_EMAIL[obstacle]} People can keep it only where that is changed"
        + ("; the line takes email off the pool." if others else "."),
        Repair("SetUserPoolMfaConfig", {"EmailMfaConfiguration": None}) if others else None,
        advice="Change that, or choose another factor for the pool.",
    )


def _email_only_recovery() -> CheckResult:
    mechanisms = [
        {"Priority": 1, "Name": "verified_phone_number"},
        {"Priority": 2, "Name": "verified_email"},
    ]
    return CheckResult(
        Level.BLOCKER,
        "Email is a factor, and also the only way to reset a password.",
        "Cognito allows one or the other.",
        Repair("UpdateUserPool", {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}),
    )


def _recovery(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.facts.recovery != ("admin_only",):
        return ok("People can reset a forgotten password.")
    return CheckResult(
        Level.WARNING,
        "Only an administrator can reset a password.",
        "Whoever forgets theirs has to call you.",
        advice="Keep it if you mean it; otherwise change AccountRecoverySetting in the console.",
    )


def _kept(snapshot: PoolSnapshot) -> CheckResult:
    lost = [
        attribute
        for factor, attribute in ATTRIBUTE_OF_FACTOR.items()
        if factor in snapshot.factors and attribute not in snapshot.facts.verified_before_update
    ]
    if not lost:
        return ok("A number or address stays in use until the new one is proved.")
    # The line keeps Cognito's order.
    updates = snapshot.pool.get("UserAttributeUpdateSettings", {})
    kept = updates.get("AttributesRequireVerificationBeforeUpdate", [])
    verified = snapshot.pool.get("AutoVerifiedAttributes", [])
    return CheckResult(
        Level.BLOCKER,
        f"A new {' or '.join(lost)} takes the old one's place before it is proved.",
        "Codes go to it at once: who mistypes a number can't sign in any more.",
        Repair(
            "UpdateUserPool",
            {
                "UserAttributeUpdateSettings": {
                    "AttributesRequireVerificationBeforeUpdate": [*kept, *lost]
                },
                "AutoVerifiedAttributes": [*verified, *[a for a in lost if a not in verified]],
            },
        ),
    )


def _tier(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.facts.tier != Tier.LITE:
        return ok(f"The plan is {snapshot.facts.tier or 'not said'}.")
    return CheckResult(
        Level.WARNING,
        "The plan is Lite.",
        "It has no passkeys and no email codes, and its tokens do not say how a person signed "
        "in: before a change the portal asks for a fresh sign-in, and can't tell whether a second "
        "step was part of it. Only its time counts.",
        advice="Choose Essentials if you need them. It costs more, so no line here does it.",
    )


def _by_risk(snapshot: PoolSnapshot) -> CheckResult:
    facts = snapshot.facts
    enforced = facts.enforces_threat_protection
    if (enforced or facts.adaptive) and facts.mode != Mode.OPTIONAL:
        return CheckResult(
            Level.WARNING,
            f"Threat protection is on, but the pool's MFA is {facts.mode}.",
            "MFA by risk works only where MFA is OPTIONAL.",
            advice="Make MFA OPTIONAL if you want it by risk, and know that ON asks at every "
            "sign-in. No line here takes a protection away.",
        )
    if facts.adaptive and not (enforced and facts.tier in {Tier.PLUS, ""}):
        return CheckResult(
            Level.WARNING,
            "COGNITO_MFA_BY_RISK is on, but the pool does not ask by risk.",
            "It does with the Plus plan and threat protection that is enforced. The portal tells "
            "people of a protection that they do not have.",
            advice="Leave COGNITO_MFA_BY_RISK out, or turn threat protection on.",
        )
    return ok("Nothing stands in the way of MFA by risk.")


def _issuer(snapshot: PoolSnapshot) -> CheckResult:
    kind = snapshot.pool.get("IssuerConfiguration", {}).get("Type", "ORIGINAL")
    if kind == "ORIGINAL":
        return ok("Tokens name the issuer that the portal expects.")
    return CheckResult(
        Level.BLOCKER,
        f"The pool's tokens name another issuer than the portal expects ({kind}).",
        "The portal refuses every sign-in.",
        advice="Set IssuerConfiguration to Type=ORIGINAL. It changes for every app of the pool, "
        "so no line here does it.",
    )


def _levels(snapshot: PoolSnapshot) -> CheckResult:
    if snapshot.facts.tier == Tier.LITE:
        return ok("The Lite plan has no levels of a sign-in: only its time counts.")
    own = sorted(snapshot.facts.acr_names.items())
    if not own:
        return ok("The levels of a sign-in have their standard names.")
    names = ", ".join(f"{level} {name}" for level, name in own)
    return ok(f"The pool has its own names for levels of a sign-in: {names}.")


_WHEN_REMEMBERED: Final = {
    DeviceTracking.ASK: "when the person says so",
    DeviceTracking.ALWAYS: "always",
}


def _devices(snapshot: PoolSnapshot) -> CheckResult:
    when = _WHEN_REMEMBERED.get(snapshot.policy.devices or DeviceTracking.OFF)
    if when is None:
        return ok("No devices are remembered; the portal hides them.")
    return ok(f"Devices are remembered {when}.")


def _sessions(snapshot: PoolSnapshot) -> CheckResult:
    tracking = snapshot.answers["GetUserPoolSessionConfiguration"].get("UserSessionTracking")
    if tracking == "ENABLED":
        return ok("The pool tracks sessions: people see where they are signed in.")
    return ok("The pool tracks no sessions: people can only sign out everywhere at once.")


def _single_sign_on(snapshot: PoolSnapshot) -> CheckResult:
    session = snapshot.answers["GetUserPoolClientSessionConfiguration"].get("SSOSession", {})
    minutes = session.get("MaxValidityMinutes")
    if minutes == 0:
        return ok("Managed login's session is never reused: each sign-in is a real one.")
    how_long = "its hour" if minutes is None else f"{minutes} minutes"
    return ok(
        f"Managed login's session is reused for {how_long}. Whether a sign-in without a password "
        "then looks like a new one is not documented; if it does, it passes for the one that a "
        "change asks for. SSOSession MaxValidityMinutes=0 for the portal's client rules that out."
    )


_MFA, _POOL = "GetUserPoolMfaConfig", "DescribeUserPool"
CHECKS: Final = (
    Check("mfa.mode", "The pool's MFA", (_MFA,), _mode, of_settings=True),
    Check("factor.sms", "Text messages", (_MFA, _POOL), _text_messages),
    Check("factor.email", "Codes by email", (_MFA, _POOL), _email, of_settings=True),
    Check(
        "contact.kept-until-verified",
        "Changed contact points",
        (_MFA, _POOL),
        _kept,
        of_settings=True,
    ),
    Check("recovery", "Forgotten passwords", (_POOL,), _recovery, of_settings=True),
    Check("plan", "The plan", (_POOL,), _tier, of_settings=True),
    Check("mfa.by-risk", "MFA by risk", (_MFA, _POOL), _by_risk, of_settings=True),
    Check("tokens.issuer", "The issuer of tokens", (_POOL,), _issuer),
    Check("tokens.levels", "The levels of a sign-in", (_POOL,), _levels),
    Check("devices", "Remembered devices", (_POOL,), _devices),
    Check("sessions", "Sessions", ("GetUserPoolSessionConfiguration",), _sessions),
    Check(
        "sessions.single-sign-on",
        "Managed login's session",
        ("GetUserPoolClientSessionConfiguration",),
        _single_sign_on,
    ),
)
