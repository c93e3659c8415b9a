"""Sign-in through the JSON API, and the refresh and revocation of its tokens.

Sources: `API/InitiateAuth`, `API/RespondToAuthChallenge`, `API/GetTokensFromRefreshToken`,
`API/RevokeToken`, `DG/authentication`. Errors: ResourceNotFoundException and those of
`SignInRule`.
"""

import base64
import hashlib
import hmac

from localpool.api.registry import operation
from localpool.rules import Refusal, SignInRule, UserRule
from localpool.sign_in import challenges, devices, srp_challenges, tokens, user_auth
from localpool.sign_in.accounts import hides_existence
from localpool.sign_in.challenges import required
from localpool.sign_in.passwords import check_password
from localpool.state.records import Challenge, Client, Json, Pool, User
from localpool.state.world import SignIn, World

# Each flow, and the flow that the app client must allow for it.
_CLIENT_FLOWS = {
    "USER_AUTH": "USER_AUTH",
    "USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH",
    "USER_SRP_AUTH": "USER_SRP_AUTH",
}
_ADMIN_FLOWS = {
    "ADMIN_USER_PASSWORD_AUTH": "ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH": "USER_AUTH",
    "USER_SRP_AUTH": "USER_SRP_AUTH",
}


@operation("InitiateAuth")
def initiate_auth(world: World, request: Json) -> Json:
    return _initiate(world, *world.client(request["ClientId"]), request, _CLIENT_FLOWS)


@operation("AdminInitiateAuth")
def admin_initiate_auth(world: World, request: Json) -> Json:
    """InitiateAuth for a back end, which may also send the password."""
    pool, client = world.client(request["ClientId"], request["UserPoolId"])
    return _initiate(world, pool, client, request, _ADMIN_FLOWS)


def _initiate(
    world: World, pool: Pool, client: Client, request: Json, flows: dict[str, str]
) -> Json:
    flow, given = request["AuthFlow"], request.get("AuthParameters", {})
    if flow in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        return _refresh(world, pool, client, given)
    if flow not in flows:
        raise Refusal(SignInRule.FLOW_NOT_BUILT, flow=flow)
    _check_flow(client, flows[flow])
    name = required(given, "USERNAME")
    user = world.find_user(pool, name)
    check_secret_hash(client, name, user, given)
    hidden = hides_existence(client)
    device_key = given.get("DEVICE_KEY")
    if flow == "USER_SRP_AUTH":
        if user is None and hidden:
            return srp_challenges.decoy(name)
        if user is None:
            raise Refusal(UserRule.USER_MISSING)
        sign_in = SignIn(world, pool, client, user, device_key)
        shown = _answer(sign_in, srp_challenges.start_srp(sign_in, given), [])
        del shown["Session"]  # Clients answer without one; see `srp_challenges.find_session`.
        return shown
    if flow == "USER_AUTH":
        if user is None:
            raise Refusal(SignInRule.WRONG_PASSWORD if hidden else UserRule.USER_MISSING)
        sign_in = SignIn(world, pool, client, user, device_key)
        return _answer(sign_in, *user_auth.first_challenge(sign_in, given))
    user = check_password(world, pool, user, required(given, "PASSWORD"), hidden=hidden)
    sign_in = SignIn(world, pool, client, user, device_key)
    return _answer(sign_in, challenges.first_challenge(sign_in, ["pwd"]), ["pwd"], by_password=True)


def _refresh(world: World, pool: Pool, client: Client, given: dict[str, str]) -> Json:
    _check_flow(client, "REFRESH_TOKEN_AUTH")
    if tokens.rotates(client):
        raise Refusal(SignInRule.ROTATION_NEEDS_OPERATION)
    token = required(given, "REFRESH_TOKEN")
    grant = pool.grants.get(token.partition(".")[0])
    user = pool.users.get(grant.sub) if grant else None
    check_secret_hash(client, user.username if user else "", user, given)
    result = tokens.refresh(world, pool, client, token, given.get("DEVICE_KEY"))
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


@operation("RespondToAuthChallenge")
def respond_to_auth_challenge(world: World, request: Json) -> Json:
    return _respond(world, *world.client(request["ClientId"]), request)


@operation("AdminRespondToAuthChallenge")
def admin_respond_to_auth_challenge(world: World, request: Json) -> Json:
    return _respond(world, *world.client(request["ClientId"], request["UserPoolId"]), request)


def _respond(world: World, pool: Pool, client: Client, request: Json) -> Json:
    answers = request.get("ChallengeResponses", {})
    session = srp_challenges.find_session(pool, client, request)
    challenge, user = challenges.find_open(world, pool, session)
    if challenge.client_id != client.id:
        raise Refusal(SignInRule.SESSION_UNKNOWN)
    name = required(answers, "USERNAME")
    check_secret_hash(client, name, user, answers)
    if world.find_user(pool, name) is not user:
        raise Refusal(SignInRule.SESSION_UNKNOWN)
    if challenge.name != request["ChallengeName"]:
        raise Refusal(SignInRule.CHALLENGE_MISMATCH, name=request["ChallengeName"])
    device_key = answers.get("DEVICE_KEY") or challenge.device_key
    sign_in = SignIn(world, pool, client, user, device_key)
    following = challenges.respond(sign_in, challenge, answers)
    return _answer(sign_in, following, challenge.methods)


def _answer(
    sign_in: SignIn, challenge: Challenge | None, methods: list[str], *, by_password: bool = False
) -> Json:
    """The next challenge, or tokens of scope `aws.cognito.signin.user.admin`."""
    if challenge:
        offered = {"AvailableChallenges": challenge.choices}
        return {
            "ChallengeName": challenge.name,
            "Session": challenge.session,
            "ChallengeParameters": challenges.parameters(sign_in, challenge),
        } | (offered if challenge.name == user_auth.SELECT else {})
    grant = tokens.new_grant(sign_in, scopes=[tokens.ADMIN_SCOPE], methods=methods)
    device = devices.attach_to(sign_in, grant, by_password=by_password)
    result = tokens.token_set(sign_in, grant) | device
    result["RefreshToken"] = tokens.new_refresh_token(grant)
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


@operation("GetTokensFromRefreshToken")
def get_tokens_from_refresh_token(world: World, request: Json) -> Json:
    pool, client = world.client(request["ClientId"])
    _check_secret(client, request)
    token, device_key = request["RefreshToken"], request.get("DeviceKey")
    return {"AuthenticationResult": tokens.refresh(world, pool, client, token, device_key)}


@operation("RevokeToken")
def revoke_token(world: World, request: Json) -> Json:
    pool, client = world.client(request["ClientId"])
    _check_secret(client, request)
    tokens.revoke(pool, client, request["Token"])
    return {}


def _check_flow(client: Client, flow: str) -> None:
    """Refuse a flow that the client does not list as `ALLOW_X`, or as `X` in old clients."""
    if not {flow, f"ALLOW_{flow}"} & set(client.settings["ExplicitAuthFlows"]):
        raise Refusal(SignInRule.FLOW_OFF, flow=flow)


def _check_secret(client: Client, request: Json) -> None:
    if client.secret and request.get("ClientSecret") != client.secret:
        raise Refusal(SignInRule.SECRET_WRONG, id=client.id)


def check_secret_hash(client: Client, name: str, user: User | None, given: dict[str, str]) -> None:
    """Check SECRET_HASH against the typed name and the user's username and sub."""
    if client.secret is None:
        return
    if "SECRET_HASH" not in given:
        raise Refusal(SignInRule.SECRET_MISSING, id=client.id)
    names = {name} | ({user.username, user.sub} if user else set())
    if given["SECRET_HASH"] not in {_secret_hash(client.secret, client.id, each) for each in names}:
        raise Refusal(SignInRule.SECRET_WRONG, id=client.id)


def _secret_hash(secret: str, client_id: str, name: str) -> str:
    digest = hmac.new(secret.encode(), (name + client_id).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
