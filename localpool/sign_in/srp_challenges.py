"""SRP challenges: a password or a device secret is proven without being sent.

Sources: `API/InitiateAuth`, `API/RespondToAuthChallenge`,
`DG/amazon-cognito-user-pools-authentication-flow-methods`; the shape of the parameters:
pycognito, amazon-cognito-identity-js.
"""

import base64
import re
import secrets

from localpool.rules import Refusal, SignInRule
from localpool.sign_in import challenges, devices, srp
from localpool.sign_in.attempts import check_lock_out, count_failure
from localpool.sign_in.challenges import issue, required
from localpool.sign_in.passwords import check_may_sign_in, srp_identity
from localpool.state.records import Challenge, Client, Json, Pool, Verifier
from localpool.state.world import SignIn

PASSWORD_VERIFIER, DEVICE_VERIFIER = "PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER"
_TIMESTAMP = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}")


def start_srp(sign_in: SignIn, given: dict[str, str]) -> Challenge:
    """Issue PASSWORD_VERIFIER, in which the user proves the password without sending it."""
    if sign_in.user.federated or sign_in.user.srp is None:
        raise Refusal(SignInRule.WRONG_PASSWORD)
    check_lock_out(sign_in.world, sign_in.user)
    challenge = issue(sign_in, PASSWORD_VERIFIER, [])
    _offer_srp(challenge, sign_in.user.srp, given)
    return challenge


def decoy(username: str) -> Json:
    """The answer of InitiateAuth for an unknown name, where existence is hidden."""
    kept = srp.verifier(username, secrets.token_hex())
    shown = _shown(kept, srp.new_keys(kept).public, base64.b64encode(secrets.token_bytes(512)))
    names = {"USERNAME": username, "USER_ID_FOR_SRP": username}
    return {"ChallengeName": PASSWORD_VERIFIER, "ChallengeParameters": names | shown}


def _offer_srp(challenge: Challenge, kept: Verifier, given: dict[str, str]) -> None:
    public = required(given, "SRP_A")
    if not srp.is_public(public):
        raise Refusal(SignInRule.BAD_SRP_A)
    keys = srp.new_keys(kept)
    challenge.client_public = public
    challenge.srp_private, challenge.srp_public = keys.private, keys.public
    challenge.secret_block = base64.b64encode(secrets.token_bytes(512)).decode()


def _shown(kept: Verifier, public: str, block: bytes) -> dict[str, str]:
    return {"SALT": kept.salt, "SRP_B": public, "SECRET_BLOCK": block.decode()}


def srp_parameters(sign_in: SignIn, challenge: Challenge) -> dict[str, str]:
    kept = _verifier_of(sign_in, challenge)[1]
    shown = _shown(kept, challenge.srp_public or "", (challenge.secret_block or "").encode())
    names = dict.fromkeys(("USERNAME", "USER_ID_FOR_SRP"), sign_in.user.username)
    return names | shown | _device_shown(challenge)


def _device_shown(challenge: Challenge) -> dict[str, str]:
    by_device = challenge.name == DEVICE_VERIFIER and challenge.device_key
    return {"DEVICE_KEY": challenge.device_key or ""} if by_device else {}


def _verifier_of(sign_in: SignIn, challenge: Challenge) -> tuple[str, Verifier]:
    """The identity that the challenge proves, and its verifier.

    Errors: ResourceNotFoundException, NotAuthorizedException.
    """
    user = sign_in.user
    if challenge.name == DEVICE_VERIFIER:
        device = devices.find(user, challenge.device_key or "")
        return device.group_key + device.key, device.verifier
    if user.srp is None:
        raise Refusal(SignInRule.WRONG_PASSWORD)
    return srp_identity(sign_in.pool, user), user.srp


def _check_srp(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    check_lock_out(sign_in.world, sign_in.user)
    block = required(answers, "PASSWORD_CLAIM_SECRET_BLOCK")
    claimed = required(answers, "PASSWORD_CLAIM_SIGNATURE")
    timestamp = required(answers, "TIMESTAMP")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Refusal(SignInRule.BAD_TIMESTAMP)
    identity, kept = _verifier_of(sign_in, challenge)
    keys = srp.Keys(challenge.srp_private or "", challenge.srp_public or "")
    right = srp.signature(
        kept,
        keys,
        challenge.client_public or "",
        identity=identity,
        block=base64.b64decode(block),
        timestamp=timestamp,
    )
    if block != challenge.secret_block or not secrets.compare_digest(claimed, right):
        challenge.used = True
        count_failure(sign_in.world, sign_in.pool, sign_in.user)
        raise Refusal(SignInRule.WRONG_PASSWORD)


def _password_verifier(
    sign_in: SignIn, challenge: Challenge, answers: dict[str, str]
) -> Challenge | None:
    _check_srp(sign_in, challenge, answers)
    check_may_sign_in(sign_in.world, sign_in.pool, sign_in.user)
    challenge.methods = ["pwd"]
    return challenges.first_challenge(sign_in, challenge.methods)


def _device_srp(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> Challenge:
    if required(answers, "DEVICE_KEY") != challenge.device_key:
        raise Refusal(SignInRule.DEVICE_MISSING)
    device = devices.find(sign_in.user, challenge.device_key)
    following = issue(sign_in, DEVICE_VERIFIER, challenge.methods)
    _offer_srp(following, device.verifier, answers)
    return following


def _device_verifier(sign_in: SignIn, challenge: Challenge, answers: dict[str, str]) -> None:
    _check_srp(sign_in, challenge, answers)


def find_session(pool: Pool, client: Client, request: Json) -> str | None:
    """The session of an answer; SRP clients send none, so the secret block or device finds it.

    Errors: NotAuthorizedException for the secret block of a decoy.
    """
    answers = request.get("ChallengeResponses", {})
    session: str | None = request.get("Session")
    name = request["ChallengeName"]
    if session or name not in (PASSWORD_VERIFIER, DEVICE_VERIFIER, "DEVICE_SRP_AUTH"):
        return session
    for challenge in reversed(pool.challenges.values()):
        mine = challenge.name == name and challenge.client_id == client.id
        block = answers.get("PASSWORD_CLAIM_SECRET_BLOCK")
        by_block = block and challenge.secret_block == block
        by_device = name == "DEVICE_SRP_AUTH" and challenge.device_key == answers.get("DEVICE_KEY")
        if mine and (by_block or by_device):
            return challenge.session
    raise Refusal(SignInRule.WRONG_PASSWORD)


challenges.RESPONDERS |= {
    PASSWORD_VERIFIER: _password_verifier,
    "DEVICE_SRP_AUTH": _device_srp,
    DEVICE_VERIFIER: _device_verifier,
}
challenges.PARAMETERS |= {PASSWORD_VERIFIER: srp_parameters, DEVICE_VERIFIER: srp_parameters}
