"""One local pool server for the whole run, and a fresh user pool for each test."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

import localpool
from cognito.pool import UserPool
from tests.people import SMS, Browser, Person, Pool

# A busy machine is no failure of a rule.
hypothesis.settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture
def client() -> Browser:
    return Browser()


@pytest.fixture(scope="session")
def pool_server() -> Iterator[localpool.PoolServer]:
    with localpool.serve(port=0) as server:
        yield server


@pytest.fixture
def pool(pool_server: localpool.PoolServer, settings: Settings) -> Pool:
    """A pool whose MFA is optional, offering text messages and authenticator apps."""
    pool_server.clock.reset()
    pool_server.faults.clear()
    pool_server.calls.clear()
    cache.clear()
    return make_pool(pool_server, settings)


def make_pool(pool_server: localpool.PoolServer, settings: Settings, **more: Any) -> Pool:
    """Made through the API, and served by the portal from now on. `more` of CreateUserPool."""
    bare = Pool(pool_server, UserPool("eu-central-1", "", "", pool_server.url))
    pool_id = bare.admin.create_user_pool(
        PoolName="test",
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com",
        },
        **SMS,
        **more,
    )["UserPool"]["Id"]
    app = bare.admin.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="portal",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "aws.cognito.signin.user.admin"],
        CallbackURLs=[f"{settings.PORTAL_URL}/sign-in/callback/"],
        LogoutURLs=[f"{settings.PORTAL_URL}/signed-out/"],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]
    settings.COGNITO = UserPool(
        region="eu-central-1",
        pool_id=pool_id,
        client_id=app["ClientId"],
        domain=pool_server.url,
        endpoint_url=pool_server.url,
    )
    made = Pool(pool_server, settings.COGNITO)
    made.set_mfa("OPTIONAL", "SMS_MFA", "SOFTWARE_TOKEN_MFA")
    return made


@pytest.fixture
def person(pool: Pool) -> Person:
    return pool.person()
