"""The questions that the public sources leave open, each put to a pool over the wire.

`row` is the section of the collected facts that the answer settles (`rows`); `answers` are those
expected (empty: any); `switch` is the name of the local pool's switch with the same values, if
there is one; `how` is what a person does on AWS where only a browser answers. Each question builds
a pool of its own and returns one of its answers.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from .ground import ADDRESS, PHONE, Ground, OutOfReach, block


@dataclass(frozen=True)
class Answer:
    """`given` is one of the question's answers; `evidence` a code and message, or what was read."""

    given: str
    evidence: str


@dataclass(frozen=True)
class Question:
    name: str
    row: str
    asks: str
    answers: tuple[str, ...]
    put: Callable[[Ground], Answer]
    switch: str | None = None
    how: str = ""


QUESTIONS: list[Question] = []
SMS, TOTP, EMAIL, PASSKEY = (
    "SMSMfaSettings", "SoftwareTokenMfaSettings", "EmailMfaSettings", "WebAuthnMfaSettings"
)  # fmt: skip
_Put = Callable[[Ground], Answer]


def question(
    row: str, asks: str, *answers: str, switch: str | None = None, how: str = ""
) -> Callable[[_Put], _Put]:
    def register(put: _Put) -> _Put:
        QUESTIONS.append(Question(put.__name__, row, asks, answers, put, switch, how))
        return put

    return register


def words(refused: ClientError) -> str:
    error = refused.response["Error"]
    return f"{error.get('Code')}: {error.get('Message')}"


def tried(act: Callable[[], object], yes: str = "accept", no: str = "refuse") -> Answer:
    """Was it taken? An operation that the endpoint does not have is no refusal."""
    try:
        act()
    except ClientError as refused:
        if refused.response["Error"]["Code"] in ("UnknownOperationException", "UnknownOperation"):
            raise OutOfReach("the operation is not built here") from refused
        return Answer(no, words(refused))
    return Answer(yes, "200")


# 1. The preference
def _texting(ground: Ground, **attributes: str) -> tuple[str, str]:
    """Somebody's token in a pool that offers texts where it can, and what to say where not: there
    the answer may come from the factor that is not offered."""
    access = ground.build(sms=ground.sms_role is not None).person(**attributes)
    return access, "" if ground.sms_role else " (no SMS_ROLE_ARN: the pool offers no texts)"


def _noted(answer: Answer, note: str) -> Answer:
    return Answer(answer.given, answer.evidence + note)


@question("1, 14", "Two factors preferred in one call", "refuse", "accept")
def two_preferred(ground: Ground) -> Answer:
    access, note = _texting(ground, phone_number=PHONE)
    ground.app(access)
    both = {SMS: block(True, True), TOTP: block(True, True)}
    return _noted(tried(lambda: ground.prefer(access, **both)), note)


@question("1", "PreferredMfa=true with Enabled=false", "refuse", "accept")
def preferred_but_off(ground: Ground) -> Answer:
    access, note = _texting(ground, phone_number=PHONE)
    return _noted(tried(lambda: ground.prefer(access, **{SMS: block(False, True)})), note)


@question("1, 6c, 14", "Text messages off, no phone_number", "refuse", "accept",
          switch="off_block_never_set_up")  # fmt: skip
def sms_off_without_phone(ground: Ground) -> Answer:
    access, note = _texting(ground)
    return _noted(tried(lambda: ground.prefer(access, **{SMS: block(False, False)})), note)


@question("1, 6c, 14", "Authenticator app off, never set up", "refuse", "accept",
          switch="off_block_never_set_up")  # fmt: skip
def totp_off_never_set_up(ground: Ground) -> Answer:
    access = ground.build().person()
    return tried(lambda: ground.prefer(access, **{TOTP: block(False, False)}))


@question("1", "Text messages on, no phone_number", "refuse", "accept")
def sms_on_without_phone(ground: Ground) -> Answer:
    access, note = _texting(ground)
    return _noted(tried(lambda: ground.prefer(access, **{SMS: block(True)})), note)


@question("1, 14", "Email on, no email attribute, in a pool with email MFA", "refuse", "accept")
def email_on_without_address(ground: Ground) -> Answer:
    access = ground.build(email=True).person()
    return tried(lambda: ground.prefer(access, **{EMAIL: block(True)}))


@question("1", "Email on where the pool has email MFA off", "refuse", "accept")
def email_on_not_in_pool(ground: Ground) -> Answer:
    access = ground.build().person(email=ADDRESS)
    return tried(lambda: ground.prefer(access, **{EMAIL: block(True)}))


@question("1", "Email on in a Lite pool", "refuse", "accept")
def email_on_in_lite(ground: Ground) -> Answer:
    """Such a pool cannot have email MFA switched on, so both rules forbid it at once."""
    access = ground.build(UserPoolTier="LITE").person(email=ADDRESS)
    said = tried(lambda: ground.prefer(access, **{EMAIL: block(True)}))
    return _noted(said, " (the pool has no email MFA either: Lite does not allow it)")


@question("1", "A preference in a pool with MFA OFF", "accept", "refuse",
          switch="pool_off_preference")  # fmt: skip
def preference_where_off(ground: Ground) -> Answer:
    access = ground.build("OFF").person(phone_number=PHONE)
    return tried(lambda: ground.prefer(access, **{SMS: block(True, True)}))


@question("1", "A call with no block at all", "accept", "refuse")
def no_block(ground: Ground) -> Answer:
    access = ground.build().person()
    return tried(lambda: ground.prefer(access))


@question("1", "One bad block among good ones: does the good one take effect?", "partial",
          "atomic", switch="bad_block_among_good")  # fmt: skip
def bad_block_among_good(ground: Ground) -> Answer:
    access, note = _texting(ground, phone_number=PHONE)
    said = tried(lambda: ground.prefer(access, **{SMS: block(True), TOTP: block(True)}))
    listed, _ = ground.shown(access)
    return Answer("partial" if listed else "atomic", f"{said.evidence}; then {listed}{note}")


@question("1", "GetUser straight after the write, twenty times", "fresh", "stale")
def read_after_write(ground: Ground) -> Answer:
    access = ground.build().person(phone_number=PHONE)
    stale = 0
    for turn in range(20):
        ground.prefer(access, **{SMS: block(turn % 2 == 0)})
        stale += bool(ground.shown(access)[0]) != (turn % 2 == 0)
    return Answer("stale" if stale else "fresh", f"{stale} of 20 reads were stale")


# 1, 6c. A pool with MFA ON
def _required(ground: Ground) -> str:
    access = ground.build().person()
    ground.app(access)
    ground.prefer(access, **{TOTP: block(True, True)})
    ground.mfa("ON")
    return access


@question("1, 6c", "UserMFASettingList in a pool with MFA ON", "listed", "empty",
          switch="setting_list_in_required_pool")  # fmt: skip
def setting_list_in_required_pool(ground: Ground) -> Answer:
    listed, preferred = ground.shown(_required(ground))
    return Answer("listed" if listed else "empty", f"{listed}, preferred {preferred}")


@question("1, 14", "Turning the last factor off in a pool with MFA ON", "ignore", "refuse", "obey",
          switch="disable_in_required_pool")  # fmt: skip
def disable_in_required_pool(ground: Ground) -> Answer:
    access = _required(ground)
    said = tried(lambda: ground.prefer(access, **{TOTP: block(False)}))
    asked = ground.sign_in().get("ChallengeName")
    if said.given == "refuse":
        return said
    given = "ignore" if asked == "SOFTWARE_TOKEN_MFA" else "obey"
    return Answer(given, f"{said.evidence}; then asked {asked}; {ground.shown(access)}")


@question("1, 4", "MFA_SETUP in a pool with MFA ON adds the factor to the list", "yes", "no",
          switch="mfa_setup_turns_on")  # fmt: skip
def mfa_setup_turns_on(ground: Ground) -> Answer:
    ground.build("ON").person()
    asked = ground.sign_in()
    begun = ground.aws.associate_software_token(Session=asked["Session"])
    code = ground.fresh_code(begun["SecretCode"])
    done = ground.aws.verify_software_token(Session=begun["Session"], UserCode=code)
    result = ground.answer(asked | {"Session": done["Session"]})
    if "AuthenticationResult" not in result:
        return Answer("no", f"another challenge: {result.get('ChallengeName')}")
    # In a pool with MFA ON the list is also what is active; OPTIONAL shows what was written.
    ground.mfa("OPTIONAL")
    listed, _ = ground.shown(result["AuthenticationResult"]["AccessToken"])
    return Answer("yes" if listed else "no", f"tokens at once; then {listed}")
