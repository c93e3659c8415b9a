import base64
import hashlib
import hmac
from typing import Any

import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from tests.localpool.stage import ADMIN, PASSWORD, Stage


def checked(stage: Stage, token: str, **more: Any) -> dict[str, Any]:
    """The claims, after the signature was checked against the published key."""
    url = f"{stage.server.url}/{stage.pool}/.well-known/jwks.json"
    keys = jwt.PyJWKSet.from_dict(requests.get(url, timeout=5).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token, key, ["RS256"], issuer=f"{stage.server.url}/{stage.pool}",
        options={"verify_exp": False, "verify_iat": False}, **more,
    )  # fmt: skip


def test_an_access_token_has_cognitos_claims(stage: Stage) -> None:
    stage.person()
    claims = checked(stage, stage.access())
    assert claims["token_use"] == "access"
    assert claims["client_id"] == stage.client
    assert claims["scope"] == ADMIN
    assert claims["username"] == "ana"
    assert claims["exp"] == claims["iat"] + 3600
    assert claims["auth_time"] == claims["iat"]
    assert {"sub", "jti", "origin_jti", "event_id"} <= claims.keys()
    assert "aud" not in claims
    assert (claims["acr"], claims["amr"]) == ("urn:cognito:loa:1", ["pwd"])


def test_an_id_token_has_cognitos_claims(stage: Stage) -> None:
    stage.somebody()
    tokens = stage.tokens()
    claims = checked(stage, tokens["IdToken"], audience=stage.client)
    digest = hashlib.sha256(tokens["AccessToken"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert claims["token_use"] == "id"
    assert claims["cognito:username"] == "ana"
    assert claims["email_verified"] is True
    assert claims["phone_number"] == "+4915123456789"
    assert "nonce" not in claims


def test_an_authenticator_app_is_the_highest_level(stage: Stage) -> None:
    access = stage.somebody()
    secret = stage.app(access)
    stage.prefer(access, totp=(True, True))
    done = stage.answer_code(stage.start(), stage.app_code(secret))
    claims = checked(stage, done["AuthenticationResult"]["AccessToken"])
    assert (claims["acr"], claims["amr"]) == ("urn:cognito:loa:4", ["pwd", "otp", "mfa"])


def test_a_lite_pool_has_no_levels(stage: Stage) -> None:
    stage.build(UserPoolTier="LITE").person()
    assert {"acr", "amr"}.isdisjoint(checked(stage, stage.access()))


def test_lifetimes_are_the_clients(stage: Stage) -> None:
    stage.person()
    client = stage.add_client(
        AccessTokenValidity=10,
        IdTokenValidity=1,
        RefreshTokenValidity=90,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "days", "RefreshToken": "minutes"},
    )
    tokens = stage.tokens(client=client)
    assert tokens["ExpiresIn"] == 600
    access = checked(stage, tokens["AccessToken"])
    assert access["exp"] - access["iat"] == 600
    id_claims = checked(stage, tokens["IdToken"], audience=client)
    assert id_claims["exp"] - id_claims["iat"] == 86400
    stage.server.clock.advance(89 * 60)
    refresh: Any = {"RefreshToken": tokens["RefreshToken"], "ClientId": client}
    stage.aws.get_tokens_from_refresh_token(**refresh)
    stage.server.clock.advance(60)
    with pytest.raises(ClientError, match="Refresh Token has expired"):
        stage.aws.get_tokens_from_refresh_token(**refresh)


def test_a_client_reads_only_the_attributes_it_may(stage: Stage) -> None:
    stage.somebody()
    client = stage.add_client(ReadAttributes=["email"])
    tokens = stage.tokens(client=client)
    shown = stage.aws.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
    assert {each["Name"] for each in shown} == {"sub", "email"}
    assert "phone_number" not in checked(stage, tokens["IdToken"], audience=client)


def test_revoking_a_refresh_token_kills_its_access_tokens_only(stage: Stage) -> None:
    stage.person()
    first, second = stage.tokens(), stage.tokens()
    stage.aws.revoke_token(Token=first["RefreshToken"], ClientId=stage.client)
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        stage.aws.get_user(AccessToken=first["AccessToken"])
    stage.aws.get_user(AccessToken=second["AccessToken"])
    stage.aws.revoke_token(Token="no.such", ClientId=stage.client)


def test_signing_out_everywhere_kills_every_token_and_a_new_sign_in_works(stage: Stage) -> None:
    stage.person()
    first, second = stage.tokens(), stage.tokens()
    stage.aws.admin_user_global_sign_out(UserPoolId=stage.pool, Username="ana")
    for tokens in (first, second):
        with pytest.raises(ClientError, match="Access Token has been revoked"):
            stage.aws.get_user(AccessToken=tokens["AccessToken"])
        with pytest.raises(ClientError, match="Refresh Token has been revoked"):
            stage.aws.get_tokens_from_refresh_token(
                RefreshToken=tokens["RefreshToken"], ClientId=stage.client
            )
    stage.aws.get_user(AccessToken=stage.access())


def test_without_token_revocation_tokens_have_no_jti(stage: Stage) -> None:
    stage.person()
    tokens = stage.tokens(client=stage.add_client(EnableTokenRevocation=False))
    assert {"jti", "origin_jti"}.isdisjoint(checked(stage, tokens["AccessToken"]))
    stage.aws.get_user(AccessToken=tokens["AccessToken"])


def test_a_refresh_token_belongs_to_its_client(stage: Stage) -> None:
    stage.person()
    token = stage.tokens()["RefreshToken"]
    with pytest.raises(ClientError, match="Invalid Refresh Token"):
        stage.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=stage.add_client())


def test_a_disabled_person_cannot_refresh(stage: Stage) -> None:
    stage.person()
    token = stage.tokens()["RefreshToken"]
    stage.aws.admin_disable_user(UserPoolId=stage.pool, Username="ana")
    with pytest.raises(ClientError, match="User is disabled"):
        stage.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=stage.client)


def test_a_client_with_a_secret_proves_it_at_each_step(stage: Stage) -> None:
    access = stage.somebody()
    stage.prefer(access, sms=(True, True))
    made = stage.aws.create_user_pool_client(
        UserPoolId=stage.pool, ClientName="secret", GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]  # fmt: skip
    stage.client, secret = made["ClientId"], made["ClientSecret"]

    def proof(name: str) -> str:
        text = (name + stage.client).encode()
        return base64.b64encode(hmac.digest(secret.encode(), text, "sha256")).decode()

    asked = stage.aws.initiate_auth(
        ClientId=stage.client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": proof("ana")},
    )
    with pytest.raises(ClientError, match="SECRET_HASH was not received"):
        stage.answer_code(asked, stage.last_code())
    done = stage.respond(asked, SECRET_HASH=proof("ana"), SMS_MFA_CODE=stage.last_code())
    token = done["AuthenticationResult"]["RefreshToken"]
    with pytest.raises(ClientError, match="SecretHash does not match"):
        stage.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=stage.client)
    stage.aws.get_tokens_from_refresh_token(
        RefreshToken=token, ClientId=stage.client, ClientSecret=secret
    )
    sub = stage.attributes()["sub"]
    stage.aws.initiate_auth(
        ClientId=stage.client,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token, "SECRET_HASH": proof(sub)},
    )
    with pytest.raises(ClientError, match=r"Invalid Refresh Token|SecretHash"):
        stage.aws.initiate_auth(
            ClientId=stage.client,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": "x", "SECRET_HASH": proof("nobody")},
        )


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJpc3MiOiAieCJ9."])
def test_a_token_of_nobody_is_invalid(stage: Stage, token: str) -> None:
    with pytest.raises(ClientError, match="Invalid Access Token"):
        stage.aws.get_user(AccessToken=token)


def test_a_session_belongs_to_its_client_and_its_person(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    stage.person("ben")
    asked = stage.start()
    with pytest.raises(ClientError, match="Invalid session for the user"):
        stage.respond(asked, "ben", SMS_MFA_CODE=stage.last_code())
    stage.client = stage.add_client()
    with pytest.raises(ClientError, match="Invalid session for the user"):
        stage.answer_code(asked, stage.last_code())


def test_a_session_ends_with_its_person(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    asked = stage.start()
    who = {"UserPoolId": stage.pool, "Username": "ana"}
    stage.aws.admin_disable_user(**who)
    with pytest.raises(ClientError, match="User is disabled"):
        stage.answer_code(asked, stage.last_code())
    stage.aws.admin_delete_user(**who)
    with pytest.raises(ClientError, match="User does not exist"):
        stage.answer_code(asked, "000000")


def test_wrong_codes_lock_out_for_longer_and_longer(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    asked = stage.start()
    for _ in range(5):
        with pytest.raises(ClientError, match="Invalid code or auth state"):
            stage.answer_code(asked, "000")
    with pytest.raises(ClientError, match="Password attempts exceeded"):
        stage.answer_code(asked, stage.last_code())
    stage.server.clock.advance(1)
    with pytest.raises(ClientError, match="Invalid code or auth state"):
        stage.answer_code(asked, "000")
    stage.server.clock.advance(1)
    with pytest.raises(ClientError, match="Password attempts exceeded"):
        stage.start()
    stage.server.clock.advance(1)
    assert "AuthenticationResult" in stage.answer_code(asked, stage.last_code())


def test_old_challenges_are_forgotten(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    asked = stage.start()
    stage.server.clock.advance(2 * 3600)
    stage.start()
    with pytest.raises(ClientError) as raised:
        stage.answer_code(asked, "000000")
    assert raised.value.response["Error"]["Message"] == "Invalid session for the user."


def test_the_name_an_app_was_given_is_shown_when_it_is_asked(stage: Stage) -> None:
    access = stage.somebody()
    secret = stage.aws.associate_software_token(AccessToken=access)["SecretCode"]
    stage.aws.verify_software_token(
        AccessToken=access, UserCode=stage.app_code(secret), FriendlyDeviceName="Blue phone"
    )
    stage.prefer(access, totp=(True, True))
    assert stage.start()["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "Blue phone"


def test_only_the_session_of_mfa_setup_can_associate_an_app(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    with pytest.raises(ClientError, match="Invalid session"):
        stage.aws.associate_software_token(Session=stage.start()["Session"])
    with pytest.raises(ClientError, match="Invalid session"):
        stage.aws.associate_software_token(Session="x" * 30)


def test_an_answer_without_a_code_is_refused(stage: Stage) -> None:
    stage.prefer(stage.somebody(), sms=(True, True))
    with pytest.raises(ClientError, match="Missing required parameter SMS_MFA_CODE"):
        stage.respond(stage.start())
