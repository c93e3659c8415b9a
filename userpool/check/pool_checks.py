"""What the pool itself must be, for factors, contact points and passkeys to work. Plain Python."""

from typing import Final

from userpool.check.findings import Check, Level, Seen, Verdict
from userpool.check.fixes import Change

_ATTRIBUTE_OF: Final = {
    "SmsMfaConfiguration": "phone_number",
    "EmailMfaConfiguration": "email",
}


def _mode(seen: Seen) -> Verdict:
    if seen.mode != "OFF":
        return Verdict(Level.OK, f"The pool's MFA is {seen.mode}.")
    return Verdict(
        Level.WARNING,
        "The pool's MFA is OFF.",
        "The portal has no factor to offer.",
        advice="Choose the factors with aws cognito-idp set-user-pool-mfa-config, and MFA "
        "OPTIONAL, so that nobody is locked out.",
    )


def _text_messages(seen: Seen) -> Verdict:
    if not seen.has_factor("SmsMfaConfiguration"):
        return Verdict(Level.OK, "Text messages are not a factor here.")
    sender = seen.mfa["SmsMfaConfiguration"].get("SmsConfiguration", {})
    failure = seen.pool.get("SmsConfigurationFailure")
    role = sender.get("SnsCallerArn") or sender.get("EumsSms", {}).get("CallerArn")
    if role and not failure:
        return Verdict(Level.OK, "The pool can send text messages.")
    return Verdict(
        Level.BLOCKER,
        "Text messages are a factor, but the pool can't send any.",
        failure or "There is no role that lets Cognito send them (SnsCallerArn, EumsSms).",
        advice="Give the pool a role: the SMS tab in the AWS console makes one and keeps all else.",
    )


def _email(seen: Seen) -> Verdict:
    if not seen.has_factor("EmailMfaConfiguration"):
        return Verdict(Level.OK, "Email is not a factor here.")
    sender = seen.pool.get("EmailConfiguration", {})
    if seen.pool.get("UserPoolTier") == "LITE":
        why = "The Lite plan has no codes by email."
    elif sender.get("EmailSendingAccount") != "DEVELOPER":
        why = "The pool has no Amazon SES identity of its own (EmailConfiguration)."
    elif _recovers_by(seen) == ["verified_email"]:
        return _email_only_recovery()
    else:
        return Verdict(Level.OK, "The pool can send codes by email.")
    app = seen.mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False)
    others = app or "SmsMfaConfiguration" in seen.mfa
    return Verdict(
        Level.BLOCKER,
        "Email is a factor, but the pool can't send the codes.",
        f"{why} People can keep it only where that is changed"
        + ("; the line takes email off the pool." if others else "."),
        Change("SetUserPoolMfaConfig", {"EmailMfaConfiguration": None}) if others else None,
        advice="Change that, or choose another factor for the pool.",
    )


def _email_only_recovery() -> Verdict:
    mechanisms = [
        {"Priority": 1, "Name": "verified_phone_number"},
        {"Priority": 2, "Name": "verified_email"},
    ]
    return Verdict(
        Level.BLOCKER,
        "Email is a factor, and also the only way to reset a password.",
        "Cognito allows one or the other.",
        Change("UpdateUserPool", {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}),
    )


def _recovers_by(seen: Seen) -> list[str]:
    mechanisms = seen.pool.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    return [mechanism["Name"] for mechanism in mechanisms]


def _recovery(seen: Seen) -> Verdict:
    if _recovers_by(seen) != ["admin_only"]:
        return Verdict(Level.OK, "People can reset a forgotten password.")
    return Verdict(
        Level.WARNING,
        "Only an administrator can reset a password.",
        "Whoever forgets theirs has to call you.",
        advice="Keep it if you mean it; otherwise change AccountRecoverySetting in the console.",
    )


def _kept(seen: Seen) -> Verdict:
    used = [a for member, a in _ATTRIBUTE_OF.items() if seen.has_factor(member)]
    settings = seen.pool.get("UserAttributeUpdateSettings", {})
    kept = settings.get("AttributesRequireVerificationBeforeUpdate", [])
    lost = [attribute for attribute in used if attribute not in kept]
    if not lost:
        return Verdict(Level.OK, "A number or address stays in use until the new one is proved.")
    verified = seen.pool.get("AutoVerifiedAttributes", [])
    return Verdict(
        Level.BLOCKER,
        f"A new {' or '.join(lost)} takes the old one's place before it is proved.",
        "Codes go to it at once: who mistypes a number can't sign in any more.",
        Change(
            "UpdateUserPool",
            {
                "UserAttributeUpdateSettings": {
                    "AttributesRequireVerificationBeforeUpdate": [*kept, *lost]
                },
                "AutoVerifiedAttributes": [*verified, *[a for a in lost if a not in verified]],
            },
        ),
    )


def _tier(seen: Seen) -> Verdict:
    if seen.pool.get("UserPoolTier") != "LITE":
        return Verdict(Level.OK, f"The plan is {seen.pool.get('UserPoolTier', 'not said')}.")
    return Verdict(
        Level.WARNING,
        "The plan is Lite.",
        "It has no passkeys and no email codes, and its tokens do not say how a person signed "
        "in: before a change the portal asks for a fresh sign-in, and can't tell whether a second "
        "step was part of it. Only its time counts.",
        advice="Choose Essentials if you need them. It costs more, so no line here does it.",
    )


def _by_risk(seen: Seen) -> Verdict:
    said, plan = seen.portal.adaptive, seen.pool.get("UserPoolTier")
    enforced = seen.pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode") == "ENFORCED"
    if (enforced or said) and seen.mode != "OPTIONAL":
        return Verdict(
            Level.WARNING,
            f"Threat protection is on, but the pool's MFA is {seen.mode}.",
            "MFA by risk works only where MFA is OPTIONAL.",
            advice="Make MFA OPTIONAL if you want it by risk, and know that ON asks at every "
            "sign-in. No line here takes a protection away.",
        )
    if said and not (enforced and plan in {"PLUS", None, ""}):
        return Verdict(
            Level.WARNING,
            "COGNITO_MFA_BY_RISK is on, but the pool does not ask by risk.",
            "It does with the Plus plan and threat protection that is enforced. The portal tells "
            "people of a protection that they do not have.",
            advice="Leave COGNITO_MFA_BY_RISK out, or turn threat protection on.",
        )
    return Verdict(Level.OK, "Nothing stands in the way of MFA by risk.")


def _issuer(seen: Seen) -> Verdict:
    kind = seen.pool.get("IssuerConfiguration", {}).get("Type", "ORIGINAL")
    if kind == "ORIGINAL":
        return Verdict(Level.OK, "Tokens name the issuer that the portal expects.")
    return Verdict(
        Level.BLOCKER,
        f"The pool's tokens name another issuer than the portal expects ({kind}).",
        "The portal refuses every sign-in.",
        advice="Set IssuerConfiguration to Type=ORIGINAL. It changes for every app of the pool, "
        "so no line here does it.",
    )


def _levels(seen: Seen) -> Verdict:
    if seen.pool.get("UserPoolTier") == "LITE":
        return Verdict(Level.OK, "The Lite plan has no levels of a sign-in: only its time counts.")
    own = seen.pool.get("AcrConfiguration", {})
    if not own:
        return Verdict(Level.OK, "The levels of a sign-in have their standard names.")
    names = ", ".join(f"{level} {own[level].get('AcrValue', '')}" for level in sorted(own))
    return Verdict(Level.OK, f"The pool has its own names for levels of a sign-in: {names}.")


def _devices(seen: Seen) -> Verdict:
    devices = seen.pool.get("DeviceConfiguration")
    if devices is None:
        return Verdict(Level.OK, "No devices are remembered; the portal hides them.")
    when = (
        "when the person says so" if devices.get("DeviceOnlyRememberedOnUserPrompt") else "always"
    )
    return Verdict(Level.OK, f"Devices are remembered {when}.")


def _sessions(seen: Seen) -> Verdict:
    tracking = seen.answers["GetUserPoolSessionConfiguration"].get("UserSessionTracking")
    if tracking == "ENABLED":
        return Verdict(Level.OK, "The pool tracks sessions: people see where they are signed in.")
    return Verdict(
        Level.OK, "The pool tracks no sessions: people can only sign out everywhere at once."
    )


def _single_sign_on(seen: Seen) -> Verdict:
    session = seen.answers["GetUserPoolClientSessionConfiguration"].get("SSOSession", {})
    minutes = session.get("MaxValidityMinutes")
    if minutes == 0:
        return Verdict(
            Level.OK, "Managed login's session is never reused: each sign-in is a real one."
        )
    how_long = "its hour" if minutes is None else f"{minutes} minutes"
    return Verdict(
        Level.OK,
        f"Managed login's session is reused for {how_long}. Whether a sign-in without a password "
        "then looks like a new one is not documented; if it does, it passes for the one that a "
        "change asks for. SSOSession MaxValidityMinutes=0 for the portal's client rules that out.",
    )


_MFA, _POOL = "GetUserPoolMfaConfig", "DescribeUserPool"
# `checking.OF_SETTINGS` names those that the settings alone can answer as well.
CHECKS: Final = (
    Check("mfa.mode", "The pool's MFA", (_MFA,), _mode),
    Check("factor.sms", "Text messages", (_MFA, _POOL), _text_messages),
    Check("factor.email", "Codes by email", (_MFA, _POOL), _email),
    Check("contact.kept-until-verified", "Changed contact points", (_MFA, _POOL), _kept),
    Check("recovery", "Forgotten passwords", (_POOL,), _recovery),
    Check("plan", "The plan", (_POOL,), _tier),
    Check("mfa.by-risk", "MFA by risk", (_MFA, _POOL), _by_risk),
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
