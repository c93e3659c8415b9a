"""Questions about the authenticator app and about what a sign-in asks."""

from functools import partial

from botocore.exceptions import ClientError

from .ground import ADDRESS, NAME, PHONE, Ground, block
from .scenarios import EMAIL, SMS, TOTP, Answer, question, tried, words


# 3. The authenticator app
@question("3, 6c", "A new secret asked for and abandoned: does the old app still count?", "keep",
          "drop", switch="associate_over_verified")  # fmt: skip
def associate_over_verified(ground: Ground) -> Answer:
    access = ground.build().person()
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    ground.aws.associate_software_token(AccessToken=access)
    asked = ground.sign_in().get("ChallengeName")
    return Answer("keep" if asked else "drop", f"sign-in asks {asked}")


@question("3", "Two secrets pending: does the first still verify?", "last-wins", "both")
def two_pending(ground: Ground) -> Answer:
    access = ground.build().person()
    first = ground.aws.associate_software_token(AccessToken=access)["SecretCode"]
    ground.aws.associate_software_token(AccessToken=access)
    code = ground.fresh_code(first)
    return tried(
        lambda: ground.aws.verify_software_token(AccessToken=access, UserCode=code),
        "both", "last-wins",
    )  # fmt: skip


@question("3", "The length of SecretCode")
def secret_length(ground: Ground) -> Answer:
    access = ground.build().person()
    secret = ground.aws.associate_software_token(AccessToken=access)["SecretCode"]
    return Answer(str(len(secret)), f"{len(secret)} characters")


@question("3", "A wrong code at VerifySoftwareToken", "exception", "status-error",
          switch="wrong_code_at_verify")  # fmt: skip
def wrong_code_at_verify(ground: Ground) -> Answer:
    access = ground.build().person()
    secret = ground.aws.associate_software_token(AccessToken=access)["SecretCode"]
    code = ground.wrong_code(secret)
    return tried(
        lambda: ground.aws.verify_software_token(AccessToken=access, UserCode=code),
        "status-error", "exception",
    )  # fmt: skip


@question("3", "Twelve wrong codes at VerifySoftwareToken, then the right one", "accept", "refuse")
def wrong_verify_many(ground: Ground) -> Answer:
    access = ground.build().person()
    secret = ground.aws.associate_software_token(AccessToken=access)["SecretCode"]
    said = []
    for _ in range(12):
        code = ground.wrong_code(secret)
        each = tried(partial(ground.aws.verify_software_token, AccessToken=access, UserCode=code))
        said.append(each.evidence)
    code = ground.fresh_code(secret)
    last = tried(lambda: ground.aws.verify_software_token(AccessToken=access, UserCode=code))
    return Answer(last.given, f"{len(set(said))} kinds of answer: {'; '.join(sorted(set(said)))}; "
                  f"the right one: {last.evidence}")  # fmt: skip


@question("3, 14", "AdminDeleteSoftwareToken takes the factor out of the list", "removed", "left",
          switch="deleted_token_in_list")  # fmt: skip
def deleted_token_in_list(ground: Ground) -> Answer:
    access = ground.build().person()
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    ground.aws.admin_delete_software_token(UserPoolId=ground.pool, Username=NAME)
    listed, preferred = ground.shown(access)
    return Answer("left" if listed else "removed", f"{listed}, preferred {preferred}")


# 4. The sign-in
@question("4", "An app that is verified but not on, MFA OPTIONAL", "not-asked", "asked",
          switch="registered_but_off")  # fmt: skip
def registered_but_off(ground: Ground) -> Answer:
    ground.app(ground.build().person())
    asked = ground.sign_in().get("ChallengeName")
    return Answer("asked" if asked else "not-asked", f"sign-in asks {asked}")


def _asked_for_app(ground: Ground) -> str:
    access = ground.build().person()
    secret = ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    return secret


@question("4", "The words of a wrong app code at sign-in", switch="wrong_totp_text")
def wrong_totp_text(ground: Ground) -> Answer:
    secret = _asked_for_app(ground)
    asked, code = ground.sign_in(), ground.wrong_code(secret)
    said = tried(lambda: ground.answer(asked, SOFTWARE_TOKEN_MFA_CODE=code))
    return Answer(said.evidence.partition(": ")[2], said.evidence)


@question("4", "After a wrong app code the session can be used again", "yes", "no",
          switch="wrong_code_keeps_session")  # fmt: skip
def wrong_code_keeps_session(ground: Ground) -> Answer:
    secret = _asked_for_app(ground)
    asked, code = ground.sign_in(), ground.wrong_code(secret)
    tried(lambda: ground.answer(asked, SOFTWARE_TOKEN_MFA_CODE=code))
    right = ground.fresh_code(secret)
    return tried(lambda: ground.answer(asked, SOFTWARE_TOKEN_MFA_CODE=right), "yes", "no")


@question("4", "Six wrong app codes start the lock-out", "yes", "no", switch="lock_out")
def lock_out(ground: Ground) -> Answer:
    secret = _asked_for_app(ground)
    said = []
    for _ in range(6):
        asked = _signed_in_orwords(ground)
        if isinstance(asked, str):
            said.append(asked)
            break
        code = ground.wrong_code(secret)
        each = tried(partial(ground.answer, asked, SOFTWARE_TOKEN_MFA_CODE=code))
        said.append(each.evidence)
    return Answer("yes" if "exceeded" in said[-1] else "no", f"{len(said)} tries; last: {said[-1]}")


def _signed_in_orwords(ground: Ground) -> object:
    try:
        return ground.sign_in()
    except ClientError as refused:
        return words(refused)


@question("1, 6c", "Two on, none preferred, MFA OPTIONAL", "choose", "first", "nothing",
          switch="none_preferred")  # fmt: skip
def none_preferred(ground: Ground) -> Answer:
    access = ground.build(sms=True).person(phone_number=PHONE)
    ground.app(access)
    ground.prefer(access, **{SMS: block(True, False), TOTP: block(True, False)})
    asked = ground.sign_in().get("ChallengeName")
    given = {"SELECT_MFA_TYPE": "choose", None: "nothing"}.get(asked, "first")
    return Answer(given, f"sign-in asks {asked}")


@question("4, 6c", "The name of email in SELECT_MFA_TYPE", "EMAIL_OTP", "EMAIL_MFA",
          switch="email_answer")  # fmt: skip
def email_answer(ground: Ground) -> Answer:
    access = ground.build(email=True).person(email=ADDRESS, email_verified="true")
    ground.app(access)
    ground.prefer(access, **{EMAIL: block(True, False), TOTP: block(True, False)})
    asked = ground.sign_in()
    shown = str(asked.get("ChallengeParameters", {}))
    said = tried(lambda: ground.answer(asked, ANSWER="EMAIL_MFA"))
    given = "EMAIL_MFA" if said.given == "accept" else "EMAIL_OTP"
    return Answer(given, f"{shown}; EMAIL_MFA: {said.evidence}")


# Who is asked what
@question("1, 4", "One factor on and not preferred, MFA OPTIONAL", "asked", "not-asked")
def one_on_not_preferred(ground: Ground) -> Answer:
    access = ground.build().person()
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, False)})
    asked = ground.sign_in().get("ChallengeName")
    return Answer("asked" if asked else "not-asked", f"sign-in asks {asked}")


@question("4", "MFA ON, nothing preferred: is the first recovery channel a choice too?", "yes",
          "no", switch="recovery_channel_asked")  # fmt: skip
def recovery_channel_asked(ground: Ground) -> Answer:
    first = {"Name": "verified_phone_number", "Priority": 1}
    ground.build(sms=True, AccountRecoverySetting={"RecoveryMechanisms": [first]})
    ground.app(ground.person(phone_number=PHONE, phone_number_verified="true"))
    ground.mfa("ON", sms=True)
    asked = ground.sign_in()
    shown = f"sign-in asks {asked.get('ChallengeName')}: {asked.get('ChallengeParameters')}"
    return Answer("yes" if asked.get("ChallengeName") == "SELECT_MFA_TYPE" else "no", shown)


@question("1", "A verified app is SOFTWARE_TOKEN in ConfiguredUserAuthFactors", "yes", "no",
          switch="software_token_in_auth_factors")  # fmt: skip
def software_token_in_auth_factors(ground: Ground) -> Answer:
    access = ground.build().person()
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    factors = ground.aws.get_user_auth_factors(AccessToken=access)["ConfiguredUserAuthFactors"]
    return Answer("yes" if "SOFTWARE_TOKEN" in factors else "no", f"{factors}")
